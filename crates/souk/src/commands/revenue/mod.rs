//! `souk revenue`: what the platform earned, by month, line, category, region and tier, as a table or drawn.

mod chart;
mod svg;

use souk_books::revenue::as_reported::ReportedRow;
use souk_books::revenue::{By, RevenueReport, Split};
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use super::reading::{Reading, currency};
use crate::cli::{Format, Global, Lang, Revenue};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints revenue.
pub(crate) fn run(global: &Global, of: &Revenue) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let by = By::parse(&of.by)?;
    if let Some(with) = &global.compare {
        return super::compare::run(global, &reading, with, currency(global)?, &by);
    }
    let (from, to) = reading.range(global)?;
    if of.as_reported {
        return as_reported(global, &reading, (from, to));
    }
    let mut report = reading.books.revenue(from, to, &by)?;
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
        report.totals.retain(|total| total.currency == currency);
        report.deferral.retain(|row| row.currency == currency);
        report.deferred.retain(|row| row.currency == currency);
    }
    if let Some(path) = &of.svg {
        svg::write(path, &report)?;
        show::note(global, &format!("drawn to {}", path.display()));
        if !of.chart {
            return Ok(());
        }
    }
    if of.chart {
        return show::text(global, &chart::draw(&report, chart::WIDTH));
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    show::rows(
        global,
        &if of.deferral { deferral(&report, &by) } else { earned(global, &report, &by) },
    )?;
    notes(global, &report, of.deferral);
    reading.freshness(global);
    show::next(global, &format!("souk trial-balance{}", reading.place.flag()));
    Ok(())
}

/// Months as reported, with what came later, as known now.
fn as_reported(
    global: &Global,
    reading: &Reading,
    (from, to): (Option<Date>, Option<Date>),
) -> Result<(), Failure> {
    let mut report = reading.books.as_reported(from, to)?;
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let numeric = vec!["reported", "adjustments", "known", "for_earlier", "booked"];
    let columns = [&["month", "line", "currency", "closed_at_entry"], &numeric[..]].concat();
    let cells = |row: &ReportedRow| {
        let closed_at = row.closed_at.map_or_else(|| "open".to_owned(), |entry| entry.to_string());
        vec![
            row.month.clone(),
            row.line.clone(),
            row.currency.to_string(),
            closed_at,
            row.reported.to_string(),
            row.adjustments.to_string(),
            row.known.to_string(),
            row.for_earlier.to_string(),
            row.booked.to_string(),
        ]
    };
    let rows = report.rows.iter().map(cells).collect();
    show::rows(global, &Rows { columns, numeric, rows })?;
    show::note(
        global,
        "reported + adjustments = known; reported + for_earlier = booked, what the books of the month show",
    );
    reading.freshness(global);
    Ok(())
}

/// The columns that divide beside month, line and currency.
pub(super) fn divided(by: &[By]) -> Vec<&'static str> {
    let named = [(By::Category, "category"), (By::Region, "region"), (By::Tier, "tier")];
    named.into_iter().filter(|(of, _)| by.contains(of)).map(|(_, name)| name).collect()
}

fn columns(by: &[By], amounts: &[&'static str]) -> Vec<&'static str> {
    let head = ["month", "line"].into_iter().chain(divided(by)).chain(["currency"]);
    head.chain(amounts.iter().copied()).collect()
}

/// A row's first cells.
fn place(month: &str, line: &str, split: &Split, currency: Currency) -> Vec<String> {
    let mut cells = vec![month.to_owned(), line.to_owned()];
    cells.extend(split.parts().map(str::to_owned));
    cells.push(currency.to_string());
    cells
}

/// What was earned.
fn earned(global: &Global, report: &RevenueReport, by: &[By]) -> Rows {
    let amounts = ["gross", "returned", "contra", "net", "deferred", "recognised", "take_rate"];
    let mut rows =
        Rows { columns: columns(by, &amounts), numeric: amounts.to_vec(), rows: Vec::new() };
    if global.addresses {
        rows.columns.push("address");
    }
    for row in &report.rows {
        let mut cells = place(&row.month, &row.line, &row.split, row.currency);
        let figures = [row.gross, row.returned, row.contra, row.net, row.deferred, row.recognised];
        cells.extend(figures.iter().map(ToString::to_string));
        cells.push(row.take_rate.clone().unwrap_or_default());
        if global.addresses {
            cells.push(row.address().unwrap_or_default());
        }
        rows.rows.push(cells);
    }
    rows
}

/// What was deferred: opening + charged − recognised − returned − forfeited = closing.
fn deferral(report: &RevenueReport, by: &[By]) -> Rows {
    let amounts = ["opening", "charged", "recognised", "returned", "forfeited", "closing"];
    let mut rows =
        Rows { columns: columns(by, &amounts), numeric: amounts.to_vec(), rows: Vec::new() };
    for row in &report.deferral {
        let mut cells = place(&row.month, &row.line, &row.split, row.currency);
        let figures =
            [row.opening, row.charged, row.recognised, row.returned, row.forfeited, row.closing];
        cells.extend(figures.iter().map(ToString::to_string));
        rows.rows.push(cells);
    }
    rows
}

/// The totals under the table, and what is still deferred.
fn notes(global: &Global, report: &RevenueReport, deferral: bool) {
    for total in &report.totals {
        let rate = total.take_rate.as_deref().unwrap_or("–");
        let line = format!(
            "{}  gross {}  returned {}  contra {}  net {}  take rate {rate} of merchandise value {}",
            total.currency,
            total.gross.grouped(),
            total.returned.grouped(),
            total.contra.grouped(),
            total.net.grouped(),
            total.merchandise_value.grouped(),
        );
        show::note(global, &line);
    }
    for row in report.deferred.iter().filter(|row| row.amount.minor != 0) {
        let label = match global.lang() {
            Lang::En => row.fee.label(),
            Lang::Zh => row.fee.label_zh(),
        };
        show::note(
            global,
            &format!("{}  {label}: {} deferred", row.currency, row.amount.grouped()),
        );
    }
    if !deferral && !report.deferral.is_empty() {
        show::note(global, "how deferred amounts came and went: --deferral");
    }
}
