//! The taxes of a statement, apart from what they are on.

use souk_domain::rate::Rate;
use souk_journal::line_kind::LineKind;

use super::model::TaxRow;
use crate::figure::Figure;
use crate::statement::Statement;

/// A row per kind of tax that has lines, in the order of kinds.
pub(crate) fn of(statement: &Statement) -> Vec<TaxRow> {
    let taxes = statement.subtotals.iter().filter(|total| is_tax(total.kind));
    taxes
        .map(|total| TaxRow {
            kind: total.kind,
            base: base(statement, total.kind),
            rate: rate(statement, total.kind),
            tax: total.amount,
            lines: total.lines,
        })
        .collect()
}

/// Tax on a fee, tax withheld, and both given back.
fn is_tax(kind: LineKind) -> bool {
    let name = kind.text();
    name.starts_with("tax.") || name.ends_with(".tax") || name.ends_with(".tax_returned")
}

/// The rate of every line; none where one does not say it, or says another.
fn rate(statement: &Statement, kind: LineKind) -> Option<Rate> {
    let mut rates = statement.lines.iter().filter(|line| line.kind == kind).map(|line| line.rate);
    let first = rates.next()??;
    rates.all(|rate| rate == Some(first)).then_some(first)
}

/// The sum of the bases; none where a line does not say its own. A returned tax names the whole charge's base, which
/// is no base of what came back.
fn base(statement: &Statement, kind: LineKind) -> Option<Figure> {
    if kind.is_return() || kind == LineKind::TaxWithheldReturned {
        return None;
    }
    let mut sum = Figure::zero(statement.currency);
    for line in statement.lines.iter().filter(|line| line.kind == kind) {
        sum.minor += line.base?.minor;
    }
    Some(sum)
}
