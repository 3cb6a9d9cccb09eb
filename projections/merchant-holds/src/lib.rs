//! Merchant holds.
//!
//! Reader: merchants who ask where their money is, and whoever decides on holds.
//! Question: what is on hold, of which merchant and order, since when, and why?
//! Folds: postings on `MerchantHeld`, by hold.
//! Control total: Σ held of a currency equals the trial balance of `MerchantHeld`.

mod state;
mod view;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_journal::entry::JournalEntry;
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use view::{ByReason, Row};

/// Open holds, in minor units of each currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantHolds {
    /// By stream and hold.
    open: BTreeMap<(Box<str>, Box<str>), state::Held>,
}

impl MerchantHolds {
    /// Nothing is held yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for MerchantHolds {
    fn name(&self) -> &'static str {
        "merchant-holds"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], _: &Names) {
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
