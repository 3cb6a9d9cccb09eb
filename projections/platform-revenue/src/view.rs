//! What is shown: revenue by booking month and line, the value of merchandise, and totals.

use std::collections::BTreeMap;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::money::Currency;

use crate::PlatformRevenue;
use crate::segments::{Segment, SplitBy};

/// Booking months from and to, both included, each given by any of its days; none is unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Months {
    /// The first month.
    pub from: Option<Date>,
    /// The last month.
    pub to: Option<Date>,
}

impl Months {
    /// Whether a month, given by its first day, is among them.
    pub(crate) fn contain(self, month: Date) -> bool {
        self.from.is_none_or(|from| from.first_of_month() <= month)
            && self.to.is_none_or(|to| month <= to)
    }
}

/// Revenue of a line in a booking month; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevenueRow {
    /// First day of the booking month.
    pub month: Date,
    /// The revenue or contra-revenue account.
    pub line: Account,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Earned, among it what was recognised of what had been deferred.
    pub gross: i128,
    /// Given back.
    pub returned: i128,
    /// On a contra account: what reduces revenue, less what came back of it.
    pub contra: i128,
    /// gross − returned − contra.
    pub net: i128,
}

/// What belongs to a segment of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRow<T> {
    /// What it is split by.
    pub segment: Segment,
    /// Its share.
    pub row: T,
}

/// The value of merchandise in a booking month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MerchandiseRow {
    /// First day of the booking month.
    pub month: Date,
    /// The currency of the value.
    pub currency: Currency,
    /// Minor units: after merchants' discounts and refunds, without shipping and tax.
    pub value: i128,
}

/// All lines of a currency; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevenueTotal {
    /// The currency of the amounts.
    pub currency: Currency,
    /// After merchants' discounts and refunds, without shipping and tax.
    pub merchandise_value: i128,
    /// Σ gross.
    pub gross: i128,
    /// Σ returned.
    pub returned: i128,
    /// Σ contra.
    pub contra: i128,
    /// gross − returned − contra.
    pub net: i128,
    /// Net of all lines except own sales: the numerator of the take rate.
    pub net_without_own_sales: i128,
}

impl RevenueTotal {
    /// Nothing, in a currency.
    pub fn nothing(currency: Currency) -> Self {
        Self {
            currency,
            merchandise_value: 0,
            gross: 0,
            returned: 0,
            contra: 0,
            net: 0,
            net_without_own_sales: 0,
        }
    }
}

impl PlatformRevenue {
    /// Revenue by booking month, then line in the chart's order, then currency.
    pub fn rows(&self, months: Months) -> Vec<RevenueRow> {
        self.rows_by(months, SplitBy::default()).into_iter().map(|of| of.row).collect()
    }

    /// The same by segment: by month, line, currency and segment; split or not, it sums to the same.
    pub fn rows_by(&self, months: Months, by: SplitBy) -> Vec<SegmentRow<RevenueRow>> {
        type Key<'c> = (Date, Account, &'c str, Segment);
        let mut rows: BTreeMap<Key<'_>, RevenueRow> = BTreeMap::new();
        for (cells, segment) in self.revenue.iter().zip(self.segments.known()) {
            let segment = by.of(segment);
            for cell in cells.iter().filter(|cell| months.contain(cell.months.booked)) {
                let (month, line, currency) = (cell.months.booked, cell.line, cell.currency);
                let empty =
                    RevenueRow { month, line, currency, gross: 0, returned: 0, contra: 0, net: 0 };
                let key = (month, line, currency.code(), segment.clone());
                let row = rows.entry(key).or_insert(empty);
                row.gross += cell.gross;
                row.returned += cell.returned;
                row.contra += cell.contra;
                row.net += cell.net();
            }
        }
        rows.into_iter().map(|((.., segment), row)| SegmentRow { segment, row }).collect()
    }

    /// The value of merchandise by booking month, then currency.
    pub fn merchandise(&self, months: Months) -> Vec<MerchandiseRow> {
        self.merchandise_by(months, SplitBy::default()).into_iter().map(|of| of.row).collect()
    }

    /// The same by segment: by month, currency and segment.
    pub fn merchandise_by(&self, months: Months, by: SplitBy) -> Vec<SegmentRow<MerchandiseRow>> {
        let mut rows: BTreeMap<(Date, &str, Segment), MerchandiseRow> = BTreeMap::new();
        for (cells, segment) in self.merchandise.iter().zip(self.segments.known()) {
            let segment = by.of(segment);
            for cell in cells.iter().filter(|cell| months.contain(cell.months.booked)) {
                let (month, currency) = (cell.months.booked, cell.currency);
                let empty = MerchandiseRow { month, currency, value: 0 };
                let key = (month, currency.code(), segment.clone());
                rows.entry(key).or_insert(empty).value += cell.value;
            }
        }
        rows.into_iter().map(|((.., segment), row)| SegmentRow { segment, row }).collect()
    }

    /// Sums of these booking months, by currency code.
    pub fn totals(&self, months: Months) -> Vec<RevenueTotal> {
        let mut totals: BTreeMap<&str, RevenueTotal> = BTreeMap::new();
        let empty = RevenueTotal::nothing;
        for row in self.rows(months) {
            let total = totals.entry(row.currency.code()).or_insert(empty(row.currency));
            total.gross += row.gross;
            total.returned += row.returned;
            total.contra += row.contra;
            total.net += row.net;
            total.net_without_own_sales += if row.line == Account::OwnSales { 0 } else { row.net };
        }
        for row in self.merchandise(months) {
            let total = totals.entry(row.currency.code()).or_insert(empty(row.currency));
            total.merchandise_value += row.value;
        }
        totals.into_values().collect()
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.last_entry
    }
}
