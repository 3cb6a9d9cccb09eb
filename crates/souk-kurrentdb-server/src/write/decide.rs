//! Whether an append is made, was made already, or is refused: KurrentDB's rules.
//!
//! With a revision or *no stream*, an append that comes again finds its events where the first one put them, however
//! long ago, and is answered as the first one was. With *any* or *stream exists* there is no such place: they are
//! looked for among the last 100,000 events that this server appended to any stream, as KurrentDB does, and among the
//! stream's last [`RECENT`] events, which survives a restart. Ids count within a stream only.

use super::request::{Expected, Request};
use crate::core::Core;
use crate::fault;
use crate::stream::StreamState;
use souk_store::Direction;
use std::collections::VecDeque;
use tonic::Status;

/// So many events are searched for an append that names no revision.
const RECENT: usize = 64;

/// What to do with an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Write the events after this revision; first of all, bring the stream back if it is deleted.
    Write { after: Option<u64>, reopens: bool },
    /// They are there already; the last has this revision.
    Written { last: u64 },
    /// The stream stands elsewhere.
    Conflict { actual: Option<u64> },
    /// The stream is deleted.
    Deleted,
}

/// Decides.
pub(super) fn decide(
    core: &Core,
    request: &Request,
    state: &StreamState,
) -> Result<Decision, Status> {
    if state.tombstoned {
        return Ok(Decision::Deleted);
    }
    let write = Decision::Write { after: state.last, reopens: state.is_soft_deleted() };
    let conflict = Decision::Conflict { actual: state.last };
    match request.expected {
        Expected::Exists if state.is_soft_deleted() => Ok(Decision::Deleted),
        // Metadata alone makes a stream exist, in this respect.
        Expected::Exists if state.last.is_none() && state.metadata_revision.is_none() => {
            Ok(conflict)
        }
        Expected::Any | Expected::Exists => Ok(match search(core, request)? {
            Found::All { last } => Decision::Written { last },
            Found::Some => conflict,
            Found::None => write,
        }),
        Expected::At(_) | Expected::NoStream => {
            let expected = request.expected.number();
            let actual = state.last.map_or(-1, i128::from);
            if expected == actual {
                return Ok(write);
            }
            if expected > actual || request.events.is_empty() {
                return Ok(conflict);
            }
            let first = u64::try_from(expected + 1).unwrap_or(0);
            let is_new = request.expected == Expected::NoStream;
            // A stream that came back began anew where its metadata says.
            let anew = Some(state.first()).filter(|_| is_new && state.exists());
            for from in [Some(first), anew].into_iter().flatten() {
                if let Found::All { last } = compare(core, request, from)? {
                    return Ok(Decision::Written { last });
                }
            }
            Ok(if is_new && state.is_soft_deleted() { write } else { conflict })
        }
    }
}

enum Found {
    All { last: u64 },
    Some,
    None,
}

/// Whether the stream's events from a revision on are those of the request.
fn compare(core: &Core, request: &Request, from: u64) -> Result<Found, Status> {
    let mut next = Some(from);
    let mut wanted = request.events.iter();
    let mut last = from;
    let mut is_first = true;
    while let Some(revision) = next {
        let limit = wanted.len().min(256);
        let page = core.store.read_stream(&request.stream, revision, Direction::Forwards, limit);
        let page = page.map_err(fault::store)?;
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            let Some(event) = wanted.next() else { break };
            if event.id != record.event_id {
                return Ok(if is_first { Found::None } else { Found::Some });
            }
            is_first = false;
            last = record.revision;
        }
        if wanted.len() == 0 {
            return Ok(Found::All { last });
        }
        next = page.next_revision();
    }
    Ok(if is_first { Found::None } else { Found::Some })
}

/// Whether the events of the request are among those appended last.
fn search(core: &Core, request: &Request) -> Result<Found, Status> {
    let Some(first) = request.events.first() else { return Ok(Found::None) };
    if let Some(from) = core.recent.find(&request.stream, first.id) {
        let found = compare(core, request, from)?;
        if !matches!(found, Found::None) {
            return Ok(found);
        }
    }
    let mut left = RECENT.saturating_add(request.events.len());
    let mut next = Some(u64::MAX);
    let mut recent = VecDeque::new();
    while let Some(revision) = next.filter(|_| left > 0) {
        let limit = left.min(RECENT);
        let page = core.store.read_stream(&request.stream, revision, Direction::Backwards, limit);
        let page = page.map_err(fault::store)?;
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            recent.push_front((record.event_id, record.revision));
        }
        left = left.saturating_sub(page.len());
        next = page.next_revision().filter(|_| !page.is_empty());
    }
    let Some(at) = recent.iter().position(|(id, _)| *id == first.id) else {
        return Ok(Found::None);
    };
    let mut last = 0;
    let mut there = recent.iter().skip(at);
    for event in &request.events {
        match there.next() {
            Some((id, revision)) if *id == event.id => last = *revision,
            Some(_) | None => return Ok(Found::Some),
        }
    }
    Ok(Found::All { last })
}
