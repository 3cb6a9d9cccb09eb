//! The call `Streams/Append`: one append, its events one by one.

use super::commit::{Outcome, commit};
use super::request::{Expected, Request};
use crate::core::Core;
use crate::fault;
use crate::intake::{ALLOWANCE, Intake};
use crate::proto::shared::Position;
use crate::proto::write::{
    AppendConflict, AppendContent, AppendReq, AppendResp, AppendResult, ConflictCurrent,
    CurrentRevisionOption, OldCurrent, Success, SuccessPosition,
};
use std::sync::Arc;
use tonic::{Response, Status, Streaming};

/// Answers the call.
pub(crate) async fn append(
    core: Arc<Core>,
    mut messages: Streaming<AppendReq>,
    intake: Intake,
) -> Result<Response<AppendResp>, Status> {
    if core.mode.is_ledger() {
        return Err(fault::access_denied());
    }
    let first = messages.message().await?.and_then(|message| message.content);
    let Some(AppendContent::Options(options)) = first else {
        return Err(fault::invalid("the append does not begin with its options"));
    };
    let charge = core.appends.charge(ALLOWANCE);
    let mut request = Request::new(charge, options.stream_identifier.as_ref(), options.expected)?;
    let mut size = 0;
    while let Some(message) = messages.message().await? {
        intake.settle();
        match message.content {
            Some(AppendContent::Proposed(proposed)) => request.push(&core, &mut size, proposed)?,
            Some(AppendContent::Options(_)) | None => {
                return Err(fault::invalid("a message of the append has no event"));
            }
        }
    }
    drop(messages);
    let expected = request.expected;
    let result = match commit(&core, request).await? {
        Outcome::Conflict { actual } => AppendResult::Conflict(conflict(expected, actual)),
        Outcome::Written { revision, entry } => {
            AppendResult::Success(success(Some(revision), Some(entry)))
        }
        Outcome::Nothing { last } => AppendResult::Success(success(last, None)),
    };
    Ok(Response::new(AppendResp { result: Some(result) }))
}

/// A success with all that clients look at.
pub(super) fn success(revision: Option<u64>, entry: Option<u64>) -> Success {
    let current =
        revision.map_or(CurrentRevisionOption::NoStream(()), CurrentRevisionOption::Revision);
    let position = entry
        .map_or(SuccessPosition::None(()), |entry| SuccessPosition::Position(Position::of(entry)));
    Success { current: Some(current), position: Some(position) }
}

fn conflict(expected: Expected, actual: Option<u64>) -> AppendConflict {
    AppendConflict {
        old_current: Some(actual.map_or(OldCurrent::NoStream(()), OldCurrent::Revision)),
        old_expected: expected.in_old_conflict(),
        current: Some(actual.map_or(ConflictCurrent::NoStream(()), ConflictCurrent::Revision)),
        expected: Some(expected.in_conflict()),
    }
}
