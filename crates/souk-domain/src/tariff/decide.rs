//! When a version of a tariff is published.

use rust_decimal::Decimal;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::checks::checked;
use super::commands::PublishTariff;
use super::events::{FeeKind, TariffEvent, TariffPublished};
use super::freight::FreightTablePublished;
use super::freight::checks::FreightFault;
use super::parts::parted;
use super::state::TariffState;
use crate::decider::{Decider, Decision};
use crate::rate::Rate;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TariffRefusal {
    /// In force before or with an earlier version.
    #[error(
        "a version from {asked} overlaps the version from {latest}; a later one begins after it"
    )]
    TariffVersionsOverlap {
        /// First day asked for.
        asked: Date,
        /// First day of the latest version.
        latest: Date,
    },
    /// Announced after it is in force.
    #[error("announced on {announced}, after it takes effect on {effective}")]
    AnnouncedAfterEffect {
        /// Announced.
        announced: Date,
        /// In force from.
        effective: Date,
    },
    /// A change that merchants hear of on the day on which it holds, or later.
    #[error(
        "announced on {announced} and in force from {effective}: a change is announced a day before at least"
    )]
    NoticeTooShort {
        /// Announced.
        announced: Date,
        /// In force from.
        effective: Date,
    },
    /// A change of days that are past: they may have been charged for.
    #[error(
        "in force from {effective}, but it is {today} already, and what was charged stays as it was charged"
    )]
    TariffRetroactive {
        /// In force from.
        effective: Date,
        /// Today.
        today: Date,
    },
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// A minimum or a fixed amount without a currency.
    #[error("rule {0} has an amount, so the tariff needs a currency")]
    CurrencyNeeded(RuleId),
    /// Not an amount of the currency, or negative.
    #[error("rule {0} has an amount that is negative or has too many decimals")]
    UnusableAmount(RuleId),
    /// Twice the same kind of fee.
    #[error("fee {0} stands twice in the tariff")]
    FeeTwice(FeeKind),
    /// Twice the same rule.
    #[error("rule {0} stands twice in its fee")]
    RuleTwice(RuleId),
    /// Two rules that can hold at once, and neither is more specific.
    #[error("rules {0} and {1} can hold for the same sale, and neither says more than the other")]
    RulesCollide(RuleId, RuleId),
    /// A category under a fee that is assessed on the whole order, or a line's fulfilment.
    #[error("rule {0} names a category or a fulfilment, but its fee is assessed per order")]
    CategoryOnOrderFee(RuleId),
    /// Not open, under a fee that asks no line.
    #[error("rule {0} is closed, but its fee is not assessed per line: close the category there")]
    ClosedWithoutLines(RuleId),
    /// A path with an empty part, or one that begins or ends with a slash.
    #[error("rule {0} names the category {1:?}, which is not parts joined by /")]
    NotACategory(RuleId, Box<str>),
    /// A fee without rules.
    #[error("fee {0} has no rules")]
    NoRules(FeeKind),
    /// The least is more than the most.
    #[error("rule {0} takes {1} at least and {2} at most")]
    LeastAboveMost(RuleId, Amount, Amount),
    /// Not open and yet charging.
    #[error("rule {0} is closed, so it charges nothing")]
    ClosedRuleCharges(RuleId),
    /// A percentage and steps, which are percentages.
    #[error("rule {0} has a percentage and steps; write the percentage as the first step")]
    PercentAndSteps(RuleId),
    /// Steps without a step.
    #[error("rule {0} has no steps")]
    NoSteps(RuleId),
    /// The first step does not begin at nothing.
    #[error("the first step of rule {0} is above {1}; it is above 0")]
    FirstStepNotAtZero(RuleId, Amount),
    /// Steps that do not rise.
    #[error("the steps of rule {0} do not rise at {1}")]
    StepsNotRising(RuleId, Amount),
    /// Steps by volume are the same for every unit.
    #[error("rule {0} has steps by volume, but its fee is per unit; take it per line")]
    VolumePerUnit(RuleId),
    /// Parts that do not sum to the percentage.
    #[error("the parts of rule {0} sum to {sum} %, its percentage is {percent}", sum = (.1 * Decimal::ONE_HUNDRED).normalize(), percent = .2.percent())]
    PartsDiffer(RuleId, Decimal, Rate),
    /// A part twice.
    #[error("part {1} of rule {0} stands twice")]
    PartTwice(RuleId, RuleId),
    /// A fee per period with a share of sales.
    #[error("rule {0} is per period: it has a fixed amount alone")]
    PeriodFeeOfSales(RuleId),
    /// Retained from what a refund does not give back.
    #[error("fee {0} gives nothing back, so nothing can be retained of it")]
    NothingToRetain(FeeKind),
    /// Not an amount of the currency, or negative.
    #[error(
        "fee {0} retains an amount that is negative or has too many decimals, or has no currency"
    )]
    UnusableRetained(FeeKind),
    /// Passed on although it is not a payment fee.
    #[error("fee {0} passes nothing on: only a payment fee does")]
    NothingToPassOn(FeeKind),
    /// A freight table.
    #[error(transparent)]
    Freight(Box<FreightFault>),
}

refusal_codes!(TariffRefusal via Freight {
    TariffVersionsOverlap,
    AnnouncedAfterEffect,
    UnknownCurrency,
    CurrencyNeeded,
    UnusableAmount,
    FeeTwice,
    RuleTwice,
    RulesCollide,
    CategoryOnOrderFee,
    ClosedWithoutLines,
    NotACategory,
    NoRules,
    NoticeTooShort,
    TariffRetroactive,
    LeastAboveMost,
    ClosedRuleCharges,
    PercentAndSteps,
    NoSteps,
    FirstStepNotAtZero,
    StepsNotRising,
    VolumePerUnit,
    PartsDiffer,
    PartTwice,
    PeriodFeeOfSales,
    NothingToRetain,
    UnusableRetained,
    NothingToPassOn,
});

/// What the decision reads beside the stream.
#[derive(Debug, Clone, Copy)]
pub struct TariffContext {
    /// The date in the platform's zone.
    pub today: Date,
}

/// Tariff streams.
#[derive(Debug)]
pub struct Tariff;

impl Decider for Tariff {
    const CATEGORY: &'static str = "tariff";
    type Command<'a> = PublishTariff<'a>;
    type Event<'a> = TariffEvent<'a>;
    type State = TariffState;
    type Refusal = TariffRefusal;
    type Context<'a> = TariffContext;

    fn decide<'a>(
        state: &'a TariffState,
        command: &'a PublishTariff<'a>,
        context: &'a TariffContext,
        _at: Micros,
    ) -> Result<Decision<TariffEvent<'a>>, TariffRefusal> {
        let (announced, effective) = (command.announced_on, command.effective_on);
        if announced > effective {
            return Err(TariffRefusal::AnnouncedAfterEffect { announced, effective });
        }
        if let Some(latest) = state.versions.last()
            && effective <= latest.effective_on
        {
            let latest = latest.effective_on;
            return Err(TariffRefusal::TariffVersionsOverlap { asked: effective, latest });
        }
        // A first version has nobody to be told beforehand.
        if !state.versions.is_empty() {
            if announced >= effective {
                return Err(TariffRefusal::NoticeTooShort { announced, effective });
            }
            let today = context.today;
            if effective <= today {
                return Err(TariffRefusal::TariffRetroactive { effective, today });
            }
        }
        let currency = command
            .currency
            .as_deref()
            .map(Currency::from_code)
            .transpose()
            .map_err(TariffRefusal::UnknownCurrency)?;
        let mut fees = Vec::with_capacity(command.fees.len());
        for (index, fee) in command.fees.iter().enumerate() {
            if command.fees[..index].iter().any(|other| other.kind == fee.kind) {
                return Err(TariffRefusal::FeeTwice(fee.kind));
            }
            fees.push(checked(fee, currency)?);
        }
        let tables = super::freight::checks::checked(&command.freight, currency)
            .map_err(TariffRefusal::Freight)?;
        let version = state.versions.len() as u32 + 1;
        let table =
            |table| TariffEvent::FreightTablePublished(FreightTablePublished { version, table });
        let mut events: Vec<_> = tables.into_iter().map(table).collect();
        let event = TariffPublished {
            version,
            announced_on: announced,
            effective_on: effective,
            chosen_by: command.chosen_by,
            currency,
            source: command.source.clone(),
            fees,
        };
        events.extend(parted(event));
        Ok(Decision { effective_on: effective, events })
    }

    fn evolve(state: &mut TariffState, event: &TariffEvent<'_>) -> Result<(), MoneyError> {
        match event {
            TariffEvent::Published(of) => state.publish(of),
            TariffEvent::PartPublished(of) => {
                state.part(of);
                Ok(())
            }
            TariffEvent::FreightTablePublished(of) => {
                state.tables.push(of.table.clone());
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
