//! `souk close`: settlement cycles close; `--dry-run` closes them on an overlay and shows the result.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use souk_books::Books;
use souk_ledger::clock::Clock;
use souk_ledger::close_run::Progress;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;

use super::period::period;
use crate::cli::{Close, Format, Global};
use crate::fail::{Failure, counted};
use crate::place::Place;
use crate::show::{self, Rows};

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a, S: Serialize> {
    through: String,
    dry_run: bool,
    runs: usize,
    closed: usize,
    summary: &'a S,
}

/// Progress on standard error: kept on one line of a terminal, else a line every few seconds.
struct Shown {
    quiet: bool,
    terminal: bool,
    last: Option<Instant>,
}

/// Between two lines where nobody watches.
const EVERY: Duration = Duration::from_secs(5);

impl Shown {
    fn new(global: &Global) -> Self {
        let terminal = io::stderr().is_terminal();
        Self { quiet: global.quiet, terminal, last: Some(Instant::now()) }
    }

    fn show(&mut self, of: Progress) {
        let due = self.last.is_none_or(|last| last.elapsed() >= EVERY);
        // A run of a moment says nothing.
        if self.quiet || !(self.terminal || due) {
            return;
        }
        self.last = Some(Instant::now());
        let Progress { run, done, of } = of;
        let line = format!("closing {run}: {done} of {of} cycles");
        // Progress that cannot be shown stops nothing.
        let _ = if self.terminal {
            let end = if done == of { "\r\x1b[K" } else { "" };
            write!(io::stderr(), "\r{line}{end}")
        } else {
            writeln!(io::stderr(), "{line}")
        };
    }
}

/// Closes cycles.
pub(crate) fn run(global: &Global, of: &Close) -> Result<(), Failure> {
    let place = Place::of(global)?;
    let mut ledger = if of.dry_run {
        let base: Arc<dyn EventStore> = place.read()?;
        let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(base)?);
        Ledger::open(overlay, Clock::System, Writers::Sole)?
    } else {
        place.ledger()?
    };
    let identity = ledger.identity().clone();
    let (_, through) = period(&of.through, identity.zone.date(ledger.clock().now()))?;
    let id = identity.ledger.simple().to_string();
    let snapshots = place.projections();
    let mut books = Books::open(ledger.store().clone(), snapshots.as_deref(), &id)?;
    let mut shown = Shown::new(global);
    let runs = ledger.close_through_watched(through, &mut books, &mut |of| shown.show(of))?;
    books.catch_up(None)?;
    if !of.dry_run {
        // Derived: a failure costs time at the next command and nothing else.
        let _ = books.save_snapshots();
    }
    let closed: Vec<_> = runs.iter().flat_map(|run| run.cycles.iter().copied()).collect();
    let summary = books.close_summary(&closed);
    if global.format() == Format::Json {
        let answer = Answer {
            through: through.to_string(),
            dry_run: of.dry_run,
            runs: runs.len(),
            closed: closed.len(),
            summary: &summary,
        };
        return show::json(global, &answer);
    }
    let mut rows = Rows {
        columns: vec![
            "cycle",
            "last_day",
            "currency",
            "merchants",
            "items",
            "amount",
            "payouts",
            "carried",
        ],
        numeric: vec!["merchants", "items", "amount", "payouts", "carried"],
        rows: Vec::new(),
    };
    for cycle in &summary.cycles {
        rows.rows.push(vec![
            cycle.cycle.clone(),
            cycle.to.to_string(),
            cycle.currency.to_string(),
            cycle.merchants.to_string(),
            cycle.items.to_string(),
            cycle.amount.to_string(),
            cycle.payouts.to_string(),
            cycle.carried.to_string(),
        ]);
    }
    show::rows(global, &rows)?;
    said(global, of, through, runs.len(), closed.len());
    for held in summary.held.iter().take(10) {
        show::note(
            global,
            &format!(
                "not paid out  {} {} {}: {} {}",
                held.merchant,
                held.cycle,
                held.amount.grouped(),
                held.currency,
                held.reason
            ),
        );
    }
    for change in summary.changes.iter().take(10) {
        let before = change.previous.as_ref().map_or_else(|| "–".to_owned(), |of| of.grouped());
        let line = format!(
            "changed most  {} {}: {} {} (before {before})",
            change.merchant,
            change.cycle,
            change.payout.grouped(),
            change.currency,
        );
        show::note(global, &line);
    }
    for line in books.payout_days_not_known(&closed) {
        show::note(global, &line);
    }
    show::note(global, &format!("payee details: {}", summary.payee_details));
    let flag = place.flag();
    if of.dry_run {
        show::next(global, &format!("souk close --through {through}{flag}"));
    } else {
        show::next(global, &format!("souk balances{flag}"));
    }
    Ok(())
}

fn said(
    global: &Global,
    of: &Close,
    through: souk_journal::dates::Date,
    runs: usize,
    closed: usize,
) {
    let what = if of.dry_run { "would be closed; nothing was written" } else { "closed" };
    let line = if closed == 0 {
        format!("nothing to close through {through}, read in each merchant's time zone")
    } else {
        let (cycles, runs) = (counted(closed, "cycle", "cycles"), counted(runs, "run", "runs"));
        format!("{cycles} in {runs} {what}; {through} is read in each merchant's time zone")
    };
    show::note(global, &line);
}
