//! `souk close-month`: a month of the platform's own books closes at an entry, and what it had provided for is reversed in the
//! next; `--dry-run` does it on an overlay and shows the result.

use std::sync::Arc;

use serde::Serialize;
use souk_books::Books;
use souk_books::revenue::as_reported::{AsReported, ReportedRow};
use souk_journal::dates::Date;
use souk_journal::ids::BookId;
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::months::ClosedMonth;
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;

use super::period::period;
use crate::cli::{CloseMonth, Format, Global};
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show::{self, Rows};

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    month: Date,
    dry_run: bool,
    closed_before: bool,
    provisions_reversed: Vec<&'a str>,
    #[serde(flatten)]
    reported: &'a AsReported,
}

/// Closes a month.
pub(crate) fn run(global: &Global, of: &CloseMonth) -> Result<(), Failure> {
    let place = Place::of(global)?;
    let mut ledger = if of.dry_run {
        let base: Arc<dyn EventStore> = place.read()?;
        let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(base)?);
        Ledger::open(overlay, Clock::System, Writers::Sole)?
    } else {
        place.ledger()?
    };
    let identity = ledger.identity().clone();
    let (_, month) = period(&of.month, identity.zone.date(ledger.clock().now()))?;
    let book =
        BookId::new("main").map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    let closed = ledger.close_month(book, month, &of.by)?;
    let id = identity.ledger.simple().to_string();
    let snapshots = place.projections();
    let mut books = Books::open(ledger.store().clone(), snapshots.as_deref(), &id)?;
    books.catch_up(None)?;
    if !of.dry_run {
        // Derived: a failure costs time at the next command and nothing else.
        let _ = books.save_snapshots();
    }
    let reported = books.as_reported(Some(month), Some(month))?;
    if global.format() == Format::Json {
        let answer = Answer {
            month: closed.month,
            dry_run: of.dry_run,
            closed_before: closed.replayed,
            provisions_reversed: closed.reversed.iter().map(|of| of.as_str()).collect(),
            reported: &reported,
        };
        return show::json(global, &answer);
    }
    let cells = |row: &ReportedRow| {
        vec![row.line.clone(), row.currency.to_string(), row.booked.to_string()]
    };
    let rows = reported.rows.iter().map(cells).collect();
    let columns = vec!["line", "currency", "booked"];
    show::rows(global, &Rows { columns, numeric: vec!["booked"], rows })?;
    said(global, of, &closed, books.models().ledger.book(book).and_then(|of| of.closed.last()));
    show::next(global, &format!("souk revenue --as-reported{}", place.flag()));
    Ok(())
}

fn said(
    global: &Global,
    of: &CloseMonth,
    closed: &ClosedMonth,
    last: Option<&souk_registers::ledger::ClosedMonth>,
) {
    let month: String = closed.month.to_string().chars().take(7).collect();
    let at = last.map_or_else(String::new, |last| format!(" at entry {}", last.entry_limit));
    let line = match (of.dry_run, closed.replayed) {
        (true, _) => format!("the month of {month} would be closed{at}; nothing was written"),
        (false, true) => format!("the month of {month} had been closed{at}"),
        (false, false) => format!("the month of {month} closed{at}"),
    };
    show::note(global, &line);
    for provision in &closed.reversed {
        show::note(global, &format!("provision {provision} reversed in the month that is open"));
    }
}
