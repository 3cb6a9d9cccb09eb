//! Input tax is claimed once per invoice, a transfer is recorded once.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{ClaimInputTax, RemitTax, TaxCommand};
use super::events::{InputTaxClaimed, TaxEvent, TaxRemitted};
use super::state::TaxState;
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Below zero.
    #[error("amount {0} is negative")]
    NegativeAmount(Amount),
    /// Of nothing.
    #[error("the tax is of nothing")]
    NoTax,
    /// Claimed already.
    #[error("the input tax of invoice {0} is claimed already")]
    InputTaxClaimedAlready(Id),
    /// Recorded already.
    #[error("transfer {0} is recorded already")]
    TaxRemittedAlready(Id),
    /// The month has not begun.
    #[error("the month of {0} has not begun")]
    PeriodNotBegun(Date),
    /// More set off than there is.
    #[error("input tax of {asked} exceeds the {left} that can be set off")]
    InputTaxExceedsLeft {
        /// Asked for.
        asked: Amount,
        /// Claimed and not set off, and no more than the output tax.
        left: Amount,
    },
}

refusal_codes!(TaxRefusal {
    UnknownCurrency,
    UnusableAmount,
    NegativeAmount,
    NoTax,
    InputTaxClaimedAlready,
    TaxRemittedAlready,
    PeriodNotBegun,
    InputTaxExceedsLeft,
});

/// What the decision reads besides the stream.
#[derive(Debug, Clone, Copy)]
pub struct TaxContext {
    /// The stream's currency.
    pub currency: Currency,
    /// The date in the platform's zone.
    pub today: Date,
}

/// Streams of jurisdictions.
#[derive(Debug)]
pub struct Tax;

impl Decider for Tax {
    const CATEGORY: &'static str = "tax";
    type Command<'a> = TaxCommand<'a>;
    type Event<'a> = TaxEvent<'a>;
    type State = TaxState;
    type Refusal = TaxRefusal;
    type Context<'a> = TaxContext;

    fn decide<'a>(
        state: &'a TaxState,
        command: &'a TaxCommand<'a>,
        context: &'a TaxContext,
        _at: Micros,
    ) -> Result<Decision<TaxEvent<'a>>, TaxRefusal> {
        match command {
            TaxCommand::Claim(of) => claim(state, of, *context),
            TaxCommand::Remit(of) => remit(state, of, *context),
        }
    }

    fn evolve(state: &mut TaxState, event: &TaxEvent<'_>) -> Result<(), MoneyError> {
        match event {
            TaxEvent::InputTaxClaimed(of) => {
                state.invoices.push(of.invoice);
                state.input += of.tax.minor(of.currency)?;
            }
            TaxEvent::Remitted(of) => {
                state.transfers.push(of.reference);
                state.input -= of.input_vat.minor(of.currency)?;
            }
        }
        Ok(())
    }
}

fn checked(amount: Amount, currency: Currency) -> Result<Amount, TaxRefusal> {
    let amount = amount.at_scale(currency).map_err(TaxRefusal::UnusableAmount)?;
    if amount < Amount::ZERO { Err(TaxRefusal::NegativeAmount(amount)) } else { Ok(amount) }
}

fn minor(amount: Amount, currency: Currency) -> Result<i64, TaxRefusal> {
    amount.minor(currency).map_err(TaxRefusal::UnusableAmount)
}

fn claim<'a>(
    state: &TaxState,
    command: &ClaimInputTax<'_>,
    TaxContext { currency, today }: TaxContext,
) -> Result<Decision<TaxEvent<'a>>, TaxRefusal> {
    let tax = checked(command.tax, currency)?;
    if tax.is_zero() {
        return Err(TaxRefusal::NoTax);
    }
    if state.invoices.contains(&command.invoice) {
        return Err(TaxRefusal::InputTaxClaimedAlready(command.invoice));
    }
    let ClaimInputTax { jurisdiction, invoice, cost, .. } = *command;
    let event = InputTaxClaimed { jurisdiction, currency, invoice, cost, tax };
    Ok(Decision::one(today, TaxEvent::InputTaxClaimed(event)))
}

fn remit<'a>(
    state: &TaxState,
    command: &RemitTax<'_>,
    TaxContext { currency, today }: TaxContext,
) -> Result<Decision<TaxEvent<'a>>, TaxRefusal> {
    let (output_vat, input_vat) =
        (checked(command.output_vat, currency)?, checked(command.input_vat, currency)?);
    let (collected, withheld) =
        (checked(command.collected, currency)?, checked(command.withheld, currency)?);
    if state.transfers.contains(&command.reference) {
        return Err(TaxRefusal::TaxRemittedAlready(command.reference));
    }
    let period = command.period.first_of_month();
    if period > today {
        return Err(TaxRefusal::PeriodNotBegun(period));
    }
    let left = Amount::from_minor(state.input, currency).min(output_vat);
    if input_vat > left {
        return Err(TaxRefusal::InputTaxExceedsLeft { asked: input_vat, left });
    }
    let mut sum = -minor(input_vat, currency)?;
    for part in [output_vat, collected, withheld] {
        // Each is within 10^16, so their sum fits; whether it fits an amount is checked below.
        sum += minor(part, currency)?;
    }
    let paid = Amount::from_minor(sum, currency);
    let paid = paid.at_scale(currency).map_err(TaxRefusal::UnusableAmount)?;
    if [output_vat, collected, withheld].iter().all(Amount::is_zero) {
        return Err(TaxRefusal::NoTax);
    }
    let event = TaxRemitted {
        jurisdiction: command.jurisdiction,
        currency,
        period,
        month: period.to_string().chars().take(7).collect::<String>().into(),
        reference: command.reference,
        output_vat,
        input_vat,
        collected,
        withheld,
        paid,
    };
    Ok(Decision::one(today, TaxEvent::Remitted(event)))
}

#[cfg(test)]
mod tests;
