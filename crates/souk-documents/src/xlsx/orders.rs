//! The sheet by order: what each order brought, as sums of its own lines.

use rust_xlsxwriter::Worksheet;

use super::Names;
use super::cells::{Look, letters, of_sheet};
use super::lines::{AMOUNT, FIRST};
use crate::document::{Document, Part};
use crate::error::DocumentError;
use crate::words::words;

/// A formula may have 8,192 characters and 255 arguments.
const MOST_RANGES: usize = 250;

/// The column of what an order comes to.
const TOTAL: u16 = 5;

/// Writes the sheet.
///
/// The lines of an order are named cell by cell: `SUMIF` would take `1007` for a number, `*` for anything, and two
/// long ids for one.
pub(super) fn write(
    sheet: &mut Worksheet,
    of: &Document,
    look: &Look,
    names: &Names,
) -> Result<(), DocumentError> {
    let words = words(of.language);
    sheet.set_name(&names.orders)?;
    super::bridge::head(sheet, of, look)?;
    let total = format!("{} {}", words.total, of.bridge.currency.code());
    let heads = [
        (words.order, 28.0),
        (words.count, 8.0),
        (words.sold, 16.0),
        (words.taken, 16.0),
        (words.moved, 16.0),
        (total.as_str(), 16.0),
    ];
    for (column, (head, width)) in (0..).zip(heads) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(FIRST - 1, column, head, &look.head)?;
    }
    let orders = of.by_order();
    let mut row = FIRST;
    for order in &orders {
        look.write_text(sheet, (row, 0), order.order.unwrap_or(words.no_order))?;
        sheet.write_number_with_format(row, 1, order.lines.len() as f64, &look.count)?;
        let parts =
            [(Part::Sold, order.sold), (Part::Taken, order.taken), (Part::Moved, order.moved)];
        for (column, (part, result)) in (2..).zip(parts) {
            let line = |index: &usize| of.statement.lines.get(*index);
            let own = |index: &&usize| line(index).is_some_and(|line| Part::of(line.kind) == part);
            let lines: Vec<usize> = order.lines.iter().filter(own).copied().collect();
            match sum(names, &lines) {
                Some(sum) => look.write_sum(sheet, (row, column), &sum, result, &look.amount)?,
                None => look.write_amount(sheet, (row, column), result)?,
            }
        }
        let all = format!("C{0}+D{0}+E{0}", row + 1);
        look.write_sum(sheet, (row, TOTAL), &all, order.total(), &look.amount)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, words.total, &look.result)?;
    let last = row;
    let total = |column: u16| match last {
        FIRST => "0".to_owned(),
        _ => format!("SUM({0}{1}:{0}{last})", letters(column), FIRST + 1),
    };
    let sum_of_lines = of.statement.sum_of_lines();
    look.write_sum(sheet, (row, TOTAL), &total(TOTAL), sum_of_lines, &look.result_amount)?;
    sheet.set_freeze_panes(FIRST, 0)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(FIRST - 1, FIRST - 1)?;
    Ok(())
}

/// The cells of some lines, added: those that follow each other as one range. None where a formula has no room for all.
fn sum(names: &Names, lines: &[usize]) -> Option<String> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            Some(_) | None => ranges.push((*line, *line)),
        }
    }
    if ranges.is_empty() {
        return Some("0".to_owned());
    }
    let (sheet, column) = (of_sheet(&names.lines), letters(AMOUNT));
    let row = |line: usize| FIRST as usize + line + 1;
    let cells = ranges.iter().map(|(first, last)| {
        if first == last {
            format!("{sheet}{column}{}", row(*first))
        } else {
            format!("{sheet}{column}{}:{column}{}", row(*first), row(*last))
        }
    });
    let text = format!("SUM({})", cells.collect::<Vec<_>>().join(","));
    (ranges.len() <= MOST_RANGES && text.len() < 8_000).then_some(text)
}
