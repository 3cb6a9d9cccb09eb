//! `revenue`: what the platform earned on each line, and what share of sales that is.

use platform_revenue::{CategoryRow, Months, RevenueRow as Row, four_decimals};
use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

/// What rows of revenue are divided by; without `Month` or `Line` that column says `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The booking month.
    Month,
    /// The revenue account.
    Line,
    /// The category path of what was sold.
    Category,
}

impl By {
    /// Reads `month`, `line` and `category`, parted by commas.
    ///
    /// # Errors
    /// `UnknownDivision` naming the part.
    pub fn parse(text: &str) -> Result<Vec<Self>, BooksError> {
        text.split(',')
            .map(|part| match part.trim() {
                "month" => Ok(Self::Month),
                "line" => Ok(Self::Line),
                "category" => Ok(Self::Category),
                other => Err(BooksError::UnknownDivision { given: other.to_owned() }),
            })
            .collect()
    }
}

/// The text of a column that does not divide.
pub const ALL: &str = "all";
/// What stands for a category where there is none.
pub const NONE: &str = "none";

/// Revenue by booking month at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueReport {
    /// By month, then line in the chart's order, then currency, then category.
    pub rows: Vec<RevenueRow>,
    /// Per currency.
    pub totals: Vec<RevenueTotal>,
    /// Charged and not yet earned, whatever the months: by fee, then currency.
    pub deferred: Vec<DeferredRow>,
    /// The last entry it reflects.
    #[serde(skip)]
    pub entry: u64,
}

/// A revenue line in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueRow {
    /// The booking month, `2026-03`; `all` when months are summed.
    pub month: String,
    /// The revenue account; `all` when lines are summed.
    pub line: String,
    /// Category path; `none` for revenue of no goods, absent when categories are summed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Earned; negative for what reduces revenue.
    pub gross: Figure,
    /// Given back.
    pub returned: Figure,
    /// gross − returned.
    pub net: Figure,
}

/// What is deferred of a kind of fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeferredRow {
    /// The fee.
    pub fee: LineKind,
    /// Currency of the amount.
    pub currency: Currency,
    /// What the platform has charged and owes in service.
    pub amount: Figure,
}

/// All lines of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueTotal {
    /// Currency of the amounts.
    pub currency: Currency,
    /// After merchants' discounts and refunds, before the platform's; no shipping, no tax.
    pub merchandise_value: Figure,
    /// Earned.
    pub gross: Figure,
    /// Given back.
    pub returned: Figure,
    /// gross − returned.
    pub net: Figure,
    /// Net without own sales over merchandise value, 4 decimals; null without merchandise.
    pub take_rate: Option<String>,
}

impl RevenueRow {
    /// The address of the net amount; a category's part of a line has none.
    pub fn address(&self) -> Option<String> {
        let whole = self.category.is_none();
        whole.then(|| address::revenue(&self.month, &self.line, self.currency))
    }
}

impl Books {
    /// Revenue of booking months from and to (both included, given by any of their days), divided
    /// by month and line as asked.
    ///
    /// # Errors
    /// `RangeReversed` when `to` is before `from`.
    pub fn revenue(
        &self,
        from: Option<Date>,
        to: Option<Date>,
        by: &[By],
    ) -> Result<RevenueReport, BooksError> {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(BooksError::RangeReversed { from, to });
        }
        let (projection, months) = (&self.models().revenue, Months { from, to });
        let mut rows: Vec<RevenueRow> = Vec::new();
        let mut cells: Vec<(Option<String>, Row)> = if by.contains(&By::Category) {
            let named = |of: CategoryRow| (of.category.or_else(|| Some(NONE.to_owned())), of.row);
            projection.rows_by_category(months).into_iter().map(named).collect()
        } else {
            projection.rows(months).into_iter().map(|row| (None, row)).collect()
        };
        cells.sort_by_key(|(category, row)| {
            let month = by.contains(&By::Month).then_some(row.month);
            let line = by.contains(&By::Line).then_some(row.line);
            (month, line, row.currency.code(), category.clone())
        });
        for (category, row) in cells {
            add(&mut rows, &row, category, by);
        }
        let totals = projection.totals(months).into_iter().map(|total| {
            let figure = |minor| Figure::new(minor, total.currency);
            let (numerator, denominator) = total.take_fraction();
            RevenueTotal {
                currency: total.currency,
                merchandise_value: figure(total.merchandise_value),
                gross: figure(total.gross),
                returned: figure(total.returned),
                net: figure(total.net),
                take_rate: four_decimals(numerator, denominator),
            }
        });
        let deferred = projection.deferred().into_iter().map(|row| DeferredRow {
            fee: row.fee,
            currency: row.currency,
            amount: Figure::new(row.amount, row.currency),
        });
        let (totals, deferred) = (totals.collect(), deferred.collect());
        Ok(RevenueReport { rows, totals, deferred, entry: self.entry() })
    }
}

fn add(rows: &mut Vec<RevenueRow>, row: &Row, category: Option<String>, by: &[By]) {
    let month = if by.contains(&By::Month) { address::month(row.month) } else { ALL.to_owned() };
    let line = if by.contains(&By::Line) { row.line.to_string() } else { ALL.to_owned() };
    let currency = row.currency;
    let same = |known: &&mut RevenueRow| {
        (&known.month, &known.line, known.currency) == (&month, &line, currency)
            && known.category == category
    };
    if let Some(known) = rows.iter_mut().find(same) {
        known.gross.minor += row.gross;
        known.returned.minor += row.returned;
        known.net.minor += row.net;
        return;
    }
    let figure = |minor| Figure::new(minor, currency);
    let (gross, returned, net) = (figure(row.gross), figure(row.returned), figure(row.net));
    rows.push(RevenueRow { month, line, category, currency, gross, returned, net });
}
