//! How a merchant's account ends: announced, perhaps withdrawn, closed.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency};

/// The end was announced: new business until a last day, then the wind-down, then the final settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantClosingAnnounced<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// When it was announced, in the merchant's zone.
    pub announced_on: Date,
    /// The last day of new business: orders placed after it are refused.
    pub last_day: Date,
    /// The last day of the wind-down: the cycle in which it falls closes as the final settlement.
    pub wind_down_to: Date,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// The merchant stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantClosingWithdrawn<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// What can be left in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftKind {
    /// Open items of the payable.
    Items,
    /// Buyers' money for orders that are not completed.
    Escrow,
    /// A payout that is not instructed.
    PayoutDue,
    /// A payout on its way.
    PayoutInTransit,
    /// Money on hold.
    Held,
    /// Reserve.
    Reserve,
    /// The deposit.
    Deposit,
    /// The advertising wallet.
    Wallet,
    /// A loan that is not repaid.
    Loan,
    /// What the merchant owes; an account may close with it.
    Debt,
}

impl LeftKind {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Items => "open items",
            Self::Escrow => "buyers' money of open orders",
            Self::PayoutDue => "a payout not instructed",
            Self::PayoutInTransit => "a payout on its way",
            Self::Held => "money on hold",
            Self::Reserve => "reserve",
            Self::Deposit => "a deposit",
            Self::Wallet => "an advertising wallet",
            Self::Loan => "a loan not repaid",
            Self::Debt => "a debt",
        }
    }
}

/// Something left in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// What.
    pub kind: LeftKind,
    /// Currency.
    pub currency: Currency,
    /// How much; of items their sum, which may be nothing.
    pub amount: Amount,
}

/// The account is closed: nothing was left in it but, perhaps, a debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantClosed<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// The last day of the wind-down.
    pub wind_down_to: Date,
    /// Nothing was left as of this entry.
    pub entry: u64,
    /// What the merchant still owes, by currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<Left>,
    /// Who closed it.
    #[serde(borrow)]
    pub closed_by: Cow<'a, str>,
}
