//! The sheet of the bridge: rows that sum lines, the results under them, the check, the reserve and the taxes.

use rust_xlsxwriter::{ConditionalFormatDataBar, Formula, Worksheet};
use souk_books::bridge::{BridgeRow, period, period_zh};
use souk_books::figure::Figure;
use souk_journal::line_kind::LineKind;

use super::Names;
use super::cells::{Look, date, letters};
use super::lines::{count_of, sum_of};
use crate::document::Document;
use crate::error::DocumentError;
use crate::words::words;

/// The row of the column heads, counted from 0.
const HEADS: u32 = 4;
/// The column of amounts.
const AMOUNT: u16 = 2;
/// The column of bars.
const BAR: u16 = 4;

/// Number, period and the one time zone of a sheet's dates.
pub(super) fn head(sheet: &mut Worksheet, of: &Document, look: &Look) -> Result<(), DocumentError> {
    let bridge = &of.bridge;
    let mut title = format!("Statement 结算单 {}", bridge.number);
    if bridge.is_final {
        title.push_str("  final settlement 最终结算");
    }
    sheet.write_string_with_format(0, 0, title, &look.title)?;
    let (from, to) = (bridge.from, bridge.to);
    let mut zone = format!("{} ({})", bridge.time_zone, bridge.offset);
    if let Some(cut_off) = bridge.cut_off() {
        zone = format!("{zone}, {} {}", cut_off.en, cut_off.zh);
    }
    let dates = format!("{}  {}  {zone}", period(from, to), period_zh(from, to));
    sheet.write_string(1, 0, dates)?;
    Ok(())
}

/// Where rows of the bridge stand, for the formulas.
#[derive(Debug, Default)]
struct Places {
    lines: Vec<u32>,
    moved: Vec<u32>,
    earned: Option<u32>,
    opening: u32,
    withheld: u32,
    topped_up: Option<u32>,
    released: u32,
    used: Option<u32>,
    payout: u32,
    carried: u32,
    debt: Option<u32>,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    of: &Document,
    look: &Look,
    names: &Names,
) -> Result<(), DocumentError> {
    let words = words(of.language);
    sheet.set_name(&names.bridge)?;
    head(sheet, of, look)?;
    let (merchant, status) = (of.bridge.merchant.as_str(), of.bridge.status.said());
    sheet.write_string(2, 0, words.merchant)?;
    look.write_text(sheet, (2, 1), merchant)?;
    sheet.write_string(2, AMOUNT, format!("{} {}", status.en, status.zh))?;
    let currency = of.bridge.currency.code();
    let heads = [
        (words.label, 32.0),
        ("", 20.0),
        (currency, 16.0),
        (words.count, 8.0),
        (words.bar, 24.0),
        (words.note, 48.0),
        (words.sentence, 70.0),
    ];
    for (column, (head, width)) in (0..).zip(heads) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(HEADS, column, head, &look.head)?;
    }
    let mut row = HEADS + 1;
    let mut places = Places::default();
    for block in &of.bridge.blocks {
        let title = format!("{} / {}", block.title, block.title_zh);
        sheet.write_string_with_format(row, 0, title, &look.block)?;
        row += 1;
        for of_row in &block.rows {
            write_row(sheet, row, of_row, of, look, names, &mut places)?;
            row += 1;
        }
    }
    let bars = ConditionalFormatDataBar::new().set_bar_only(true);
    sheet.add_conditional_format(HEADS + 1, BAR, row, BAR, &bars)?;
    if let Some(message) = &of.bridge.message {
        sheet.write_string(row, 0, message.of(of.language))?;
        row += 1;
    }
    row = check(sheet, row + 1, of, look, &places)?;
    row = reserves(sheet, row + 1, of, look)?;
    taxes(sheet, row + 1, of, look)?;
    sheet.set_freeze_panes(HEADS + 1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    of_row: &BridgeRow,
    of: &Document,
    look: &Look,
    names: &Names,
    places: &mut Places,
) -> Result<(), DocumentError> {
    let (label, amount) = if of_row.is_result {
        (&look.result, &look.result_amount)
    } else {
        (&look.text, &look.amount)
    };
    let equals = if of_row.is_result { "\u{2003}= " } else { "" };
    sheet.write_string_with_format(row, 0, format!("{equals}{}", of_row.label), label)?;
    sheet.write_string_with_format(row, 1, &*of_row.label_zh, label)?;
    let lines = of.statement.lines.len();
    let c = letters(AMOUNT);
    let formula = match (of_row.kind, of_row.lines) {
        (Some(kind), Some(count)) => {
            let rows = if kind.is_earned() { &mut places.lines } else { &mut places.moved };
            rows.push(row);
            let counted = Formula::new(format!("={}", count_of(names, lines, kind.text())));
            let counted = counted.set_result(count.to_string());
            sheet.write_formula_with_format(row, 3, counted, &look.count)?;
            Some(sum_of(names, lines, kind.text()))
        }
        // A result is the sum of every row of lines above it.
        (None, _) => {
            places.earned = Some(row);
            let cells = places.lines.iter().map(|row| format!("{c}{}", row + 1));
            Some(format!("SUM({})", cells.collect::<Vec<_>>().join(",")))
        }
        (Some(_), None) => {
            note_place(places, of_row, row);
            None
        }
    };
    match formula {
        Some(sum) => look.write_sum(sheet, (row, AMOUNT), &sum, of_row.amount, amount)?,
        None => {
            let number = super::cells::number(of_row.amount)?;
            sheet.write_number_with_format(row, AMOUNT, number, amount)?;
        }
    }
    look.write_sum(sheet, (row, BAR), &format!("{c}{}", row + 1), of_row.amount, &look.amount)?;
    if let Some(note) = &of_row.note {
        sheet.write_string_with_format(row, 5, note.of(of.language), &look.wrapped)?;
    }
    if let Some(sentence) = &of_row.sentence {
        sheet.write_string_with_format(row, 6, sentence.of(of.language), &look.wrapped)?;
    }
    Ok(())
}

/// Remembers where what was kept or carried stands; the opening is the first of its kind, carried the last.
fn note_place(places: &mut Places, of: &BridgeRow, row: u32) {
    let Some(kind) = of.kind else { return };
    if kind == LineKind::ReserveWithheld {
        places.withheld = row;
    } else if kind == LineKind::DepositToppedUp {
        places.topped_up = Some(row);
    } else if kind == LineKind::DepositUsed {
        places.used = Some(row);
    } else if kind == LineKind::ReserveReleased {
        places.released = row;
    } else if kind == LineKind::Payout {
        places.payout = row;
    } else if kind == LineKind::Carried && places.opening == 0 {
        places.opening = row;
    } else if kind == LineKind::Carried {
        places.carried = row;
    } else {
        places.debt = Some(row);
    }
}

/// opening + earned + moved − withheld and topped up + released and used = closing = payout + carried − debt, as formulas; the
/// row after it.
fn check(
    sheet: &mut Worksheet,
    row: u32,
    of: &Document,
    look: &Look,
    places: &Places,
) -> Result<u32, DocumentError> {
    let (words, check) = (words(of.language), &of.bridge.check);
    let cell = |row: u32| format!("{}{}", letters(AMOUNT), row + 1);
    let earned = places.earned.map_or("0".to_owned(), cell);
    let rows = [places.opening, places.withheld, places.released];
    let moved = places.moved.iter().copied().chain(places.topped_up).chain(places.used);
    let cells: Vec<String> = rows.into_iter().chain(moved).map(cell).collect();
    let closing = format!("{earned}+{}", cells.join("+"));
    let debt = places.debt.map_or(String::new(), |row| format!("-{}", cell(row)));
    let paid = format!("{}+{}{debt}", cell(places.payout), cell(places.carried));
    let paid_sum = check.payout.minor + check.carried.minor - check.debt.minor;
    let paid_sum = Figure::new(paid_sum, of.bridge.currency);
    let difference = Figure::new(check.closing.minor - paid_sum.minor, of.bridge.currency);
    sheet.write_string_with_format(row, 0, words.check, &look.block)?;
    let rows = [
        (words.closing, closing, check.closing),
        (words.paid_and_carried, paid, paid_sum),
        (words.difference, format!("{}-{}", cell(row + 1), cell(row + 2)), difference),
    ];
    let mut at = row + 1;
    for (label, sum, result) in rows {
        sheet.write_string(at, 0, label)?;
        look.write_sum(sheet, (at, AMOUNT), &sum, result, &look.result_amount)?;
        at += 1;
    }
    if let Some(digest) = &check.digest {
        sheet.write_string(at, 0, words.digest)?;
        look.write_text(sheet, (at, AMOUNT), digest)?;
        at += 1;
    }
    Ok(at)
}

fn reserves(
    sheet: &mut Worksheet,
    row: u32,
    of: &Document,
    look: &Look,
) -> Result<u32, DocumentError> {
    if of.bridge.reserves.is_empty() {
        return Ok(row);
    }
    let words = words(of.language);
    sheet.write_string_with_format(row, 0, words.reserves, &look.block)?;
    let heads = [
        (0, words.withheld_in),
        (AMOUNT, of.bridge.currency.code()),
        (4, words.release_on),
        (5, words.note),
    ];
    for (column, head) in heads {
        sheet.write_string_with_format(row + 1, column, head, &look.head)?;
    }
    let mut at = row + 2;
    for part in &of.bridge.reserves {
        look.write_text(sheet, (at, 0), part.withheld_in.as_deref().unwrap_or_default())?;
        let direction = if part.amount.minor < 0 { words.withheld } else { words.released };
        sheet.write_string(at, 1, direction)?;
        look.write_amount(sheet, (at, AMOUNT), part.amount)?;
        if let Some(on) = part.release_on {
            sheet.write_datetime_with_format(at, 4, &date(on)?, &look.date)?;
        }
        if let Some(note) = &part.note {
            sheet.write_string_with_format(at, 5, note.of(of.language), &look.wrapped)?;
        }
        at += 1;
    }
    Ok(at)
}

fn taxes(sheet: &mut Worksheet, row: u32, of: &Document, look: &Look) -> Result<(), DocumentError> {
    if of.bridge.taxes.is_empty() {
        return Ok(());
    }
    let words = words(of.language);
    sheet.write_string_with_format(row, 0, words.taxes, &look.block)?;
    let heads =
        [(0, words.label), (AMOUNT, words.tax), (3, words.count), (4, words.base), (5, words.rate)];
    for (column, head) in heads {
        sheet.write_string_with_format(row + 1, column, head, &look.head)?;
    }
    for (at, tax) in (row + 2..).zip(&of.bridge.taxes) {
        sheet.write_string(at, 0, tax.kind.label())?;
        sheet.write_string(at, 1, tax.kind.label_zh())?;
        look.write_amount(sheet, (at, AMOUNT), tax.tax)?;
        sheet.write_number_with_format(at, 3, tax.lines as f64, &look.count)?;
        if let Some(base) = tax.base {
            look.write_amount(sheet, (at, 4), base)?;
        }
        if let Some(rate) = tax.rate {
            look.write_rate(sheet, (at, 5), rate)?;
        }
    }
    Ok(())
}
