//! What merchants have on hold: every hold, and their sums by reason.

use merchant_holds::MerchantHolds;
use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use crate::books::Books;
use crate::figure::Figure;

/// A hold of which something is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoldRow {
    /// Whose money.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// Of which order; null where it is of none.
    pub order: Option<String>,
    /// The hold.
    pub hold: String,
    /// Why: a code of the platform's own.
    pub reason: Option<String>,
    /// The accounting date on which it was placed.
    pub since: Date,
    /// The entry that placed it.
    pub entry: u64,
    /// What is held.
    pub amount: Figure,
}

/// What a merchant has on hold for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeldByReason {
    /// Whose money.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// Why: a code of the platform's own.
    pub reason: Option<String>,
    /// How many holds.
    pub holds: u64,
    /// What is held.
    pub amount: Figure,
}

impl Books {
    /// Every hold of which something is left, of one merchant or of all: by merchant, currency and entry.
    pub fn holds(&self, merchant: Option<MerchantId>) -> Vec<HoldRow> {
        hold_rows(&self.models().holds, self.names(), merchant)
    }

    /// What merchants have on hold by reason, of one merchant or of all.
    pub fn held_by_reason(&self, merchant: Option<MerchantId>) -> Vec<HeldByReason> {
        by_reason(&self.models().holds, self.names(), merchant)
    }
}

/// Holds of one merchant or of all.
pub(crate) fn hold_rows(
    holds: &MerchantHolds,
    names: &Names,
    merchant: Option<MerchantId>,
) -> Vec<HoldRow> {
    let rows = holds.rows(names).into_iter();
    let rows = rows.filter(|row| merchant.is_none_or(|merchant| row.merchant == merchant));
    rows.map(|row| HoldRow {
        merchant: row.merchant,
        currency: row.currency,
        order: row.order.map(str::to_owned),
        hold: row.hold.to_owned(),
        reason: row.reason.map(str::to_owned),
        since: row.since,
        entry: row.entry,
        amount: Figure::new(row.amount, row.currency),
    })
    .collect()
}

/// Their sums by reason.
pub(crate) fn by_reason(
    holds: &MerchantHolds,
    names: &Names,
    merchant: Option<MerchantId>,
) -> Vec<HeldByReason> {
    let rows = holds.by_reason(names).into_iter();
    let rows = rows.filter(|row| merchant.is_none_or(|merchant| row.merchant == merchant));
    rows.map(|row| HeldByReason {
        merchant: row.merchant,
        currency: row.currency,
        reason: row.reason.map(str::to_owned),
        holds: row.holds,
        amount: Figure::new(row.amount, row.currency),
    })
    .collect()
}
