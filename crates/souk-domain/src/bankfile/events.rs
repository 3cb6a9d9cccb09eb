//! What can happen to a bank's statement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

/// Whether money came to the account or went from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BankDirection {
    /// It came.
    Received,
    /// It went.
    Sent,
}

/// What a line confirms: the reference under which `BankClearing` is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cleared {
    /// A payout, by its id: what `EndToEndId` of the payment file gave the bank.
    Payout(Id),
    /// A transfer, by the reference that the event behind it names.
    Transfer(Id),
}

/// A line of a bank's statement was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankLineRecorded {
    /// The account at the bank.
    pub account: Id,
    /// The statement.
    pub statement: Id,
    /// The bank's reference of the line.
    pub line: Id,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Whether it came or went.
    pub direction: BankDirection,
    /// What it confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<Cleared>,
}

event_table! {
    /// Everything that can happen to a bank's statement.
    pub enum BankFileEvent {
        /// A line was recorded.
        LineRecorded(BankLineRecorded) = BankLineRecorded v 1,
    }
}
