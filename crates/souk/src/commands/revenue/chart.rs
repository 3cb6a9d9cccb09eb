//! Net revenue drawn in the terminal: a bar per month and line, lines within a month below each other. Lengths are whole
//! eighths of a character, so that no amount is ever a float.

use std::fmt::Write as _;

use souk_books::revenue::{RevenueReport, RevenueRow};
use souk_journal::money::Currency;

/// Characters of the longest bar.
pub(super) const WIDTH: usize = 40;
/// Eighths of a character.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The currencies of a report, in order of first appearance.
pub(super) fn currencies(report: &RevenueReport) -> Vec<Currency> {
    let mut known: Vec<Currency> = Vec::new();
    for row in &report.rows {
        if !known.contains(&row.currency) {
            known.push(row.currency);
        }
    }
    known
}

/// Draws every currency apart.
pub(super) fn draw(report: &RevenueReport, width: usize) -> String {
    let mut text = String::new();
    for currency in currencies(report) {
        let rows: Vec<&RevenueRow> =
            report.rows.iter().filter(|row| row.currency == currency).collect();
        draw_currency(&mut text, &rows, currency, width);
    }
    if text.is_empty() {
        text.push_str("nothing was earned in this period\n");
    }
    text
}

fn draw_currency(text: &mut String, rows: &[&RevenueRow], currency: Currency, width: usize) {
    let longest = rows.iter().map(|row| row.net.minor.unsigned_abs()).max().unwrap_or(0);
    let labels = rows.iter().map(|row| row.label().chars().count()).max().unwrap_or(0);
    let amounts = rows.iter().map(|row| row.net.grouped().chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "Net revenue, {currency}");
    let mut month = "";
    for row in rows {
        let shown = if row.month == month { "" } else { row.month.as_str() };
        month = &row.month;
        let bar = bar(row.net.minor.unsigned_abs(), longest, width);
        let sign = if row.net.minor < 0 { "−" } else { " " };
        let _ = writeln!(
            text,
            "  {shown:<8} {:<labels$} {:>amounts$} {sign}{bar}",
            row.label(),
            row.net.grouped(),
        );
    }
}

/// A bar of an amount; something is drawn for whatever is not nothing.
fn bar(amount: u128, longest: u128, width: usize) -> String {
    let eighths = (amount * width as u128 * 8).checked_div(longest).unwrap_or(0);
    let eighths = if amount > 0 { eighths.max(1) } else { 0 } as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(EIGHTHS.get(eighths % 8).unwrap_or(&""));
    bar
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(100, 100, 4), "████");
        assert_eq!(bar(50, 100, 3), "█▌");
        assert_eq!(bar(0, 100, 4), "");
        // A cent of a million is seen.
        assert_eq!(bar(1, 100_000_000, 4), "▏");
        assert_eq!(bar(0, 0, 4), "");
    }
}
