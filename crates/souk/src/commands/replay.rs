//! `souk replay`: everything recomputed from entry 0, every closed cycle checked again, and the result
//! compared with the figures that the other commands show.

use souk_books::Books;
use souk_books::replay::PROJECTIONS;

use super::reading::Reading;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::measure::timed;
use crate::show;

/// Replays.
pub(crate) fn run(global: &Global) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let store = reading.books.store().clone();
    let mut books = Books::for_replay(store, reading.books.ledger_id());
    let until = reading.books.checkpoint().next_entry;
    let (pass, took) = timed(|| books.catch_up(Some(until)));
    let mut report = books.replay_report(pass?, took);
    let mut details = Vec::new();
    for mismatch in books.mismatches().iter().take(20) {
        details.push(mismatch.to_string());
    }
    // The same figures, by way of the snapshots: equal to the byte, or a difference.
    for name in PROJECTIONS {
        let here = books.projection_digest(name)?;
        if global.format() == Format::Table {
            let digest = souk_journal::statement_lines::hex(&here);
            show::note(global, &format!("{name:<22} sha256 {digest}"));
        }
        if here != reading.books.projection_digest(name)? {
            report.mismatches += 1;
            details.push(format!("{name}: the replay differs from what the other commands show"));
        }
    }
    if global.format() == Format::Json {
        show::json(global, &report)?;
    } else {
        let tick = |holds: bool| if holds { "✓" } else { "✗" };
        let said = format!(
            "{} events replayed in {} s, {} events/s\n  debits = credits {}   entries = events {} {}   closed cycles recomputed {} {}, {} mismatches\n",
            show::grouped(&report.events.to_string()),
            report.seconds,
            show::grouped(&report.events_per_second.to_string()),
            tick(report.balanced),
            tick(report.events == report.entries),
            show::grouped(&report.entries.to_string()),
            tick(report.mismatches == 0),
            show::grouped(&report.cycles_checked.to_string()),
            report.mismatches,
        );
        show::text(global, &said)?;
    }
    reading.freshness(global);
    if report.holds() || global.exit_zero {
        return Ok(());
    }
    let mut failure = Failure::new(
        Exit::Difference,
        "ReplayDiffers",
        "the log does not give the recorded figures",
    );
    failure.details = details;
    Err(failure)
}
