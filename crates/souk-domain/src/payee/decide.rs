//! A payee is proposed by one person, approved by another, cools when it is a change, and can be withdrawn.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::{Currency, MoneyError};

use super::commands::{ApprovePayee, PayeeCommand, ProposePayee, WithdrawPayee};
use super::events::{PayeeApproved, PayeeEvent, PayeeProposed, PayeeWithdrawn};
use super::state::{Payee, PayeeState, Standing};
use crate::approvals::{ApprovalFault, TWO, approved, is_name};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayeeRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Proposed before.
    #[error("payee {0} stands here already; another one has another id")]
    PayeeKnownAlready(Id),
    /// Another waits.
    #[error("payee {0} waits for approval; approve or withdraw it first")]
    PayeeWaits(Id),
    /// Not proposed.
    #[error("payee {0} was not proposed here")]
    UnknownPayee(Id),
    /// Approved before.
    #[error("payee {0} is approved already")]
    PayeeApprovedAlready(Id),
    /// Withdrawn before.
    #[error("payee {0} is withdrawn; propose another one")]
    PayeeWithdrawnAlready(Id),
    /// The proposer alone.
    #[error("payee {payee} was proposed by {proposed_by}; another person has to approve it")]
    PayeeNeedsSecondPerson {
        /// Which.
        payee: Id,
        /// Who proposed it.
        proposed_by: Box<str>,
    },
    /// Not a commitment.
    #[error("{0:?} is not a commitment of 64 hexadecimal digits")]
    UnusableCommitment(String),
    /// More than the last four.
    #[error("{0:?} is not the last four characters of an account, letters and digits")]
    UnusableTail(String),
    /// Not a label.
    #[error(
        "{0:?} is not 1 to 100 characters without quotes, backslashes or control characters, and in a name invisible ones"
    )]
    UnusableLabel(String),
}

refusal_codes!(PayeeRefusal {
    UnknownCurrency,
    UnknownMerchant,
    PayeeKnownAlready,
    PayeeWaits,
    UnknownPayee,
    PayeeApprovedAlready,
    PayeeWithdrawnAlready,
    PayeeNeedsSecondPerson,
    UnusableCommitment,
    UnusableTail,
    UnusableLabel,
});

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct PayeeContext {
    /// Currency of the stream.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Days a change cools, by the merchant's terms.
    pub cooling_days: u16,
}

/// Streams of payees.
#[derive(Debug)]
pub struct Payees;

impl Decider for Payees {
    const CATEGORY: &'static str = "payee";
    type Command<'a> = PayeeCommand<'a>;
    type Event<'a> = PayeeEvent<'a>;
    type State = PayeeState;
    type Refusal = PayeeRefusal;
    type Context<'a> = PayeeContext;

    fn decide<'a>(
        state: &'a PayeeState,
        command: &'a PayeeCommand<'a>,
        context: &'a PayeeContext,
        _at: Micros,
    ) -> Result<Decision<PayeeEvent<'a>>, PayeeRefusal> {
        if !context.merchant_known {
            return Err(PayeeRefusal::UnknownMerchant(command.of().0));
        }
        let event = match command {
            PayeeCommand::Propose(of) => PayeeEvent::Proposed(propose(state, of, context)?),
            PayeeCommand::Approve(of) => PayeeEvent::Approved(approve(state, of, context)?),
            PayeeCommand::Withdraw(of) => PayeeEvent::Withdrawn(withdraw(state, of)?),
        };
        Ok(Decision::one(context.today, event))
    }

    fn evolve(state: &mut PayeeState, event: &PayeeEvent<'_>) -> Result<(), MoneyError> {
        match event {
            PayeeEvent::Proposed(of) => state.payees.push(Payee {
                payee: of.payee,
                means: of.means,
                commitment: of.commitment.as_ref().into(),
                tail: of.tail.as_ref().into(),
                proposed_by: of.proposed_by.as_ref().into(),
                approved_by: None,
                follows: of.follows,
                standing: Standing::Proposed,
            }),
            PayeeEvent::Approved(of) => {
                if let Some(payee) = state.payees.iter_mut().find(|known| known.payee == of.payee) {
                    payee.standing = Standing::Approved(of.in_force_on);
                    payee.approved_by = Some(of.approved_by.as_ref().into());
                }
            }
            PayeeEvent::Withdrawn(of) => {
                if let Some(payee) = state.payees.iter_mut().find(|known| known.payee == of.payee) {
                    payee.standing = Standing::Withdrawn;
                }
            }
        }
        Ok(())
    }
}

fn name(text: &str) -> Result<(), PayeeRefusal> {
    if is_name(text) { Ok(()) } else { Err(PayeeRefusal::UnusableLabel(text.to_owned())) }
}

fn label(text: &str) -> Result<(), PayeeRefusal> {
    if is_label(text) { Ok(()) } else { Err(PayeeRefusal::UnusableLabel(text.to_owned())) }
}

fn propose<'a>(
    state: &PayeeState,
    of: &'a ProposePayee<'a>,
    context: &PayeeContext,
) -> Result<PayeeProposed<'a>, PayeeRefusal> {
    if state.get(of.payee).is_some() {
        return Err(PayeeRefusal::PayeeKnownAlready(of.payee));
    }
    if let Some(waits) = state.payees.iter().find(|of| of.standing == Standing::Proposed) {
        return Err(PayeeRefusal::PayeeWaits(waits.payee));
    }
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if of.commitment.len() != 64 || !of.commitment.bytes().all(hex) {
        return Err(PayeeRefusal::UnusableCommitment(of.commitment.to_string()));
    }
    if of.tail.len() != 4 || !of.tail.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(PayeeRefusal::UnusableTail(of.tail.to_string()));
    }
    name(&of.by)?;
    Ok(PayeeProposed {
        merchant: of.merchant,
        currency: context.currency,
        payee: of.payee,
        means: of.means,
        commitment: of.commitment.as_ref().into(),
        tail: of.tail.as_ref().into(),
        proposed_by: of.by.as_ref().into(),
        follows: state.latest_approved().map(|of| of.payee),
    })
}

fn approve<'a>(
    state: &'a PayeeState,
    of: &'a ApprovePayee<'a>,
    context: &PayeeContext,
) -> Result<PayeeApproved<'a>, PayeeRefusal> {
    let payee = state.get(of.payee).ok_or(PayeeRefusal::UnknownPayee(of.payee))?;
    match payee.standing {
        Standing::Proposed => {}
        Standing::Approved(_) => return Err(PayeeRefusal::PayeeApprovedAlready(of.payee)),
        Standing::Withdrawn => return Err(PayeeRefusal::PayeeWithdrawnAlready(of.payee)),
    }
    let persons = [payee.proposed_by.as_ref().into(), of.by.as_ref().into()];
    approved(&persons, TWO).map_err(|fault| match fault {
        ApprovalFault::NotAName(name) => PayeeRefusal::UnusableLabel(name),
        ApprovalFault::TooFew { .. } => PayeeRefusal::PayeeNeedsSecondPerson {
            payee: of.payee,
            proposed_by: payee.proposed_by.clone(),
        },
    })?;
    // Also after one that was withdrawn: whoever can withdraw and propose could else change without cooling.
    let is_change = state.payees.iter().any(|known| known.approved_by.is_some());
    let cooling_days = if is_change { context.cooling_days } else { 0 };
    Ok(PayeeApproved {
        payee: of.payee,
        approved_by: of.by.as_ref().into(),
        cooling_days,
        in_force_on: context.today.plus_days(i32::from(cooling_days)),
    })
}

fn withdraw<'a>(
    state: &PayeeState,
    of: &'a WithdrawPayee<'a>,
) -> Result<PayeeWithdrawn<'a>, PayeeRefusal> {
    let payee = state.get(of.payee).ok_or(PayeeRefusal::UnknownPayee(of.payee))?;
    if payee.standing == Standing::Withdrawn {
        return Err(PayeeRefusal::PayeeWithdrawnAlready(of.payee));
    }
    name(&of.by)?;
    label(&of.reason)?;
    Ok(PayeeWithdrawn {
        payee: of.payee,
        withdrawn_by: of.by.as_ref().into(),
        reason: of.reason.as_ref().into(),
    })
}

#[cfg(test)]
mod tests;
