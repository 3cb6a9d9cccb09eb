//! `souk trial-balance`: every account, debits and credits.

use super::reading::{Reading, currency};
use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints the trial balance.
pub(crate) fn run(global: &Global) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let mut report = reading.books.trial_balance();
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
        report.totals.retain(|total| total.currency == currency);
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let mut rows = Rows {
        columns: vec!["account", "merchant", "currency", "debits", "credits", "balance"],
        numeric: vec!["debits", "credits", "balance"],
        rows: Vec::new(),
    };
    if global.addresses {
        rows.columns.push("address");
    }
    for row in &report.rows {
        let mut cells = vec![
            row.account.clone(),
            row.merchant.map(|merchant| merchant.to_string()).unwrap_or_default(),
            row.currency.to_string(),
            row.debits.to_string(),
            row.credits.to_string(),
            row.balance.to_string(),
        ];
        if global.addresses {
            cells.push(row.address());
        }
        rows.rows.push(cells);
    }
    show::rows(global, &rows)?;
    for total in &report.totals {
        let balanced = if total.debits == total.credits { "✓" } else { "✗" };
        let (debits, credits) = (total.debits.grouped(), total.credits.grouped());
        show::note(
            global,
            &format!("{}  debits {debits} = credits {credits} {balanced}", total.currency),
        );
    }
    reading.freshness(global);
    Ok(())
}
