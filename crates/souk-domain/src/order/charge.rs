//! The fees of a completion: which rule holds for each line, what it gives, and every fact it was computed from.

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, TariffId};
use souk_journal::money::{Amount, Currency};
use souk_journal::split::largest_remainder;

use super::complete::Rest;
use super::conversion::Conversion;
use super::events::{ChargedLine, ChargedPart, FeeCharged};
use super::refusal::OrderRefusal;
use super::state::{Line, Placed};
use crate::merchant::state::Terms;
use crate::segment::Segment;
use crate::tariff::assess::{CompiledFee, CompiledRule, Facts};
use crate::tariff::events::{Fee, FeeRule, Measure, PercentPart, Scope, Tiers};
use crate::tariff::state::TariffVersion;

/// What the charges of one completion have in common: the order as it stood just before it, whose part of it, on which
/// terms, and under which version.
#[derive(Debug, Clone, Copy)]
pub struct Charging<'a> {
    /// The order.
    pub order: &'a Placed,
    /// Whose part.
    pub merchant: MerchantId,
    /// Its terms.
    pub terms: &'a Terms,
    /// Its volumes of the month, the quarter and the year, as last recorded.
    pub volumes: [i64; 3],
    /// When the sale falls due.
    pub due_on: Date,
    /// The tariff.
    pub tariff: TariffId,
    /// Its version.
    pub version: &'a TariffVersion,
    /// How the part is converted; fees are charged in the currency of the settlement.
    pub conversion: Option<Conversion>,
}

impl<'a> Charging<'a> {
    /// Every fee of the merchant's part, in the order of the tariff. A completion and whoever asks what another tariff
    /// would charge call this alike.
    ///
    /// # Errors
    /// The version is in another currency, has no open rule for a line, or an amount is out of range.
    pub fn charges(&self) -> Result<Vec<FeeCharged<'a>>, OrderRefusal> {
        self.charges_on(&self.settled(&Rest::of_merchant(self.order, self.merchant))?)
    }

    /// The currency of the fees: that of the settlement.
    pub fn currency(&self) -> Currency {
        self.conversion.map_or(self.order.currency, |of| of.currency)
    }

    /// What is left of the lines, in the currency of the settlement.
    pub(super) fn settled(&self, rests: &[Rest<'a>]) -> Result<Vec<Rest<'a>>, OrderRefusal> {
        let Some(conversion) = &self.conversion else { return Ok(rests.to_vec()) };
        let settled = rests.iter().map(|rest| rest.settled(conversion, self.order.currency));
        Ok(settled.collect::<Result<_, _>>()?)
    }

    pub(super) fn charges_on(
        &self,
        rests: &[Rest<'a>],
    ) -> Result<Vec<FeeCharged<'a>>, OrderRefusal> {
        if self.version.currency.is_some_and(|of| of != self.currency()) {
            return Err(OrderRefusal::TariffInOtherCurrency(self.tariff));
        }
        let mut charges = Vec::with_capacity(self.version.fees.len());
        for fee in self.version.fees.iter().zip(&self.version.compiled) {
            charges.extend(self.charge(fee, rests)?);
        }
        Ok(charges)
    }

    /// What a fee charges; nothing, when it comes to nothing on every line.
    fn charge(
        &self,
        (fee, compiled): (&'a Fee, &CompiledFee),
        rests: &[Rest<'a>],
    ) -> Result<Option<FeeCharged<'a>>, OrderRefusal> {
        let mut lines = Vec::with_capacity(rests.len());
        match fee.scope {
            Scope::Line | Scope::Unit => {
                // A line of which shipping alone is left is no sale: no minimum is due on it.
                let sold =
                    |rest: &&Rest<'a>| rest.list != 0 || rest.base(fee.base, fee.base_tax) != 0;
                for rest in rests.iter().filter(sold) {
                    let facts = self.facts(rest.base(fee.base, fee.base_tax), Some(rest));
                    let open = compiled.rule_for(&facts).filter(|rule| !rule.closed);
                    let rule = open.ok_or_else(|| OrderRefusal::CategoryNotOpen {
                        tariff: self.tariff,
                        line: rest.line.line,
                        category: facts.category.unwrap_or("none").to_owned(),
                    })?;
                    let mut line = self.line(fee, compiled, rule, &facts)?;
                    line.line = Some(rest.line.line);
                    line.category = rest.line.category.as_deref();
                    lines.push(line);
                }
            }
            Scope::Order => {
                let base = rests.iter().map(|rest| rest.base(fee.base, fee.base_tax)).sum();
                let facts = self.facts(base, None);
                if let (Some(rule), false) = (compiled.rule_for(&facts), rests.is_empty()) {
                    lines.push(self.line(fee, compiled, rule, &facts)?);
                }
            }
            Scope::Period => {}
        }
        lines.retain(|line| !line.amount.is_zero());
        if lines.is_empty() {
            return Ok(None);
        }
        Ok(Some(FeeCharged {
            merchant: self.merchant,
            fee: fee.kind,
            currency: self.currency(),
            due_on: self.due_on,
            tariff: self.tariff,
            version: self.version.version,
            scope: fee.scope,
            base: fee.base,
            base_tax: fee.base_tax,
            on_refund: fee.on_refund,
            retained: fee.retained,
            tax_rate: fee.tax,
            tax_mode: fee.tax_mode,
            rounding: fee.rounding,
            role: fee.role,
            segment: self.segment(),
            lines,
        }))
    }

    /// What its revenue is split by: as it is at the completion.
    pub fn segment(&self) -> Segment<'a> {
        Segment { region: self.order.region.as_deref(), tier: self.terms.tier.as_deref() }
    }

    /// What is known of a line, or of the merchant's whole part.
    fn facts(&self, base: i64, rest: Option<&Rest<'a>>) -> Facts<'a> {
        self.facts_of(base, rest.map(|rest| rest.line))
    }

    /// What rules are chosen by and computed from: of a line, or of the merchant's whole part.
    pub fn facts_of(&self, base: i64, line: Option<&'a Line>) -> Facts<'a> {
        Facts {
            category: line.and_then(|line| line.category.as_deref()),
            base,
            units: line.map_or(1, |line| line.units),
            tier: self.terms.tier.as_deref(),
            business: self.terms.business.as_deref(),
            region: self.order.region.as_deref(),
            method: self.order.main_method(),
            fulfilment: line.and_then(|line| line.fulfilment.as_deref()),
            volumes: self.volumes,
        }
    }

    fn line(
        &self,
        fee: &'a Fee,
        compiled: &CompiledFee,
        rule: &CompiledRule,
        facts: &Facts<'_>,
    ) -> Result<ChargedLine<'a>, OrderRefusal> {
        let currency = self.currency();
        let assessed = compiled.assess(rule, facts, currency)?;
        let named = &fee.rules[rule.index];
        let amount = |minor| Amount::from_minor(minor, currency);
        let scaled = |of: Option<Amount>| of.map(|of| of.at_scale(currency)).transpose();
        let volume = named.tiers.as_ref().and_then(|of| volume(of, facts));
        Ok(ChargedLine {
            line: None,
            category: None,
            rule: named.rule,
            base: amount(facts.base),
            percent: named.percent,
            parts: parts(named, assessed.amount, currency),
            tiers: named.tiers.clone(),
            volume: volume.map(amount),
            units: if fee.scope == Scope::Unit { facts.units } else { 1 },
            minimum: scaled(named.minimum)?,
            maximum: scaled(named.maximum)?,
            fixed: scaled(named.fixed)?,
            amount: amount(assessed.amount),
            tax: amount(assessed.tax),
            supplier: amount(assessed.supplier),
        })
    }
}

fn volume(tiers: &Tiers, facts: &Facts<'_>) -> Option<i64> {
    let [month, quarter, year] = facts.volumes;
    match tiers.by {
        Measure::Price => None,
        Measure::VolumeOfMonth => Some(month),
        Measure::VolumeOfQuarter => Some(quarter),
        Measure::VolumeOfYear => Some(year),
    }
}

/// A fee over the parts of its percentage, by largest remainder, the earlier first.
fn parts(rule: &FeeRule, amount: i64, currency: Currency) -> Vec<ChargedPart> {
    let weights: Vec<i64> = rule.parts.iter().map(|of| of.percent.millionths()).collect();
    let amounts = largest_remainder(amount, &weights);
    let part = |(of, minor): (&PercentPart, i64)| ChargedPart {
        name: of.name,
        percent: of.percent,
        amount: Amount::from_minor(minor, currency),
    };
    rule.parts.iter().zip(amounts).map(part).collect()
}
