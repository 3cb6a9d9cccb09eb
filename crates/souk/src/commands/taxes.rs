//! `souk taxes`: what is owed per account, jurisdiction and month; with `--red-letters` the tax on fees that came back,
//! and what it waits for.

use souk_books::taxes::{ReturnedFeeTax, TaxRow, TaxesReport};
use souk_journal::ids::Id;

use super::reading::{Reading, currency};
use crate::cli::{Format, Global, Taxes};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints the taxes.
pub(crate) fn run(global: &Global, of: &Taxes) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let (from, to) = reading.range(global)?;
    let mut report = reading.books.taxes(from, to);
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
        report.totals.retain(|total| total.currency == currency);
        report.returned_fee_tax.retain(|row| row.currency == currency);
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    if of.red_letters {
        show::rows(global, &red_letters(&report))?;
    } else {
        show::rows(global, &owed(&report))?;
        for total in &report.totals {
            let mut said = format!("{}  open {}", total.currency, total.open.grouped());
            if !total.pending_red_letter.is_zero() {
                let pending = total.pending_red_letter.grouped();
                said += &format!("  and {pending} more until its red letters are issued");
            }
            show::note(global, &said);
        }
    }
    reading.freshness(global);
    if !of.red_letters && !report.returned_fee_tax.is_empty() {
        show::next(global, &format!("souk taxes --red-letters{}", reading.place.flag()));
    }
    Ok(())
}

fn owed(report: &TaxesReport) -> Rows {
    let cells = |row: &TaxRow| {
        vec![
            row.account.clone(),
            row.jurisdiction.clone().unwrap_or_default(),
            row.month.clone(),
            row.currency.to_string(),
            row.arisen.to_string(),
            row.returned.to_string(),
            row.remitted.to_string(),
            row.open.to_string(),
        ]
    };
    let numeric = vec!["arisen", "returned", "remitted", "open"];
    let columns = [&["account", "jurisdiction", "month", "currency"], &numeric[..]].concat();
    Rows { columns, numeric, rows: report.rows.iter().map(cells).collect() }
}

/// What had been charged: `order 8841`, `charge F1`, `term GOLD-1`.
fn subject(row: &ReturnedFeeTax) -> String {
    let of = |name: &str, id: &Option<String>| id.as_ref().map(|id| format!("{name} {id}"));
    let found = of("order", &row.order).or_else(|| of("charge", &row.charge));
    found.or_else(|| of("term", &row.term)).unwrap_or_default()
}

fn red_letters(report: &TaxesReport) -> Rows {
    let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let cells = |row: &ReturnedFeeTax| {
        vec![
            row.returned_on.to_string(),
            subject(row),
            row.merchant.map(|of| of.to_string()).unwrap_or_default(),
            row.fee.to_string(),
            row.currency.to_string(),
            row.tax.to_string(),
            row.status.words().to_owned(),
            text(row.invoice),
            text(row.red_letter),
            row.entry.to_string(),
        ]
    };
    let columns = vec![
        "returned_on",
        "of",
        "merchant",
        "fee",
        "currency",
        "tax",
        "status",
        "invoice",
        "red_letter",
        "entry",
    ];
    Rows {
        columns,
        numeric: vec!["tax"],
        rows: report.returned_fee_tax.iter().map(cells).collect(),
    }
}
