//! What can be recorded of a bank's statement.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::Amount;

use super::events::{BankDirection, Cleared};

/// Records a line of a bank's statement, as the bank gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBankLine<'a> {
    /// The account at the bank: the platform's own name for it.
    pub account: Id,
    /// Number of the statement that the line stands on.
    pub statement: Id,
    /// The bank's reference of the line; once per statement.
    pub line: Id,
    /// The day on which the bank booked it; not after today.
    pub booked_on: Date,
    /// ISO 4217 code; one per statement.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0.
    pub amount: Amount,
    /// Whether it came or went.
    pub direction: BankDirection,
    /// What it confirms; none when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<Cleared>,
}

/// A command to a bank's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankFileCommand<'a> {
    /// Record a line.
    Record(RecordBankLine<'a>),
}

impl BankFileCommand<'_> {
    /// The account and the statement.
    pub fn of(&self) -> (Id, Id) {
        match self {
            Self::Record(of) => (of.account, of.statement),
        }
    }

    /// The stream that guards it.
    pub fn stream(&self) -> String {
        let (account, statement) = self.of();
        format!("bankfile-{account}~{statement}")
    }
}
