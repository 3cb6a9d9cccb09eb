//! `souk close`: settlement cycles close; `--dry-run` closes them on an overlay and shows the result.

use std::sync::Arc;

use serde::Serialize;
use souk_books::{CloseBooks, CloseSummary};
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;

use super::close_progress::Shown;
use super::period::period;
use crate::cli::{Close, Format, Global};
use crate::fail::{Exit, Failure, counted};
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

/// Rows of a list that the terminal shows where no limit is given.
const LISTED: usize = 10;
const MIB: usize = 1 << 20;

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
    let store = ledger.store().clone();
    let mut shown = Shown::new(global);
    // What of the open items does not fit goes beside the derived files, on a disk that the ledger has room on.
    let beside = place.projections().unwrap_or_else(std::env::temp_dir);
    // Only a close with more than its memory writes there; better said before than after an hour of reading.
    if beside.exists() && !beside.is_dir() {
        let message = format!(
            "{} is a file; derived files and what a close does not hold in memory go to a directory of that name",
            beside.display()
        );
        return Err(Failure::new(Exit::OutOfReach, "OutputNotWritable", message)
            .with("  move it elsewhere; nothing of the ledger is in it"));
    }
    let mut books = CloseBooks::open(store.as_ref(), of.memory as usize * MIB, beside)?;
    books.read(store.as_ref(), &mut |done, of| shown.reading(done, of))?;
    let runs = ledger.close_through_watched(through, &mut books, &mut |of| shown.show(of))?;
    drop(shown);
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
    let numeric =
        vec!["merchants", "items", "opening", "amount", "kept", "paid_out", "carried", "payouts"];
    let columns = [&["cycle", "last_day", "currency"], &numeric[..]].concat();
    let mut rows = Rows { columns, numeric, rows: Vec::new() };
    for cycle in &summary.cycles {
        rows.rows.push(vec![
            cycle.cycle.clone(),
            cycle.to.to_string(),
            cycle.currency.to_string(),
            cycle.merchants.to_string(),
            cycle.items.to_string(),
            cycle.opening.to_string(),
            cycle.amount.to_string(),
            cycle.kept().to_string(),
            cycle.payout.to_string(),
            cycle.carried.to_string(),
            cycle.payouts.to_string(),
        ]);
    }
    show::rows(global, &rows)?;
    if !rows.rows.is_empty() {
        show::note(
            global,
            "opening + amount − kept = paid_out + carried; kept is what reserve and deposit keep, less what they let go, and debts",
        );
    }
    said(global, of, through, runs.len(), closed.len());
    lists(global, &summary);
    for line in books.payout_days_not_known(&closed) {
        show::note(global, &line);
    }
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

/// What is not paid, what is held and why, whose payouts wait, and what changed most.
fn lists(global: &Global, summary: &CloseSummary) {
    let held = summary.held.iter().map(|of| {
        let (merchant, cycle, amount) = (of.merchant, &of.cycle, of.amount.grouped());
        format!("{merchant} {cycle} {amount} {}: {}", of.currency, of.reason)
    });
    listed(global, "not paid out", held);
    let reason = |of: &Option<String>| of.as_deref().unwrap_or("no reason").to_owned();
    let on_hold = summary.on_hold.iter().map(|of| {
        let holds = counted(usize::try_from(of.holds).unwrap_or(usize::MAX), "hold", "holds");
        let (merchant, amount) = (of.merchant, of.amount.grouped());
        format!("{merchant} {amount} {} in {holds}: {}", of.currency, reason(&of.reason))
    });
    listed(global, "on hold", on_hold);
    let holds = summary.holds.iter().map(|of| {
        let (merchant, amount, since) = (of.merchant, of.amount.grouped(), of.since);
        let order = of.order.as_ref().map(|order| format!(" of order {order}")).unwrap_or_default();
        let (hold, reason) = (&of.hold, reason(&of.reason));
        format!("{merchant} {hold}{order} {amount} {} since {since}: {reason}", of.currency)
    });
    listed(global, "hold", holds);
    let without = summary.without_payee.iter().map(|of| {
        let (merchant, amount) = (of.merchant, of.payout.grouped());
        format!("{merchant} {amount} {} waits for a payee", of.currency)
    });
    if summary.without_payee.is_empty() {
        show::note(global, &format!("payee details: {}", summary.payee_details));
    }
    listed(global, "no payee in force", without);
    let changes = summary.changes.iter().map(|of| {
        let before = of.previous.as_ref().map_or_else(|| "–".to_owned(), |of| of.grouped());
        let (merchant, cycle, payout) = (of.merchant, &of.cycle, of.payout.grouped());
        format!("{merchant} {cycle} {payout} {} (before {before})", of.currency)
    });
    listed(global, "changed most", changes);
}

/// The first of a list, and how many more there are.
fn listed(global: &Global, head: &str, rows: impl ExactSizeIterator<Item = String>) {
    let limit = match global.limit {
        None => LISTED,
        Some(0) => usize::MAX,
        Some(limit) => limit,
    };
    let count = rows.len();
    for row in rows.take(limit) {
        show::note(global, &format!("{head}  {row}"));
    }
    if count > limit {
        let number = |of: usize| show::grouped(&of.to_string());
        let (more, all) = (number(count - limit), number(count));
        show::note(global, &format!("{head}  … and {more} more of {all} (--limit 0)"));
    }
}
