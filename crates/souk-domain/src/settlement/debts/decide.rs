//! What may happen to a debt: it never falls below zero, its allowance never exceeds it, and two persons write it off.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{CollectDebt, DebtCommand, RecogniseDebt, SetDebtAllowance, WriteOffDebt};
use crate::approvals::{ApprovalFault, TWO, approved};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;
use crate::settled_from::{Source, SourceRefusal, settle};
use crate::settlement::events::{
    DebtAllowanceSet, DebtCollected, DebtRecognised, DebtWrittenOff, SettlementEvent,
};
use crate::settlement::state::{SettlementState, evolve};

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DebtRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Nothing or less.
    #[error("{0} is not more than nothing")]
    AmountNotPositive(Amount),
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// The sources do not fit.
    #[error(transparent)]
    Sources(SourceRefusal),
    /// Only what a close carried below zero is a debt.
    #[error("the last close carried {carried}; {asked} of it cannot become a debt")]
    DebtExceedsCarried {
        /// Asked for.
        asked: Amount,
        /// Carried below zero and not a debt yet, as an amount owed.
        carried: Amount,
    },
    /// More than is owed.
    #[error("{asked} exceeds the {owed} owed")]
    DebtExceeded {
        /// Asked for.
        asked: Amount,
        /// Owed.
        owed: Amount,
    },
    /// A debt is paid with money from outside, or from the payable.
    #[error("{0} cannot pay a debt; bank, provider and payable can")]
    CannotPayDebt(&'static str),
    /// The same payment or transfer.
    #[error("{0:?} is recorded for this debt already")]
    DebtPaymentRecordedAlready(String),
    /// It is what it was.
    #[error("the allowance is {0} already")]
    AllowanceUnchanged(Amount),
    /// Two persons must approve.
    #[error(transparent)]
    ApprovalMissing(ApprovalFault),
}

refusal_codes!(DebtRefusal via Sources {
    UnknownCurrency,
    UnknownMerchant,
    UnusableAmount,
    AmountNotPositive,
    UnusableLabel,
    DebtExceedsCarried,
    DebtExceeded,
    CannotPayDebt,
    DebtPaymentRecordedAlready,
    AllowanceUnchanged,
    ApprovalMissing,
});

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct DebtContext {
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Currency of the debt.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
}

/// Debts, in the streams of settlements.
#[derive(Debug)]
pub struct Debt;

type Decided<'a> = Result<SettlementEvent<'a>, DebtRefusal>;

impl Decider for Debt {
    const CATEGORY: &'static str = "settlement";
    type Command<'a> = DebtCommand<'a>;
    type Event<'a> = SettlementEvent<'a>;
    type State = SettlementState;
    type Refusal = DebtRefusal;
    type Context<'a> = DebtContext;

    fn decide<'a>(
        state: &'a SettlementState,
        command: &'a DebtCommand<'a>,
        context: &'a DebtContext,
        _at: Micros,
    ) -> Result<Decision<SettlementEvent<'a>>, DebtRefusal> {
        if !context.merchant_known {
            return Err(DebtRefusal::UnknownMerchant(command.of().0));
        }
        let event = match command {
            DebtCommand::Recognise(of) => recognise(state, of, context),
            DebtCommand::Collect(of) => collect(state, of, context),
            DebtCommand::SetAllowance(of) => set_allowance(state, of, context),
            DebtCommand::WriteOff(of) => write_off(state, of, context),
        }?;
        Ok(Decision::one(context.today, event))
    }

    fn evolve(state: &mut SettlementState, event: &SettlementEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

fn label(text: &str) -> Result<(), DebtRefusal> {
    if is_label(text) { Ok(()) } else { Err(DebtRefusal::UnusableLabel(text.to_owned())) }
}

/// An amount above zero in minor units; absent: all there is, which must be something.
fn positive(asked: Option<Amount>, all: i64, currency: Currency) -> Result<i64, DebtRefusal> {
    let asked = asked.unwrap_or(Amount::from_minor(all, currency));
    let minor = asked.minor(currency).map_err(DebtRefusal::UnusableAmount)?;
    if minor <= 0 { Err(DebtRefusal::AmountNotPositive(asked)) } else { Ok(minor) }
}

/// An amount that is owed.
fn owed(state: &SettlementState, asked: Option<Amount>, of: Currency) -> Result<i64, DebtRefusal> {
    let minor = positive(asked, state.debt, of)?;
    if minor > state.debt {
        let (asked, owed) = (Amount::from_minor(minor, of), Amount::from_minor(state.debt, of));
        return Err(DebtRefusal::DebtExceeded { asked, owed });
    }
    Ok(minor)
}

fn recognise<'a>(
    state: &SettlementState,
    of: &'a RecogniseDebt<'a>,
    context: &DebtContext,
) -> Decided<'a> {
    label(&of.reason)?;
    let currency = context.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let carried = state.last.as_ref().map_or(0, |last| last.carried.min(0));
    let left = -carried - state.carried_to_debt;
    let asked = positive(of.amount, left, currency)?;
    let Some(last) = state.last.as_ref().filter(|_| asked <= left) else {
        let (asked, carried) = (amount(asked), amount(left));
        return Err(DebtRefusal::DebtExceedsCarried { asked, carried });
    };
    Ok(SettlementEvent::DebtRecognised(DebtRecognised {
        merchant: of.merchant,
        currency,
        amount: amount(asked),
        due_on: last.cut_off,
        reason: of.reason.clone(),
    }))
}

fn collect<'a>(
    state: &SettlementState,
    of: &'a CollectDebt<'a>,
    context: &DebtContext,
) -> Decided<'a> {
    let currency = context.currency;
    let minor = owed(state, of.amount, currency)?;
    for from in &of.from {
        match from.source {
            Source::Provider | Source::Bank | Source::Payable => {}
            Source::Wallet | Source::Deposit => {
                return Err(DebtRefusal::CannotPayDebt(from.source.name()));
            }
        }
        if let Some(reference) = from.reference.as_deref() {
            label(reference)?;
            if state.collected.contains(&(from.source, reference.into())) {
                return Err(DebtRefusal::DebtPaymentRecordedAlready(reference.to_owned()));
            }
        }
    }
    let settled = settle((minor, 0), &of.from, context.today, currency);
    let not_needed = (state.allowance - (state.debt - minor)).max(0);
    Ok(SettlementEvent::DebtCollected(DebtCollected {
        merchant: of.merchant,
        currency,
        amount: Amount::from_minor(minor, currency),
        settled_from: settled.map_err(DebtRefusal::Sources)?,
        allowance_released: Amount::from_minor(not_needed, currency),
    }))
}

fn set_allowance<'a>(
    state: &SettlementState,
    of: &'a SetDebtAllowance<'a>,
    context: &DebtContext,
) -> Decided<'a> {
    label(&of.reason)?;
    let currency = context.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let asked = of.allowance.minor(currency).map_err(DebtRefusal::UnusableAmount)?;
    if asked < 0 {
        return Err(DebtRefusal::AmountNotPositive(of.allowance));
    }
    if asked > state.debt {
        let (asked, owed) = (amount(asked), amount(state.debt));
        return Err(DebtRefusal::DebtExceeded { asked, owed });
    }
    if asked == state.allowance {
        return Err(DebtRefusal::AllowanceUnchanged(amount(asked)));
    }
    Ok(SettlementEvent::AllowanceSet(DebtAllowanceSet {
        merchant: of.merchant,
        currency,
        allowance: amount(asked),
        change: amount(asked - state.allowance),
        reason: of.reason.clone(),
    }))
}

fn write_off<'a>(
    state: &SettlementState,
    of: &'a WriteOffDebt<'a>,
    context: &DebtContext,
) -> Decided<'a> {
    label(&of.reason)?;
    approved(&of.approved_by, TWO).map_err(DebtRefusal::ApprovalMissing)?;
    let currency = context.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let minor = owed(state, of.amount, currency)?;
    let provided = minor.min(state.allowance);
    Ok(SettlementEvent::DebtWrittenOff(DebtWrittenOff {
        merchant: of.merchant,
        currency,
        amount: amount(minor),
        from_allowance: amount(provided),
        expensed: amount(minor - provided),
        approved_by: of.approved_by.clone(),
        reason: of.reason.clone(),
    }))
}

#[cfg(test)]
mod tests;
