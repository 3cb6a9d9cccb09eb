//! What can happen to a merchant's advertising in one currency. Amounts are gross of VAT where nothing else is said.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use crate::opening::events::WalletBroughtForward;
use crate::rate::Rate;
use crate::segment::Segment;
use crate::settled_from::SettledFrom;

/// What happens when a charge is more than credit and wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overdraft {
    /// The charge is refused.
    #[default]
    Refused,
    /// The rest is billed to the merchant's payable: lines of its next statement.
    Payable,
}

/// What a credit is worth.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CreditKind {
    /// Given away: spent before any money, and no money stands for it. Of 550.00 charged, a free 100.00 pays 100.00 and
    /// the wallet 450.00.
    Free,
    /// Sold with what was paid: 500.00 in the wallet and a bonus of 100.00 buy 600.00 of advertising, so 550.00 of it
    /// costs 550.00 × 500.00 / 600.00 = 458.33 of the wallet, and 91.67 is bonus.
    Bonus,
}

/// How a campaign is billed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PricingModel {
    /// Per click.
    Cpc,
    /// Per thousand impressions.
    Cpm,
    /// Per placement.
    Placement,
}

/// What was delivered, and at which price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pricing {
    /// By what.
    pub model: PricingModel,
    /// Clicks, impressions or placements.
    pub quantity: u64,
    /// Of one click, of a thousand impressions, of one placement; absent when prices differed within the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Amount>,
}

/// Who pays a refund out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaidThrough {
    /// The payment provider.
    Provider,
    /// The bank.
    Bank,
}

/// Terms of advertising were agreed; they hold until later ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdTermsAgreed {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the wallet.
    pub currency: Currency,
    /// Whether the payable bears what credit and wallet do not.
    pub overdraft: Overdraft,
}

/// The wallet was topped up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletToppedUp<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Where it came from; there is no tax in a top-up.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
}

/// Credit was granted: memorandum, never revenue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditGranted<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The grant.
    pub grant: Id,
    /// What it is worth.
    pub credit: CreditKind,
    /// How much advertising it buys, > 0.
    pub amount: Amount,
    /// The last day on which it is spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// Free credit whose last day is over expired: what was left of it, memorandum as its grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditExpired {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// Everything granted through this day or an earlier one.
    pub through: Date,
    /// What was left of it.
    pub amount: Amount,
}

/// A campaign was billed for a period: amount = free credit + bonus + net + tax, and net + tax = Σ `settled_from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdCharged<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The campaign.
    pub campaign: Id,
    /// First day billed.
    pub from: Date,
    /// Last day billed.
    pub to: Date,
    /// What was delivered.
    pub pricing: Pricing,
    /// What it cost, > 0, tax included.
    pub amount: Amount,
    /// Borne by free credit.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub free_credit: Amount,
    /// Borne by bonus.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub bonus: Amount,
    /// The tax inside what is paid with money.
    pub tax_rate: Rate,
    /// Revenue: what is paid with money, without tax.
    pub net: Amount,
    /// Its tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// What the wallet bears and, in overdraft, the payable; empty when credit bears all of it.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
    /// Tier of the merchant, as it was.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
}

/// Unspent money of the wallet goes back to the merchant. Credit is never paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletRefunded<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The refund.
    pub refund: RefundId,
    /// How much, > 0.
    pub amount: Amount,
    /// Bonus that goes with the money it was sold with: the same share of it.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub bonus_lapsed: Amount,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// A refund of the wallet reached the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletRefundPaid<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The refund.
    pub refund: RefundId,
    /// How much.
    pub amount: Amount,
    /// The provider or the bank.
    pub through: PaidThrough,
    /// The payment at the provider, or the transfer at the bank.
    #[serde(borrow)]
    pub reference: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to a merchant's advertising.
    pub enum AdvertisingEvent<'a> {
        /// Brought forward when going live.
        BroughtForward(WalletBroughtForward<'a>) = WalletBroughtForward v 1,
        /// Terms agreed (memo).
        TermsAgreed(AdTermsAgreed) = AdTermsAgreed v 1,
        /// Topped up.
        ToppedUp(WalletToppedUp<'a>) = WalletToppedUp v 1,
        /// Credit granted.
        CreditGranted(CreditGranted<'a>) = CreditGranted v 2,
        /// Credit expired.
        CreditExpired(CreditExpired) = CreditExpired v 1,
        /// Charged.
        Charged(AdCharged<'a>) = AdCharged v 2,
        /// Refunded.
        Refunded(WalletRefunded<'a>) = WalletRefunded v 1,
        /// Refund paid.
        RefundPaid(WalletRefundPaid<'a>) = WalletRefundPaid v 1,
    }
}
