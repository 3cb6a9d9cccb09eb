//! Months close once, in order, after they have ended.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::BookId;
use souk_journal::money::MoneyError;

use super::commands::BookCommand;
use super::events::{BookEvent, BookOpened, MonthClosed};
use super::state::BookState;
use crate::business_time::{UnknownZone, Zone};
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookRefusal {
    /// Open already.
    #[error("book {0} is open already")]
    BookOpenedAlready(BookId),
    /// Not open.
    #[error("book {0} is not open")]
    UnknownBook(BookId),
    /// Not in the IANA database.
    #[error(transparent)]
    UnknownTimeZone(UnknownZone),
    /// Closed already.
    #[error("the month of {month} is closed already; the next to close begins on {next}")]
    MonthAlreadyClosed {
        /// Asked for.
        month: Date,
        /// The next.
        next: Date,
    },
    /// Months close in order.
    #[error("the month of {month} is not the next; {next} is")]
    MonthNotNext {
        /// Asked for.
        month: Date,
        /// The next.
        next: Date,
    },
    /// The month runs on.
    #[error("the month of {0} has not ended")]
    MonthStillOpen(Date),
}

refusal_codes!(BookRefusal {
    BookOpenedAlready,
    UnknownBook,
    UnknownTimeZone,
    MonthAlreadyClosed,
    MonthNotNext,
    MonthStillOpen,
});

/// What the decision reads besides the book.
#[derive(Debug, Clone, Copy)]
pub struct BookContext {
    /// The last entry of the ledger.
    pub entry: u64,
}

/// Book streams.
#[derive(Debug)]
pub struct Book;

impl Decider for Book {
    const CATEGORY: &'static str = "book";
    type Command<'a> = BookCommand<'a>;
    type Event<'a> = BookEvent<'a>;
    type State = BookState;
    type Refusal = BookRefusal;
    type Context<'a> = BookContext;

    fn decide<'a>(
        state: &'a BookState,
        command: &'a BookCommand<'a>,
        context: &'a BookContext,
        at: Micros,
    ) -> Result<Decision<BookEvent<'a>>, BookRefusal> {
        match (state, command) {
            (BookState::Absent, BookCommand::Open(of)) => {
                Zone::named(&of.time_zone).map_err(BookRefusal::UnknownTimeZone)?;
                let first_month = of.first_month.first_of_month();
                let event = BookOpened { first_month, time_zone: &of.time_zone };
                Ok(Decision::one(first_month, BookEvent::Opened(event)))
            }
            (BookState::Open { .. }, BookCommand::Open(of)) => {
                Err(BookRefusal::BookOpenedAlready(of.book))
            }
            (BookState::Absent, BookCommand::CloseMonth(of)) => {
                Err(BookRefusal::UnknownBook(of.book))
            }
            (BookState::Open { next, zone }, BookCommand::CloseMonth(of)) => {
                let (month, next) = (of.month.first_of_month(), *next);
                if month < next {
                    return Err(BookRefusal::MonthAlreadyClosed { month, next });
                }
                if month > next {
                    return Err(BookRefusal::MonthNotNext { month, next });
                }
                let after = month.first_of_next_month();
                if zone.date(at) < after {
                    return Err(BookRefusal::MonthStillOpen(month));
                }
                let event = MonthClosed { month, entry: context.entry };
                Ok(Decision::one(after.plus_days(-1), BookEvent::MonthClosed(event)))
            }
        }
    }

    fn evolve(state: &mut BookState, event: &BookEvent<'_>) -> Result<(), MoneyError> {
        match (&mut *state, event) {
            (_, BookEvent::Opened(of)) => {
                let zone = Zone::named(of.time_zone)
                    .map_err(|_| MoneyError::NotADecimal(of.time_zone.to_owned()))?;
                *state = BookState::Open { next: of.first_month, zone };
            }
            (BookState::Open { next, .. }, BookEvent::MonthClosed(of)) => {
                *next = of.month.first_of_next_month();
            }
            (BookState::Absent, BookEvent::MonthClosed(_)) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
