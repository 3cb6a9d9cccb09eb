//! `souk bench`: what this machine does, as ratios against a limit measured in the same run. Without a word it
//! measures the ledger, with `store` the event store below it, with `tariff` the fees of order lines,
//! with `close` the close of many merchants.

mod close;
mod figures;
mod ledger;
mod store;
mod tariff;

use crate::cli::{Bench, BenchWhat, Global};
use crate::fail::{Exit, Failure};

/// Measures.
pub(crate) fn run(global: &Global, of: &Bench) -> Result<(), Failure> {
    match &of.what {
        None => ledger::run(global, of),
        Some(BenchWhat::Store(of)) => store::run(global, of),
        Some(BenchWhat::Tariff(of)) => tariff::run(global, of),
        Some(BenchWhat::Close(of)) => close::run(global, of),
    }
}

/// A directory for as long as a measurement lasts.
fn scratch() -> Result<tempfile::TempDir, Failure> {
    tempfile::tempdir()
        .map_err(|error| Failure::new(Exit::OutOfReach, "NoTemporaryDirectory", error.to_string()))
}

/// `of` against `limit` with two decimals; nothing if the limit is 0.
fn ratio(of: u64, limit: u64) -> Option<String> {
    let hundredths = of.saturating_mul(100).checked_div(limit)?;
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}
