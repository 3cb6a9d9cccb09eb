//! As reported + adjustments since = as known now.

use std::collections::BTreeMap;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use crate::PlatformRevenue;
use crate::view::Months;

/// A month as it was reported and as it is known now; net revenue in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownRow {
    /// First day of the month.
    pub month: Date,
    /// The revenue or contra-revenue account.
    pub line: Account,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Booked in the month and concerning it.
    pub reported: i128,
    /// Booked later because the month was closed, and concerning it.
    pub adjustments: i128,
    /// reported + adjustments.
    pub known: i128,
    /// Booked in the month and concerning earlier ones: with `reported`, the net of the month's
    /// [`crate::RevenueRow`].
    pub for_earlier: i128,
}

impl PlatformRevenue {
    /// Months as reported and as known now: by month, line in the chart's order, currency.
    pub fn as_known(&self, months: Months) -> Vec<KnownRow> {
        let mut rows: BTreeMap<(Date, Account, &str), KnownRow> = BTreeMap::new();
        let mut at = |month: Date, line: Account, currency: Currency, add: [i128; 3]| {
            if months.contain(month) {
                let row = rows.entry((month, line, currency.code())).or_insert(KnownRow {
                    month,
                    line,
                    currency,
                    reported: 0,
                    adjustments: 0,
                    known: 0,
                    for_earlier: 0,
                });
                let [reported, adjustments, for_earlier] = add;
                row.reported += reported;
                row.adjustments += adjustments;
                row.known += reported + adjustments;
                row.for_earlier += for_earlier;
            }
        };
        for cell in self.revenue.iter().flatten() {
            let (net, of) = (cell.net(), cell.months);
            if of.booked == of.concerns {
                at(of.concerns, cell.line, cell.currency, [net, 0, 0]);
            } else {
                at(of.concerns, cell.line, cell.currency, [0, net, 0]);
                at(of.booked, cell.line, cell.currency, [0, 0, net]);
            }
        }
        rows.into_values().collect()
    }
}
