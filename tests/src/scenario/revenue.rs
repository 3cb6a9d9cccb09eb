//! What a scenario shows of revenue: every line by month, as it is split, and what is deferred of it.

use platform_revenue::{KnownRow, Months, Segment, SplitBy};
use souk_journal::money::minor_text;

use crate::reader::Reader;

/// Month, line and the parts of a segment that split.
fn head(month: &str, line: &str, segment: &Segment, split: SplitBy) -> String {
    let parts = [
        (split.category, &segment.category),
        (split.region, &segment.region),
        (split.tier, &segment.tier),
    ];
    let parts = parts.into_iter().filter(|(wanted, _)| *wanted);
    let names: Vec<&str> = parts.map(|(_, of)| of.as_deref().unwrap_or("none")).collect();
    format!("{month} {line:<18} {:<16}", names.join(" "))
}

/// Months as reported, with what came later, as known now.
pub(super) fn months(reader: &Reader) -> Vec<String> {
    let rows = reader.revenue.as_known(Months::default()).into_iter();
    let row = |row: KnownRow| {
        let figures = [row.reported, row.adjustments, row.known, row.for_earlier];
        let [reported, adjustments, known, for_earlier] =
            figures.map(|minor| minor_text(minor, row.currency));
        let (month, line, currency) = (row.month.to_string(), row.line.name(), row.currency);
        format!(
            "{} {line:<18} {currency}  reported {reported}  adjustments {adjustments}  known {known}  for earlier months {for_earlier}",
            &month[..7]
        )
    };
    rows.map(row).collect()
}

/// Revenue, then deferral, then the totals.
pub(super) fn shown(reader: &Reader, split: SplitBy) -> Vec<String> {
    let always = Months::default();
    let mut lines = Vec::new();
    for of in reader.revenue.rows_by(always, split) {
        let row = of.row;
        let head = head(&row.month.to_string()[..7], row.line.name(), &of.segment, split);
        let text = |minor| minor_text(minor, row.currency);
        let figures = [row.gross, row.returned, row.contra, row.net].map(text);
        let [gross, returned, contra, net] = figures;
        let currency = row.currency;
        lines.push(format!(
            "{head} {currency}  gross {gross}  returned {returned}  contra {contra}  net {net}"
        ));
    }
    for row in reader.revenue.deferral(always, split) {
        let head = head(&row.month.to_string()[..7], row.line.name(), &row.segment, split);
        let text = |minor| minor_text(minor, row.currency);
        let of = row.moved;
        let figures = [row.opening, of.charged, of.recognised, of.returned, of.forfeited];
        let [opening, charged, recognised, returned, forfeited] = figures.map(text);
        lines.push(format!(
            "{head} {}  deferred {opening} + {charged} charged - {recognised} recognised - {returned} returned - {forfeited} forfeited = {}",
            row.currency,
            text(row.closing()),
        ));
    }
    for total in reader.revenue.totals(always) {
        let text = |minor| minor_text(minor, total.currency);
        lines.push(format!(
            "{}  net {}  take rate {} of {}",
            total.currency,
            text(total.net),
            total.take_rate().as_deref().unwrap_or("none"),
            text(total.merchandise_value),
        ));
    }
    lines
}
