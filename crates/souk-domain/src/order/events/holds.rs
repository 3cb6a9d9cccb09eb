//! Holds on what a sale brought a merchant.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

/// Of what a line's sale brought its merchant, a part or all was put on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPlaced<'a> {
    /// The hold, unique in the order.
    pub hold: Id,
    /// Whose money.
    pub merchant: MerchantId,
    /// Of which line.
    pub line: LineId,
    /// Currency of the settlement.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// It falls due with the sale.
    pub due_on: Date,
    /// Why: a code of the platform's own, such as `suspected-fraud`.
    pub reason: Id,
    /// In a few words.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Cow<'a, str>>,
}

/// A hold was let go, in part or whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldReleased<'a> {
    /// The hold.
    pub hold: Id,
    /// Whose money.
    pub merchant: MerchantId,
    /// Of which line.
    pub line: LineId,
    /// Currency of the settlement.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// The later of the sale's due date and the day of the release.
    pub due_on: Date,
    /// The reason of the hold.
    pub reason: Id,
    /// The refund after which so much of the sale was not there any more to be held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundId>,
    /// In a few words.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Cow<'a, str>>,
}
