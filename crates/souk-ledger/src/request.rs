//! A request: a command with its identity, and what became of it.

use souk_domain::event_id::sha256;
use souk_journal::dates::Micros;
use souk_journal::entry_kind::EntryKind;
use uuid::Uuid;

/// Who asks what, when, under which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The id of the command; the same id is the same request.
    pub id: Uuid,
    /// SHA-256 of what was asked.
    pub digest: [u8; 32],
    /// When it happened.
    pub at: Micros,
    /// Who asks, as an opaque id.
    pub actor: Option<&'a str>,
    /// What it belongs to.
    pub correlation: Option<&'a str>,
    /// The event that caused it.
    pub causation: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A request of a natural id: `source` names the kind of file or process, `key` the row.
    pub fn of(ledger: Uuid, source: &str, key: &str, body: &[u8], at: Micros) -> Request<'a> {
        Request {
            id: souk_domain::event_id::command_id(ledger, source, key),
            digest: sha256(body),
            at,
            actor: None,
            correlation: None,
            causation: None,
        }
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The stream.
    pub stream: Box<str>,
    /// Revision of its first event.
    pub first_revision: u64,
    /// Revision of its last event.
    pub last_revision: u64,
    /// Entry of its first event, where the store knows it; none for a replayed command.
    pub first_entry: Option<u64>,
    /// Entry of its last event.
    pub last_entry: Option<u64>,
    /// The types of its events; empty for a replayed command.
    pub events: Vec<EntryKind>,
    /// The command had been carried out before: this is its original result.
    pub replayed: bool,
}
