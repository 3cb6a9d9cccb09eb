//! The bridge on a terminal: aligned columns, amounts grouped by thousands, a true minus.

use std::fmt::Write as _;

use super::dates::{period, period_zh};
use super::model::{Bridge, BridgeRow, Check};
use super::said::Language;
use super::width::{padded, right, width};
use crate::figure::Figure;

/// Space between columns.
const GAP: &str = "   ";

/// The bridge as text, each line ended by LF, with remarks in English.
pub fn render_text(bridge: &Bridge) -> String {
    render_text_in(bridge, Language::English, false)
}

/// The same with remarks in a language and, where wanted, the sentences that explain its rows.
pub fn render_text_in(bridge: &Bridge, language: Language, explained: bool) -> String {
    let widths = Widths::of(bridge);
    let mut text = head(bridge, language);
    let columns = 3 + widths.label + 1 + widths.label_zh + GAP.len();
    let currency = right(bridge.currency.code(), columns + widths.amount);
    let _ = writeln!(text, "{currency}{GAP}{}", right("lines", widths.lines));
    for block in &bridge.blocks {
        let _ = writeln!(text, " {} / {}", block.title, block.title_zh);
        for row in &block.rows {
            let line = widths.row(row, language);
            let _ = writeln!(text, "{}", line.trim_end());
            if let Some(sentence) = row.sentence.as_ref().filter(|_| explained) {
                let _ = writeln!(text, "       {}", sentence.of(language));
            }
        }
    }
    if let Some(message) = &bridge.message {
        let _ = writeln!(text, "\n {}", message.of(language));
    }
    let _ = writeln!(text, "\n {}", check_line(&bridge.check));
    text
}

fn head(bridge: &Bridge, language: Language) -> String {
    let status = bridge.status.said();
    let status = status.of(language);
    let dates = match language {
        Language::English => period(bridge.from, bridge.to),
        Language::Chinese => period_zh(bridge.from, bridge.to),
    };
    let number = &bridge.number;
    let (zone, offset) = (&bridge.time_zone, &bridge.offset);
    let last = if bridge.is_final { "   final settlement / 最终结算" } else { "" };
    format!("Statement {number}   结算单{last}   {dates}, {zone} ({offset})   {status}\n")
}

/// `Check: 36.20 + 10,643.41 − 532.17 + 418.00 = 10,565.44 = payout 10,565.44 + carried 0.00  ✓`.
pub fn check_line(check: &Check) -> String {
    let minus = Figure::new(-check.withheld.minor, check.withheld.currency);
    let sum = [check.lines, minus, check.released];
    let mut text = format!("Check: {}", check.opening.grouped());
    for (figure, is_minus) in sum.iter().zip([false, true, false]) {
        let sign = if figure.minor < 0 || is_minus { '\u{2212}' } else { '+' };
        let size = Figure::new(figure.minor.abs(), figure.currency);
        let _ = write!(text, " {sign} {}", size.grouped());
    }
    let (closing, payout) = (check.closing.grouped(), check.payout.grouped());
    let _ = write!(text, " = {closing} = payout {payout} + carried {}", check.carried.grouped());
    if !check.debt.is_zero() {
        let sign = if check.debt.minor < 0 { '+' } else { '\u{2212}' };
        let size = Figure::new(check.debt.minor.abs(), check.debt.currency);
        let _ = write!(text, " {sign} debt {}", size.grouped());
    }
    let _ = write!(text, "  {}", if check.holds { "✓" } else { "✗" });
    if let Some(digest) = &check.digest {
        let _ = write!(text, "   digest {}", short(digest));
    }
    text
}

/// `9c41 72be …`.
fn short(digest: &str) -> String {
    match (digest.get(..4), digest.get(4..8)) {
        (Some(first), Some(second)) => format!("{first} {second} …"),
        _ => digest.to_owned(),
    }
}

struct Widths {
    label: usize,
    label_zh: usize,
    amount: usize,
    lines: usize,
}

impl Widths {
    fn of(bridge: &Bridge) -> Self {
        let rows = || bridge.blocks.iter().flat_map(|block| &block.rows);
        let most = |of: fn(&BridgeRow) -> usize| rows().map(of).max().unwrap_or_default();
        Self {
            label: most(|row| width(&label(row))),
            label_zh: most(|row| width(&row.label_zh)),
            amount: most(|row| width(&row.amount.grouped())).max(bridge.currency.code().len()),
            lines: most(|row| row.lines.map_or(0, |lines| lines.to_string().len())).max(5),
        }
    }

    fn row(&self, row: &BridgeRow, language: Language) -> String {
        let (label, zh) = (padded(&label(row), self.label), padded(&row.label_zh, self.label_zh));
        let amount = right(&row.amount.grouped(), self.amount);
        let lines = row.lines.map(|lines| lines.to_string()).unwrap_or_default();
        let lines = right(&lines, self.lines);
        let note = row.note.as_ref().map_or("", |note| note.of(language));
        format!("   {label} {zh}{GAP}{amount}{GAP}{lines}{GAP}{note}")
    }
}

fn label(row: &BridgeRow) -> String {
    if row.is_result { format!("= {}", row.label) } else { row.label.to_string() }
}
