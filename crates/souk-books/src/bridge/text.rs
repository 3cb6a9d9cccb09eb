//! The bridge on a terminal: aligned columns, amounts grouped by thousands, a true minus.

use std::fmt::Write as _;

use super::bars::{COLUMNS, bars, drawn};
use super::dates::{day, day_zh, period, period_zh};
use super::model::{Bridge, BridgeRow, Check};
use super::said::Language;
use super::width::{padded, right, width};
use crate::figure::Figure;
use crate::statement::ReserveMove;

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
    let (lines, bar) = (lines_head(language), " ".repeat(COLUMNS as usize));
    let _ = writeln!(text, "{currency}{GAP}{bar}{GAP}{}", right(lines, widths.lines));
    let mut bars = bars(bridge).into_iter();
    for block in &bridge.blocks {
        let _ = writeln!(text, " {} / {}", block.title, block.title_zh);
        for row in &block.rows {
            let bar = bars.next().map(|bar| drawn(bar, row.amount.is_zero())).unwrap_or_default();
            let line = widths.row(row, &bar, language);
            let _ = writeln!(text, "{}", line.trim_end());
            if let Some(sentence) = row.sentence.as_ref().filter(|_| explained) {
                let _ = writeln!(text, "       {}", sentence.of(language));
            }
        }
    }
    reserves(&mut text, bridge, language);
    if let Some(message) = &bridge.message {
        let _ = writeln!(text, "\n {}", message.of(language));
    }
    let _ = writeln!(text, "\n {}", check_line(&bridge.check, language));
    text
}

fn lines_head(language: Language) -> &'static str {
    match language {
        Language::English => "lines",
        Language::Chinese => "笔数",
    }
}

/// What was withheld and released, each with the statement that withheld it and its release date: one statement's
/// withholding and another's release are a pair.
fn reserves(text: &mut String, bridge: &Bridge, language: Language) {
    if bridge.reserves.is_empty() {
        return;
    }
    text.push_str(" Reserve by release date / 预留金明细\n");
    let cells: Vec<[String; 4]> =
        bridge.reserves.iter().map(|of| reserve_cells(of, language)).collect();
    let most = |column: usize| cells.iter().map(|of| width(&of[column])).max().unwrap_or_default();
    let widths = [most(0), most(1), most(2)];
    for [what, from, amount, note] in &cells {
        let (what, from) = (padded(what, widths[0]), padded(from, widths[1]));
        let line = format!("   {what}{GAP}{from}{GAP}{}{GAP}{note}", right(amount, widths[2]));
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn reserve_cells(of: &ReserveMove, language: Language) -> [String; 4] {
    let is_english = language == Language::English;
    let is_out = of.amount.minor < 0;
    let what = match (is_english, is_out) {
        (true, true) => "withheld in",
        (true, false) => "released, withheld in",
        (false, true) => "冻结于",
        (false, false) => "释放，冻结于",
    };
    let from = of.withheld_in.clone().unwrap_or_else(|| "–".to_owned());
    let date = of.release_on.map(|on| match language {
        Language::English => format!("release date {}", day(on)),
        Language::Chinese => format!("释放日期 {}", day_zh(on)),
    });
    // Rate and base of what is withheld stand in the bridge already.
    let note = of.note.as_ref().filter(|_| !(is_out && of.release_on.is_some()));
    let note = note.map(|said| said.of(language).to_owned());
    let said: Vec<String> = date.into_iter().chain(note).collect();
    let comma = if is_english { ", " } else { "，" };
    [what.to_owned(), from, of.amount.grouped(), said.join(comma)]
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
    let cut_off = bridge.cut_off().map(|said| format!(", {}", said.of(language)));
    let cut_off = cut_off.unwrap_or_default();
    format!("Statement {number}   结算单{last}   {dates}, {zone} ({offset}){cut_off}   {status}\n")
}

/// `Check: 36.20 + 10,643.41 − 532.17 + 418.00 = 10,565.44 = payout 10,565.44 + carried 0.00  ✓`.
///
/// Opening, earned, reserve withheld and released always stand there; what moved, and what went into the deposit and came
/// from it, where there is any, with a word.
pub fn check_line(check: &Check, language: Language) -> String {
    let [name, paid, kept, owed, digested] = match language {
        Language::English => ["Check: ", "payout", "carried", "debt", "digest"],
        Language::Chinese => ["复核：", "打款", "结转", "欠款", "校验码"],
    };
    let [moved, topped_up, used] = match language {
        Language::English => ["moved ", "deposit ", "deposit "],
        Language::Chinese => ["划转 ", "保证金 ", "保证金 "],
    };
    // Word, amount, whether it is taken away, and whether it stands there when it is nothing.
    let sum = [
        ("", check.earned, false, true),
        (moved, check.moved, false, false),
        ("", check.withheld, true, true),
        (topped_up, check.topped_up, true, false),
        ("", check.released, false, true),
        (used, check.used, false, false),
    ];
    let mut text = format!("{name}{}", check.opening.grouped());
    for (word, figure, is_minus, always) in sum {
        if always || !figure.is_zero() {
            let sign = if figure.minor < 0 || is_minus { '\u{2212}' } else { '+' };
            let size = Figure::new(figure.minor.abs(), figure.currency);
            let _ = write!(text, " {sign} {word}{}", size.grouped());
        }
    }
    let (closing, payout) = (check.closing.grouped(), check.payout.grouped());
    let _ = write!(text, " = {closing} = {paid} {payout} + {kept} {}", check.carried.grouped());
    if !check.debt.is_zero() {
        let sign = if check.debt.minor < 0 { '+' } else { '\u{2212}' };
        let size = Figure::new(check.debt.minor.abs(), check.debt.currency);
        let _ = write!(text, " {sign} {owed} {}", size.grouped());
    }
    let _ = write!(text, "  {}", if check.holds { "✓" } else { "✗" });
    if let Some(digest) = &check.digest {
        let _ = write!(text, "   {digested} {}", short(digest));
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

    fn row(&self, row: &BridgeRow, bar: &str, language: Language) -> String {
        let bar = padded(bar, COLUMNS as usize);
        let (label, zh) = (padded(&label(row), self.label), padded(&row.label_zh, self.label_zh));
        let amount = right(&row.amount.grouped(), self.amount);
        let lines = row.lines.map(|lines| lines.to_string()).unwrap_or_default();
        let lines = right(&lines, self.lines);
        let note = row.note.as_ref().map_or("", |note| note.of(language));
        format!("   {label} {zh}{GAP}{amount}{GAP}{bar}{GAP}{lines}{GAP}{note}")
    }
}

fn label(row: &BridgeRow) -> String {
    if row.is_result { format!("= {}", row.label) } else { row.label.to_string() }
}
