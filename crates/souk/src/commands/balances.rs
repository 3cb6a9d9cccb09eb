//! `souk balances`: what each merchant is owed, and in which state.

use super::reading::{Reading, currency};
use crate::cli::{Balances, Format, Global};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints the balances.
pub(crate) fn run(global: &Global, of: &Balances) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let report =
        reading.books.balances(global.effective, of.merchant.as_deref(), currency(global)?)?;
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let names: Vec<&'static str> = vec![
        "pending",
        "payable",
        "due",
        "held",
        "reserved",
        "deposit",
        "ad_wallet",
        "in_transit",
        "debt",
        "total",
    ];
    let mut rows =
        Rows { columns: vec!["merchant", "currency"], numeric: names.clone(), rows: Vec::new() };
    rows.columns.extend(&names);
    if global.addresses {
        rows.columns.push("address");
    }
    for row in &report.rows {
        let mut cells = vec![row.merchant.to_string(), row.currency.to_string()];
        cells.extend(row.states().iter().map(|(_, figure)| figure.to_string()));
        cells.push(row.total.to_string());
        if global.addresses {
            cells.push(row.address("total"));
        }
        rows.rows.push(cells);
    }
    show::rows(global, &rows)?;
    if global.addresses {
        let limit = global.limit.filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        for row in report.rows.iter().take(limit) {
            for (state, figure) in row.states().iter().filter(|(_, figure)| !figure.is_zero()) {
                show::note(global, &format!("{:<60} {}", row.address(state), figure.grouped()));
            }
        }
    }
    let on = report.effective.map_or_else(|| "no date yet".to_owned(), |date| date.to_string());
    show::note(
        global,
        &format!("pending falls due after {on}, payable by then; total is the signed sum"),
    );
    reading.freshness(global);
    if let Some(row) = report.rows.iter().find(|row| !row.due.is_zero()) {
        show::next(global, &format!("souk statement {}{}", row.merchant, reading.place.flag()));
    }
    Ok(())
}
