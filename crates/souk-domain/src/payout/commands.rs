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
    /// Where it goes; needed once the merchant has payees.
    #[serde(default)]
    pub payee: Option<Id>,
    /// The file it is in.
    #[serde(default)]
    pub file: Option<Id>,
    /// Who instructs it; counts as one of the two persons above the limit.
    #[serde(borrow, default)]
    pub by: Option<Cow<'a, str>>,
}

/// Approves a payout that is above the limit of the merchant's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Who approves it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
}

/// Holds a payout that is not instructed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Who holds it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Releases a payout that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasePayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Who releases it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Records that the bank accepted the payout and has not paid it yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// The bank's status, such as `ACSP`.
    pub status: Id,
}

/// Takes back an instruction that was not handed over: the payout is due again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallPayout<'a> {
    /// Which.
    #[serde(borrow)]
    pub of: OfCycle<'a>,
    /// Who recalls it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
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
    /// Approve.
    Approve(ApprovePayout<'a>),
    /// Hold.
    Hold(HoldPayout<'a>),
    /// Release.
    Release(ReleasePayout<'a>),
    /// Accept.
    Accept(AcceptPayout<'a>),
    /// Recall.
    Recall(RecallPayout<'a>),
}

impl<'a> PayoutCommand<'a> {
    /// Which payout.
    pub fn of(&self) -> &OfCycle<'a> {
        match self {
            Self::Instruct(of) => &of.of,
            Self::Confirm(of) => &of.of,
            Self::Fail(of) => &of.of,
            Self::Return(of) => &of.of,
            Self::Approve(of) => &of.of,
            Self::Hold(of) => &of.of,
            Self::Release(of) => &of.of,
            Self::Accept(of) => &of.of,
            Self::Recall(of) => &of.of,
        }
    }
}
