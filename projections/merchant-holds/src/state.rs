//! The fold: one sum per hold, gone when nothing of it is left.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryNumber, JournalEntry, RefKind};
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;

use crate::MerchantHolds;

/// A hold of which something is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) merchant: MerchantNo,
    pub(crate) currency: Currency,
    pub(crate) order: Option<Box<str>>,
    pub(crate) reason: Option<Box<str>>,
    pub(crate) since: Date,
    pub(crate) entry: EntryNumber,
    /// Minor units, > 0.
    pub(crate) amount: i128,
}

impl MerchantHolds {
    /// Adds one entry. A hold is named within its stream.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>) {
        for posting in entry.postings.iter().filter(|of| of.account == Account::MerchantHeld) {
            let hold = entry.reference(RefKind::Hold).unwrap_or_default();
            let key = (entry.source.stream.into(), hold.into());
            let credit = -i128::from(posting.amount);
            let held = self.open.entry(key.clone()).or_insert_with(|| Held {
                merchant: posting.merchant,
                currency: posting.currency,
                order: entry.reference(RefKind::Order).map(Into::into),
                reason: entry.reference(RefKind::Reason).map(Into::into),
                since: entry.effective_on,
                entry: entry.entry,
                amount: 0,
            });
            held.amount += credit;
            if held.amount == 0 {
                self.open.remove(&key);
            }
        }
    }
}
