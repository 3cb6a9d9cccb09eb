//! What can be asked of a merchant's deposit.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, RunId};
use souk_journal::money::{Amount, Currency};

use crate::settled_from::TakeFrom;

/// Pays into the deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayDeposit<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0.
    pub amount: Amount,
    /// Bank, provider or payable; none named is the payable.
    #[serde(borrow)]
    pub from: Vec<TakeFrom<'a>>,
}

/// Uses the deposit for the merchant's balance: a line of its next statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseDeposit<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0.
    pub amount: Amount,
    /// The line falls due on this day; absent: today.
    #[serde(default)]
    pub due_on: Option<Date>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Gives the deposit back to the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnDeposit<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0; absent: all of it.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub reference: Cow<'a, str>,
}

/// Sets a part of the deposit aside for the close of a cycle, which covers a balance below zero with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetDepositAside {
    /// The merchant.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// The close run.
    pub run: RunId,
    /// The cycle.
    pub cycle: CycleId,
    /// How much, > 0.
    pub amount: Amount,
}

/// A command to a merchant's deposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DepositCommand<'a> {
    /// Pay.
    Pay(PayDeposit<'a>),
    /// Use.
    Use(UseDeposit<'a>),
    /// Return.
    Return(ReturnDeposit<'a>),
    /// Set aside, by a close run only.
    SetAside(SetDepositAside),
}

impl DepositCommand<'_> {
    /// Whose deposit, and the code of its currency.
    pub fn of(&self) -> (MerchantId, &str) {
        match self {
            Self::Pay(of) => (of.merchant, &of.currency),
            Self::Use(of) => (of.merchant, &of.currency),
            Self::Return(of) => (of.merchant, &of.currency),
            Self::SetAside(of) => (of.merchant, of.currency.code()),
        }
    }
}
