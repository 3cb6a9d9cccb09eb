//! What is shown: rows in the chart's order, and the totals that must meet.

use souk_journal::account::Account;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};

use crate::TrialBalance;
use crate::state::Sides;

/// One account of one merchant, or of none, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The account.
    pub account: Account,
    /// The merchant, when the postings are kept for one.
    pub merchant: Option<MerchantId>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Σ debits in minor units, ≥ 0.
    pub debits: i128,
    /// Σ credits in minor units, ≥ 0.
    pub credits: i128,
    /// Debits − credits in minor units.
    pub balance: i128,
}

/// Both sides of the whole ledger in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The currency of the amounts.
    pub currency: Currency,
    /// Σ debits in minor units.
    pub debits: i128,
    /// Σ credits in minor units; equal to the debits, or the ledger is damaged.
    pub credits: i128,
    /// Debits − credits in minor units: zero.
    pub balance: i128,
}

impl TrialBalance {
    /// Every account that was posted to: by account in the chart's order, then merchant, then
    /// currency. `names` are those of the same ledger.
    pub fn rows(&self, names: &Names) -> Vec<Row> {
        let mut rows: Vec<Row> = (0..)
            .zip(&self.sheets)
            .flat_map(|(number, sheet)| {
                let merchant = names.merchant(MerchantNo(number));
                sheet.rows().map(move |(account, currency, sides)| Row {
                    account,
                    merchant,
                    currency,
                    debits: sides.debits,
                    credits: sides.credits,
                    balance: sides.balance(),
                })
            })
            .collect();
        rows.sort_by_key(|row| (row.account, row.merchant, row.currency.code()));
        rows
    }

    /// Both sides per currency, by currency code.
    pub fn totals(&self) -> Vec<Total> {
        let mut totals: Vec<Total> = Vec::new();
        for (_, currency, sides) in self.sheets.iter().flat_map(|sheet| sheet.rows()) {
            let Sides { debits, credits } = sides;
            match totals.iter_mut().find(|total| total.currency == currency) {
                Some(total) => {
                    total.debits += debits;
                    total.credits += credits;
                    total.balance += sides.balance();
                }
                None => totals.push(Total { currency, debits, credits, balance: sides.balance() }),
            }
        }
        totals.sort_by_key(|total| total.currency.code());
        totals
    }

    /// Debits − credits of an account over all merchants and none, minor units: what other
    /// projections hold their control totals against.
    pub fn balance_of(&self, account: Account, currency: Currency) -> i128 {
        self.sheets
            .iter()
            .flat_map(|sheet| sheet.rows())
            .filter(|(of, unit, _)| *of == account && *unit == currency)
            .map(|(_, _, sides)| sides.balance())
            .sum()
    }

    /// Whether debits meet credits in every currency.
    pub fn is_balanced(&self) -> bool {
        self.totals().iter().all(|total| total.balance == 0)
    }

    /// Entries folded, memo entries included.
    pub fn entries_seen(&self) -> u64 {
        self.entries_seen
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.last_entry
    }
}
