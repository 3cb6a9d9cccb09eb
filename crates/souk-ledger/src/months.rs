//! Months of the platform's books: what must be done before one closes is read from the log itself, and what is provided for
//! is reversed once it is closed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use souk_domain::book::commands::{BookCommand, CloseMonth, ReverseProvision};
use souk_domain::book::decide::{Book, BookContext};
use souk_domain::book::state::BookState;
use souk_domain::decider::Decider as _;
use souk_domain::event::LedgerEvent;
use souk_domain::fxposition::events::FxPositionEvent;
use souk_domain::membership::decide::Membership;
use souk_domain::membership::state::MembershipState;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EventRef, JournalEntry, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::{BookId, Id, MembershipId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_store::Record;

use crate::command::Command;
use crate::error::{BugCause, LedgerError};
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// Bytes of a page of the log.
const PAGE: usize = 1 << 20;

/// What the log says of the end of a month.
#[derive(Debug, Default)]
struct MonthsEnd {
    terms: BTreeMap<MembershipId, MembershipState>,
    /// What stood in each position at the end of the last day, minor units, by code.
    positions: BTreeMap<&'static str, (Currency, i64)>,
    /// Positions that were revalued at that day.
    revalued: BTreeSet<&'static str>,
}

/// A closed month, as its close leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMonth {
    /// First day of the month.
    pub month: Date,
    /// Provisions that were reversed after it had closed.
    pub reversed: Vec<Id>,
    /// Whether it had been closed by the same request before.
    pub replayed: bool,
}

impl Ledger {
    /// A book's state.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn book(&mut self, book: BookId) -> Result<&BookState, LedgerError> {
        let store = Arc::clone(&self.store);
        Ok(&self.books.load(book, &stream(book), store.as_ref(), self.look)?.state)
    }

    /// Closes a month: reverses what earlier months had provided for and is left, closes, and reverses what the month itself
    /// had provided for. Broken off anywhere, the same call goes on.
    ///
    /// # Errors
    /// A refusal, such as `RevenueNotRecognised`, or a failure.
    pub fn close_month(
        &mut self,
        book: BookId,
        month: Date,
        approved_by: &[String],
    ) -> Result<ClosedMonth, LedgerError> {
        let month = month.first_of_month();
        let mut reversed = self.reverse_provisions(book)?;
        let names = approved_by.iter().map(|name| Cow::Owned(name.clone())).collect();
        let command = CloseMonth { book, month, approved_by: names };
        let key = format!("{book}\n{month}");
        let body = format!("{key}\n{}", approved_by.join("\n"));
        let at = self.clock().now();
        let request = Request::of(self.identity.ledger, "close-month", &key, body.as_bytes(), at);
        let command = Command::Book(BookCommand::CloseMonth(command));
        let replayed = self.execute(&command, &request)?.replayed;
        reversed.extend(self.reverse_provisions(book)?);
        Ok(ClosedMonth { month, reversed, replayed })
    }

    /// Reverses the provisions of closed months.
    fn reverse_provisions(&mut self, book: BookId) -> Result<Vec<Id>, LedgerError> {
        let open = self.book(book)?.to_reverse();
        for provision in &open {
            let key = format!("{book}\n{provision}");
            let at = self.clock().now();
            let request =
                Request::of(self.identity.ledger, "reverse-provision", &key, key.as_bytes(), at);
            let command = ReverseProvision { book, provision: *provision };
            self.execute(&Command::Book(BookCommand::ReverseProvision(command)), &request)?;
        }
        Ok(open)
    }

    pub(crate) fn stage_book(
        &mut self,
        command: &BookCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let book = command.book();
        let store = Arc::clone(&self.store);
        let entry = self.store.head()?.saturating_sub(1);
        let loaded = self.books.load(book, &stream(book), store.as_ref(), self.look)?;
        let month = match command {
            // A command that was carried out before needs nothing.
            BookCommand::CloseMonth(of) if loaded.find(request.id).is_none() => Some(of.month),
            BookCommand::CloseMonth(_)
            | BookCommand::Open(_)
            | BookCommand::BookProvision(_)
            | BookCommand::ReverseProvision(_) => None,
        };
        let (mut unrecognised, mut unrevalued) = (Vec::new(), Vec::new());
        if let Some(month) = month {
            let last = month.first_of_next_month().plus_days(-1);
            let end = self.months_end(last)?;
            (unrecognised, unrevalued) = (end.unrecognised(last), end.unrevalued());
        }
        let (unrecognised, unrevalued) = (&*unrecognised, &*unrevalued);
        let context = BookContext { entry, unrecognised, unrevalued };
        let loaded = self.books.load(book, &stream(book), store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream(book), request, |state| {
            encode(Book::decide(state, command, &context, request.at))
        })
    }

    /// Reads the whole log for what stood at the end of a day.
    fn months_end(&self, last: Date) -> Result<MonthsEnd, LedgerError> {
        let (mut end, mut names, mut next) = (MonthsEnd::default(), Names::default(), 0);
        loop {
            let page = self.store.read_all(next, PAGE)?;
            if page.is_empty() {
                return Ok(end);
            }
            for record in page.records() {
                let record = record?;
                end.fold(&record, last, &mut names).map_err(|cause| LedgerError::Damaged {
                    stream: record.stream.to_owned(),
                    revision: record.revision,
                    cause,
                })?;
            }
            next = page.next_entry();
        }
    }
}

impl MonthsEnd {
    /// Folds a record of those that terms and positions are made of.
    fn fold(&mut self, record: &Record<'_>, last: Date, names: &mut Names) -> Result<(), BugCause> {
        const MOVE: [EntryKind; 4] = [
            EntryKind::OrderCompleted,
            EntryKind::RefundIssued,
            EntryKind::FxSettled,
            EntryKind::FxRevalued,
        ];
        let (category, id) = record.stream.split_once('-').unwrap_or_default();
        let moves = MOVE.iter().any(|kind| kind.text() == record.event_type);
        if category != "membership" && !moves {
            return Ok(());
        }
        let metadata = Metadata::parse(record.metadata)?;
        let (kind, version) = (record.event_type, metadata.version);
        let event = LedgerEvent::decode(category, kind, version, record.data)?;
        if let LedgerEvent::Membership(event) = &event {
            if let Ok(membership) = MembershipId::new(id) {
                Membership::evolve(self.terms.entry(membership).or_default(), event)?;
            }
            return Ok(());
        }
        if let LedgerEvent::FxPosition(FxPositionEvent::Revalued(of)) = &event {
            if of.on == last {
                self.revalued.insert(of.currency.code());
            }
            return Ok(());
        }
        let source = EventRef { stream: record.stream, revision: record.revision };
        let entry = post(&event, &metadata, record.entry, source, names)?;
        if entry.effective_on <= last {
            self.moved(&entry);
        }
        Ok(())
    }

    /// Adds what an entry brings of the currencies of positions.
    fn moved(&mut self, entry: &JournalEntry<'_>) {
        for posting in entry.postings.iter().filter(|of| of.account == Account::FxPosition) {
            let currency = posting.currency;
            let of = entry.reference_of(posting);
            let own =
                of.is_some_and(|of| of.kind == RefKind::Currency && of.value == currency.code());
            if own && posting.kind != LineKind::FxRevaluationReversed {
                let (_, held) = self.positions.entry(currency.code()).or_insert((currency, 0));
                *held -= posting.amount;
            }
        }
    }

    /// Terms of which revenue is still to be recognised through a day.
    fn unrecognised(&self, last: Date) -> Vec<MembershipId> {
        let due = self.terms.iter().filter(|(_, state)| match state {
            MembershipState::Absent | MembershipState::Cancelled { .. } => false,
            MembershipState::Sold(term) => {
                let through = term.to.min(last);
                term.from <= last && term.recognised_through.is_none_or(|of| of < through)
            }
        });
        due.map(|(membership, _)| *membership).collect()
    }

    /// Positions that are something and were not revalued.
    fn unrevalued(&self) -> Vec<Currency> {
        let held = self
            .positions
            .iter()
            .filter(|(code, (_, held))| *held != 0 && !self.revalued.contains(*code));
        held.map(|(_, (currency, _))| *currency).collect()
    }
}

fn stream(book: BookId) -> String {
    format!("book-{book}")
}
