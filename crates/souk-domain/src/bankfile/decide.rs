//! A line of a bank's statement is recorded once.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{BankFileCommand, RecordBankLine};
use super::events::{BankFileEvent, BankLineRecorded, Cleared};
use super::state::BankFileState;
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankFileRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Zero or less.
    #[error(
        "amount {0} of a bank line is not above zero; its direction says whether it came or went"
    )]
    NotAnAmountOfALine(Amount),
    /// Recorded already.
    #[error("line {line} of statement {statement} of bank account {account} is recorded already")]
    BankLineRecordedAlready {
        /// The account.
        account: Id,
        /// The statement.
        statement: Id,
        /// The line.
        line: Id,
    },
    /// A statement is in one currency.
    #[error(
        "statement {statement} of bank account {account} is in {known}, and this line is in {asked}"
    )]
    StatementInOneCurrency {
        /// The account.
        account: Id,
        /// The statement.
        statement: Id,
        /// Of the lines before.
        known: Currency,
        /// Of this one.
        asked: Currency,
    },
    /// In the future.
    #[error("{booked_on} has not come, so no bank has booked a line on it; today is {today}")]
    BookedInTheFuture {
        /// The day that was named.
        booked_on: Date,
        /// The day in the platform's zone.
        today: Date,
    },
    /// Payouts have ids of 32 hexadecimal digits.
    #[error("{0} is no payout: its id has 32 hexadecimal digits, as `EndToEndId` of the file says")]
    NotAPayout(Id),
}

refusal_codes!(BankFileRefusal {
    UnknownCurrency,
    UnusableAmount,
    NotAnAmountOfALine,
    BankLineRecordedAlready,
    StatementInOneCurrency,
    BookedInTheFuture,
    NotAPayout,
});

/// What the decision reads besides the stream.
#[derive(Debug, Clone, Copy)]
pub struct BankFileContext {
    /// The date in the platform's zone.
    pub today: Date,
}

/// Streams of bank statements.
#[derive(Debug)]
pub struct BankFile;

impl Decider for BankFile {
    const CATEGORY: &'static str = "bankfile";
    type Command<'a> = BankFileCommand<'a>;
    type Event<'a> = BankFileEvent;
    type State = BankFileState;
    type Refusal = BankFileRefusal;
    type Context<'a> = BankFileContext;

    fn decide<'a>(
        state: &'a BankFileState,
        command: &'a BankFileCommand<'a>,
        context: &'a BankFileContext,
        _at: Micros,
    ) -> Result<Decision<BankFileEvent>, BankFileRefusal> {
        match command {
            BankFileCommand::Record(of) => record(state, of, *context),
        }
    }

    fn evolve(state: &mut BankFileState, event: &BankFileEvent) -> Result<(), MoneyError> {
        match event {
            BankFileEvent::LineRecorded(of) => {
                state.currency = Some(of.currency);
                state.lines.insert(of.line);
            }
        }
        Ok(())
    }
}

fn record(
    state: &BankFileState,
    command: &RecordBankLine<'_>,
    BankFileContext { today }: BankFileContext,
) -> Result<Decision<BankFileEvent>, BankFileRefusal> {
    let RecordBankLine { account, statement, line, booked_on, direction, clears, .. } = *command;
    let currency =
        Currency::from_code(&command.currency).map_err(BankFileRefusal::UnknownCurrency)?;
    let amount = command.amount.at_scale(currency).map_err(BankFileRefusal::UnusableAmount)?;
    if amount <= Amount::ZERO {
        return Err(BankFileRefusal::NotAnAmountOfALine(amount));
    }
    if let Some(known) = state.currency.filter(|known| *known != currency) {
        let asked = currency;
        return Err(BankFileRefusal::StatementInOneCurrency { account, statement, known, asked });
    }
    if state.lines.contains(&line) {
        return Err(BankFileRefusal::BankLineRecordedAlready { account, statement, line });
    }
    if booked_on > today {
        return Err(BankFileRefusal::BookedInTheFuture { booked_on, today });
    }
    if let Some(Cleared::Payout(id)) = clears
        && !is_payout(id)
    {
        return Err(BankFileRefusal::NotAPayout(id));
    }
    let event = BankLineRecorded { account, statement, line, currency, amount, direction, clears };
    Ok(Decision::one(booked_on, BankFileEvent::LineRecorded(event)))
}

/// Payouts are named by a digest.
fn is_payout(id: Id) -> bool {
    let text = id.as_str();
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
