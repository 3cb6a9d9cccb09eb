//! When a merchant is enrolled and its terms agreed.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{MerchantId, TariffId};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{AgreeTerms, EnrolMerchant};
use super::events::{MerchantEnrolled, MerchantEvent, MinimumPayout, TermsAgreed};
use super::state::{MerchantState, Terms};
use crate::business_time::{UnknownZone, Zone};
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// A command to a merchant's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MerchantCommand<'a> {
    /// Enrol.
    Enrol(EnrolMerchant),
    /// Agree terms.
    AgreeTerms(AgreeTerms<'a>),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MerchantRefusal {
    /// Enrolled already.
    #[error("merchant {0} is enrolled already")]
    MerchantEnrolledAlready(MerchantId),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// No such tariff.
    #[error("tariff {0} is not published")]
    UnknownTariff(TariffId),
    /// Not in the IANA database.
    #[error(transparent)]
    UnknownTimeZone(UnknownZone),
    /// Not an hour.
    #[error("cut-off hour {0} is not 0 to 23")]
    NotAnHour(u8),
    /// Not after the terms in force.
    #[error("terms from {asked} do not follow the terms from {latest}")]
    TermsNotLater {
        /// First day asked for.
        asked: Date,
        /// First day of the latest terms.
        latest: Date,
    },
    /// Terms change from the next cycle.
    #[error("terms from {asked} would cut the cycle {from} to {to}; they can begin on {next}")]
    TermsCutACycle {
        /// First day asked for.
        asked: Date,
        /// First day of the cycle.
        from: Date,
        /// Last day of the cycle.
        to: Date,
        /// First day of the next one.
        next: Date,
    },
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Below zero.
    #[error("a least payout of {0} is negative")]
    NegativeMinimum(Amount),
}

refusal_codes!(MerchantRefusal {
    MerchantEnrolledAlready,
    UnknownMerchant,
    UnknownTariff,
    UnknownTimeZone,
    NotAnHour,
    TermsNotLater,
    TermsCutACycle,
    UnknownCurrency,
    UnusableAmount,
    NegativeMinimum,
});

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct MerchantContext {
    /// The platform's zone date for enrolment.
    pub today: Date,
    /// Whether the tariff of the command is published.
    pub tariff_known: bool,
}

/// Merchant streams.
#[derive(Debug)]
pub struct Merchant;

impl Decider for Merchant {
    const CATEGORY: &'static str = "merchant";
    type Command<'a> = MerchantCommand<'a>;
    type Event<'a> = MerchantEvent<'a>;
    type State = MerchantState;
    type Refusal = MerchantRefusal;
    type Context<'a> = MerchantContext;

    fn decide<'a>(
        state: &'a MerchantState,
        command: &'a MerchantCommand<'a>,
        context: &'a MerchantContext,
        _at: Micros,
    ) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
        match (command, state.kind) {
            (MerchantCommand::Enrol(of), None) => {
                let event = MerchantEnrolled { merchant: of.merchant, kind: of.kind };
                Ok(Decision::one(context.today, MerchantEvent::Enrolled(event)))
            }
            (MerchantCommand::Enrol(of), Some(_)) => {
                Err(MerchantRefusal::MerchantEnrolledAlready(of.merchant))
            }
            (MerchantCommand::AgreeTerms(of), None) => {
                Err(MerchantRefusal::UnknownMerchant(of.merchant))
            }
            (MerchantCommand::AgreeTerms(of), Some(_)) => agree(state, of, *context),
        }
    }

    fn evolve(state: &mut MerchantState, event: &MerchantEvent<'_>) -> Result<(), MoneyError> {
        match event {
            MerchantEvent::Enrolled(of) => state.kind = Some(of.kind),
            MerchantEvent::TermsAgreed(of) => {
                let minimum = |least: &MinimumPayout| {
                    least.amount.minor(least.currency).map(|minor| (least.currency, minor))
                };
                state.terms.push(Terms {
                    version: of.version,
                    effective_on: of.effective_on,
                    cycle: of.cycle,
                    time_zone: of.time_zone.into(),
                    zone: Zone::named(of.time_zone)
                        .map_err(|_| MoneyError::UnknownCurrency(of.time_zone.to_owned()))?,
                    cut_off_hour: of.cut_off_hour,
                    hold_days: of.hold_days,
                    tariff: of.tariff,
                    reserve: of.reserve,
                    minimum_payouts: of
                        .minimum_payouts
                        .iter()
                        .map(minimum)
                        .collect::<Result<_, _>>()?,
                    recovery: of.recovery.clone(),
                });
            }
        }
        Ok(())
    }
}

fn agree<'a>(
    state: &MerchantState,
    command: &'a AgreeTerms<'a>,
    context: MerchantContext,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    if !context.tariff_known {
        return Err(MerchantRefusal::UnknownTariff(command.tariff));
    }
    Zone::named(&command.time_zone).map_err(MerchantRefusal::UnknownTimeZone)?;
    if command.cut_off_hour > 23 {
        return Err(MerchantRefusal::NotAnHour(command.cut_off_hour));
    }
    let asked = command.effective_on;
    if let Some(latest) = state.terms.last() {
        if asked <= latest.effective_on {
            return Err(MerchantRefusal::TermsNotLater { asked, latest: latest.effective_on });
        }
        let running = latest.cycle.cycle_of(asked);
        if running.from != asked {
            let (from, to) = (running.from, running.to);
            let next = running.cut_off();
            return Err(MerchantRefusal::TermsCutACycle { asked, from, to, next });
        }
    }
    let mut minimum_payouts = Vec::with_capacity(command.minimum_payouts.len());
    for least in &command.minimum_payouts {
        let currency =
            Currency::from_code(&least.currency).map_err(MerchantRefusal::UnknownCurrency)?;
        let amount = least.amount.at_scale(currency).map_err(MerchantRefusal::UnusableAmount)?;
        if amount < Amount::ZERO {
            return Err(MerchantRefusal::NegativeMinimum(amount));
        }
        minimum_payouts.push(MinimumPayout { currency, amount });
    }
    let event = TermsAgreed {
        version: state.terms.len() as u32 + 1,
        effective_on: asked,
        cycle: command.cycle,
        time_zone: &command.time_zone,
        cut_off_hour: command.cut_off_hour,
        hold_days: command.hold_days,
        tariff: command.tariff,
        reserve: command.reserve,
        minimum_payouts,
        recovery: command.recovery.clone(),
    };
    Ok(Decision::one(asked, MerchantEvent::TermsAgreed(event)))
}

#[cfg(test)]
mod tests;
