//! `souk objections`: what merchants say against lines of their statements, until when it is to be answered, and what
//! became of it. Raising and answering are commands of `souk apply`.

use souk_books::objections::ObjectionRow;
use souk_domain::business_time::Zone;
use souk_ledger::clock::Clock;

use super::reading::{Reading, currency};
use crate::cli::{Format, Global, Objections};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Lists objections.
pub(crate) fn run(global: &Global, of: &Objections) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let merchant = of.merchant.as_deref().map(|text| reading.books.find_merchant(text));
    let clock = reading.identity.demonstration.map_or(Clock::System, |of| Clock::Pinned(of.clock));
    let now = clock.now();
    let platform = &reading.identity.zone;
    // A zone that was agreed is one of this edition's; else the platform's day counts.
    let today = |zone: &str| Zone::named(zone).map_or(platform.date(now), |zone| zone.date(now));
    let mut report = reading.books.objections(merchant.transpose()?, &today);
    if let Some(currency) = currency(global)? {
        report.rows.retain(|row| row.currency == currency);
        report.confirmed.retain(|of| of.currency == currency);
    }
    if of.open {
        report.rows.retain(|row| row.standing.is_open());
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let cells = |row: &ObjectionRow| {
        let corrections: Vec<&str> = row.corrections.iter().map(|of| of.as_str()).collect();
        vec![
            row.answer_by.to_string(),
            row.time_zone.clone(),
            show::word(global, row.standing.name()).to_owned(),
            row.merchant.to_string(),
            row.objection.to_string(),
            row.statement.clone(),
            row.lines.len().to_string(),
            row.reason.to_string(),
            row.evidence.to_string(),
            row.explanation.clone().unwrap_or_default(),
            corrections.join(" "),
        ]
    };
    let columns = vec![
        "answer_by",
        "time_zone",
        "standing",
        "merchant",
        "objection",
        "statement",
        "lines",
        "reason",
        "evidence",
        "explanation",
        "corrections",
    ];
    let rows = report.rows.iter().map(cells).collect();
    show::rows(global, &Rows { columns, numeric: vec!["lines", "evidence"], rows })?;
    for of in &report.confirmed {
        let (statement, by) = (&of.statement, &of.confirmed_by);
        let line = if show::in_chinese(global) {
            format!("已确认  {statement}，确认人 {by}")
        } else {
            format!("confirmed  {statement} by {by}")
        };
        show::note(global, &line);
    }
    reading.freshness(global);
    Ok(())
}
