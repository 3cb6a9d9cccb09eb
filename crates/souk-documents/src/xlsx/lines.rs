//! The sheet of lines: what each is for, from what it was computed, and where it stands in the log.

use rust_xlsxwriter::Worksheet;
use souk_books::statement::StatementLine;

use super::Names;
use super::cells::{Look, date, of_sheet};
use crate::document::{Document, Part};
use crate::error::DocumentError;
use crate::words::words;

/// The row of the first line, counted from 0.
pub(super) const FIRST: u32 = 4;
/// The column of kinds.
const KIND: u16 = 3;
/// The column of amounts.
pub(super) const AMOUNT: u16 = 7;

/// A range of the lines' sheet: `'Lines'!$H$5:$H$100`.
fn range(names: &Names, column: u16, lines: usize) -> String {
    let letters = super::cells::letters(column);
    let (first, last) = (FIRST + 1, FIRST as usize + lines);
    format!("{}${letters}${first}:${letters}${last}", of_sheet(&names.lines))
}

/// The sum of the amounts of a kind.
pub(super) fn sum_of(names: &Names, lines: usize, kind: &str) -> String {
    format!("SUMIF({},\"{kind}\",{})", range(names, KIND, lines), range(names, AMOUNT, lines))
}

/// The number of lines of a kind.
pub(super) fn count_of(names: &Names, lines: usize, kind: &str) -> String {
    format!("COUNTIF({},\"{kind}\")", range(names, KIND, lines))
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    of: &Document,
    look: &Look,
    names: &Names,
) -> Result<(), DocumentError> {
    let statement = &of.statement;
    let words = words(of.language);
    sheet.set_name(&names.lines)?;
    super::bridge::head(sheet, of, look)?;
    let currency = statement.currency.code();
    let heads = [
        (words.number, 6.0),
        (words.date, 12.0),
        (words.due, 12.0),
        (words.kind, 22.0),
        (words.label, 28.0),
        (words.label, 18.0),
        (words.order, 24.0),
        (currency, 14.0),
        (words.base, 14.0),
        (words.rate, 9.0),
        (words.tariff, 16.0),
        (words.rule, 16.0),
        (words.remark, 30.0),
        (words.block, 10.0),
        (words.corrects, 24.0),
        (words.entry, 10.0),
        (words.event, 28.0),
        (words.address, 36.0),
    ];
    for (column, (head, width)) in (0..).zip(heads) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(FIRST - 1, column, head, &look.head)?;
    }
    for (row, line) in (FIRST..).zip(&statement.lines) {
        write_line(sheet, row, line, look, of)?;
    }
    let count = statement.lines.len();
    let total = FIRST + u32::try_from(count).unwrap_or(u32::MAX - FIRST);
    let sum =
        if count == 0 { "0".to_owned() } else { format!("SUM({})", range(names, AMOUNT, count)) };
    sheet.write_string_with_format(total, 0, words.total, &look.result)?;
    let result = statement.sum_of_lines();
    look.write_sum(sheet, (total, AMOUNT), &sum, result, &look.result_amount)?;
    sheet.set_freeze_panes(FIRST, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(FIRST - 1, FIRST - 1)?;
    Ok(())
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    line: &StatementLine,
    look: &Look,
    of: &Document,
) -> Result<(), DocumentError> {
    let words = words(of.language);
    sheet.write_number_with_format(row, 0, line.line_no as f64, &look.count)?;
    sheet.write_datetime_with_format(row, 1, &date(line.effective_on)?, &look.date)?;
    sheet.write_datetime_with_format(row, 2, &date(line.due_on)?, &look.date)?;
    look.write_text(sheet, (row, KIND), line.kind.text())?;
    look.write_text(sheet, (row, 4), line.kind.label())?;
    look.write_text(sheet, (row, 5), line.kind.label_zh())?;
    if let Some(order) = &line.order {
        look.write_text(sheet, (row, 6), order)?;
    }
    look.write_amount(sheet, (row, AMOUNT), line.amount)?;
    if let Some(base) = line.base {
        look.write_amount(sheet, (row, 8), base)?;
    }
    if let Some(rate) = line.rate {
        look.write_rate(sheet, (row, 9), rate)?;
    }
    if let Some(tariff) = &line.tariff {
        look.write_text(sheet, (row, 10), &format!("{} v{}", tariff.id, tariff.version))?;
        look.write_text(sheet, (row, 11), tariff.rule.as_str())?;
    }
    if let Some(remark) = crate::page::remark(line, words.late) {
        look.write_text(sheet, (row, 12), &remark)?;
    }
    let block = match Part::of(line.kind) {
        Part::Sold => words.sold,
        Part::Taken => words.taken,
        Part::Moved => words.moved,
    };
    look.write_text(sheet, (row, 13), block)?;
    if let Some(corrects) = &line.corrects {
        look.write_text(sheet, (row, 14), corrects)?;
    }
    sheet.write_number_with_format(row, 15, line.entry as f64, &look.count)?;
    look.write_text(sheet, (row, 16), &format!("{}@{}", line.stream, line.revision))?;
    look.write_text(sheet, (row, 17), &line.address)?;
    Ok(())
}
