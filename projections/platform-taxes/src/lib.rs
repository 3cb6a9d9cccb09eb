//! Platform taxes.
//!
//! Reader: the platform's tax accountant.
//! Question: what of each tax arose, came back and was paid, per jurisdiction and month, and which tax on fees came back?
//! Folds: postings on the four tax accounts, and fees that were returned with tax.
//! Control total: Σ arisen + returned + remitted equals the trial balance of each account.

mod state;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::JournalEntry;
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use state::{Returned, ReturnedOf};
pub use view::Row;

/// The four tax accounts by jurisdiction, currency and month, in minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformTaxes {
    /// In order of first posting.
    rows: Vec<state::Sums>,
    /// Tax on fees that came back, in log order.
    returned: Vec<Returned>,
}

impl PlatformTaxes {
    /// Nothing posted yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for PlatformTaxes {
    fn name(&self) -> &'static str {
        "platform-taxes"
    }

    fn version(&self) -> u32 {
        3
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names) {
        for entry in entries {
            self.fold(entry, names);
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
