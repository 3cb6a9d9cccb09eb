//! What a bank's statement remembers: its lines, and the currency that they are in.

use std::collections::BTreeSet;

use souk_journal::ids::Id;
use souk_journal::money::Currency;

/// A statement of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BankFileState {
    /// The currency of its first line, and so of all.
    pub currency: Option<Currency>,
    /// The bank's references of the lines that are recorded.
    pub lines: BTreeSet<Id>,
}
