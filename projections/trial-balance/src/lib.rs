//! Trial balance.
//!
//! Reader: finance at month end, and auditors.
//! Question: what was debited and credited on every account, and do the two sides meet?
//! Folds: every posting of every entry.
//! Control total: Σ debits equals Σ credits in each currency.

mod state;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use view::{Row, Total};

/// Debits and credits by account, merchant and currency, in minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialBalance {
    /// By merchant number; the first is no merchant.
    sheets: Vec<state::Sheet>,
    entries_seen: u64,
    last_entry: Option<EntryNumber>,
}

impl TrialBalance {
    /// Nothing posted yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for TrialBalance {
    fn name(&self) -> &'static str {
        "trial-balance"
    }

    fn version(&self) -> u32 {
        1
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
