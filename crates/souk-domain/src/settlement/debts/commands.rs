//! What can be asked of a merchant's debt.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::MerchantId;
use souk_journal::money::Amount;

use crate::settled_from::TakeFrom;

/// Turns a negative balance that was carried into a debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecogniseDebt<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0; absent: all that the last close carried.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Records that a debt was paid, or keeps it from what the merchant is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectDebt<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0; absent: all of it.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Bank, provider or payable; none named is the payable.
    #[serde(borrow, default)]
    pub from: Vec<TakeFrom<'a>>,
}

/// Sets what is not expected of a debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDebtAllowance<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The allowance from now on, from 0 to the debt.
    pub allowance: Amount,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Writes a debt off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOffDebt<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0; absent: all of it.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A command to a merchant's debt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DebtCommand<'a> {
    /// Recognise.
    Recognise(RecogniseDebt<'a>),
    /// Collect.
    Collect(CollectDebt<'a>),
    /// Set the allowance.
    SetAllowance(SetDebtAllowance<'a>),
    /// Write off.
    WriteOff(WriteOffDebt<'a>),
}

impl DebtCommand<'_> {
    /// Whose debt, and the code of its currency.
    pub fn of(&self) -> (MerchantId, &str) {
        match self {
            Self::Recognise(of) => (of.merchant, &of.currency),
            Self::Collect(of) => (of.merchant, &of.currency),
            Self::SetAllowance(of) => (of.merchant, &of.currency),
            Self::WriteOff(of) => (of.merchant, &of.currency),
        }
    }
}
