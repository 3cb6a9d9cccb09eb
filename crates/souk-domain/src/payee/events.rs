//! What can happen to a merchant's payees. No account number and no name stands here: they are in the vault.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::Currency;

/// How a payee is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// A bank account: an IBAN, or a domestic account with its bank's code.
    Bank,
    /// A WeChat Pay account.
    Wechat,
    /// An Alipay account.
    Alipay,
}

impl Means {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Wechat => "wechat",
            Self::Alipay => "alipay",
        }
    }
}

/// A payee was proposed. Until it is approved and has cooled, or is withdrawn, the merchant's payouts wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayeeProposed<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the payouts that go there.
    pub currency: Currency,
    /// Its opaque id.
    pub payee: Id,
    /// How it is paid.
    pub means: Means,
    /// SHA-256 over the salt and the details in the vault, 64 hexadecimal digits.
    #[serde(borrow)]
    pub commitment: Cow<'a, str>,
    /// The last four characters of its account.
    #[serde(borrow)]
    pub tail: Cow<'a, str>,
    /// Who proposed it.
    #[serde(borrow)]
    pub proposed_by: Cow<'a, str>,
    /// The payee that it would follow, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Id>,
}

/// A second person approved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayeeApproved<'a> {
    /// Which.
    pub payee: Id,
    /// Who approved it.
    #[serde(borrow)]
    pub approved_by: Cow<'a, str>,
    /// Days it cools; none for a merchant's first.
    pub cooling_days: u16,
    /// The first day on which payouts go there.
    pub in_force_on: Date,
}

/// It is not used any more, or never was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayeeWithdrawn<'a> {
    /// Which.
    pub payee: Id,
    /// Who withdrew it.
    #[serde(borrow)]
    pub withdrawn_by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to a merchant's payees.
    pub enum PayeeEvent<'a> {
        /// Proposed (memo).
        Proposed(PayeeProposed<'a>) = PayeeProposed v 1,
        /// Approved (memo).
        Approved(PayeeApproved<'a>) = PayeeApproved v 1,
        /// Withdrawn (memo).
        Withdrawn(PayeeWithdrawn<'a>) = PayeeWithdrawn v 1,
    }
}
