//! What is asked: a stream, where it is expected, and events, checked and in our own terms.

use crate::budget::Charge;
use crate::core::Core;
use crate::proto::shared::{ExpectedPosition, StreamIdentifier};
use crate::proto::write::{
    BatchExpected, ConflictExpected, ExpectedStreamRevision, OldExpected, ProposedMessage,
};
use crate::{fault, ids, parts};
use souk_store::record::MAX_NAME_BYTES;
use tonic::Status;
use tonic::codegen::Bytes;

/// What an event takes beside its contents and its type, in bytes.
const EVENT_OVERHEAD: usize = 256;
/// An append has at most so many events: what an append may cost is not in their contents alone.
const MAX_EVENTS: usize = 50_000;

/// Where a stream is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    At(u64),
    NoStream,
    Any,
    Exists,
}

impl Expected {
    pub(super) fn new(expected: Option<ExpectedStreamRevision>) -> Result<Expected, Status> {
        match expected {
            Some(ExpectedStreamRevision::Revision(revision)) => Ok(Expected::At(revision)),
            Some(ExpectedStreamRevision::NoStream(())) => Ok(Expected::NoStream),
            Some(ExpectedStreamRevision::Any(())) => Ok(Expected::Any),
            Some(ExpectedStreamRevision::StreamExists(())) => Ok(Expected::Exists),
            None => Err(fault::invalid("the call does not say where the stream is expected")),
        }
    }

    /// As a number: -1 no stream, -2 any, -4 an existing one.
    pub(super) fn number(self) -> i128 {
        match self {
            Expected::At(revision) => i128::from(revision),
            Expected::NoStream => -1,
            Expected::Any => -2,
            Expected::Exists => -4,
        }
    }

    pub(super) fn in_conflict(self) -> ConflictExpected {
        match self {
            Expected::At(revision) => ConflictExpected::Revision(revision),
            Expected::NoStream => ConflictExpected::NoStream(()),
            Expected::Any => ConflictExpected::Any(()),
            Expected::Exists => ConflictExpected::StreamExists(()),
        }
    }

    /// Version 20.6.0 had no word for no stream.
    pub(super) fn in_old_conflict(self) -> Option<OldExpected> {
        match self {
            Expected::At(revision) => Some(OldExpected::Revision(revision)),
            Expected::NoStream => None,
            Expected::Any => Some(OldExpected::Any(())),
            Expected::Exists => Some(OldExpected::StreamExists(())),
        }
    }

    pub(super) fn in_batch_error(self) -> ExpectedPosition {
        match self {
            Expected::At(revision) => ExpectedPosition::Revision(revision),
            Expected::NoStream => ExpectedPosition::NoStream(()),
            Expected::Any => ExpectedPosition::Any(()),
            Expected::Exists => ExpectedPosition::StreamExists(()),
        }
    }

    pub(super) fn in_batch_answer(self) -> BatchExpected {
        match self {
            Expected::At(revision) => BatchExpected::Revision(revision),
            Expected::NoStream => BatchExpected::NoStream(()),
            Expected::Any => BatchExpected::Any(()),
            Expected::Exists => BatchExpected::StreamExists(()),
        }
    }
}

/// An event to append.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: [u8; 16],
    pub(super) event_type: String,
    pub(super) json: bool,
    pub(super) metadata: Bytes,
    pub(super) data: Bytes,
}

impl Event {
    pub(super) fn new(proposed: ProposedMessage) -> Result<Event, Status> {
        let ProposedMessage { id, mut metadata, custom_metadata, data } = proposed;
        let mut required = |key| metadata.remove(key).ok_or_else(|| fault::missing_metadata(key));
        let event_type = required("type")?;
        let json = required("content-type")? == "application/json";
        let id = ids::parse(id.as_ref())?;
        check_type(&event_type)?;
        // Copied, so that a small event does not hold on to the large message it came in.
        let metadata = Bytes::copy_from_slice(&custom_metadata);
        Ok(Event { id, event_type, json, metadata, data: Bytes::copy_from_slice(&data) })
    }

    /// Bytes that it takes.
    fn memory(&self) -> usize {
        self.size().saturating_add(self.event_type.len()).saturating_add(EVENT_OVERHEAD)
    }

    /// Bytes that count towards the size of an append.
    pub(super) fn size(&self) -> usize {
        self.metadata.len().saturating_add(self.data.len())
    }
}

fn check_type(event_type: &str) -> Result<(), Status> {
    let printable = event_type.bytes().all(|byte| (0x20..=0x7E).contains(&byte));
    if printable && (1..=MAX_NAME_BYTES).contains(&event_type.len()) {
        return Ok(());
    }
    Err(fault::invalid(format!(
        "the event type {event_type:?} cannot be stored; use 1 to {MAX_NAME_BYTES} printable ASCII characters"
    )))
}

/// A stream and where it is expected, and what to append to it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) stream: String,
    pub(super) expected: Expected,
    pub(super) events: Vec<Event>,
    /// Bytes that the events take.
    memory: usize,
    charge: Charge,
}

impl Request {
    /// A request without events, whose events will be counted in `charge`.
    pub(super) fn new(
        charge: Charge,
        identifier: Option<&StreamIdentifier>,
        expected: Option<ExpectedStreamRevision>,
    ) -> Result<Request, Status> {
        let stream = ids::stream_name(identifier)?;
        check_stream(&stream)?;
        let (expected, events) = (Expected::new(expected)?, Vec::new());
        Ok(Request { stream, expected, events, memory: 0, charge })
    }

    /// Adds an event; `size` is that of the events so far and grows by this one's.
    pub(super) fn push(
        &mut self,
        core: &Core,
        size: &mut usize,
        proposed: ProposedMessage,
    ) -> Result<(), Status> {
        let event = Event::new(proposed)?;
        *size = size.saturating_add(event.size());
        if *size > core.max_append_bytes {
            return Err(fault::too_large(core.max_append_bytes));
        }
        if self.events.len() >= MAX_EVENTS {
            let what = format!("an append has at most {MAX_EVENTS} events; append fewer at once");
            return Err(fault::invalid(what));
        }
        self.memory = self.memory.saturating_add(event.memory());
        if !self.charge.set(self.memory) {
            return Err(fault::no_room_for_appends());
        }
        self.events.push(event);
        Ok(())
    }
}

fn check_stream(stream: &str) -> Result<(), Status> {
    let what = if stream.len() > MAX_NAME_BYTES {
        "is longer than 250 bytes"
    } else if stream.contains('\0') {
        "has a NUL"
    } else if stream == "$all" {
        "stands for everything"
    } else if parts::is_hidden(ids::described_by(stream).unwrap_or(stream)) {
        "is one of the server's own"
    } else {
        return Ok(());
    };
    Err(fault::invalid(format!(
        "nothing can be written to the stream {stream:?}: its name {what}; choose another name"
    )))
}
