//! What is shown: every open hold, and their sums by reason.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use crate::MerchantHolds;
use crate::state::Held;

/// A hold; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Whose money.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// Of which order; none where the hold is of no order.
    pub order: Option<&'a str>,
    /// The hold.
    pub hold: &'a str,
    /// Why; none where the entry does not say.
    pub reason: Option<&'a str>,
    /// The accounting date on which it was placed.
    pub since: Date,
    /// The entry that placed it.
    pub entry: EntryNumber,
    /// What is held, > 0.
    pub amount: i128,
}

/// What a merchant has on hold for one reason in one currency; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByReason<'a> {
    /// Whose money.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// Why; none where the entry does not say.
    pub reason: Option<&'a str>,
    /// Holds.
    pub holds: u64,
    /// What is held, > 0.
    pub amount: i128,
}

impl MerchantHolds {
    /// Every hold of which something is left, by merchant, currency and the entry that placed it. `names` are those of the
    /// same ledger.
    pub fn rows<'a>(&'a self, names: &Names) -> Vec<Row<'a>> {
        let row = |((_, hold), of): (&'a (Box<str>, Box<str>), &'a Held)| {
            Some(Row {
                merchant: names.merchant(of.merchant)?,
                currency: of.currency,
                order: of.order.as_deref(),
                hold,
                reason: of.reason.as_deref(),
                since: of.since,
                entry: of.entry,
                amount: of.amount,
            })
        };
        let mut rows: Vec<Row<'a>> = self.open.iter().filter_map(row).collect();
        rows.sort_by_key(|of| (of.merchant, of.currency.code(), of.entry));
        rows
    }

    /// What merchants have on hold by reason: by merchant, currency, reason.
    pub fn by_reason<'a>(&'a self, names: &Names) -> Vec<ByReason<'a>> {
        let mut sums: BTreeMap<(MerchantId, &str, Option<&str>), ByReason<'a>> = BTreeMap::new();
        for of in self.rows(names) {
            let (merchant, currency, reason) = (of.merchant, of.currency, of.reason);
            let sum = sums.entry((merchant, currency.code(), reason)).or_insert(ByReason {
                merchant,
                currency,
                reason,
                holds: 0,
                amount: 0,
            });
            sum.holds += 1;
            sum.amount += of.amount;
        }
        sums.into_values().collect()
    }

    /// Debits − credits of `MerchantHeld` in a currency, minor units: the control total.
    pub fn balance(&self, currency: Currency) -> i128 {
        let of = self.open.values().filter(|held| held.currency == currency);
        -of.map(|held| held.amount).sum::<i128>()
    }
}
