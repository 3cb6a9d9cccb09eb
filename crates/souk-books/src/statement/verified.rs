//! The JSON of `statement verify`: what came of holding printed statements against a ledger or a digest.

use schemars::JsonSchema;
use serde::Serialize;

/// What came of a file of statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementsVerified {
    /// `ledger`, or `digest` where no ledger was named.
    pub against: String,
    /// Whether no statement differs.
    pub verified: bool,
    /// In the order of the file.
    pub statements: Vec<StatementVerified>,
}

/// What came of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementVerified {
    /// Its number.
    pub number: String,
    /// Lines in the file.
    pub lines: usize,
    /// The digest of the lines in the file; null where the cycle was not closed when they were printed.
    pub digest: Option<String>,
    /// What differs; the first of it is the first line that does.
    pub differences: Vec<String>,
    /// Fields of the contract that the file has not, and so could not be checked.
    pub unchecked: Vec<String>,
}
