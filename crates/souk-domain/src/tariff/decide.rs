//! When a version of a tariff is published.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::PublishTariff;
use super::events::{Fee, FeeKind, Scope, TariffEvent, TariffPublished};
use super::state::{TariffState, TariffVersion};
use crate::decider::{Decider, Decision};
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
    #[error("fee {0:?} stands twice in the tariff")]
    FeeTwice(FeeKind),
    /// Twice the same rule or category.
    #[error("rule {0} stands twice in its fee, by name or by category")]
    RuleTwice(RuleId),
    /// A category under a fee that is assessed on the whole order.
    #[error("rule {0} names a category, but its fee is assessed per order")]
    CategoryOnOrderFee(RuleId),
    /// A fee without rules.
    #[error("fee {0:?} has no rules")]
    NoRules(FeeKind),
}

refusal_codes!(TariffRefusal {
    TariffVersionsOverlap,
    AnnouncedAfterEffect,
    UnknownCurrency,
    CurrencyNeeded,
    UnusableAmount,
    FeeTwice,
    RuleTwice,
    CategoryOnOrderFee,
    NoRules,
});

/// Tariff streams.
#[derive(Debug)]
pub struct Tariff;

impl Decider for Tariff {
    const CATEGORY: &'static str = "tariff";
    type Command<'a> = PublishTariff<'a>;
    type Event<'a> = TariffEvent<'a>;
    type State = TariffState;
    type Refusal = TariffRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a TariffState,
        command: &'a PublishTariff<'a>,
        (): &'a (),
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
        let event = TariffPublished {
            version: state.versions.len() as u32 + 1,
            announced_on: announced,
            effective_on: effective,
            chosen_by: command.chosen_by,
            currency,
            source: command.source.clone(),
            fees,
        };
        Ok(Decision::one(effective, TariffEvent::Published(event)))
    }

    fn evolve(state: &mut TariffState, event: &TariffEvent<'_>) -> Result<(), MoneyError> {
        match event {
            TariffEvent::Published(of) => state.versions.push(TariffVersion {
                version: of.version,
                announced_on: of.announced_on,
                effective_on: of.effective_on,
                chosen_by: of.chosen_by,
                currency: of.currency,
                fees: of.fees.clone(),
            }),
        }
        Ok(())
    }
}

/// The fee with its amounts at the currency's scale, so that 10.5 and 10.50 are stored alike.
fn checked(fee: &Fee, currency: Option<Currency>) -> Result<Fee, TariffRefusal> {
    let mut fee = fee.clone();
    if fee.rules.is_empty() {
        return Err(TariffRefusal::NoRules(fee.kind));
    }
    for index in 0..fee.rules.len() {
        let (earlier, rest) = fee.rules.split_at_mut(index);
        let rule = &mut rest[0];
        if earlier.iter().any(|of| of.rule == rule.rule || of.category == rule.category) {
            return Err(TariffRefusal::RuleTwice(rule.rule));
        }
        if fee.scope == Scope::Order && rule.category.is_some() {
            return Err(TariffRefusal::CategoryOnOrderFee(rule.rule));
        }
        for amount in [&mut rule.minimum, &mut rule.fixed].into_iter().flatten() {
            let currency = currency.ok_or(TariffRefusal::CurrencyNeeded(rule.rule))?;
            let scaled = amount.at_scale(currency).ok().filter(|amount| *amount >= Amount::ZERO);
            *amount = scaled.ok_or(TariffRefusal::UnusableAmount(rule.rule))?;
        }
    }
    Ok(fee)
}

#[cfg(test)]
mod tests;
