//! A statement as a spreadsheet: the bridge, its lines, and the lines by order.
//!
//! Amounts are numbers in the currency's format, ids are text, and every formula carries the result that the books have,
//! since a preview on a phone does not calculate. Sums of other cells are formulas, rounded to the currency's scale, as
//! a spreadsheet adds binary fractions. A text that a spreadsheet would take for a formula is marked as text.
//!
//! Reading order: `cells`, `lines`, `bridge`, `orders`.

mod bridge;
mod cells;
mod lines;
mod orders;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::document::Document;
use crate::error::DocumentError;
use cells::Look;

/// Rows of a sheet, less what stands above and under the lines.
const MOST_LINES: usize = 1_048_576 - 32;

/// The statements as one spreadsheet: three sheets for each.
///
/// # Errors
/// Amounts of more than 15 digits, more lines than a sheet has rows, or what the library refuses.
pub fn render(all: &[Document]) -> Result<Vec<u8>, DocumentError> {
    let mut workbook = Workbook::new();
    if let Some(first) = all.first() {
        // The time a file was made would make every copy another file.
        let made = cells::date(first.statement.to)?;
        let title = format!("{} {}", first.statement.number, "结算单");
        workbook
            .set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    }
    for of in all {
        let lines = of.statement.lines.len();
        if lines > MOST_LINES {
            let number = of.statement.number.clone();
            return Err(DocumentError::TooManyLines { number, lines });
        }
        let look = Look::of(of.statement.currency);
        let names = Names::of(of, all);
        bridge::write(workbook.add_worksheet(), of, &look, &names)?;
        lines::write(workbook.add_worksheet(), of, &look, &names)?;
        orders::write(workbook.add_worksheet(), of, &look, &names)?;
    }
    if all.is_empty() {
        workbook.add_worksheet().write_string(0, 0, "No closed cycle yet. 暂无结算单。")?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The names of a statement's sheets.
#[derive(Debug)]
struct Names {
    bridge: String,
    lines: String,
    orders: String,
}

impl Names {
    /// `Bridge`, or `2026-W10 CNY Bridge` where there are several statements.
    fn of(document: &Document, all: &[Document]) -> Self {
        let statement = &document.statement;
        let before = match all {
            [_] => String::new(),
            _ => format!("{} {} ", statement.cycle, statement.currency),
        };
        Self {
            bridge: format!("{before}Bridge"),
            lines: format!("{before}Lines"),
            orders: format!("{before}By order"),
        }
    }
}

/// A date as a spreadsheet has it.
type SheetDate = ExcelDateTime;
