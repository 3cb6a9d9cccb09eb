//! What can happen to a merchant's debt in one currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency};

use crate::settled_from::SettledFrom;

/// A negative balance that closes had carried became a debt: a line of the next statement brings the balance up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtRecognised<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// The line falls due with the carried balance, at the last cut-off.
    pub due_on: Date,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A debt was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtCollected<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// By whom; there is no tax in a debt.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
    /// Allowance that is not needed any more, because less is owed.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub allowance_released: Amount,
}

/// What is not expected of a debt was judged anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtAllowanceSet<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The allowance from now on, ≥ 0.
    pub allowance: Amount,
    /// What that adds to the one before; below zero it takes away.
    pub change: Amount,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A debt was written off: nobody expects it to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtWrittenOff<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Of it provided for: from the allowance.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub from_allowance: Amount,
    /// Of it not provided for: an expense now.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub expensed: Amount,
    /// Who approved it: two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}
