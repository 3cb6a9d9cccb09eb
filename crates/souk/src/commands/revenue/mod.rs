//! `souk revenue`: what the platform earned, by month, line and category, as a table or drawn.

mod chart;
mod svg;

use souk_books::revenue::By;

use super::reading::{Reading, currency};
use crate::cli::{Format, Global, Lang, Revenue};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints revenue.
pub(crate) fn run(global: &Global, of: &Revenue) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    if let Some(with) = &global.compare {
        return super::compare::run(global, &reading, with, currency(global)?);
    }
    let by = By::parse(&of.by)?;
    let (from, to) = reading.range(global)?;
    let mut report = reading.books.revenue(from, to, &by)?;
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
        report.totals.retain(|total| total.currency == currency);
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
    let divided = by.contains(&By::Category);
    let mut rows = Rows {
        columns: vec!["month", "line", "currency", "gross", "returned", "net"],
        numeric: vec!["gross", "returned", "net"],
        rows: Vec::new(),
    };
    if divided {
        rows.columns.insert(2, "category");
    }
    if global.addresses {
        rows.columns.push("address");
    }
    for row in &report.rows {
        let mut cells = vec![
            row.month.clone(),
            row.line.clone(),
            row.currency.to_string(),
            row.gross.to_string(),
            row.returned.to_string(),
            row.net.to_string(),
        ];
        if divided {
            cells.insert(2, row.category.clone().unwrap_or_default());
        }
        if global.addresses {
            cells.push(row.address().unwrap_or_default());
        }
        rows.rows.push(cells);
    }
    show::rows(global, &rows)?;
    for total in &report.totals {
        let rate = total.take_rate.as_deref().unwrap_or("–");
        let line = format!(
            "{}  gross {}  returned {}  net {}  take rate {rate} of merchandise value {}",
            total.currency,
            total.gross.grouped(),
            total.returned.grouped(),
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
    reading.freshness(global);
    show::next(global, &format!("souk trial-balance{}", reading.place.flag()));
    Ok(())
}
