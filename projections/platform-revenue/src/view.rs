//! What is shown: revenue by booking month and line, the value of merchandise, and totals.

use std::collections::BTreeMap;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::money::Currency;

use crate::PlatformRevenue;
use crate::state::RevenueCell;

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
    /// Earned; negative for a contra account.
    pub gross: i128,
    /// Given back; negative for a contra account.
    pub returned: i128,
    /// gross − returned.
    pub net: i128,
}

/// Revenue of a line in a booking month from goods of a category; minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// Path of the category, parts joined by `/`; none where postings have no category.
    pub category: Option<String>,
    /// Its share of the line.
    pub row: RevenueRow,
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
    /// gross − returned.
    pub net: i128,
    /// Net of all lines except own sales: the numerator of the take rate.
    pub net_without_own_sales: i128,
}

impl PlatformRevenue {
    /// Revenue by booking month, then line in the chart's order, then currency.
    pub fn rows(&self, months: Months) -> Vec<RevenueRow> {
        merged(self.revenue.iter().flatten(), months)
    }

    /// Revenue by category (none first), then as [`PlatformRevenue::rows`], to which these sum.
    pub fn rows_by_category(&self, months: Months) -> Vec<CategoryRow> {
        let mut rows: Vec<CategoryRow> = Vec::new();
        for (number, cells) in self.revenue.iter().enumerate() {
            let category = self.categories.path(number);
            rows.extend(
                merged(cells, months)
                    .into_iter()
                    .map(|row| CategoryRow { category: category.map(str::to_owned), row }),
            );
        }
        // Stable: within a category the order stays.
        rows.sort_by(|a, b| a.category.cmp(&b.category));
        rows
    }

    /// The value of merchandise by booking month, then currency.
    pub fn merchandise(&self, months: Months) -> Vec<MerchandiseRow> {
        let mut rows: BTreeMap<(Date, &str), MerchandiseRow> = BTreeMap::new();
        for cell in self.merchandise.iter().filter(|cell| months.contain(cell.months.booked)) {
            let (month, currency) = (cell.months.booked, cell.currency);
            let empty = MerchandiseRow { month, currency, value: 0 };
            rows.entry((month, currency.code())).or_insert(empty).value += cell.value;
        }
        rows.into_values().collect()
    }

    /// Sums of these booking months, by currency code.
    pub fn totals(&self, months: Months) -> Vec<RevenueTotal> {
        let mut totals: BTreeMap<&str, RevenueTotal> = BTreeMap::new();
        let empty = |currency| RevenueTotal {
            currency,
            merchandise_value: 0,
            gross: 0,
            returned: 0,
            net: 0,
            net_without_own_sales: 0,
        };
        for row in self.rows(months) {
            let total = totals.entry(row.currency.code()).or_insert(empty(row.currency));
            total.gross += row.gross;
            total.returned += row.returned;
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

/// Cells summed over categories and concerned months, in order.
fn merged<'c>(cells: impl IntoIterator<Item = &'c RevenueCell>, months: Months) -> Vec<RevenueRow> {
    let mut rows: BTreeMap<(Date, Account, &str), RevenueRow> = BTreeMap::new();
    for cell in cells.into_iter().filter(|cell| months.contain(cell.months.booked)) {
        let (month, line, currency) = (cell.months.booked, cell.line, cell.currency);
        let empty = RevenueRow { month, line, currency, gross: 0, returned: 0, net: 0 };
        let row = rows.entry((month, line, currency.code())).or_insert(empty);
        row.gross += cell.gross;
        row.returned += cell.returned;
        row.net += cell.gross - cell.returned;
    }
    rows.into_values().collect()
}
