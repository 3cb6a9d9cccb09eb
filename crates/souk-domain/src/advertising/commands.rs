//! What can be asked of a merchant's advertising. Amounts are gross of VAT.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId, RefundId};
use souk_journal::money::Amount;

use super::events::{CreditKind, Overdraft, PaidThrough, Pricing};
use crate::rate::Rate;
use crate::settled_from::TakeFrom;

/// Agrees what happens when a charge is more than credit and wallet; from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeAdTerms<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Refused, or billed to the payable.
    pub overdraft: Overdraft,
}

/// Tops the wallet up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopUpWallet<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0.
    pub amount: Amount,
    /// Provider, bank or payable; none named is the payable.
    #[serde(borrow)]
    pub from: Vec<TakeFrom<'a>>,
}

/// Grants credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAdCredit<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// A name for the grant; it is granted once.
    pub grant: Id,
    /// Free, or a bonus on what is in the wallet now.
    pub credit: CreditKind,
    /// How much advertising it buys, > 0.
    pub amount: Amount,
    /// The last day on which free credit is spent; what is left then expires.
    #[serde(default)]
    pub expires_on: Option<Date>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Reverses free credit whose last day is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpireAdCredit<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Credit with this last day, or an earlier one.
    pub through: Date,
}

/// Bills a campaign for a period that is over: free credit first, then wallet and bonus, then the payable where the
/// terms allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeAds<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The campaign.
    pub campaign: Id,
    /// First day billed.
    pub from: Date,
    /// Last day billed.
    pub to: Date,
    /// What was delivered, and at which price.
    pub pricing: Pricing,
    /// What it cost, tax included; absent: quantity times unit price.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// The tax inside: net is round(gross / (1 + rate)).
    pub tax_rate: Rate,
    /// In overdraft: the payable bears it not before this day.
    #[serde(default)]
    pub due_on: Option<Date>,
}

/// Gives unspent money of the wallet back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundWallet<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// A name for the refund; unique for this merchant and currency.
    pub refund: RefundId,
    /// How much, > 0; absent: all that is unspent.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Records that a refund of the wallet was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmWalletRefund<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The refund.
    pub refund: RefundId,
    /// The provider or the bank.
    pub through: PaidThrough,
    /// The payment at the provider, or the transfer at the bank.
    #[serde(borrow)]
    pub reference: Cow<'a, str>,
}

/// A command to a merchant's advertising.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdvertisingCommand<'a> {
    /// Agree terms.
    AgreeTerms(AgreeAdTerms<'a>),
    /// Top up.
    TopUp(TopUpWallet<'a>),
    /// Grant credit.
    Grant(GrantAdCredit<'a>),
    /// Let credit expire.
    Expire(ExpireAdCredit<'a>),
    /// Charge.
    Charge(ChargeAds<'a>),
    /// Refund.
    Refund(RefundWallet<'a>),
    /// Confirm a refund.
    ConfirmRefund(ConfirmWalletRefund<'a>),
}

impl AdvertisingCommand<'_> {
    /// Whose advertising, and the code of its currency.
    pub fn of(&self) -> (MerchantId, &str) {
        match self {
            Self::AgreeTerms(of) => (of.merchant, &of.currency),
            Self::TopUp(of) => (of.merchant, &of.currency),
            Self::Grant(of) => (of.merchant, &of.currency),
            Self::Expire(of) => (of.merchant, &of.currency),
            Self::Charge(of) => (of.merchant, &of.currency),
            Self::Refund(of) => (of.merchant, &of.currency),
            Self::ConfirmRefund(of) => (of.merchant, &of.currency),
        }
    }
}
