//! What is shown: rows by account, jurisdiction, currency and month, and the fee tax that came back.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use crate::PlatformTaxes;
use crate::state::{ACCOUNTS, Returned, Sums};

/// One account of one jurisdiction in one month; minor units, positive is owed by the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The account.
    pub account: Account,
    /// Whose tax; none where the account is kept for no jurisdiction.
    pub jurisdiction: Option<&'a str>,
    /// The currency.
    pub currency: Currency,
    /// First day of the month.
    pub month: Date,
    /// Charged, claimed, collected or withheld; input tax is negative.
    pub arisen: i128,
    /// What refunds gave back; negative.
    pub returned: i128,
    /// What was paid or set off for the month; negative, of input tax positive.
    pub remitted: i128,
}

impl Row<'_> {
    /// What is still owed.
    pub fn open(&self) -> i128 {
        self.arisen + self.returned + self.remitted
    }
}

impl PlatformTaxes {
    /// Every row, by account in the chart's order, jurisdiction, currency and month.
    pub fn rows<'a>(&'a self) -> Vec<Row<'a>> {
        let row = |of: &'a Sums| Row {
            account: of.account,
            jurisdiction: of.jurisdiction.as_deref(),
            currency: of.currency,
            month: of.month,
            arisen: of.arisen,
            returned: of.returned,
            remitted: of.remitted,
        };
        let mut rows: Vec<Row<'a>> = self.rows.iter().map(row).collect();
        let place = |account| ACCOUNTS.iter().position(|of| *of == account);
        rows.sort_by_key(|of| (place(of.account), of.jurisdiction, of.currency.code(), of.month));
        rows
    }

    /// Tax on fees that came back, in log order.
    pub fn returned_fee_tax(&self) -> &[Returned] {
        &self.returned
    }

    /// Debits − credits of an account over everything, minor units: the control total.
    pub fn balance_of(&self, account: Account, currency: Currency) -> i128 {
        let of = self.rows.iter().filter(|of| (of.account, of.currency) == (account, currency));
        of.map(|of| -(of.arisen + of.returned + of.remitted)).sum()
    }
}
