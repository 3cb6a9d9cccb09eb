//! The life of a payout, one row per state and command.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::CycleId;
use souk_journal::money::{Amount, MoneyError};

use super::commands::PayoutCommand;
use super::events::{PayoutEvent, PayoutFacts, PayoutInstructed, PayoutPaid, PayoutUndone};
use super::state::PayoutState;
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayoutRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// The cycle is not closed.
    #[error("cycle {0} is not closed")]
    CycleNotClosed(CycleId),
    /// The cycle pays nothing.
    #[error("cycle {0} pays nothing")]
    NothingToPay(CycleId),
    /// Instructed already.
    #[error("the payout of cycle {0} is instructed already")]
    PayoutInstructedAlready(CycleId),
    /// Not instructed.
    #[error("the payout of cycle {0} is not instructed")]
    PayoutNotInstructed(CycleId),
    /// Paid already.
    #[error("the payout of cycle {0} is paid already; a payout that came back is returned")]
    PayoutPaidAlready(CycleId),
    /// Not paid.
    #[error("the payout of cycle {0} is not paid; a payout that never left has failed")]
    PayoutNotPaid(CycleId),
    /// Failed or returned.
    #[error("the payout of cycle {0} has failed or was returned; its money is in a later cycle")]
    PayoutUndoneAlready(CycleId),
}

refusal_codes!(PayoutRefusal {
    UnknownCurrency,
    CycleNotClosed,
    NothingToPay,
    PayoutInstructedAlready,
    PayoutNotInstructed,
    PayoutPaidAlready,
    PayoutNotPaid,
    PayoutUndoneAlready,
});

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct PayoutContext {
    /// Currency of the settlement.
    pub currency: souk_journal::money::Currency,
    /// The closed cycle's payout (minor units), if it is closed.
    pub closed: Option<i64>,
    /// Date in the merchant's zone.
    pub today: Date,
}

/// Payout streams.
#[derive(Debug)]
pub struct Payout;

impl Decider for Payout {
    const CATEGORY: &'static str = "payout";
    type Command<'a> = PayoutCommand<'a>;
    type Event<'a> = PayoutEvent<'a>;
    type State = PayoutState;
    type Refusal = PayoutRefusal;
    type Context<'a> = PayoutContext;

    fn decide<'a>(
        state: &'a PayoutState,
        command: &'a PayoutCommand<'a>,
        context: &'a PayoutContext,
        _at: Micros,
    ) -> Result<Decision<PayoutEvent<'a>>, PayoutRefusal> {
        let cycle = command.of().cycle;
        let today = context.today;
        let event = match (state, command) {
            (PayoutState::Absent, PayoutCommand::Instruct(of)) => {
                let payout = context.closed.ok_or(PayoutRefusal::CycleNotClosed(cycle))?;
                if payout <= 0 {
                    return Err(PayoutRefusal::NothingToPay(cycle));
                }
                let payout = PayoutFacts {
                    merchant: of.of.merchant,
                    currency: context.currency,
                    amount: Amount::from_minor(payout, context.currency),
                    cycle,
                };
                PayoutEvent::Instructed(PayoutInstructed { payout })
            }
            (PayoutState::Absent, _) => return Err(PayoutRefusal::PayoutNotInstructed(cycle)),
            (_, PayoutCommand::Instruct(_)) => {
                return Err(PayoutRefusal::PayoutInstructedAlready(cycle));
            }
            (PayoutState::Instructed(facts), PayoutCommand::Confirm(of)) => {
                let bank_reference = of.bank_reference;
                PayoutEvent::Paid(PayoutPaid { payout: *facts, bank_reference })
            }
            (PayoutState::Instructed(facts), PayoutCommand::Fail(of)) => {
                let reason = of.reason.clone();
                PayoutEvent::Failed(PayoutUndone { payout: *facts, due_on: today, reason })
            }
            (PayoutState::Instructed(_), PayoutCommand::Return(_)) => {
                return Err(PayoutRefusal::PayoutNotPaid(cycle));
            }
            (PayoutState::Paid(facts), PayoutCommand::Return(of)) => {
                let reason = of.reason.clone();
                PayoutEvent::Returned(PayoutUndone { payout: *facts, due_on: today, reason })
            }
            (PayoutState::Paid(_), PayoutCommand::Confirm(_) | PayoutCommand::Fail(_)) => {
                return Err(PayoutRefusal::PayoutPaidAlready(cycle));
            }
            (
                PayoutState::Failed(_) | PayoutState::Returned(_),
                PayoutCommand::Confirm(_) | PayoutCommand::Fail(_) | PayoutCommand::Return(_),
            ) => return Err(PayoutRefusal::PayoutUndoneAlready(cycle)),
        };
        Ok(Decision::one(today, event))
    }

    fn evolve(state: &mut PayoutState, event: &PayoutEvent<'_>) -> Result<(), MoneyError> {
        *state = match event {
            PayoutEvent::Instructed(of) => PayoutState::Instructed(of.payout),
            PayoutEvent::Paid(of) => PayoutState::Paid(of.payout),
            PayoutEvent::Failed(of) => PayoutState::Failed(of.payout),
            PayoutEvent::Returned(of) => PayoutState::Returned(of.payout),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
