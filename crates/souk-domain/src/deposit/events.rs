//! What can happen to a merchant's deposit in one currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, RunId};
use souk_journal::money::{Amount, Currency};

use crate::opening::events::DepositBroughtForward;
use crate::settled_from::SettledFrom;

/// The merchant paid into its deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositPaid<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Where it came from; there is no tax in a deposit.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
}

/// Deposit was used: it is an item of the merchant's balance now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositUsed<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// When the item falls due.
    pub due_on: Date,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Deposit was given back by bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositReturned<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub reference: Cow<'a, str>,
}

/// A part of the deposit was set aside for the close of a cycle. The close uses it and moves the money; from here on it
/// can be neither returned nor used for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositSetAside {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The close run.
    pub run: RunId,
    /// The cycle whose close uses it.
    pub cycle: CycleId,
    /// How much, > 0.
    pub amount: Amount,
}

event_table! {
    /// Everything that can happen to a deposit.
    pub enum DepositEvent<'a> {
        /// Brought forward when going live.
        BroughtForward(DepositBroughtForward<'a>) = DepositBroughtForward v 1,
        /// Paid.
        Paid(DepositPaid<'a>) = DepositPaid v 1,
        /// Used.
        Used(DepositUsed<'a>) = DepositUsed v 1,
        /// Returned.
        Returned(DepositReturned<'a>) = DepositReturned v 1,
        /// Set aside for a close (memo).
        SetAside(DepositSetAside) = DepositSetAside v 1,
    }
}
