//! Merchant statements.
//!
//! Reader: merchants, and finance when a merchant calls.
//! Question: what was I paid for this cycle, and which entries make it up?
//! Folds: items on `MerchantPayable`, and every closed cycle.
//! Control total: Σ of the lines referred to equals the lines that closes recorded.

mod state;
mod statement;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use statement::{LineRef, OpenLine, Statement};
pub use view::ControlTotal;

/// Closed statements and the lines of those still open, by merchant and currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantStatements {
    /// By merchant number, then the merchant's few currencies.
    files: Vec<Vec<state::File>>,
    last_entry: Option<EntryNumber>,
}

impl MerchantStatements {
    /// No statements yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for MerchantStatements {
    fn name(&self) -> &'static str {
        "merchant-statements"
    }

    fn version(&self) -> u32 {
        3
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], _names: &Names) {
        for entry in entries {
            self.fold(entry);
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        *self = postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
