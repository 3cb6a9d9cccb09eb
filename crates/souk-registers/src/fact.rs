//! Facts: the rare events that a register keeps whole, so that its snapshot is the events and
//! loading it is folding them again.

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_journal::entry_kind::EntryKind;
use souk_projector::Recorded;

/// An event, owned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub(crate) entry: u64,
    stream: Box<str>,
    kind: EntryKind,
    version: u32,
    payload: Vec<u8>,
}

impl Fact {
    /// Keeps an event.
    pub(crate) fn of(recorded: &Recorded<'_>) -> Self {
        Self {
            entry: recorded.entry,
            stream: recorded.stream.into(),
            kind: recorded.event.kind(),
            version: recorded.event.version(),
            // A payload that cannot be written cannot be loaded either; the projector then rebuilds.
            payload: recorded.event.payload().unwrap_or_default(),
        }
    }

    /// What stands behind the first dash of the stream.
    pub(crate) fn id(&self) -> &str {
        self.stream.split_once('-').map_or(&self.stream, |(_, id)| id)
    }

    /// The event again.
    ///
    /// # Errors
    /// A text saying why the payload is none.
    pub(crate) fn event(&self) -> Result<LedgerEvent<'_>, String> {
        LedgerEvent::decode(self.kind.category(), self.kind.text(), self.version, &self.payload)
            .map_err(|error| format!("entry {}: {error}", self.entry))
    }
}

/// Facts as bytes.
pub(crate) fn save(facts: &[Fact]) -> Vec<u8> {
    // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
    postcard::to_stdvec(facts).unwrap_or_default()
}

/// Facts from bytes.
///
/// # Errors
/// A text saying why they are none.
pub(crate) fn load(bytes: &[u8]) -> Result<Vec<Fact>, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}
