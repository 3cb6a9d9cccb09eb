//! What can happen to a payout.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::{Amount, Currency};

/// What every event of a payout says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutFacts {
    /// Who is paid.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// The closed cycle it pays.
    pub cycle: CycleId,
}

/// A payout was handed to the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutInstructed<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// Where it goes: the payee's id in the vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<Id>,
    /// The file it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Id>,
    /// Who instructed it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub instructed_by: Option<Cow<'a, str>>,
}

/// A person approved it, as payouts above the limit need before they are instructed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutApproved<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// Who.
    #[serde(borrow)]
    pub approved_by: Cow<'a, str>,
}

/// It is not instructed until it is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutHeld<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// Who held it.
    #[serde(borrow)]
    pub held_by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// It may be instructed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutReleased<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// Who released it.
    #[serde(borrow)]
    pub released_by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// The bank accepted it and has not paid it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutAccepted {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// The bank's status.
    pub status: Id,
}

/// Its instruction was not handed over: it is due again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutRecalled<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// Who recalled it.
    #[serde(borrow)]
    pub recalled_by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// The bank confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutPaid {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// The bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<Id>,
}

/// It never left, or came back: the money is an item of the merchant again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutUndone<'a> {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
    /// The new item falls due on this date.
    pub due_on: Date,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to a payout.
    pub enum PayoutEvent<'a> {
        /// Instructed.
        Instructed(PayoutInstructed<'a>) = PayoutInstructed v 2,
        /// Paid.
        Paid(PayoutPaid) = PayoutPaid v 1,
        /// Failed before it left.
        Failed(PayoutUndone<'a>) = PayoutFailed v 1,
        /// Returned after it was paid.
        Returned(PayoutUndone<'a>) = PayoutReturned v 1,
        /// Approved (memo).
        Approved(PayoutApproved<'a>) = PayoutApproved v 1,
        /// Held (memo).
        Held(PayoutHeld<'a>) = PayoutHeld v 1,
        /// Released (memo).
        Released(PayoutReleased<'a>) = PayoutReleased v 1,
        /// Accepted by the bank (memo).
        Accepted(PayoutAccepted) = PayoutAccepted v 1,
        /// Recalled: due again.
        Recalled(PayoutRecalled<'a>) = PayoutRecalled v 1,
    }
}
