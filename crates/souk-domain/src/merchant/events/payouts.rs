//! What is agreed about a merchant's payouts beside its terms of settlement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::money::{Amount, Currency};

/// Above this a payout is instructed by two persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalLimit {
    /// Currency of the amount.
    pub currency: Currency,
    /// What one person may instruct.
    pub amount: Amount,
}

/// Terms of payouts were agreed; they hold from their first day until later ones do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutTermsAgreed {
    /// First day.
    pub effective_on: Date,
    /// Days for which a change of payee holds payouts after it was approved.
    pub cooling_days: u16,
    /// Limits, per currency; without one, one person may instruct any amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approval_above: Vec<ApprovalLimit>,
}
