//! What may happen to a deposit: it never falls below zero.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency, MAX_MINOR, MoneyError};

use super::commands::{DepositCommand, PayDeposit, ReturnDeposit, SetDepositAside, UseDeposit};
use super::events::{DepositEvent, DepositPaid, DepositReturned, DepositSetAside, DepositUsed};
use super::state::DepositState;
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;
use crate::settled_from::{SettledFrom, Source, SourceRefusal, settle};

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DepositRefusal {
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
    /// A deposit is paid with money from outside, or from the payable.
    #[error("{0} cannot pay a deposit; bank, provider and payable can")]
    CannotPayDeposit(&'static str),
    /// The same payment or transfer.
    #[error("{0:?} is recorded for this deposit already")]
    DepositRecordedAlready(String),
    /// More than is deposited.
    #[error("{asked} exceeds the {held} deposited")]
    DepositShort {
        /// Asked for.
        asked: Amount,
        /// Deposited.
        held: Amount,
    },
    /// Before today.
    #[error("the line falls due on {due_on}, before the deposit is used, on {today}")]
    DepositDueDate {
        /// As given.
        due_on: Date,
        /// Today, where the merchant is.
        today: Date,
    },
}

refusal_codes!(DepositRefusal via Sources {
    UnknownCurrency,
    UnknownMerchant,
    UnusableAmount,
    AmountNotPositive,
    UnusableLabel,
    CannotPayDeposit,
    DepositRecordedAlready,
    DepositShort,
    DepositDueDate,
});

impl From<SourceRefusal> for DepositRefusal {
    fn from(refusal: SourceRefusal) -> Self {
        Self::Sources(refusal)
    }
}

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct DepositContext {
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Currency of the deposit.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
    /// What closes put into the deposit so far, minor units. It only grows, so a value read a moment ago is safe.
    pub topped_up: i64,
}

/// Deposit streams.
#[derive(Debug)]
pub struct Deposit;

type Decided<'a> = Result<DepositEvent<'a>, DepositRefusal>;

impl Decider for Deposit {
    const CATEGORY: &'static str = "deposit";
    type Command<'a> = DepositCommand<'a>;
    type Event<'a> = DepositEvent<'a>;
    type State = DepositState;
    type Refusal = DepositRefusal;
    type Context<'a> = DepositContext;

    fn decide<'a>(
        state: &'a DepositState,
        command: &'a DepositCommand<'a>,
        context: &'a DepositContext,
        _at: Micros,
    ) -> Result<Decision<DepositEvent<'a>>, DepositRefusal> {
        if !context.merchant_known {
            return Err(DepositRefusal::UnknownMerchant(command.of().0));
        }
        let event = match command {
            DepositCommand::Pay(of) => pay(state, of, context),
            DepositCommand::Use(of) => use_for_balance(state, of, context),
            DepositCommand::Return(of) => give_back(state, of, context),
            DepositCommand::SetAside(of) => set_aside(state, of, context),
        }?;
        Ok(Decision::one(context.today, event))
    }

    fn evolve(state: &mut DepositState, event: &DepositEvent<'_>) -> Result<(), MoneyError> {
        match event {
            DepositEvent::BroughtForward(of) => state.held += of.amount.minor(of.currency)?,
            DepositEvent::Paid(of) => {
                state.held += of.amount.minor(of.currency)?;
                let named = |of: &SettledFrom<'_>| {
                    of.reference.as_deref().map(|reference| (of.source, reference.into()))
                };
                state.paid.extend(of.settled_from.iter().filter_map(named));
            }
            DepositEvent::Used(of) => state.held -= of.amount.minor(of.currency)?,
            DepositEvent::Returned(of) => {
                state.held -= of.amount.minor(of.currency)?;
                state.returned.insert((&*of.reference).into());
            }
            DepositEvent::SetAside(of) => {
                let amount = of.amount.minor(of.currency)?;
                state.held -= amount;
                state.set_aside = Some((of.cycle, amount));
            }
        }
        Ok(())
    }
}

/// An amount above zero, in minor units.
fn positive(amount: Amount, currency: Currency) -> Result<i64, DepositRefusal> {
    let minor = amount.minor(currency).map_err(DepositRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(DepositRefusal::AmountNotPositive(amount));
    }
    Ok(minor)
}

fn label(text: &str) -> Result<(), DepositRefusal> {
    if is_label(text) { Ok(()) } else { Err(DepositRefusal::UnusableLabel(text.to_owned())) }
}

/// An amount that the deposit has.
fn within(
    state: &DepositState,
    amount: Amount,
    context: &DepositContext,
) -> Result<Amount, DepositRefusal> {
    let currency = context.currency;
    let asked = positive(amount, currency)?;
    let amount = |minor| Amount::from_minor(minor, currency);
    let held = state.held + context.topped_up;
    if asked > held {
        let (asked, held) = (amount(asked), amount(held));
        return Err(DepositRefusal::DepositShort { asked, held });
    }
    Ok(amount(asked))
}

fn pay<'a>(state: &DepositState, of: &'a PayDeposit<'a>, context: &DepositContext) -> Decided<'a> {
    let currency = context.currency;
    let amount = positive(of.amount, currency)?;
    let sum = state.held + context.topped_up + amount;
    if sum > MAX_MINOR {
        let sum = Amount::from_minor(sum, currency).decimal();
        return Err(DepositRefusal::UnusableAmount(MoneyError::OutOfRange(sum)));
    }
    for from in &of.from {
        match from.source {
            Source::Provider | Source::Bank | Source::Payable => {}
            Source::Wallet | Source::Deposit => {
                return Err(DepositRefusal::CannotPayDeposit(from.source.name()));
            }
        }
        if let Some(reference) = from.reference.as_deref() {
            label(reference)?;
            if state.paid.contains(&(from.source, reference.into())) {
                return Err(DepositRefusal::DepositRecordedAlready(reference.to_owned()));
            }
        }
    }
    Ok(DepositEvent::Paid(DepositPaid {
        merchant: of.merchant,
        currency,
        amount: Amount::from_minor(amount, currency),
        settled_from: settle((amount, 0), &of.from, context.today, currency)?,
    }))
}

fn use_for_balance<'a>(
    state: &DepositState,
    of: &'a UseDeposit<'a>,
    context: &DepositContext,
) -> Decided<'a> {
    label(&of.reason)?;
    let today = context.today;
    let due_on = of.due_on.unwrap_or(today);
    if due_on < today {
        return Err(DepositRefusal::DepositDueDate { due_on, today });
    }
    Ok(DepositEvent::Used(DepositUsed {
        merchant: of.merchant,
        currency: context.currency,
        amount: within(state, of.amount, context)?,
        due_on,
        reason: of.reason.clone(),
    }))
}

fn give_back<'a>(
    state: &DepositState,
    of: &'a ReturnDeposit<'a>,
    context: &DepositContext,
) -> Decided<'a> {
    label(&of.reference)?;
    if state.returned.contains(&*of.reference) {
        return Err(DepositRefusal::DepositRecordedAlready(of.reference.clone().into_owned()));
    }
    let all = Amount::from_minor(state.held + context.topped_up, context.currency);
    Ok(DepositEvent::Returned(DepositReturned {
        merchant: of.merchant,
        currency: context.currency,
        amount: within(state, of.amount.unwrap_or(all), context)?,
        reference: of.reference.clone(),
    }))
}

fn set_aside<'a>(
    state: &DepositState,
    of: &SetDepositAside,
    context: &DepositContext,
) -> Decided<'a> {
    let SetDepositAside { merchant, currency, run, cycle, amount } = *of;
    let amount = within(state, amount, context)?;
    Ok(DepositEvent::SetAside(DepositSetAside { merchant, currency, run, cycle, amount }))
}

#[cfg(test)]
mod tests;
