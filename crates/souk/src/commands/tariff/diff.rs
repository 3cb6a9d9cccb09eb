//! `souk tariff diff`: what differs between two versions, field by field.

use souk_books::tariff::diff::diff;

use super::Diff;
use super::check::kind;
use super::source::{Source, reading};
use crate::cli::{Format, Global};
use crate::fail::{Failure, counted};
use crate::show::{self, Rows};

/// Prints the differences.
pub(super) fn run(global: &Global, of: &Diff) -> Result<(), Failure> {
    let (before, after) = (Source::of(&of.before), Source::of(&of.after));
    let reading = reading(global, &[&before, &after])?;
    let (before, after) = (before.candidate(reading.as_ref())?, after.candidate(reading.as_ref())?);
    let report = diff(&before, &after);
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let mut rows = Rows {
        columns: vec!["change", "fee", "rule", "field", "before", "after"],
        numeric: Vec::new(),
        rows: Vec::new(),
    };
    for row in &report.rows {
        rows.rows.push(vec![
            row.change.name().to_owned(),
            row.fee.map(kind).unwrap_or_default(),
            row.rule.map(|rule| rule.to_string()).unwrap_or_default(),
            row.field.clone(),
            row.before.clone().unwrap_or_default(),
            row.after.clone().unwrap_or_default(),
        ]);
    }
    let found = counted(report.rows.len(), "difference", "differences");
    show::note(global, &format!("{} and {}: {found}", report.before, report.after));
    show::rows(global, &rows)
}
