//! Where the read models stand, and how far a pass took them.

use serde::{Deserialize, Serialize};
use souk_journal::dates::{Date, Micros};

/// Where the read models stand in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The first entry that is not in them.
    pub next_entry: u64,
    /// Leaf hash of the entry before it; zeros before entry 0.
    pub leaf_hash: [u8; 32],
    /// When the ledger had recorded what is in them: the running maximum over the log.
    pub recorded_at: Micros,
    /// The latest accounting date of any entry in them.
    pub last_effective: Option<Date>,
}

/// What one pass did. The two counts are equal, or the pass failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Events read.
    pub events: u64,
    /// Journal entries written.
    pub entries: u64,
}
