//! Settlement cycles.
//!
//! Reader: finance when closing, and auditors.
//! Question: what would a close claim, and does every closed cycle still follow from its items?
//! Folds: items on `MerchantPayable`, and every closed cycle.
//! Control total: Σ closed lines + open items equals Σ item postings, carried balances excluded.

mod check;
mod closed_cycle;
mod closing;
mod piles;
mod state;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::{Mismatch, Projection};

pub use closed_cycle::ClosedCycle;
pub use closing::ClosingCycles;
pub use piles::{InMemory, Piles};
pub use view::{ControlTotal, OpenBook};

/// Open items, closed cycles, and what does not agree between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettlementCycles {
    state: State,
    mismatches: Vec<Mismatch>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// By merchant number, then the merchant's few currencies.
    books: Vec<Vec<state::Book>>,
    cycles_checked: u64,
    last_entry: Option<EntryNumber>,
}

/// A mismatch as a snapshot holds it: entry, source, what, recorded, computed.
type Kept = (u64, String, String, String, String);

impl SettlementCycles {
    /// No items and no cycles yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for SettlementCycles {
    fn name(&self) -> &'static str {
        "settlement-cycles"
    }

    fn version(&self) -> u32 {
        3
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names) {
        for entry in entries {
            self.fold(entry, names);
        }
    }

    fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    fn save(&self) -> Vec<u8> {
        let keep = |of: &Mismatch| -> Kept {
            let Mismatch { entry, source_ref, what, recorded, computed } = of.clone();
            (entry, source_ref, what, recorded, computed)
        };
        let kept: Vec<Kept> = self.mismatches.iter().map(keep).collect();
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(&(&self.state, kept)).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let (state, kept): (State, Vec<Kept>) =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        let restore = |(entry, source_ref, what, recorded, computed): Kept| Mismatch {
            entry,
            source_ref,
            what,
            recorded,
            computed,
        };
        *self = Self { state, mismatches: kept.into_iter().map(restore).collect() };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
