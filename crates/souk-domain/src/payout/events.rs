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
pub struct PayoutInstructed {
    /// Whom, how much, for what.
    pub payout: PayoutFacts,
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
        Instructed(PayoutInstructed) = PayoutInstructed v 1,
        /// Paid.
        Paid(PayoutPaid) = PayoutPaid v 1,
        /// Failed before it left.
        Failed(PayoutUndone<'a>) = PayoutFailed v 1,
        /// Returned after it was paid.
        Returned(PayoutUndone<'a>) = PayoutReturned v 1,
    }
}
