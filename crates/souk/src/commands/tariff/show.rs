//! `souk tariff show`: a version of a tariff as a table of its rules.

use std::fmt::Write as _;

use souk_books::charge_words::fee_name;
use souk_books::tariff::show::{TariffShown, Which};
use souk_books::tariff::words;

use super::Show;
use super::check::kind;
use crate::cli::{Format, Global};
use crate::commands::reading::Reading;
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints a version.
pub(super) fn run(global: &Global, of: &Show) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let day = of.on.unwrap_or_else(|| reading.today());
    let which = of.version.map_or(Which::On(day), Which::Version);
    let shown = reading.books.tariff(&of.tariff, which)?;
    if global.format() == Format::Json {
        return show::json(global, &shown);
    }
    show::rows_under(global, &head(&shown), &rows(&shown, global.format() == Format::Csv))?;
    reading.freshness(global);
    let flag = reading.place.flag();
    if shown.version > 1 {
        let (name, before) = (shown.tariff, shown.version - 1);
        let line = format!("souk tariff diff {name}@{before} {name}@{}{flag}", shown.version);
        show::next(global, &line);
    }
    Ok(())
}

fn head(of: &TariffShown) -> String {
    let mut said = format!(
        "Tariff {} version {} of {}: announced on {}, effective on {}{}, chosen by {}",
        of.tariff,
        of.version,
        of.versions,
        of.announced_on,
        of.effective_on,
        of.until.map_or_else(String::new, |until| format!(" until {until}")),
        words::chosen_by(of.chosen_by),
    );
    if let Some(currency) = of.currency {
        let _ = write!(said, ", in {currency} alone");
    }
    let _ = writeln!(said, "\nPublished with entry {}", show::grouped(&of.entry.to_string()));
    if let Some(source) = &of.source {
        let _ = writeln!(said, "Source: {source}");
    }
    said.push('\n');
    for fee in &of.fees {
        let fields = words::fee_fields(fee);
        let fields: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| format!("{} {value}", field.replace('_', " ")))
            .collect();
        let _ =
            writeln!(said, "{} ({}): {}", fee_name(fee.kind), kind(fee.kind), fields.join("; "));
    }
    for (table, zone) in
        of.freight.iter().flat_map(|of| of.zones.iter().map(|zone| (of.table, zone)))
    {
        let _ = writeln!(said, "Freight {table}, {}: {}", zone.zone, words::freight_zone(zone));
    }
    said.push('\n');
    said
}

/// One row per rule; in a file each has what its fee says too.
fn rows(of: &TariffShown, in_full: bool) -> Rows {
    let mut columns = vec!["fee"];
    if in_full {
        columns.extend(["scope", "base", "tax", "on_refund", "rounding", "role"]);
    }
    columns.extend(["rule", "category", "when", "percent", "minimum", "maximum", "fixed"]);
    let mut rows = Vec::new();
    for fee in &of.fees {
        for rule in &fee.rules {
            let mut row = vec![kind(fee.kind)];
            if in_full {
                row.extend(words::fee_fields(fee).into_iter().map(|(_, value)| value));
            }
            row.push(rule.rule.to_string());
            row.extend(words::rule_fields(rule).into_iter().map(|(_, value)| value));
            rows.push(row);
        }
    }
    Rows { columns, numeric: vec!["minimum", "maximum", "fixed"], rows }
}
