//! The ledger itself: who it is, its close runs, its books and their closed months.

use souk_domain::book::events::BookEvent;
use souk_domain::closerun::events::CloseRunEvent;
use souk_domain::event::LedgerEvent;
use souk_domain::ledger::events::{Demonstration, LedgerMainEvent};
use souk_journal::dates::Date;
use souk_journal::ids::{BookId, Id, RunId};
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

use crate::fact::{self, Fact};

/// Who the ledger is, as entry 0 says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Identity: 32 hexadecimal digits.
    pub ledger: Id,
    /// The platform's name.
    pub platform: Box<str>,
    /// The platform's own currency.
    pub currency: Currency,
    /// The platform's time zone, of the IANA database.
    pub time_zone: Box<str>,
    /// Language of its documents: `en` or `zh`.
    pub language: Box<str>,
    /// Set for a demonstration.
    pub demonstration: Option<Demonstration>,
}

/// A close run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRun {
    /// The run.
    pub run: RunId,
    /// Last day of the cycles it closes.
    pub through: Date,
    /// Items of entries up to this one are claimed.
    pub entry: u64,
    /// The entry that started it.
    pub started_entry: u64,
    /// The end, if it has come.
    pub finished: Option<Finished>,
}

/// The end of a close run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// How many cycles it closed.
    pub cycles: u64,
    /// The entry that says so.
    pub entry: u64,
}

/// A book of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The book; the platform's own is `main`.
    pub book: BookId,
    /// First day of its first month.
    pub first_month: Date,
    /// Zone of its dates.
    pub time_zone: Box<str>,
    /// The entry that opened it.
    pub opened_entry: u64,
    /// Closed months, in order.
    pub closed: Vec<ClosedMonth>,
}

/// A closed month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedMonth {
    /// First day of the month.
    pub month: Date,
    /// Entries up to this one belong to it as reported.
    pub entry_limit: u64,
    /// The entry that closed it.
    pub entry: u64,
}

impl Book {
    /// First day of the first month that is not closed.
    pub fn open_month(&self) -> Date {
        self.closed.last().map_or(self.first_month, |last| last.month.first_of_next_month())
    }
}

/// What is known of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerRegister {
    facts: Vec<Fact>,
    identity: Option<Identity>,
    runs: Vec<CloseRun>,
    books: Vec<Book>,
}

impl LedgerRegister {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who the ledger is; nothing before entry 0.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Close runs, in the order in which they started.
    pub fn runs(&self) -> &[CloseRun] {
        &self.runs
    }

    /// A close run.
    pub fn run(&self, run: RunId) -> Option<&CloseRun> {
        self.runs.iter().rev().find(|of| of.run == run)
    }

    /// The latest close run, finished or not.
    pub fn last_run(&self) -> Option<&CloseRun> {
        self.runs.last()
    }

    /// Close runs that have not ended, oldest first.
    pub fn unfinished_runs(&self) -> impl Iterator<Item = &CloseRun> {
        self.runs.iter().filter(|run| run.finished.is_none())
    }

    /// Books, in the order in which they were opened.
    pub fn books(&self) -> &[Book] {
        &self.books
    }

    /// A book.
    pub fn book(&self, book: BookId) -> Option<&Book> {
        self.books.iter().find(|of| of.book == book)
    }

    fn fold(&mut self, entry: u64, id: &str, event: &LedgerEvent<'_>) {
        match event {
            LedgerEvent::Ledger(LedgerMainEvent::Created(of)) => {
                self.identity = Some(Identity {
                    ledger: of.ledger,
                    platform: of.platform.into(),
                    currency: of.currency,
                    time_zone: of.time_zone.into(),
                    language: of.language.into(),
                    demonstration: of.demonstration,
                });
            }
            LedgerEvent::CloseRun(event) => self.fold_run(entry, id, event),
            LedgerEvent::Book(event) => self.fold_book(entry, id, event),
            LedgerEvent::Schema(_)
            | LedgerEvent::Merchant(_)
            | LedgerEvent::Tariff(_)
            | LedgerEvent::Order(_)
            | LedgerEvent::Settlement(_)
            | LedgerEvent::Payout(_)
            | LedgerEvent::Payee(_)
            | LedgerEvent::PayoutFile(_)
            | LedgerEvent::Advertising(_)
            | LedgerEvent::Deposit(_)
            | LedgerEvent::Membership(_)
            | LedgerEvent::Service(_)
            | LedgerEvent::Tax(_)
            | LedgerEvent::Opening(_)
            | LedgerEvent::BankFile(_)
            | LedgerEvent::FxRate(_)
            | LedgerEvent::FxPosition(_) => {}
        }
    }

    fn fold_run(&mut self, entry: u64, id: &str, event: &CloseRunEvent) {
        let Ok(run) = RunId::new(id) else { return };
        match event {
            CloseRunEvent::Started(of) => self.runs.push(CloseRun {
                run,
                through: of.through,
                entry: of.entry,
                started_entry: entry,
                finished: None,
            }),
            CloseRunEvent::Finished(of) => {
                if let Some(started) = self.runs.iter_mut().rev().find(|known| known.run == run) {
                    started.finished = Some(Finished { cycles: of.cycles, entry });
                }
            }
        }
    }

    fn fold_book(&mut self, entry: u64, id: &str, event: &BookEvent<'_>) {
        let Ok(book) = BookId::new(id) else { return };
        match event {
            BookEvent::Opened(of) => self.books.push(Book {
                book,
                first_month: of.first_month,
                time_zone: of.time_zone.into(),
                opened_entry: entry,
                closed: Vec::new(),
            }),
            BookEvent::ProvisionBooked(_) | BookEvent::ProvisionReversed(_) => {}
            BookEvent::MonthClosed(of) => {
                let month = ClosedMonth { month: of.month, entry_limit: of.entry, entry };
                if let Some(known) = self.books.iter_mut().find(|known| known.book == book) {
                    known.closed.push(month);
                }
            }
        }
    }
}

impl Register for LedgerRegister {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            match recorded.event {
                LedgerEvent::Ledger(_) | LedgerEvent::CloseRun(_) | LedgerEvent::Book(_) => {
                    self.fold(recorded.entry, recorded.id(), recorded.event);
                    self.facts.push(Fact::of(recorded));
                }
                LedgerEvent::Schema(_)
                | LedgerEvent::Merchant(_)
                | LedgerEvent::Tariff(_)
                | LedgerEvent::Order(_)
                | LedgerEvent::Settlement(_)
                | LedgerEvent::Payout(_)
                | LedgerEvent::Payee(_)
                | LedgerEvent::PayoutFile(_)
                | LedgerEvent::Advertising(_)
                | LedgerEvent::Deposit(_)
                | LedgerEvent::Membership(_)
                | LedgerEvent::Service(_)
                | LedgerEvent::Tax(_)
                | LedgerEvent::Opening(_)
                | LedgerEvent::BankFile(_)
                | LedgerEvent::FxRate(_)
                | LedgerEvent::FxPosition(_) => {}
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        fact::save(&self.facts)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let facts = fact::load(bytes)?;
        let mut loaded = Self::default();
        for fact in &facts {
            loaded.fold(fact.entry, fact.id(), &fact.event()?);
        }
        *self = Self { facts, ..loaded };
        Ok(())
    }
}
