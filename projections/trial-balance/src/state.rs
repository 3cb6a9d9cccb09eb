//! The fold: one short list of accounts per merchant.
//!
//! A merchant touches a handful of accounts, so a scan over three-byte keys beats a table as wide
//! as the chart for each of many thousand merchants.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::entry::JournalEntry;
use souk_journal::money::Currency;

use crate::TrialBalance;

/// Both sides of one account in minor units, each ≥ 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sides {
    pub(crate) debits: i128,
    pub(crate) credits: i128,
}

impl Sides {
    /// Debits less credits, minor units.
    pub(crate) fn balance(self) -> i128 {
        self.debits - self.credits
    }

    fn post(&mut self, amount: i64) {
        let amount = i128::from(amount);
        if amount > 0 {
            self.debits += amount;
        } else {
            self.credits -= amount;
        }
    }
}

/// The accounts of one merchant (or of none), in order of first posting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    keys: Vec<(Account, Currency)>,
    sides: Vec<Sides>,
}

impl Sheet {
    /// Every account of the sheet with its currency and both sides.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Account, Currency, Sides)> {
        self.keys
            .iter()
            .zip(&self.sides)
            .map(|((account, currency), sides)| (*account, *currency, *sides))
    }

    fn post(&mut self, account: Account, currency: Currency, amount: i64) {
        let key = (account, currency);
        let known = self.keys.iter().position(|of| *of == key);
        let index = known.unwrap_or_else(|| {
            self.keys.push(key);
            self.sides.push(Sides::default());
            self.keys.len() - 1
        });
        self.sides[index].post(amount);
    }
}

impl TrialBalance {
    /// Adds one entry.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>) {
        self.entries_seen += 1;
        self.last_entry = Some(entry.entry);
        for posting in &entry.postings {
            let number = posting.merchant.0 as usize;
            if number >= self.sheets.len() {
                self.sheets.resize_with(number + 1, Sheet::default);
            }
            self.sheets[number].post(posting.account, posting.currency, posting.amount);
        }
    }
}
