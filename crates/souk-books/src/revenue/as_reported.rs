//! As reported + adjustments since = as known now, by month and line.

use platform_revenue::Months;
use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::BookId;
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

/// The platform's own book.
const MAIN: &str = "main";

/// A line of revenue in a month, as it was reported and as it is known now: net.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportedRow {
    /// The month that the amounts concern, `2026-03`.
    pub month: String,
    /// The revenue account.
    pub line: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// The entry at which the month was closed; null while it is open.
    pub closed_at: Option<u64>,
    /// Booked in the month, for the month.
    pub reported: Figure,
    /// Booked in later months because this one was closed, for this month.
    pub adjustments: Figure,
    /// reported + adjustments.
    pub known: Figure,
    /// Booked in this month for earlier, closed ones.
    pub for_earlier: Figure,
    /// reported + for_earlier: what the books of this month show.
    pub booked: Figure,
}

/// Months as reported and as known now, at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AsReported {
    /// The last entry it reflects.
    pub entry: u64,
    /// By month, then line in the chart's order, then currency.
    pub rows: Vec<ReportedRow>,
}

impl Books {
    /// Months from and to (both included, given by any of their days) as reported and as known now.
    ///
    /// # Errors
    /// `RangeReversed` when `to` is before `from`.
    pub fn as_reported(
        &self,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<AsReported, BooksError> {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(BooksError::RangeReversed { from, to });
        }
        let book = BookId::new(MAIN).ok().and_then(|main| self.models().ledger.book(main));
        let closed_at = |month: Date| {
            let closed = book.and_then(|book| book.closed.iter().find(|of| of.month == month));
            closed.map(|of| of.entry_limit)
        };
        let rows = self.models().revenue.as_known(Months { from, to }).into_iter().map(|row| {
            let figure = |minor| Figure::new(minor, row.currency);
            ReportedRow {
                month: address::month(row.month),
                line: row.line.to_string(),
                currency: row.currency,
                closed_at: closed_at(row.month),
                reported: figure(row.reported),
                adjustments: figure(row.adjustments),
                known: figure(row.known),
                for_earlier: figure(row.for_earlier),
                booked: figure(row.reported + row.for_earlier),
            }
        });
        Ok(AsReported { entry: self.entry(), rows: rows.collect() })
    }
}
