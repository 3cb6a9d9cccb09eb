//! A version's fees, ready to be assessed: rules by category path, percentages as whole numbers, amounts in minor units.
//! Choosing a rule and computing a fee allocates nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency, MAX_MINOR, MoneyError};

use super::events::{Fee, FeeRule, Measure, Role, Rounding, Scope, Stepping, TaxMode, When};
use crate::rate::Rate;

/// Percentages are counted in millionths: 0.0001 % is 1.
const MILLION: i128 = 1_000_000;

/// What a fee is assessed on, all of it known when the command is decided. Amounts in minor units.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Category path of the line; none for a fee on the whole order.
    pub category: Option<&'a str>,
    /// What the percentage is of.
    pub base: i64,
    /// Units of the line.
    pub units: u32,
    /// Tier of the merchant.
    pub tier: Option<&'a str>,
    /// Kind of business of the merchant.
    pub business: Option<&'a str>,
    /// Region of the order.
    pub region: Option<&'a str>,
    /// How the order was paid.
    pub method: Option<&'a str>,
    /// Who ships the line.
    pub fulfilment: Option<&'a str>,
    /// The merchant's volumes of the month, the quarter and the year, as last recorded.
    pub volumes: [i64; 3],
}

/// What a rule gave, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessed {
    /// The fee without its tax.
    pub amount: i64,
    /// Tax on it; of an agent's fee, on its margin.
    pub tax: i64,
    /// Of the fee, what is owed to the supplier in whose name it is taken.
    pub supplier: i64,
}

/// A fee step by step, minor units: what a person does to compute it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workings {
    /// The share before it is rounded, in millionths of a minor unit.
    pub share: i128,
    /// The share, rounded as the fee says.
    pub rounded: i128,
    /// The least, for all units.
    pub minimum: Option<i128>,
    /// The most, for all units.
    pub maximum: Option<i128>,
    /// The share between least and most.
    pub bounded: i128,
    /// What is added, for all units.
    pub fixed: i128,
    /// The sum.
    pub charged: i128,
    /// Of it, what is owed to a supplier; the tax is on the rest.
    pub supplier: i128,
    /// The fee without its tax.
    pub amount: i128,
    /// Its tax.
    pub tax: i128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CompiledStep {
    above: i64,
    millionths: i64,
}

/// A rule, ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledRule {
    /// Its name.
    pub rule: RuleId,
    /// Its place among the rules of the fee.
    pub index: usize,
    /// Nothing may be sold under it.
    pub closed: bool,
    when: When,
    conditions: u8,
    millionths: i64,
    steps: Option<(Measure, Stepping, Box<[CompiledStep]>)>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    fixed: i64,
}

/// A fee, ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledFee {
    per_unit: bool,
    tax: i64,
    tax_mode: TaxMode,
    rounding: Rounding,
    /// The supplier's part, in millionths.
    supplier: i64,
    rules: Vec<CompiledRule>,
    /// Rules by category path; those of one path stand together, with most conditions first.
    by_path: BTreeMap<Box<str>, Range<usize>>,
    anywhere: Range<usize>,
}

fn in_minor(amount: Amount, currency: Option<Currency>) -> Result<i64, MoneyError> {
    match currency {
        Some(currency) => amount.minor(currency),
        None if amount.is_zero() => Ok(0),
        None => Err(MoneyError::OutOfRange(amount.decimal())),
    }
}

impl When {
    /// How many conditions it has.
    pub fn conditions(&self) -> u8 {
        let Self { tier, business, region, method, fulfilment } = self;
        let set = [tier, business, region, method, fulfilment];
        set.into_iter().filter(|of| of.is_some()).count() as u8
    }

    fn is_met(&self, facts: &Facts<'_>) -> bool {
        let met = |of: &Option<Box<str>>, fact: Option<&str>| of.is_none() || of.as_deref() == fact;
        met(&self.tier, facts.tier)
            && met(&self.business, facts.business)
            && met(&self.region, facts.region)
            && met(&self.method, facts.method)
            && met(&self.fulfilment, facts.fulfilment)
    }

    /// Whether both can be met at once.
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = |one: &Option<Box<str>>, other: &Option<Box<str>>| {
            one.is_some() && other.is_some() && one != other
        };
        !(apart(&self.tier, &other.tier)
            || apart(&self.business, &other.business)
            || apart(&self.region, &other.region)
            || apart(&self.method, &other.method)
            || apart(&self.fulfilment, &other.fulfilment))
    }
}

impl CompiledRule {
    fn of(rule: &FeeRule, index: usize, currency: Option<Currency>) -> Result<Self, MoneyError> {
        let minor = |of: &Option<Amount>| of.map(|of| in_minor(of, currency)).transpose();
        let steps = rule.tiers.as_ref().map(|tiers| {
            let step = |of: &super::events::Step| {
                let (above, millionths) = (in_minor(of.above, currency)?, of.percent.millionths());
                Ok(CompiledStep { above, millionths })
            };
            let steps = tiers.steps.iter().map(step).collect::<Result<Box<[_]>, MoneyError>>()?;
            Ok::<_, MoneyError>((tiers.by, tiers.stepping, steps))
        });
        Ok(Self {
            rule: rule.rule,
            index,
            closed: rule.closed,
            conditions: rule.when.conditions(),
            when: rule.when.clone(),
            millionths: rule.percent.millionths(),
            steps: steps.transpose()?,
            minimum: minor(&rule.minimum)?,
            maximum: minor(&rule.maximum)?,
            fixed: minor(&rule.fixed)?.unwrap_or(0),
        })
    }

    /// The amounts that percentages are taken of, with the percentages in millionths, for `units` units: of one
    /// percentage the base, of a slab the base at the step that is reached, of marginal steps what lies within each.
    fn pieces(&self, facts: &Facts<'_>, units: i64, mut piece: impl FnMut(i128, i64)) {
        let base = i128::from(facts.base);
        let Some((by, stepping, steps)) = &self.steps else {
            return piece(base, self.millionths);
        };
        let measured = match by {
            Measure::Price => None,
            Measure::VolumeOfMonth => Some(facts.volumes[0]),
            Measure::VolumeOfQuarter => Some(facts.volumes[1]),
            Measure::VolumeOfYear => Some(facts.volumes[2]),
        };
        // A price is per unit: comparing it with every unit's steps leaves no fraction.
        let (from, to, units) = match measured {
            None => (0, base, i128::from(units)),
            Some(volume) => (i128::from(volume), i128::from(volume) + base, 1),
        };
        match stepping {
            Stepping::Slab => {
                let reached = measured.map_or(base, i128::from);
                let reaches = |of: &&CompiledStep| reached > i128::from(of.above) * units;
                let step = steps.iter().rev().find(reaches).or_else(|| steps.first());
                piece(base, step.map_or(0, |of| of.millionths));
            }
            Stepping::Marginal => {
                for (index, step) in steps.iter().enumerate() {
                    let low = i128::from(step.above) * units;
                    let high = steps
                        .get(index + 1)
                        .map_or(i128::MAX, |next| i128::from(next.above) * units);
                    let within = (to.min(high) - from.max(low)).max(0);
                    if within > 0 {
                        piece(within, step.millionths);
                    }
                }
            }
        }
    }
}

impl CompiledFee {
    /// A fee whose amounts are in a currency; without one it has none but 0.
    ///
    /// # Errors
    /// When an amount does not fit the currency.
    pub fn of(fee: &Fee, currency: Option<Currency>) -> Result<Self, MoneyError> {
        let mut order: Vec<usize> = (0..fee.rules.len()).collect();
        let key = |index: &usize| {
            let rule = &fee.rules[*index];
            (rule.category.clone(), std::cmp::Reverse(rule.when.conditions()), *index)
        };
        order.sort_by_key(key);
        let mut rules = Vec::with_capacity(order.len());
        let mut by_path: BTreeMap<Box<str>, Range<usize>> = BTreeMap::new();
        let mut anywhere = 0..0;
        for index in order {
            let rule = &fee.rules[index];
            let place = rules.len();
            rules.push(CompiledRule::of(rule, index, currency)?);
            let range = match &rule.category {
                Some(path) => by_path.entry(path.clone()).or_insert(place..place),
                None => &mut anywhere,
            };
            range.end = place + 1;
        }
        Ok(Self {
            per_unit: fee.scope == Scope::Unit,
            tax: fee.tax.millionths(),
            tax_mode: fee.tax_mode,
            rounding: fee.rounding,
            supplier: match fee.role {
                Role::Principal | Role::PassThrough => 0,
                Role::Agent { supplier } => supplier.millionths(),
            },
            rules,
            by_path,
            anywhere,
        })
    }

    /// The rule that holds: the deepest category path wins, then the one with most conditions met; a rule without a
    /// category holds where no other does. `None`: nothing holds.
    pub fn rule_for<'s>(&'s self, facts: &'s Facts<'_>) -> Option<&'s CompiledRule> {
        self.rules_for(facts).next()
    }

    /// Every rule that could hold, the one that does first.
    pub fn rules_for<'s>(&'s self, facts: &'s Facts<'_>) -> impl Iterator<Item = &'s CompiledRule> {
        let met = move |range: &Range<usize>| {
            let rules = self.rules.get(range.clone()).unwrap_or_default();
            rules.iter().filter(|rule| rule.conditions == 0 || rule.when.is_met(facts))
        };
        let above = |path: &&'s str| path.rsplit_once('/').map(|(above, _)| above);
        let paths = std::iter::successors(facts.category, above);
        let by_path = paths.filter_map(|path| self.by_path.get(path)).flat_map(met);
        by_path.chain(met(&self.anywhere))
    }

    /// A fee step by step; [`CompiledFee::assess`] is its last one.
    pub fn workings(&self, rule: &CompiledRule, facts: &Facts<'_>) -> Workings {
        let units = if self.per_unit { i64::from(facts.units.max(1)) } else { 1 };
        let mut share = 0;
        rule.pieces(facts, units, |of, millionths| share += of * i128::from(millionths));
        let times = |amount: i64| i128::from(amount) * i128::from(units);
        let rounded_share = rounded(share, MILLION, self.rounding);
        let (minimum, maximum) = (rule.minimum.map(times), rule.maximum.map(times));
        let at_least = minimum.map_or(rounded_share, |of| rounded_share.max(of));
        let bounded = maximum.map_or(at_least, |of| at_least.min(of));
        let fixed = times(rule.fixed);
        let charged = bounded + fixed;
        let supplier = rounded(charged * i128::from(self.supplier), MILLION, Rounding::HalfUp);
        let (own, tax) = (charged - supplier, i128::from(self.tax));
        let (amount, tax) = match self.tax_mode {
            TaxMode::Exclusive => (charged, rounded(own * tax, MILLION, Rounding::HalfUp)),
            TaxMode::Inclusive => {
                let net = rounded(own * MILLION, MILLION + tax, Rounding::HalfUp);
                (supplier + net, own - net)
            }
        };
        Workings {
            share,
            rounded: rounded_share,
            minimum,
            maximum,
            bounded,
            fixed,
            charged,
            supplier,
            amount,
            tax,
        }
    }

    /// What percentages were taken of, with the percentages: one, or of marginal steps those that were met.
    pub fn pieces(&self, rule: &CompiledRule, facts: &Facts<'_>) -> Vec<(i128, Rate)> {
        let units = if self.per_unit { i64::from(facts.units.max(1)) } else { 1 };
        let mut pieces = Vec::new();
        rule.pieces(facts, units, |of, millionths| {
            let rate = Rate::try_from(rust_decimal::Decimal::new(millionths, 6));
            pieces.push((of, rate.unwrap_or_default()));
        });
        pieces
    }

    /// `min(max(share, minimum), maximum) + fixed`, the share rounded as the fee says, and the tax within it or on it,
    /// half up. What is owed to a supplier is the supplier's turnover: an agent's tax is on the rest.
    ///
    /// # Errors
    /// When an amount is beyond the range of a posting.
    pub fn assess(
        &self,
        rule: &CompiledRule,
        facts: &Facts<'_>,
        currency: Currency,
    ) -> Result<Assessed, MoneyError> {
        let Workings { amount, tax, supplier, .. } = self.workings(rule, facts);
        let in_range = |minor: i128| {
            let fits = i64::try_from(minor).ok().filter(|of| of.abs() <= MAX_MINOR);
            fits.ok_or_else(|| {
                let close = i64::try_from(minor).unwrap_or(i64::MAX);
                MoneyError::OutOfRange(Amount::from_minor(close, currency).decimal())
            })
        };
        let (amount, tax) = (in_range(amount)?, in_range(tax)?);
        Ok(Assessed { amount, tax, supplier: in_range(supplier)? })
    }
}

/// A quotient as a whole number.
fn rounded(product: i128, divisor: i128, rounding: Rounding) -> i128 {
    // Almost every product fits 64 bits, whose division is several times faster.
    let (floor, rest) = match (i64::try_from(product), i64::try_from(divisor)) {
        (Ok(product), Ok(divisor)) => {
            (i128::from(product.div_euclid(divisor)), i128::from(product.rem_euclid(divisor)))
        }
        (Ok(_) | Err(_), Ok(_) | Err(_)) => {
            (product.div_euclid(divisor), product.rem_euclid(divisor))
        }
    };
    let up = match rounding {
        // On the magnitude: a negative share is the mirror image of a positive one.
        Rounding::HalfUp if product < 0 => 2 * rest > divisor,
        Rounding::HalfUp => 2 * rest >= divisor,
        Rounding::HalfEven if 2 * rest == divisor => floor % 2 != 0,
        Rounding::HalfEven => 2 * rest > divisor,
        Rounding::Up => rest > 0,
        Rounding::Down => false,
    };
    floor + i128::from(up)
}

#[cfg(test)]
mod tests;
