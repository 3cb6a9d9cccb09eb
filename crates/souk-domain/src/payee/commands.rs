//! What can be asked of a merchant's payees in one currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::{Id, MerchantId};

use super::events::Means;

/// Proposes a payee whose details are in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePayee<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code of the payouts that go there.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Its opaque id, as in the vault.
    pub payee: Id,
    /// How it is paid.
    pub means: Means,
    /// SHA-256 over the salt and the details, 64 hexadecimal digits.
    #[serde(borrow)]
    pub commitment: Cow<'a, str>,
    /// The last four characters of its account.
    #[serde(borrow)]
    pub tail: Cow<'a, str>,
    /// Who proposes it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
}

/// Approves the payee that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePayee<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Which.
    pub payee: Id,
    /// Who approves it: not who proposed it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
}

/// Withdraws a payee, proposed or approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPayee<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Which.
    pub payee: Id,
    /// Who withdraws it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A command to a merchant's payees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayeeCommand<'a> {
    /// Propose.
    Propose(ProposePayee<'a>),
    /// Approve.
    Approve(ApprovePayee<'a>),
    /// Withdraw.
    Withdraw(WithdrawPayee<'a>),
}

impl PayeeCommand<'_> {
    /// The merchant and the currency's code.
    pub fn of(&self) -> (MerchantId, &str) {
        match self {
            Self::Propose(of) => (of.merchant, &of.currency),
            Self::Approve(of) => (of.merchant, &of.currency),
            Self::Withdraw(of) => (of.merchant, &of.currency),
        }
    }
}
