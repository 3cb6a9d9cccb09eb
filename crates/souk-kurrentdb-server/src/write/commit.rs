//! Making an append: what is decided is written at an exact revision, and decided again if the stream moved.

use super::decide::{Decision, decide};
use super::request::{Event, Request};
use crate::core::Core;
use crate::envelope::{Contents, ENVELOPE_BYTES, Envelope};
use crate::stream::StreamState;
use crate::{clock, fault, ids, parts};
use serde_json::Value;
use souk_store::record::FIXED_BYTES;
use souk_store::{
    Append, AppendError, Direction, Expected as Exactly, MAX_RECORD_BYTES, NewEvent, Ticket,
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use tonic::Status;

/// Attempts before giving up on a stream that another writer keeps moving.
const ATTEMPTS: usize = 64;

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The last event has this revision and entry number.
    Written { revision: u64, entry: u64 },
    /// There was nothing to write, and the stream stands as expected.
    Nothing { last: Option<u64> },
    /// The stream stands elsewhere.
    Conflict { actual: Option<u64> },
}

/// What one attempt came to.
enum Attempt {
    Done(Outcome),
    /// Being written; the results of the events, and of the metadata that brings the stream back.
    Writing(Ticket),
}

/// Makes an append, under the stream's lock. It is carried through even if the caller goes away.
pub(super) async fn commit(core: &Arc<Core>, request: Request) -> Result<Outcome, Status> {
    let guard = core.stripes.lock(&request.stream).await;
    let core = Arc::clone(core);
    let done = tokio::spawn(async move { locked(&core, request, guard).await }).await;
    done.map_err(|_| Status::internal("the server failed while it appended"))?
}

async fn locked(
    core: &Arc<Core>,
    request: Request,
    _guard: Option<OwnedMutexGuard<()>>,
) -> Result<Outcome, Status> {
    let request = Arc::new(request);
    for _ in 0..ATTEMPTS {
        let wanted = Arc::clone(&request);
        let ticket = match core.blocking(move |core| attempt(core, &wanted)).await?? {
            Attempt::Done(outcome) => return Ok(outcome),
            Attempt::Writing(ticket) => ticket,
        };
        let mut results = ticket.await.into_iter();
        let reopens = results.len() > 1;
        let written = match results.next() {
            Some(Ok(written)) => written,
            Some(Err(AppendError::WrongExpectedRevision { .. })) => continue,
            Some(Err(error)) => return Err(fault::append(&error)),
            None => return Err(Status::internal("the store did not say what became of an append")),
        };
        if reopens && !results.all(|result| result.is_ok()) {
            let (wanted, first) = (Arc::clone(&request), written.first_revision);
            core.blocking(move |core| reopen(core, &wanted.stream, first)).await??;
        }
        let ids = request.events.iter().map(|event| event.id);
        core.recent.remember(&request.stream, written.first_revision, ids);
        let revision = written.last_revision;
        let entry = match written.last_entry {
            Some(entry) => entry,
            None => core.blocking(move |core| entry(core, &request.stream, revision)).await??,
        };
        return Ok(Outcome::Written { revision, entry });
    }
    Err(moves_too_fast(&request.stream))
}

fn moves_too_fast(stream: &str) -> Status {
    Status::aborted(format!("another writer keeps moving the stream {stream}; try again"))
}

/// Decides, and begins to write. Blocks.
fn attempt(core: &Core, request: &Request) -> Result<Attempt, Status> {
    let state = core.stream_state(&request.stream)?;
    let (after, reopens) = match decide(core, request, &state)? {
        Decision::Deleted => return Err(fault::stream_deleted(&request.stream)),
        Decision::Conflict { actual } => return Ok(Attempt::Done(Outcome::Conflict { actual })),
        Decision::Written { last } => {
            let entry = entry(core, &request.stream, last)?;
            return Ok(Attempt::Done(Outcome::Written { revision: last, entry }));
        }
        Decision::Write { after, .. } if request.events.is_empty() => {
            return Ok(Attempt::Done(Outcome::Nothing { last: after }));
        }
        Decision::Write { after, reopens } => (after, reopens),
    };
    let created = clock::ticks();
    let events = request.events.iter().map(|event| store(core, &request.stream, event, created));
    let events = events.collect::<Result<Vec<_>, _>>()?;
    let expected = Exactly::after(after);
    let first = expected.first_revision();
    let mut batch = vec![Append { stream: request.stream.as_str().into(), expected, events }];
    if reopens {
        batch.push(reopening(&request.stream, &state, first));
    }
    Ok(Attempt::Writing(core.store.append(batch)))
}

/// An event as it is stored. Its parts, if it has any, are durable before it is written.
fn store(core: &Core, stream: &str, event: &Event, created: u64) -> Result<NewEvent, Status> {
    let sizes = [stream.len(), event.event_type.len(), ENVELOPE_BYTES, event.size()];
    let bytes = sizes.iter().fold(FIXED_BYTES, |sum, size| sum.saturating_add(*size));
    let (contents, data) = if bytes <= MAX_RECORD_BYTES {
        (Contents::Here(&event.metadata), event.data.to_vec())
    } else {
        let reference = parts::reference(&event.metadata, &event.data)
            .ok_or_else(|| fault::too_large(core.max_append_bytes))?;
        parts::write(&*core.store, &reference, &event.metadata, &event.data)?;
        (Contents::Elsewhere(reference), Vec::new())
    };
    Ok(NewEvent {
        event_id: event.id,
        event_type: event.event_type.clone().into(),
        metadata: Envelope::event(event.json, created, contents).encode(),
        data,
    })
}

/// The entry number of an event. Blocks.
pub(super) fn entry(core: &Core, stream: &str, revision: u64) -> Result<u64, Status> {
    let page = core.store.read_stream(stream, revision, Direction::Forwards, 1);
    let page = page.map_err(fault::store)?;
    let record = page.record(0).map_err(fault::store)?;
    let missing = || Status::internal(format!("event {revision} of {stream} cannot be found"));
    record.map(|record| record.entry).ok_or_else(missing)
}

/// Metadata that brings a deleted stream back, its events beginning at `first`; all else in it is kept.
fn reopening(stream: &str, state: &StreamState, first: u64) -> Append {
    let mut metadata = match &state.metadata {
        Value::Object(metadata) => metadata.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            serde_json::Map::new()
        }
    };
    metadata.insert("$tb".to_owned(), first.into());
    metadata_append(stream, state.metadata_revision, &Value::Object(metadata))
}

/// An append of metadata that the server writes itself.
pub(super) fn metadata_append(stream: &str, after: Option<u64>, metadata: &Value) -> Append {
    let metastream = format!("{}{stream}", ids::METASTREAM);
    let expected = Exactly::after(after);
    let event = NewEvent {
        event_id: ids::own("metadata", &metastream, expected.first_revision()),
        event_type: "$metadata".into(),
        metadata: Envelope::event(true, clock::ticks(), Contents::Here(b"")).encode(),
        data: metadata.to_string().into_bytes(),
    };
    Append { stream: metastream.into(), expected, events: vec![event] }
}

/// Brings a stream back whose metadata moved while its events were written. Blocks.
fn reopen(core: &Core, stream: &str, first: u64) -> Result<(), Status> {
    for _ in 0..ATTEMPTS {
        let state = core.stream_state(stream)?;
        if !state.is_soft_deleted() {
            return Ok(());
        }
        match core.store.append(vec![reopening(stream, &state, first)]).wait_one() {
            Ok(_) => return Ok(()),
            Err(AppendError::WrongExpectedRevision { .. }) => {}
            Err(error) => return Err(fault::append(&error)),
        }
    }
    Err(moves_too_fast(stream))
}
