//! When a cycle may close; what its close says is in [`super::close`] and, for the last of an account, [`super::last`].

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::{Currency, MAX_MINOR, MoneyError};

use super::close::{close, matured};
use super::commands::CloseCycle;
use super::events::SettlementEvent;
use super::last::settle_account;
use super::state::{SettlementState, evolve};
use crate::decider::{Decider, Decision};
use crate::merchant::state::Terms;
use crate::refusal_codes;

/// Why a cycle does not close.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettlementRefusal {
    /// Closed already, or a later one is.
    #[error("cycle {asked} is closed already (the last closed cycle is {last}, cut-off {cut_off})")]
    CycleAlreadyClosed {
        /// The cycle asked for.
        asked: CycleId,
        /// The last closed.
        last: CycleId,
        /// Its cut-off.
        cut_off: Date,
    },
    /// The claim point stands before that of the last close.
    #[error("claim point {asked} is not beyond the last close's {last}")]
    ClaimPointNotLater {
        /// Asked for.
        asked: u64,
        /// Of the last close.
        last: u64,
    },
    /// The cycle runs on.
    #[error(
        "cycle {cycle} runs until the end of {to} ({time_zone}); it can be closed from {cut_off} on"
    )]
    CycleStillOpen {
        /// The cycle.
        cycle: CycleId,
        /// Its last day.
        to: Date,
        /// The zone of its dates.
        time_zone: String,
        /// The day after.
        cut_off: Date,
    },
    /// The claim disagrees with what the last close carried.
    #[error("the last close carried {carried} minor units, the claim begins with {claimed}")]
    OpeningDiffers {
        /// By the last close.
        carried: i64,
        /// By the claim.
        claimed: i64,
    },
    /// Nothing to close.
    #[error(
        "cycle {0} has no items and no opening balance; it is shown as zero and needs no close"
    )]
    NothingToClose(CycleId),
    /// More than a posting can have.
    #[error(
        "cycle {cycle} of merchant {merchant} in {currency} comes to more than a posting can have; a single wrong amount \
         among its items is likely: give it back, then close again"
    )]
    ClosingOutOfRange {
        /// The merchant.
        merchant: MerchantId,
        /// The currency.
        currency: Currency,
        /// The cycle.
        cycle: CycleId,
    },
    /// Beyond 64 bits of minor units.
    #[error(transparent)]
    AmountOutOfRange(MoneyError),
}

refusal_codes!(SettlementRefusal {
    CycleAlreadyClosed,
    ClaimPointNotLater,
    CycleStillOpen,
    OpeningDiffers,
    NothingToClose,
    ClosingOutOfRange,
    AmountOutOfRange,
});

impl From<MoneyError> for SettlementRefusal {
    fn from(error: MoneyError) -> Self {
        Self::AmountOutOfRange(error)
    }
}

/// What a close reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct SettlementContext<'a> {
    /// The terms in force in the cycle.
    pub terms: &'a Terms,
}

/// Settlement streams.
#[derive(Debug)]
pub struct Settlement;

impl Decider for Settlement {
    const CATEGORY: &'static str = "settlement";
    type Command<'a> = CloseCycle;
    type Event<'a> = SettlementEvent<'a>;
    type State = SettlementState;
    type Refusal = SettlementRefusal;
    type Context<'a> = SettlementContext<'a>;

    fn decide<'a>(
        state: &'a SettlementState,
        command: &'a CloseCycle,
        context: &'a SettlementContext<'a>,
        at: Micros,
    ) -> Result<Decision<SettlementEvent<'a>>, SettlementRefusal> {
        let cycle = &command.cycle;
        let terms = context.terms;
        if let Some(last) = &state.last {
            if cycle.cut_off() <= last.cut_off {
                let (last, cut_off) = (last.cycle, last.cut_off);
                let asked = cycle.id;
                return Err(SettlementRefusal::CycleAlreadyClosed { asked, last, cut_off });
            }
            if command.entry <= last.entry {
                let (asked, last) = (command.entry, last.entry);
                return Err(SettlementRefusal::ClaimPointNotLater { asked, last });
            }
        }
        if terms.zone.date(at) < cycle.cut_off() {
            let time_zone = terms.time_zone.to_string();
            let (cycle, to, cut_off) = (cycle.id, cycle.to, cycle.cut_off());
            return Err(SettlementRefusal::CycleStillOpen { cycle, to, time_zone, cut_off });
        }
        let (carried, claimed) =
            (state.last.as_ref().map_or(0, |last| last.carried), command.claim.opening);
        if carried != claimed {
            return Err(SettlementRefusal::OpeningDiffers { carried, claimed });
        }
        let (lines, most) = (command.claim.lines, i128::from(MAX_MINOR));
        let sum = i128::from(claimed) + i128::from(lines);
        if i128::from(lines).abs() > most || sum.abs() > most {
            let (merchant, currency) = (command.merchant, command.currency);
            let cycle = cycle.id;
            return Err(SettlementRefusal::ClosingOutOfRange { merchant, currency, cycle });
        }
        let released = match command.wind_down_to {
            Some(_) => state.reserve.len() + usize::from(state.fixed_reserve > 0),
            None => matured(state, cycle.cut_off()).len(),
        };
        if command.claim.count == 0 && claimed == 0 && released == 0 {
            return Err(SettlementRefusal::NothingToClose(cycle.id));
        }
        let event = match command.wind_down_to {
            Some(wind_down_to) => {
                let event = settle_account(state, command, terms, wind_down_to)?;
                SettlementEvent::AccountSettled(Box::new(event))
            }
            None => SettlementEvent::CycleClosed(Box::new(close(state, command, terms)?)),
        };
        Ok(Decision::one(cycle.to, event))
    }

    fn evolve(state: &mut SettlementState, event: &SettlementEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

#[cfg(test)]
pub(in crate::settlement) mod tests;
