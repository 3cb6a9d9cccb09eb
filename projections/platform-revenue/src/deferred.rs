//! What is charged and not yet earned, by the kind of fee: the kinds on `DeferredRevenue` name it.

use serde::{Deserialize, Serialize};
use souk_journal::entry::Posting;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::PlatformRevenue;

/// The deferral of a kind of fee; minor units, credit positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredRow {
    /// The fee.
    pub fee: LineKind,
    /// The currency of the amount.
    pub currency: Currency,
    /// Charged, not yet earned, given back or forfeited.
    pub amount: i128,
}

impl PlatformRevenue {
    /// Adds a posting to `DeferredRevenue`.
    pub(crate) fn defer(&mut self, posting: &Posting) {
        // A component without a plain kind stands for itself.
        let fee = posting.kind.plain().unwrap_or(posting.kind);
        let currency = posting.currency;
        let known = self.deferred.iter().position(|of| (of.fee, of.currency) == (fee, currency));
        let index = known.unwrap_or_else(|| {
            self.deferred.push(DeferredRow { fee, currency, amount: 0 });
            self.deferred.len() - 1
        });
        self.deferred[index].amount -= i128::from(posting.amount);
    }

    /// What is deferred, by fee, then currency; their sum is the credit balance of `DeferredRevenue`.
    pub fn deferred(&self) -> Vec<DeferredRow> {
        let mut rows = self.deferred.clone();
        rows.sort_by_key(|row| (row.fee, row.currency.code()));
        rows
    }
}
