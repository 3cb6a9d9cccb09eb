//! The calls `Streams/Delete` and `Streams/Tombstone`.
//!
//! A delete hides the events there are (metadata with the highest `$tb`); the next append brings the stream back,
//! its revisions going on. A tombstone is for good: an event `$streamDeleted` whose envelope says what it is, so that
//! an event of this type from a client is nothing special.

use super::commit::{entry, metadata_append};
use super::request::{Expected, Request};
use crate::core::Core;
use crate::envelope::{Contents, Envelope};
use crate::proto::shared::Position;
use crate::proto::write::{DeletePosition, DeleteReq, DeleteResp};
use crate::stream::{DELETED, StreamState};
use crate::{clock, fault, ids};
use serde_json::json;
use souk_store::{Append, AppendError, Expected as Exactly, NewEvent};
use std::sync::Arc;
use tonic::{Response, Status};

/// Attempts before giving up on a stream that another writer keeps moving.
const ATTEMPTS: usize = 64;

/// How a stream is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    UntilTheNextAppend,
    ForGood,
}

/// Answers `Delete`.
pub(crate) async fn delete(
    core: Arc<Core>,
    request: DeleteReq,
) -> Result<Response<DeleteResp>, Status> {
    run(core, request, Kind::UntilTheNextAppend).await
}

/// Answers `Tombstone`.
pub(crate) async fn tombstone(
    core: Arc<Core>,
    request: DeleteReq,
) -> Result<Response<DeleteResp>, Status> {
    run(core, request, Kind::ForGood).await
}

async fn run(
    core: Arc<Core>,
    request: DeleteReq,
    kind: Kind,
) -> Result<Response<DeleteResp>, Status> {
    if core.mode.is_ledger() {
        return Err(fault::access_denied());
    }
    let options = request.options.ok_or_else(|| fault::invalid("the call has no options"))?;
    let request =
        Request::new(core.appends.charge(0), options.stream_identifier.as_ref(), options.expected)?;
    if ids::described_by(&request.stream).is_some() {
        let what =
            "a stream of metadata cannot be deleted; write metadata, or delete what it describes";
        return Err(fault::invalid(what));
    }
    let guard = core.stripes.lock(&request.stream).await;
    // Carried through even if the caller goes away.
    let done = tokio::spawn(async move {
        let _guard = guard;
        core.blocking(move |core| attempts(core, &request, kind)).await?
    });
    let entry =
        done.await.map_err(|_| Status::internal("the server failed while it deleted"))??;
    let position = Some(DeletePosition::Position(Position::of(entry)));
    Ok(Response::new(DeleteResp { position }))
}

/// Deletes; the entry number of what says so. Blocks.
fn attempts(core: &Core, request: &Request, kind: Kind) -> Result<u64, Status> {
    for _ in 0..ATTEMPTS {
        let state = core.stream_state(&request.stream)?;
        check(request, &state, kind)?;
        let append = match kind {
            Kind::UntilTheNextAppend => {
                let metadata = json!({ "$tb": DELETED });
                metadata_append(&request.stream, state.metadata_revision, &metadata)
            }
            Kind::ForGood => tombstone_append(&request.stream, state.last),
        };
        let stream = append.stream.clone();
        match core.store.append(vec![append]).wait_one() {
            Ok(written) => {
                let look = || entry(core, &stream, written.last_revision);
                return written.last_entry.map_or_else(look, Ok);
            }
            Err(AppendError::WrongExpectedRevision { .. }) => {}
            Err(error) => return Err(fault::append(&error)),
        }
    }
    Err(Status::aborted(format!(
        "another writer keeps moving the stream {}; try again",
        request.stream
    )))
}

fn check(request: &Request, state: &StreamState, kind: Kind) -> Result<(), Status> {
    let stream = &request.stream;
    let is_deleted = state.is_soft_deleted();
    if state.tombstoned || is_deleted && request.expected == Expected::Exists {
        return Err(fault::stream_deleted(stream));
    }
    let is_expected = match (request.expected, state.last) {
        // What never existed cannot be deleted; it can be made impossible.
        (Expected::Any | Expected::NoStream, None) => kind == Kind::ForGood,
        (Expected::Any | Expected::Exists, Some(_)) => true,
        (Expected::NoStream, Some(_)) => is_deleted,
        (Expected::At(revision), last) => last == Some(revision),
        (Expected::Exists, None) => false,
    };
    if is_expected {
        return Ok(());
    }
    let actual = state.last.map_or(-1, i128::from);
    Err(fault::wrong_delete(stream, request.expected.number(), actual))
}

fn tombstone_append(stream: &str, last: Option<u64>) -> Append {
    let expected = Exactly::after(last);
    let envelope = Envelope {
        json: false,
        tombstone: true,
        created: clock::ticks(),
        contents: Contents::Here(b""),
    };
    let event = NewEvent {
        event_id: ids::own("tombstone", stream, expected.first_revision()),
        event_type: "$streamDeleted".into(),
        metadata: envelope.encode(),
        data: Vec::new(),
    };
    Append { stream: stream.into(), expected, events: vec![event] }
}
