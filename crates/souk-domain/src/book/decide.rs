//! Months close once, in order, after they have ended, when what belongs to their end is done; provisions are booked before
//! that and reversed after it.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{BookId, Id, MembershipId};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{BookCommand, BookProvision, CloseMonth, ReverseProvision};
use super::events::{BookEvent, BookOpened, MonthClosed, ProvisionBooked, ProvisionReversed};
use super::posting::accounts;
use super::state::{BookState, Provision};
use crate::approvals::{ApprovalFault, TWO, approved};
use crate::business_time::{UnknownZone, Zone};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// `2026-06`.
fn month_of(day: &Date) -> String {
    day.to_string().chars().take(7).collect()
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookRefusal {
    /// Open already.
    #[error("book {0} is open already")]
    BookOpenedAlready(BookId),
    /// Not open.
    #[error(
        "book {0} is not open; `open-book` opens it once, with a day of its first month: souk apply --schema says how"
    )]
    UnknownBook(BookId),
    /// Not in the IANA database.
    #[error(transparent)]
    UnknownTimeZone(UnknownZone),
    /// Closed already.
    #[error(
        "the month of {} is closed already; the next to close is {}",
        month_of(month),
        month_of(next)
    )]
    MonthAlreadyClosed {
        /// Asked for.
        month: Date,
        /// The next.
        next: Date,
    },
    /// Months close in order.
    #[error("the month of {} is not the next; {} is", month_of(month), month_of(next))]
    MonthNotNext {
        /// Asked for.
        month: Date,
        /// The next.
        next: Date,
    },
    /// The month runs on.
    #[error("the month of {0} has not ended")]
    MonthStillOpen(Date),
    /// Two persons must approve.
    #[error(transparent)]
    ApprovalMissing(ApprovalFault),
    /// Terms have revenue to recognise.
    #[error(
        "revenue of terms is not recognised through {through} (of {count}, the first is {first}); run souk tick --through {through}"
    )]
    RevenueNotRecognised {
        /// How many.
        count: usize,
        /// One of them.
        first: MembershipId,
        /// The last day of the month.
        through: Date,
    },
    /// A position was not valued at the end of the month.
    #[error(
        "the position in {currency} is not revalued at {on}; apply revalue-fx with this currency and day"
    )]
    PositionNotRevalued {
        /// The position.
        currency: Currency,
        /// The last day of the month.
        on: Date,
    },
    /// Provisions are reversed before the next month closes.
    #[error(
        "provision {0} of a closed month is not reversed; run souk close-month, or apply reverse-provision"
    )]
    ProvisionNotReversed(Id),
    /// Booked already.
    #[error("provision {0} is booked already")]
    ProvisionBookedAlready(Id),
    /// No such provision.
    #[error("there is no provision {0}")]
    UnknownProvision(Id),
    /// Reversed already.
    #[error("provision {0} is reversed already")]
    ProvisionReversedAlready(Id),
    /// Its month is open.
    #[error("provision {provision} is of {month}, which is not closed; it is reversed after that")]
    ProvisionMonthOpen {
        /// The provision.
        provision: Id,
        /// First day of its month.
        month: Date,
    },
    /// No account that provisions are made on.
    #[error("{0:?} bears no provision; a line of revenue and BadDebt do")]
    CannotProvideFor(String),
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Nothing or less.
    #[error("{0} is not more than nothing")]
    AmountNotPositive(Amount),
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
}

refusal_codes!(BookRefusal {
    BookOpenedAlready,
    UnknownBook,
    UnknownTimeZone,
    MonthAlreadyClosed,
    MonthNotNext,
    MonthStillOpen,
    ApprovalMissing,
    RevenueNotRecognised,
    PositionNotRevalued,
    ProvisionNotReversed,
    ProvisionBookedAlready,
    UnknownProvision,
    ProvisionReversedAlready,
    ProvisionMonthOpen,
    CannotProvideFor,
    UnknownCurrency,
    UnusableAmount,
    AmountNotPositive,
    UnusableLabel,
});

/// What the decision reads besides the book.
#[derive(Debug, Clone, Copy)]
pub struct BookContext<'a> {
    /// The last entry of the ledger.
    pub entry: u64,
    /// Terms with revenue that is not recognised through the end of the month to close.
    pub unrecognised: &'a [MembershipId],
    /// Positions that are something at that day's end and were not revalued at it.
    pub unrevalued: &'a [Currency],
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
    type Context<'a> = BookContext<'a>;

    fn decide<'a>(
        state: &'a BookState,
        command: &'a BookCommand<'a>,
        context: &'a BookContext<'a>,
        at: Micros,
    ) -> Result<Decision<BookEvent<'a>>, BookRefusal> {
        let BookState::Open { next, zone, provisions } = state else {
            let BookCommand::Open(of) = command else {
                return Err(BookRefusal::UnknownBook(command.book()));
            };
            Zone::named(&of.time_zone).map_err(BookRefusal::UnknownTimeZone)?;
            let first_month = of.first_month.first_of_month();
            let event = BookOpened { first_month, time_zone: &of.time_zone };
            return Ok(Decision::one(first_month, BookEvent::Opened(event)));
        };
        let (next, today) = (*next, zone.date(at));
        match command {
            BookCommand::Open(of) => Err(BookRefusal::BookOpenedAlready(of.book)),
            BookCommand::CloseMonth(of) => {
                let month = next_month(of.month, next, today)?;
                if let Some(provision) = state.to_reverse().first() {
                    return Err(BookRefusal::ProvisionNotReversed(*provision));
                }
                close(of, month, context)
            }
            BookCommand::BookProvision(of) => {
                let month = next_month(of.month, next, today)?;
                if provisions.contains_key(&of.provision) {
                    return Err(BookRefusal::ProvisionBookedAlready(of.provision));
                }
                provide(of, month)
            }
            BookCommand::ReverseProvision(of) => {
                let known = provisions.get(&of.provision);
                reverse(*of, known.ok_or(BookRefusal::UnknownProvision(of.provision))?, next)
            }
        }
    }

    fn evolve(state: &mut BookState, event: &BookEvent<'_>) -> Result<(), MoneyError> {
        match (&mut *state, event) {
            (_, BookEvent::Opened(of)) => {
                let zone = Zone::named(of.time_zone)
                    .map_err(|_| MoneyError::NotADecimal(of.time_zone.to_owned()))?;
                let provisions = Default::default();
                *state = BookState::Open { next: of.first_month, zone, provisions };
            }
            (BookState::Open { next, .. }, BookEvent::MonthClosed(of)) => {
                *next = of.month.first_of_next_month();
            }
            (BookState::Open { provisions, .. }, BookEvent::ProvisionBooked(of)) => {
                let provision = Provision {
                    month: of.month,
                    account: (&*of.account).into(),
                    currency: of.currency,
                    amount: of.amount,
                    reversed: false,
                };
                provisions.insert(of.provision, provision);
            }
            (BookState::Open { provisions, .. }, BookEvent::ProvisionReversed(of)) => {
                if let Some(known) = provisions.get_mut(&of.provision) {
                    known.reversed = true;
                }
            }
            (
                BookState::Absent,
                BookEvent::MonthClosed(_)
                | BookEvent::ProvisionBooked(_)
                | BookEvent::ProvisionReversed(_),
            ) => {}
        }
        Ok(())
    }
}

/// The first day of the month asked for, when it is the next to close and has ended.
fn next_month(of: Date, next: Date, today: Date) -> Result<Date, BookRefusal> {
    let month = of.first_of_month();
    if month < next {
        return Err(BookRefusal::MonthAlreadyClosed { month, next });
    }
    if month > next {
        return Err(BookRefusal::MonthNotNext { month, next });
    }
    if today < month.first_of_next_month() {
        return Err(BookRefusal::MonthStillOpen(month));
    }
    Ok(month)
}

fn close<'a>(
    of: &'a CloseMonth<'a>,
    month: Date,
    context: &BookContext<'_>,
) -> Result<Decision<BookEvent<'a>>, BookRefusal> {
    approved(&of.approved_by, TWO).map_err(BookRefusal::ApprovalMissing)?;
    let last = month.first_of_next_month().plus_days(-1);
    if let Some(first) = context.unrecognised.first() {
        let (count, first, through) = (context.unrecognised.len(), *first, last);
        return Err(BookRefusal::RevenueNotRecognised { count, first, through });
    }
    if let Some(currency) = context.unrevalued.first() {
        return Err(BookRefusal::PositionNotRevalued { currency: *currency, on: last });
    }
    let approved_by = of.approved_by.clone();
    let event = MonthClosed { month, entry: context.entry, approved_by };
    Ok(Decision::one(last, BookEvent::MonthClosed(event)))
}

fn provide<'a>(
    of: &'a BookProvision<'a>,
    month: Date,
) -> Result<Decision<BookEvent<'a>>, BookRefusal> {
    let currency = Currency::from_code(&of.currency).map_err(BookRefusal::UnknownCurrency)?;
    if accounts(&of.account).is_none() {
        return Err(BookRefusal::CannotProvideFor(of.account.to_string()));
    }
    let minor = of.amount.minor(currency).map_err(BookRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(BookRefusal::AmountNotPositive(of.amount));
    }
    if !is_label(&of.explanation) {
        return Err(BookRefusal::UnusableLabel(of.explanation.to_string()));
    }
    approved(&of.approved_by, TWO).map_err(BookRefusal::ApprovalMissing)?;
    let event = ProvisionBooked {
        provision: of.provision,
        month,
        account: of.account.clone(),
        currency,
        amount: Amount::from_minor(minor, currency),
        explanation: of.explanation.clone(),
        approved_by: of.approved_by.clone(),
    };
    let last = month.first_of_next_month().plus_days(-1);
    Ok(Decision::one(last, BookEvent::ProvisionBooked(event)))
}

/// Its accounting date is that of the provision: recorded after the close it is booked in the open month, and concerns the
/// month that expected it. So that month as known now has what came instead, and nothing twice.
fn reverse<'a>(
    of: ReverseProvision,
    known: &'a Provision,
    next: Date,
) -> Result<Decision<BookEvent<'a>>, BookRefusal> {
    let (provision, month) = (of.provision, known.month);
    if known.reversed {
        return Err(BookRefusal::ProvisionReversedAlready(provision));
    }
    if month >= next {
        return Err(BookRefusal::ProvisionMonthOpen { provision, month });
    }
    let (currency, amount) = (known.currency, known.amount);
    let account = (&*known.account).into();
    let event = ProvisionReversed { provision, month, account, currency, amount };
    let last = month.first_of_next_month().plus_days(-1);
    Ok(Decision::one(last, BookEvent::ProvisionReversed(event)))
}

#[cfg(test)]
mod tests;
