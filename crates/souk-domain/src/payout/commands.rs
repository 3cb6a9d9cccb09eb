//! What can be asked of a payout. A payout is named by merchant, currency and cycle; its id follows
//! from them, so a cycle is instructed once.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::{CycleId, Id, MerchantId};

/// Names the payout of a closed cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfCycle<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The closed cycle.
    pub cycle: CycleId,
}

/// Hands the payout of a closed cycle to the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstructPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
}

/// Records that the bank paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// The bank's reference.
    #[serde(default)]
    pub bank_reference: Option<Id>,
}

/// Records that the payout never left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Records that the bank sent the payout back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A command to a payout's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutCommand<'a> {
    /// Instruct.
    Instruct(InstructPayout<'a>),
    /// Confirm.
    Confirm(ConfirmPayout<'a>),
    /// Fail.
    Fail(FailPayout<'a>),
    /// Return.
    Return(ReturnPayout<'a>),
}

impl<'a> PayoutCommand<'a> {
    /// Which payout.
    pub fn of(&self) -> &OfCycle<'a> {
        match self {
            Self::Instruct(of) => &of.of,
            Self::Confirm(of) => &of.of,
            Self::Fail(of) => &of.of,
            Self::Return(of) => &of.of,
        }
    }
}
