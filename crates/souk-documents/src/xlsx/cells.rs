//! How cells look, and how amounts, texts and formulas are written.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};
use souk_books::figure::Figure;
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use super::SheetDate;
use crate::error::DocumentError;

/// Digits that a number of a spreadsheet keeps.
const DIGITS: u32 = 15;

/// The formats of cells.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) head: Format,
    pub(super) block: Format,
    pub(super) text: Format,
    /// Text that a spreadsheet would take for a formula.
    quoted: Format,
    pub(super) wrapped: Format,
    pub(super) result: Format,
    pub(super) amount: Format,
    pub(super) result_amount: Format,
    pub(super) count: Format,
    pub(super) rate: Format,
    pub(super) date: Format,
    /// Digits after the dot.
    scale: u32,
}

impl Look {
    /// The formats for a currency: its digits after the dot, grouped by thousands.
    pub(super) fn of(currency: Currency) -> Self {
        let scale = currency.scale();
        let decimals = "0".repeat(scale as usize);
        let dot = if scale == 0 { "" } else { "." };
        let money = format!("#,##0{dot}{decimals}");
        let text = Format::new().set_num_format("@");
        Self {
            title: Format::new().set_bold().set_font_size(14.0),
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_border_bottom(FormatBorder::Thin),
            block: Format::new().set_bold(),
            quoted: text.clone().set_quote_prefix(),
            text,
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            result: Format::new().set_bold().set_border_top(FormatBorder::Thin),
            amount: Format::new().set_num_format(&money),
            result_amount: Format::new()
                .set_num_format(&money)
                .set_bold()
                .set_border_top(FormatBorder::Thin),
            count: Format::new().set_num_format("#,##0"),
            rate: Format::new().set_num_format("0.####%"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            scale,
        }
    }

    /// Writes a text: an id stays as it is, whatever it looks like.
    pub(super) fn write_text(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        text: &str,
    ) -> Result<(), XlsxError> {
        let format = if text.starts_with(['=', '+', '-', '@']) { &self.quoted } else { &self.text };
        sheet.write_string_with_format(row, column, text, format)?;
        Ok(())
    }

    /// Writes an amount.
    pub(super) fn write_amount(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        amount: Figure,
    ) -> Result<(), DocumentError> {
        sheet.write_number_with_format(row, column, number(amount)?, &self.amount)?;
        Ok(())
    }

    /// Writes a rate as a percentage.
    pub(super) fn write_rate(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        rate: impl std::fmt::Display,
    ) -> Result<(), XlsxError> {
        let rate = rate.to_string().parse().unwrap_or(0.0_f64);
        sheet.write_number_with_format(row, column, rate, &self.rate)?;
        Ok(())
    }

    /// Writes a sum of other cells, with its result.
    pub(super) fn write_sum(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        sum: &str,
        result: Figure,
        format: &Format,
    ) -> Result<(), DocumentError> {
        number(result)?;
        let formula = Formula::new(format!("=ROUND({sum},{})", self.scale));
        let formula = formula.set_result(result.to_string());
        sheet.write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }
}

/// The nearest number to an amount; the same digits, as long as there are few enough.
pub(super) fn number(amount: Figure) -> Result<f64, DocumentError> {
    let text = amount.to_string();
    let too_many = || DocumentError::TooManyDigits { amount: text.clone() };
    if amount.minor.unsigned_abs() >= 10_u128.pow(DIGITS) {
        return Err(too_many());
    }
    text.parse().map_err(|_| too_many())
}

/// A date of a spreadsheet.
pub(super) fn date(of: Date) -> Result<SheetDate, DocumentError> {
    let (year, month, day) = of.parts();
    let year = u16::try_from(year).unwrap_or_default();
    Ok(SheetDate::from_ymd(year, month as u8, day as u8)?)
}

/// A column's letters.
pub(super) fn letters(column: u16) -> String {
    rust_xlsxwriter::utility::column_number_to_name(column)
}

/// `'2026-W10 CNY Lines'!`; names of our sheets have no quotes.
pub(super) fn of_sheet(sheet: &str) -> String {
    format!("'{sheet}'!")
}
