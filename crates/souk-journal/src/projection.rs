//! The trait of every money read model: a value that journal entries are folded into.

use crate::entry::JournalEntry;
use crate::names::Names;

/// A fold over journal entries, and the only source of amounts.
///
/// The projector feeds pages of entries in log order and keeps the checkpoint; a projection knows
/// neither the store nor the domain's events.
pub trait Projection: Send {
    /// The name, as in its snapshot and in reports.
    fn name(&self) -> &'static str;

    /// Raised when the meaning of the state changes; the projector then rebuilds from entry 0.
    fn version(&self) -> u32;

    /// Folds a page of entries, in log order.
    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names);

    /// Figures that entries recorded and that the entries before them do not give. The projector
    /// stops at the first; `souk replay` counts them all.
    fn mismatches(&self) -> &[Mismatch] {
        &[]
    }

    /// The state as bytes, for a snapshot. Derived: deleting it is always safe.
    fn save(&self) -> Vec<u8>;

    /// Takes back what [`Projection::save`] gave.
    ///
    /// # Errors
    /// A text saying why the bytes are not a snapshot; the projector then rebuilds.
    fn load(&mut self, bytes: &[u8]) -> Result<(), String>;
}

/// Two computations of one figure that differ: a bug or a damaged ledger, never skipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "entry {entry} ({source_ref}): {what} is recorded as {recorded}, the entries give {computed}"
)]
pub struct Mismatch {
    /// The entry that recorded the figure.
    pub entry: u64,
    /// Its event, `stream@revision`.
    pub source_ref: String,
    /// The figure.
    pub what: String,
    /// As recorded.
    pub recorded: String,
    /// As computed.
    pub computed: String,
}
