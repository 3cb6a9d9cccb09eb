//! The life of a payout, one row per state and command.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, Id};
use souk_journal::money::{Amount, MoneyError};

use super::commands::{InstructPayout, OfCycle, PayoutCommand};
use super::events::{
    PayoutAccepted, PayoutApproved, PayoutEvent, PayoutFacts, PayoutHeld, PayoutInstructed,
    PayoutPaid, PayoutRecalled, PayoutReleased, PayoutUndone,
};
use super::state::{PayoutState, Prepared};
use crate::approvals::{ApprovalFault, TWO, approved, is_name};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::payee::state::PayeeToday;
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
    /// Held.
    #[error("the payout of cycle {cycle} is held: {reason}")]
    PayoutIsHeld {
        /// Its cycle.
        cycle: CycleId,
        /// Why.
        reason: Box<str>,
    },
    /// Held already.
    #[error("the payout of cycle {0} is held already")]
    PayoutHeldAlready(CycleId),
    /// Not held.
    #[error("the payout of cycle {0} is not held")]
    PayoutNotHeld(CycleId),
    /// Above the limit.
    #[error("the payout of cycle {cycle}, {amount}, is above {limit}: {waits}")]
    PayoutNeedsApproval {
        /// Its cycle.
        cycle: CycleId,
        /// How much.
        amount: Amount,
        /// What one person may instruct.
        limit: Amount,
        /// For whom it waits.
        waits: String,
    },
    /// The same person again.
    #[error("{by} has approved the payout of cycle {cycle} already")]
    PayoutApprovedAlready {
        /// Its cycle.
        cycle: CycleId,
        /// Who.
        by: Box<str>,
    },
    /// Nowhere to go today.
    #[error("the payout of cycle {cycle} waits: {why}")]
    PayeeNotInForce {
        /// Its cycle.
        cycle: CycleId,
        /// Why.
        why: String,
    },
    /// Another payee is in force.
    #[error("the payee in force is {in_force}, not {asked}")]
    AnotherPayeeInForce {
        /// In force.
        in_force: Id,
        /// Asked for.
        asked: Id,
    },
    /// Accepted already.
    #[error("the bank has accepted the payout of cycle {0}: it is with the bank, not with us")]
    PayoutAcceptedAlready(CycleId),
    /// Not a label.
    #[error(
        "{0:?} is not 1 to 100 characters without quotes, backslashes or control characters, and in a name invisible ones"
    )]
    UnusableLabel(String),
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
    PayoutIsHeld,
    PayoutHeldAlready,
    PayoutNotHeld,
    PayoutNeedsApproval,
    PayoutApprovedAlready,
    PayeeNotInForce,
    AnotherPayeeInForce,
    PayoutAcceptedAlready,
    UnusableLabel,
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
    /// What one person may instruct, by the merchant's terms (minor units); none: any amount.
    pub approval_above: Option<i64>,
    /// Where the merchant's payouts may go today.
    pub payee: PayeeToday,
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
        let undone = |payout: &PayoutFacts, reason: &'a str| PayoutUndone {
            payout: *payout,
            due_on: today,
            reason: reason.into(),
        };
        let event = match (state, command) {
            (PayoutState::Due(prepared), command) => due(prepared, command, context)?,
            (PayoutState::Paid(facts), PayoutCommand::Return(of)) => {
                PayoutEvent::Returned(undone(facts, &of.reason))
            }
            (PayoutState::Paid(_), PayoutCommand::Accept(_) | PayoutCommand::Recall(_)) => {
                return Err(PayoutRefusal::PayoutPaidAlready(cycle));
            }
            (
                PayoutState::Instructed(_)
                | PayoutState::Accepted(_)
                | PayoutState::Paid(_)
                | PayoutState::Failed(_)
                | PayoutState::Returned(_),
                PayoutCommand::Instruct(_)
                | PayoutCommand::Approve(_)
                | PayoutCommand::Hold(_)
                | PayoutCommand::Release(_),
            ) => return Err(PayoutRefusal::PayoutInstructedAlready(cycle)),
            (
                PayoutState::Instructed(facts) | PayoutState::Accepted(facts),
                PayoutCommand::Confirm(of),
            ) => {
                let bank_reference = of.bank_reference;
                PayoutEvent::Paid(PayoutPaid { payout: *facts, bank_reference })
            }
            (
                PayoutState::Instructed(facts) | PayoutState::Accepted(facts),
                PayoutCommand::Fail(of),
            ) => PayoutEvent::Failed(undone(facts, &of.reason)),
            (PayoutState::Instructed(_) | PayoutState::Accepted(_), PayoutCommand::Return(_)) => {
                return Err(PayoutRefusal::PayoutNotPaid(cycle));
            }
            (PayoutState::Instructed(facts), PayoutCommand::Accept(of)) => {
                PayoutEvent::Accepted(PayoutAccepted { payout: *facts, status: of.status })
            }
            (PayoutState::Instructed(facts), PayoutCommand::Recall(of)) => {
                name(&of.by)?;
                label(&of.reason)?;
                PayoutEvent::Recalled(PayoutRecalled {
                    payout: *facts,
                    recalled_by: of.by.as_ref().into(),
                    reason: of.reason.as_ref().into(),
                })
            }
            (PayoutState::Accepted(_), PayoutCommand::Accept(_) | PayoutCommand::Recall(_)) => {
                return Err(PayoutRefusal::PayoutAcceptedAlready(cycle));
            }
            (PayoutState::Paid(_), PayoutCommand::Confirm(_) | PayoutCommand::Fail(_)) => {
                return Err(PayoutRefusal::PayoutPaidAlready(cycle));
            }
            (
                PayoutState::Failed(_) | PayoutState::Returned(_),
                PayoutCommand::Confirm(_)
                | PayoutCommand::Fail(_)
                | PayoutCommand::Return(_)
                | PayoutCommand::Accept(_)
                | PayoutCommand::Recall(_),
            ) => return Err(PayoutRefusal::PayoutUndoneAlready(cycle)),
        };
        Ok(Decision::one(today, event))
    }

    fn evolve(state: &mut PayoutState, event: &PayoutEvent<'_>) -> Result<(), MoneyError> {
        let next = match event {
            PayoutEvent::Instructed(of) => PayoutState::Instructed(of.payout),
            PayoutEvent::Accepted(of) => PayoutState::Accepted(of.payout),
            PayoutEvent::Paid(of) => PayoutState::Paid(of.payout),
            PayoutEvent::Failed(of) => PayoutState::Failed(of.payout),
            PayoutEvent::Returned(of) => PayoutState::Returned(of.payout),
            // Approvals were for that instruction; the next one needs its own.
            PayoutEvent::Recalled(_) => PayoutState::default(),
            PayoutEvent::Approved(_) | PayoutEvent::Held(_) | PayoutEvent::Released(_) => {
                let PayoutState::Due(prepared) = state else { return Ok(()) };
                match event {
                    PayoutEvent::Approved(of) => {
                        prepared.approved_by.push(of.approved_by.as_ref().into());
                    }
                    PayoutEvent::Held(of) => prepared.held = Some(of.reason.as_ref().into()),
                    PayoutEvent::Released(_)
                    | PayoutEvent::Instructed(_)
                    | PayoutEvent::Accepted(_)
                    | PayoutEvent::Paid(_)
                    | PayoutEvent::Failed(_)
                    | PayoutEvent::Returned(_)
                    | PayoutEvent::Recalled(_) => prepared.held = None,
                }
                return Ok(());
            }
        };
        *state = next;
        Ok(())
    }
}

/// For whom a payout above the limit waits, by who approved it; nobody once two did.
pub fn waits_for(approved_by: &[Box<str>]) -> Option<String> {
    match approved_by {
        [] => Some("a second person has to approve it".to_owned()),
        [one] => Some(format!("approved by {one}, another person instructs it")),
        [..] => None,
    }
}

fn name(text: &str) -> Result<(), PayoutRefusal> {
    if is_name(text) { Ok(()) } else { Err(PayoutRefusal::UnusableLabel(text.to_owned())) }
}

fn label(text: &str) -> Result<(), PayoutRefusal> {
    if is_label(text) { Ok(()) } else { Err(PayoutRefusal::UnusableLabel(text.to_owned())) }
}

/// What the closed cycle pays.
fn facts(of: &OfCycle<'_>, context: &PayoutContext) -> Result<PayoutFacts, PayoutRefusal> {
    let payout = context.closed.ok_or(PayoutRefusal::CycleNotClosed(of.cycle))?;
    if payout <= 0 {
        return Err(PayoutRefusal::NothingToPay(of.cycle));
    }
    Ok(PayoutFacts {
        merchant: of.merchant,
        currency: context.currency,
        amount: Amount::from_minor(payout, context.currency),
        cycle: of.cycle,
    })
}

/// What can be done with a payout that is due.
fn due<'a>(
    prepared: &Prepared,
    command: &'a PayoutCommand<'a>,
    context: &PayoutContext,
) -> Result<PayoutEvent<'a>, PayoutRefusal> {
    let cycle = command.of().cycle;
    match command {
        PayoutCommand::Instruct(of) => instruct(prepared, of, context),
        PayoutCommand::Approve(of) => {
            let payout = facts(&of.of, context)?;
            name(&of.by)?;
            let mut persons: Vec<_> =
                prepared.approved_by.iter().map(|name| name.as_ref().into()).collect();
            persons.push(of.by.as_ref().into());
            if approved(&persons, persons.len()).is_err() {
                let by = of.by.as_ref().into();
                return Err(PayoutRefusal::PayoutApprovedAlready { cycle, by });
            }
            let approved_by = of.by.as_ref().into();
            Ok(PayoutEvent::Approved(PayoutApproved { payout, approved_by }))
        }
        PayoutCommand::Hold(of) => {
            let payout = facts(&of.of, context)?;
            if prepared.held.is_some() {
                return Err(PayoutRefusal::PayoutHeldAlready(cycle));
            }
            name(&of.by)?;
            label(&of.reason)?;
            let (held_by, reason) = (of.by.as_ref().into(), of.reason.as_ref().into());
            Ok(PayoutEvent::Held(PayoutHeld { payout, held_by, reason }))
        }
        PayoutCommand::Release(of) => {
            let payout = facts(&of.of, context)?;
            if prepared.held.is_none() {
                return Err(PayoutRefusal::PayoutNotHeld(cycle));
            }
            name(&of.by)?;
            label(&of.reason)?;
            let (released_by, reason) = (of.by.as_ref().into(), of.reason.as_ref().into());
            Ok(PayoutEvent::Released(PayoutReleased { payout, released_by, reason }))
        }
        PayoutCommand::Confirm(_)
        | PayoutCommand::Fail(_)
        | PayoutCommand::Return(_)
        | PayoutCommand::Accept(_)
        | PayoutCommand::Recall(_) => Err(PayoutRefusal::PayoutNotInstructed(cycle)),
    }
}

/// Not held, to the payee in force, and above the limit by two persons.
fn instruct<'a>(
    prepared: &Prepared,
    of: &'a InstructPayout<'a>,
    context: &PayoutContext,
) -> Result<PayoutEvent<'a>, PayoutRefusal> {
    let cycle = of.of.cycle;
    let payout = facts(&of.of, context)?;
    if let Some(reason) = prepared.held.clone() {
        return Err(PayoutRefusal::PayoutIsHeld { cycle, reason });
    }
    match (context.payee, of.payee) {
        // A platform that pays by other ways than Souk's files keeps no payees.
        (PayeeToday::None, None) => {}
        (PayeeToday::InForce(in_force, _), asked) => {
            if let Some(asked) = asked.filter(|asked| *asked != in_force) {
                return Err(PayoutRefusal::AnotherPayeeInForce { in_force, asked });
            }
        }
        (nowhere, _) => {
            let why = nowhere.waits().unwrap_or_default();
            return Err(PayoutRefusal::PayeeNotInForce { cycle, why });
        }
    }
    if let Some(limit) = context.approval_above
        && context.closed.is_some_and(|payout| payout > limit)
    {
        let mut persons: Vec<_> =
            prepared.approved_by.iter().map(|name| name.as_ref().into()).collect();
        persons.extend(of.by.as_deref().map(Into::into));
        approved(&persons, TWO).map_err(|fault| match fault {
            ApprovalFault::NotAName(name) => PayoutRefusal::UnusableLabel(name),
            ApprovalFault::TooFew { .. } => PayoutRefusal::PayoutNeedsApproval {
                cycle,
                amount: payout.amount,
                limit: Amount::from_minor(limit, context.currency),
                waits: waits_for(&prepared.approved_by).unwrap_or_default(),
            },
        })?;
    }
    if let Some(by) = &of.by {
        label(by)?;
    }
    let payee = match context.payee {
        PayeeToday::InForce(payee, _) => Some(payee),
        PayeeToday::None
        | PayeeToday::Proposed(_)
        | PayeeToday::Cooling(..)
        | PayeeToday::Withdrawn => None,
    };
    let instructed_by = of.by.as_deref().map(Into::into);
    Ok(PayoutEvent::Instructed(PayoutInstructed { payout, payee, file: of.file, instructed_by }))
}

#[cfg(test)]
mod tests;
