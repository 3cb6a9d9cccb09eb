//! What an account's files remember: their ids in order, and which are withdrawn.

use souk_journal::ids::Id;

/// The files of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PayoutFileState {
    /// Files in the order in which they were issued, and whether each is withdrawn.
    pub files: Vec<(Id, bool)>,
}

impl PayoutFileState {
    /// The id of the account's next file: its number stands in the file's name and in the bank's answer.
    pub fn next(&self, account: Id) -> String {
        format!("{account}-{:05}", self.files.len() + 1)
    }
}
