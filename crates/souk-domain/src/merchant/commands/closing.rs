//! What can be asked when a merchant leaves.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;

use crate::merchant::events::Left;

/// Announces that a merchant's account ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceClosing<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// The last day of new business; absent: the last day of the settlement cycle that runs today.
    #[serde(default)]
    pub last_day: Option<Date>,
    /// Days after it in which orders complete and refunds and reserves run out; absent: the longer of the hold and the
    /// reserve in the terms.
    #[serde(default)]
    pub wind_down_days: Option<u16>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Withdraws an announced closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawClosing<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Closes an account over what the read side has found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseMerchant<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// What is left in it.
    pub left: Vec<Left>,
    /// As of this entry.
    pub entry: u64,
    /// Who closes it.
    pub closed_by: Cow<'a, str>,
}
