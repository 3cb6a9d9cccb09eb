//! Records as events of the client, and back: nothing is added, nothing is lost but the prefix.

use crate::metadata::TOMBSTONE_TYPE;
use crate::namespace::{Named, Namespace};
use kurrentdb::{EventData, Position, RecordedEvent, ResolvedEvent};
use serde_json::value::RawValue;
use souk_store::{Append, NewEvent, NewRecord, Record, RecordError, leaf_hash};
use uuid::Uuid;

/// A record as it came from the server.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) position: Position,
    /// The record's bytes, the same as from every store.
    pub(crate) record: Vec<u8>,
    pub(crate) leaf: [u8; 32],
}

impl Event {
    /// Stream id and revision.
    pub(crate) fn place(&self) -> (&str, u64) {
        let (stream, revision) = Record::peek(&self.record).unwrap_or_default();
        (str::from_utf8(stream).unwrap_or_default(), revision)
    }
}

/// An event met on the way through the server's log.
#[derive(Clone, Debug)]
pub(crate) enum Met {
    /// An entry of the ledger.
    Record(Event),
    /// Somebody set the metadata of a stream of the ledger.
    Metadata { stream: Box<str>, position: Position },
    /// Somebody ended a stream of the ledger for ever.
    Tombstone { stream: Box<str>, position: Position },
    /// An event of the ledger's prefix that is no record.
    NoRecord { stream: Box<str>, position: Position, source: RecordError },
    /// Somebody else's.
    Foreign { position: Position },
}

impl Met {
    pub(crate) fn position(&self) -> Position {
        match self {
            Met::Record(event) => event.position,
            Met::Metadata { position, .. }
            | Met::Tombstone { position, .. }
            | Met::NoRecord { position, .. }
            | Met::Foreign { position } => *position,
        }
    }

    /// What an event of the server is to the ledger.
    pub(crate) fn new(namespace: &Namespace, event: &RecordedEvent) -> Met {
        let position = event.position;
        match namespace.named(event.stream_id()) {
            Named::Foreign => Met::Foreign { position },
            Named::MetadataOf(stream) => Met::Metadata { stream: stream.into(), position },
            Named::Stream(stream) if event.event_type == TOMBSTONE_TYPE => {
                Met::Tombstone { stream: stream.into(), position }
            }
            Named::Stream(stream) => match record(stream, event) {
                Ok(record) => {
                    let leaf = leaf_hash(&record);
                    Met::Record(Event { position, record, leaf })
                }
                Err(source) => Met::NoRecord { stream: stream.into(), position, source },
            },
        }
    }
}

/// The event itself: a link is an event of its own and is not followed.
pub(crate) fn original(event: &ResolvedEvent) -> Option<&RecordedEvent> {
    event.link.as_ref().or(event.event.as_ref())
}

fn record(stream: &str, event: &RecordedEvent) -> Result<Vec<u8>, RecordError> {
    let record = NewRecord {
        stream,
        revision: event.revision,
        event_id: event.id.into_bytes(),
        event_type: &event.event_type,
        metadata: &event.custom_metadata,
        data: &event.data,
    };
    record.encode()
}

/// The events of an append, for the client.
pub(crate) fn events(append: &Append) -> Vec<EventData> {
    append.events.iter().map(event).collect()
}

/// Data that is a JSON object is said to be, so that the server's own tools show it; all else is octets.
fn event(new: &NewEvent) -> EventData {
    let json = json(&new.data).and_then(|raw| EventData::json(&new.event_type, &raw).ok());
    let event = json.unwrap_or_else(|| EventData::binary(&new.event_type, new.data.clone().into()));
    event.id(Uuid::from_bytes(new.event_id)).metadata(new.metadata.clone().into())
}

/// The data as JSON if that changes no byte of it.
fn json(data: &[u8]) -> Option<&RawValue> {
    if data.first() != Some(&b'{') {
        return None;
    }
    let raw: &RawValue = serde_json::from_slice(data).ok()?;
    (raw.get().len() == data.len()).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_json_objects_are_called_json() {
        for whole in [&br#"{"a":1.50,"b":"\u00e9"}"#[..], b"{ \"a\" : [1,\n2] }", b"{}"] {
            assert_eq!(json(whole).map(|raw| raw.get().as_bytes()), Some(whole));
        }
        for other in [&b""[..], b"[1]", b"{", b"{}x", b"{} ", b"{\xff}", b" {}", b"\x00"] {
            assert!(json(other).is_none(), "{other:?}");
        }
    }
}
