//! What refunds give back of a fee, on the cumulative refund: so any sequence of refunds sums to what one of everything
//! gives back.

use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::{percentage, returned};

use super::assess::{CompiledFee, Facts};
use super::events::{
    Base, BaseTax, Fee, FeeKind, FeeRule, OnRefund, Retained, Role, Rounding, Scope, TaxMode,
    Tiers, When,
};
use crate::rate::Rate;
use souk_journal::ids::RuleId;

/// What a refund gives back of one charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returns {
    /// Nothing.
    Kept,
    /// In proportion.
    Proportional(Option<Retained>),
    /// What the same rule would not have charged on what is left.
    ReRated(Box<ReRating>, Option<Retained>),
}

/// The rule of a charge, to charge what is left by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReRating {
    fee: CompiledFee,
    base: i64,
    units: u32,
    volume: i64,
}

/// The rule of a charge as the charge recorded it.
#[derive(Debug, Clone, Copy)]
pub struct RuleFacts<'a> {
    /// Its name.
    pub rule: RuleId,
    /// The percentage.
    pub percent: Rate,
    /// Its steps.
    pub tiers: Option<&'a Tiers>,
    /// The volume they were measured by.
    pub volume: Option<Amount>,
    /// The least.
    pub minimum: Option<Amount>,
    /// The most.
    pub maximum: Option<Amount>,
    /// Added.
    pub fixed: Option<Amount>,
    /// What the percentage was of.
    pub base: Amount,
    /// Units it was taken for.
    pub units: u32,
    /// Tax on the fee.
    pub tax_rate: Rate,
    /// Whether it came on top.
    pub tax_mode: TaxMode,
    /// How shares were rounded.
    pub rounding: Rounding,
    /// In whose name it was taken: tax within an agent's fee is of its margin.
    pub role: Role,
}

impl RuleFacts<'_> {
    /// A fee of this rule alone: it charges again what the charge charged.
    pub fn fee(&self) -> Fee {
        let rule = FeeRule {
            rule: self.rule,
            category: None,
            when: When::default(),
            closed: false,
            percent: self.percent,
            parts: Vec::new(),
            tiers: self.tiers.cloned(),
            minimum: self.minimum,
            maximum: self.maximum,
            fixed: self.fixed,
        };
        Fee {
            // Neither changes what is charged.
            kind: FeeKind::Commission,
            base: Base::ItemPrice,
            base_tax: BaseTax::Before,
            scope: if self.units == 1 { Scope::Line } else { Scope::Unit },
            tax: self.tax_rate,
            tax_mode: self.tax_mode,
            on_refund: OnRefund::ReRated,
            retained: None,
            rounding: self.rounding,
            role: self.role,
            rules: vec![rule],
        }
    }
}

impl ReRating {
    /// The rule as recorded, ready.
    ///
    /// # Errors
    /// When an amount does not fit the currency.
    pub fn of(facts: RuleFacts<'_>, currency: Currency) -> Result<Self, MoneyError> {
        let fee = facts.fee();
        Ok(Self {
            fee: CompiledFee::of(&fee, Some(currency))?,
            base: facts.base.minor(currency)?,
            units: facts.units,
            volume: facts.volume.map_or(Ok(0), |of| of.minor(currency))?,
        })
    }

    /// What is charged on what is left of the base after `refunded` of `of` went back.
    fn left(&self, refunded: i64, of: i64, currency: Currency) -> Result<i64, MoneyError> {
        let base = self.base - returned(self.base, refunded, of);
        let volumes = [self.volume; 3];
        let facts = Facts { base, units: self.units, volumes, ..Facts::default() };
        match self.fee.rule_for(&facts) {
            Some(rule) => Ok(self.fee.assess(rule, &facts, currency)?.amount),
            None => Ok(0),
        }
    }
}

impl Returns {
    /// What has come back in all, as (fee, tax), once `refunded` of `of` went back; never less than `before`.
    pub fn in_all(
        &self,
        (charged, tax): (i64, i64),
        (refunded, of): (i64, i64),
        before: (i64, i64),
        currency: Currency,
    ) -> (i64, i64) {
        let (gross, retained) = match self {
            Self::Kept => return (0, 0),
            Self::Proportional(None) => {
                return (returned(charged, refunded, of), returned(tax, refunded, of));
            }
            Self::Proportional(retained) => (returned(charged, refunded, of), retained),
            Self::ReRated(rule, retained) => {
                let all = of == 0 || refunded == of;
                // What was charged once can be charged again on less.
                let left =
                    if all { 0 } else { rule.left(refunded, of, currency).unwrap_or(charged) };
                ((charged - left).clamp(0, charged.max(0)), retained)
            }
        };
        let kept = retained.map_or(0, |of| {
            let share = percentage(of.percent.decimal(), gross, currency).unwrap_or(gross);
            let most = of.maximum.and_then(|most| most.minor(currency).ok());
            most.map_or(share, |most| share.min(most))
        });
        let fee = (gross - kept).max(before.0);
        (fee, returned(tax, fee, charged).max(before.1))
    }
}

#[cfg(test)]
mod tests;
