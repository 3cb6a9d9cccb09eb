//! Old versions of events, brought up to the current one before they are read.
//!
//! Every event is at version 1, so nothing is brought up yet. When a payload changes, its old
//! version gets a variant of [`Upcast`] with a function from JSON to JSON, chained v1 → v2 → …;
//! the compiler then points at the codec. Two tests guard it: every golden event ever written still
//! decodes, and `post(upcast(v1)) = post(v1)`.

use souk_journal::entry_kind::EntryKind;

/// How a stored version reaches the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upcast {
    /// It is the current one, or unknown: the codec says which.
    Current,
}

/// The way of a stored (type, version).
pub fn upcast(_kind: EntryKind, _version: u32) -> Upcast {
    Upcast::Current
}
