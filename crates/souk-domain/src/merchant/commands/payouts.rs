//! What can be agreed about a merchant's payouts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;

use super::LeastPayout;

/// Agrees how a merchant's payouts are approved and how long a change of payee cools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreePayoutTerms {
    /// The merchant.
    pub merchant: MerchantId,
    /// First day; later than that of the terms of payouts before.
    pub effective_on: Date,
    /// Days for which a change of payee holds payouts after it was approved.
    pub cooling_days: u16,
    /// What one person may instruct, per currency.
    #[serde(default)]
    pub approval_above: Vec<LeastPayout>,
}
