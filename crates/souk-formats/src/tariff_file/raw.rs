//! The form of a tariff file, and the fees made of it. Percentages are texts here, so that each is refused at its place.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use souk_domain::calendar::CycleRule;
use souk_domain::merchant::commands::LeastPayout;
use souk_domain::merchant::events::{Recovery, ReserveTerms};
use souk_domain::rate::Rate;
use souk_domain::tariff::events::{
    Base, ChosenBy, Fee, FeeKind, FeeRule, Measure, OnRefund, PercentPart, Retained, Role,
    Rounding, Scope, Step, Stepping, TaxMode, Tiers, When,
};
use souk_journal::dates::Date;
use souk_journal::ids::{RuleId, TariffId};
use souk_journal::money::Amount;
use toml::Spanned;

use super::rates::{Percent, one};

/// Terms in a tariff file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How often merchants are settled.
    pub cycle: CycleRule,
    /// Zone of the settlement.
    pub time_zone: String,
    /// From this hour on a sale counts for the next day.
    #[serde(default)]
    pub cut_off_hour: u8,
    /// Days from completion until a sale is due.
    pub hold_days: u16,
    /// Tier of the merchants, for rules with `when.tier`.
    #[serde(default)]
    pub tier: Option<String>,
    /// Their kind of business, for rules with `when.business`.
    #[serde(default)]
    pub business: Option<String>,
    /// Reserve.
    #[serde(default)]
    pub reserve: Option<ReserveTerms>,
    /// Least payouts.
    #[serde(default)]
    pub minimum_payouts: Vec<LeastPayout>,
    /// How a negative closing is recovered.
    #[serde(default = "reserve_then_carry")]
    pub recovery: Vec<Recovery>,
}

fn reserve_then_carry() -> Vec<Recovery> {
    vec![Recovery::Reserve, Recovery::Carry]
}

/// What the payment channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its share of a payment.
    #[serde(default, deserialize_with = "percent")]
    pub rate: Rate,
    /// Whether it gives its share back with refunds.
    #[serde(default)]
    pub returned_on_refund: bool,
}

/// One percentage, in any way of writing it.
fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
    one(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// A tariff file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A tariff file of Souk")]
pub(super) struct Raw {
    /// The tariff's name.
    pub(super) tariff: TariffId,
    /// The day on which merchants hear of it.
    pub(super) announced_on: Date,
    /// The first day on which it holds.
    #[schemars(with = "Date")]
    pub(super) effective_on: Spanned<Date>,
    /// Which date of an order chooses the version.
    #[serde(default = "completion_date")]
    pub(super) chosen_by: ChosenBy,
    /// ISO 4217 code of every amount; the version holds for orders in it alone.
    #[schemars(with = "Option<String>")]
    pub(super) currency: Option<Spanned<String>>,
    /// Where the figures come from.
    pub(super) source: Option<String>,
    /// Terms for merchants enrolled with this file.
    pub(super) terms: Terms,
    /// What the payment channel takes.
    #[serde(default)]
    pub(super) channel: Channel,
    /// The fees.
    #[schemars(with = "Vec<RawFee>")]
    pub(super) fees: Vec<Spanned<RawFee>>,
}

fn completion_date() -> ChosenBy {
    ChosenBy::CompletionDate
}

/// A fee.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFee {
    /// What it is.
    kind: FeeKind,
    /// What it is assessed on.
    scope: Scope,
    /// Of what the percentage is.
    #[serde(default = "item_price")]
    base: Base,
    /// Tax on the fee.
    #[serde(default, deserialize_with = "percent")]
    tax: Rate,
    /// Whether the tax comes on top.
    #[serde(default)]
    tax_mode: TaxMode,
    /// What a refund gives back.
    on_refund: OnRefund,
    /// What is retained of that.
    #[serde(default)]
    retained: Option<RawRetained>,
    /// How shares are rounded.
    #[serde(default)]
    rounding: Rounding,
    /// In whose name it is taken.
    #[serde(default)]
    role: Role,
    /// The percentage where no category holds: `8 %`, `0.08`, `6 % + 2 %` or `closed`.
    #[schemars(with = "Option<String>")]
    default: Option<Spanned<String>>,
    /// Percentages by category path.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    categories: BTreeMap<String, Spanned<String>>,
    /// Rules that say more.
    #[serde(default)]
    #[schemars(with = "Vec<RawRule>")]
    rules: Vec<Spanned<RawRule>>,
}

fn item_price() -> Base {
    Base::ItemPrice
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawRetained {
    /// Of what would be given back.
    #[serde(deserialize_with = "percent")]
    percent: Rate,
    /// The most that is retained of one charge.
    maximum: Option<Amount>,
}

/// A rule of a fee.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    /// Its name, unique in the fee.
    rule: RuleId,
    /// Category path it holds for, with everything below.
    category: Option<Box<str>>,
    /// Further conditions.
    #[serde(default)]
    when: When,
    /// Nothing may be sold under it.
    #[serde(default)]
    closed: bool,
    /// The percentage: `8 %`, `0.08`, or the sum `6 % + 2 %`.
    #[schemars(with = "Option<String>")]
    percent: Option<Spanned<String>>,
    /// The parts of a composite, with names.
    #[serde(default)]
    parts: Vec<RawPart>,
    /// Percentages by steps.
    tiers: Option<RawTiers>,
    /// The least that the percentage gives.
    minimum: Option<Amount>,
    /// The most that it gives.
    maximum: Option<Amount>,
    /// Added to it.
    fixed: Option<Amount>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawPart {
    /// What it is for.
    name: RuleId,
    /// The percentage.
    #[serde(deserialize_with = "percent")]
    percent: Rate,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawTiers {
    /// What the steps are measured by.
    by: Measure,
    /// How they work.
    stepping: Stepping,
    /// The steps.
    steps: Vec<RawStep>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawStep {
    /// Reached by more than this.
    above: Amount,
    /// The percentage.
    #[serde(deserialize_with = "percent")]
    percent: Rate,
}

/// A rule of one percentage.
fn plain(rule: RuleId, category: Option<Box<str>>) -> FeeRule {
    FeeRule {
        rule,
        category,
        when: When::default(),
        closed: false,
        percent: Rate::ZERO,
        parts: Vec::new(),
        tiers: None,
        minimum: None,
        maximum: None,
        fixed: None,
    }
}

/// Sets a percentage as it is written.
fn set(rule: &mut FeeRule, text: &str) -> Result<(), String> {
    match Percent::parse(text)? {
        Percent::One(rate) => rule.percent = rate,
        Percent::Closed => rule.closed = true,
        Percent::Sum(rates) => {
            let sum: Decimal = rates.iter().map(|rate| rate.decimal()).sum();
            rule.percent =
                Rate::try_from(sum).map_err(|_| format!("{text:?} is more than 100 %"))?;
            for (number, percent) in (1..).zip(rates) {
                let name: i32 = number;
                let name =
                    RuleId::new(&format!("part-{name}")).map_err(|error| error.to_string())?;
                rule.parts.push(PercentPart { name, percent });
            }
        }
    }
    Ok(())
}

/// A fee with its rules, and where each rule stands. What is wrong with a percentage is said beside.
pub(super) fn read_fee(raw: RawFee, wrong: &mut Vec<(usize, String)>) -> (Fee, Vec<usize>) {
    let (mut rules, mut places) = (Vec::new(), Vec::new());
    for of in raw.rules {
        let at = of.span().start;
        rules.push(read_rule(of.into_inner(), at, wrong));
        places.push(at);
    }
    for (category, percent) in raw.categories {
        let at = percent.span().start;
        // The rule of a category is named by it; a longer path than an id holds needs a rule.
        match RuleId::new(&category.replace('/', ".")) {
            Ok(name) => {
                let mut rule = plain(name, Some(category.into_boxed_str()));
                if let Err(what) = set(&mut rule, percent.get_ref()) {
                    wrong.push((at, what));
                }
                rules.push(rule);
                places.push(at);
            }
            Err(_) => wrong.push((
                at,
                format!("category {category:?} needs a rule of its own under [[fees.rules]], with a name of up to 40 letters, digits and . _ : -"),
            )),
        }
    }
    if let Some(percent) = raw.default {
        let at = percent.span().start;
        if let Ok(name) = RuleId::new("default") {
            let mut rule = plain(name, None);
            if let Err(what) = set(&mut rule, percent.get_ref()) {
                wrong.push((at, what));
            }
            rules.push(rule);
            places.push(at);
        }
    }
    let retained = raw.retained.map(|of| Retained { percent: of.percent, maximum: of.maximum });
    let fee = Fee {
        kind: raw.kind,
        scope: raw.scope,
        base: raw.base,
        tax: raw.tax,
        tax_mode: raw.tax_mode,
        on_refund: raw.on_refund,
        retained,
        rounding: raw.rounding,
        role: raw.role,
        rules,
    };
    (fee, places)
}

fn read_rule(raw: RawRule, at: usize, wrong: &mut Vec<(usize, String)>) -> FeeRule {
    let mut rule = plain(raw.rule, raw.category);
    if let Some(percent) = raw.percent
        && let Err(what) = set(&mut rule, percent.get_ref())
    {
        wrong.push((percent.span().start, what));
    }
    if !raw.parts.is_empty() {
        let part = |of: RawPart| PercentPart { name: of.name, percent: of.percent };
        rule.parts = raw.parts.into_iter().map(part).collect();
        if rule.percent == Rate::ZERO {
            let sum: Decimal = rule.parts.iter().map(|of| of.percent.decimal()).sum();
            match Rate::try_from(sum) {
                Ok(sum) => rule.percent = sum,
                Err(_) => {
                    wrong.push((at, format!("the parts of rule {} are more than 100 %", rule.rule)))
                }
            }
        }
    }
    rule.when = raw.when;
    rule.closed |= raw.closed;
    rule.tiers = raw.tiers.map(|of| Tiers {
        by: of.by,
        stepping: of.stepping,
        steps: of
            .steps
            .into_iter()
            .map(|step| Step { above: step.above, percent: step.percent })
            .collect(),
    });
    (rule.minimum, rule.maximum, rule.fixed) = (raw.minimum, raw.maximum, raw.fixed);
    rule
}
