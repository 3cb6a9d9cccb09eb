//! What is brought forward, once per stream, before anything else happens in it.

use std::borrow::Cow;

use souk_journal::dates::Micros;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::RecordOpening;
use super::events::{Balance, OpeningAccount, OpeningBalancesRecorded, OpeningEvent, Origin};
use super::state::OpeningState;
use crate::approvals::{ApprovalFault, TWO, approved};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// Balances in one event: within its record, with room to spare.
const MOST: usize = 200;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningRefusal {
    /// Once per stream, and first.
    #[error("{0} has events already; balances are brought forward once, before anything else")]
    NotAtTheBeginning(String),
    /// Nothing or less, or both sides.
    #[error("{0} is not more than nothing, on one side")]
    AmountNotPositive(Amount),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// Items of merchants have due dates, and nothing else has.
    #[error(
        "an item of a merchant's payable has a due date, and nothing else brought forward so has"
    )]
    OpeningDueDate,
    /// Merchants have items, the platform the rest.
    #[error("MerchantPayable is a merchant's, {0:?} the platform's own")]
    OpeningOwner(OpeningAccount),
    /// More is provided for than is owed.
    #[error("an allowance of {allowance} exceeds the debt of {debt}")]
    AllowanceExceedsDebt {
        /// The allowance.
        allowance: Amount,
        /// The debt.
        debt: Amount,
    },
    /// Its days are over.
    #[error("a term brought forward runs after the day of the balances")]
    TermIsOver,
    /// Too few persons approved.
    #[error(transparent)]
    ApprovalMissing(ApprovalFault),
}

refusal_codes!(OpeningRefusal {
    NotAtTheBeginning,
    AmountNotPositive,
    UnusableAmount,
    UnusableLabel,
    OpeningDueDate,
    OpeningOwner,
    AllowanceExceedsDebt,
    TermIsOver,
    ApprovalMissing,
});

impl From<MoneyError> for OpeningRefusal {
    fn from(error: MoneyError) -> Self {
        Self::UnusableAmount(error)
    }
}

/// Refuses a source that cannot be found again, or that too few approved for an amount.
pub(super) fn sourced(of: &Origin<'_>, largest: Amount) -> Result<(), OpeningRefusal> {
    for text in [&of.document, &of.sha256] {
        if !is_label(text) {
            return Err(OpeningRefusal::UnusableLabel(text.to_string()));
        }
    }
    let needed = if largest > of.two_approvals_above { TWO } else { 1 };
    approved(&of.approved_by, needed).map_err(OpeningRefusal::ApprovalMissing)
}

/// Refuses a stream in which something happened.
pub(super) fn at_the_beginning(
    begun: bool,
    stream: impl FnOnce() -> String,
) -> Result<(), OpeningRefusal> {
    if begun { Err(OpeningRefusal::NotAtTheBeginning(stream())) } else { Ok(()) }
}

/// An amount above zero at the scale of its currency.
pub(super) fn positive(amount: Amount, currency: Currency) -> Result<Amount, OpeningRefusal> {
    if amount.minor(currency)? <= 0 {
        return Err(OpeningRefusal::AmountNotPositive(amount));
    }
    Ok(amount.at_scale(currency)?)
}

/// Streams of opening balances.
#[derive(Debug)]
pub struct Opening;

impl Decider for Opening {
    const CATEGORY: &'static str = "opening";
    type Command<'a> = RecordOpening<'a>;
    type Event<'a> = OpeningEvent<'a>;
    type State = OpeningState;
    type Refusal = OpeningRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a OpeningState,
        command: &'a RecordOpening<'a>,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<OpeningEvent<'a>>, OpeningRefusal> {
        at_the_beginning(state.recorded, || {
            command.merchant.map_or("opening-platform~main".into(), |of| format!("opening-{of}"))
        })?;
        let mut events = Vec::new();
        for of in &command.accounts {
            if (of.account == OpeningAccount::MerchantPayable) != command.merchant.is_some() {
                return Err(OpeningRefusal::OpeningOwner(of.account));
            }
            let balances =
                of.balances.iter().map(|balance| checked(balance, of.account, of.currency));
            let balances: Vec<Balance<'a>> = balances.collect::<Result<_, _>>()?;
            let largest = balances.iter().map(|of| of.debit.max(of.credit)).max();
            sourced(&command.origin, largest.unwrap_or(Amount::ZERO))?;
            for part in balances.chunks(MOST) {
                events.push(OpeningEvent::Recorded(OpeningBalancesRecorded {
                    merchant: command.merchant,
                    account: of.account,
                    currency: of.currency,
                    balances: part.to_vec(),
                    origin: command.origin.clone(),
                }));
            }
        }
        Ok(Decision { effective_on: command.origin.as_of, events })
    }

    fn evolve(state: &mut OpeningState, event: &OpeningEvent<'_>) -> Result<(), MoneyError> {
        match event {
            OpeningEvent::Recorded(_) => state.recorded = true,
        }
        Ok(())
    }
}

/// One side, at the scale of the currency; a due date where the account is a merchant's.
fn checked<'a>(
    of: &Balance<'a>,
    account: OpeningAccount,
    currency: Currency,
) -> Result<Balance<'a>, OpeningRefusal> {
    if of.due_on.is_some() != (account == OpeningAccount::MerchantPayable) {
        return Err(OpeningRefusal::OpeningDueDate);
    }
    let side = |amount: Amount, other: Amount| {
        if other.is_zero() { positive(amount, currency) } else { Ok(amount) }
    };
    if !of.debit.is_zero() && !of.credit.is_zero() {
        return Err(OpeningRefusal::AmountNotPositive(of.debit));
    }
    let (debit, credit) = if of.debit.is_zero() {
        (Amount::ZERO, side(of.credit, of.debit)?)
    } else {
        (side(of.debit, of.credit)?, Amount::ZERO)
    };
    if let Some(bad) = of.reference.as_deref().filter(|text| !is_label(text)) {
        return Err(OpeningRefusal::UnusableLabel(bad.to_owned()));
    }
    let reference: Option<Cow<'a, str>> = of.reference.clone();
    Ok(Balance { debit, credit, due_on: of.due_on, reference })
}

#[cfg(test)]
mod tests;
