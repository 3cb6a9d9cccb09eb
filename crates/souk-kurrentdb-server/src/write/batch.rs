//! The call `Streams/BatchAppend`: many appends over one call, each in one or more messages, answered as they are
//! durable.
//!
//! Appends to different streams run at once; those to one stream in the order they came. One that is refused does
//! not end the call.

use super::append::success;
use super::commit::{Outcome, commit};
use super::request::{Expected, Request};
use crate::core::Core;
use crate::proto::shared::{
    CurrentRevision, RpcStatus, StreamIdentifier, Uuid, WrongExpectedVersion,
};
use crate::proto::write::{
    BatchAppendReq, BatchAppendResp, BatchOptions, BatchResult, Deadline, ProposedMessage,
};
use crate::{clock, fault};
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_stream::StreamExt;
use tonic::codegen::BoxStream;
use tonic::{Code, Status, Streaming};

/// Appends of one call that are written at the same time; beyond, no more are taken in.
const MAX_RUNNING: usize = 64;
/// Appends of one call that have begun to arrive and are not complete.
const MAX_PARTIAL: usize = 64;
/// A deadline further away than this is none: one client sends the time of day as a span of time.
const LONGEST_DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// Answers the call.
pub(crate) fn batch_append(
    core: Arc<Core>,
    messages: Streaming<BatchAppendReq>,
) -> Result<BoxStream<BatchAppendResp>, Status> {
    if core.mode.is_ledger() {
        return Err(fault::access_denied());
    }
    let session = Session {
        core,
        messages: Some(messages),
        partial: HashMap::new(),
        running: FuturesUnordered::new(),
    };
    Ok(Box::pin(futures_util::stream::unfold(session, |mut session| async move {
        let answer = session.answer().await?;
        Some((answer, session))
    })))
}

/// A call under way.
struct Session {
    core: Arc<Core>,
    /// `None` once the client has sent its last.
    messages: Option<Streaming<BatchAppendReq>>,
    partial: HashMap<Vec<u8>, Partial>,
    running: FuturesUnordered<BoxFuture<'static, BatchAppendResp>>,
}

/// An append that has begun to arrive.
struct Partial {
    correlation_id: Option<Uuid>,
    stream: StreamIdentifier,
    deadline: Option<Instant>,
    size: usize,
    request: Result<Request, Status>,
}

impl Session {
    async fn answer(&mut self) -> Option<Result<BatchAppendResp, Status>> {
        loop {
            let mut stopping = self.core.stopping.clone();
            let may_take = self.running.len() < MAX_RUNNING;
            let Some(messages) = self.messages.as_mut() else {
                return self.running.next().await.map(Ok);
            };
            let message = tokio::select! {
                Some(answer) = self.running.next(), if !self.running.is_empty() => {
                    return Some(Ok(answer));
                }
                message = messages.message(), if may_take => message,
                _ = stopping.wait_for(|stopping| *stopping) => {
                    self.messages = None;
                    return Some(Err(fault::ending()));
                }
            };
            match message {
                Ok(Some(message)) => {
                    if let Err(status) = self.take(message) {
                        self.messages = None;
                        return Some(Err(status));
                    }
                }
                Ok(None) => self.messages = None,
                Err(status) => {
                    self.messages = None;
                    return Some(Err(status));
                }
            }
        }
    }

    /// Takes in a message; an error ends the call.
    fn take(&mut self, message: BatchAppendReq) -> Result<(), Status> {
        let BatchAppendReq { correlation_id, options, proposed_messages, is_final } = message;
        let key = correlation_id.as_ref().map(prost::Message::encode_to_vec).unwrap_or_default();
        let mut partial = match (self.partial.remove(&key), options) {
            (Some(partial), _) => partial,
            (None, Some(options)) => Partial::new(correlation_id, &options),
            (None, None) => {
                return Err(fault::invalid("a batched append does not begin with its options"));
            }
        };
        partial.add(&self.core, proposed_messages);
        if is_final {
            self.running.push(Box::pin(partial.run(Arc::clone(&self.core))));
        } else if self.partial.len() < MAX_PARTIAL {
            self.partial.insert(key, partial);
        } else {
            return Err(Status::resource_exhausted(format!(
                "more than {MAX_PARTIAL} appends are under way; finish one before the next is begun"
            )));
        }
        Ok(())
    }
}

impl Partial {
    fn new(correlation_id: Option<Uuid>, options: &BatchOptions) -> Partial {
        Partial {
            correlation_id,
            stream: options.stream_identifier.clone().unwrap_or_default(),
            deadline: deadline(options.deadline),
            size: 0,
            request: Request::new(options.stream_identifier.as_ref(), options.expected),
        }
    }

    fn add(&mut self, core: &Core, proposed: Vec<ProposedMessage>) {
        for proposed in proposed {
            let Ok(request) = &mut self.request else { return };
            if let Err(status) = request.push(core, &mut self.size, proposed) {
                self.request = Err(status);
            }
        }
    }

    /// Makes the append and answers it.
    async fn run(self, core: Arc<Core>) -> BatchAppendResp {
        let expected = self.request.as_ref().ok().map(|request| request.expected);
        let is_late = self.deadline.is_some_and(|deadline| deadline < Instant::now());
        let outcome = match self.request {
            Ok(_) if is_late => Err(Status::deadline_exceeded("Timeout")),
            Ok(request) => commit(&core, request).await,
            Err(status) => Err(status),
        };
        let result = match outcome {
            Ok(Outcome::Written { revision, entry }) => {
                BatchResult::Success(success(Some(revision), Some(entry)))
            }
            Ok(Outcome::Nothing { last }) => BatchResult::Success(success(last, None)),
            Ok(Outcome::Conflict { actual }) => BatchResult::Error(conflict(expected, actual)),
            Err(status) => {
                BatchResult::Error(fault::rpc(&status, &self.stream, core.max_append_bytes))
            }
        };
        BatchAppendResp {
            correlation_id: self.correlation_id,
            result: Some(result),
            stream_identifier: Some(self.stream),
            expected: expected.map(Expected::in_batch_answer),
        }
    }
}

fn conflict(expected: Option<Expected>, actual: Option<u64>) -> RpcStatus {
    let detail = WrongExpectedVersion {
        current: Some(actual.map_or(CurrentRevision::NoStream(()), CurrentRevision::Revision)),
        expected: expected.map(Expected::in_batch_error),
    };
    RpcStatus {
        code: Code::AlreadyExists as i32,
        message: "WrongExpectedVersion".to_owned(),
        details: Some(fault::any("WrongExpectedVersion", &detail)),
    }
}

/// The moment after which the client no longer waits.
fn deadline(deadline: Option<Deadline>) -> Option<Instant> {
    let left = match deadline? {
        Deadline::After(span) => duration(span.seconds, span.nanos),
        Deadline::At(moment) => {
            let now = clock::timestamp();
            let nanos = moment.nanos.saturating_sub(now.nanos);
            duration(moment.seconds.saturating_sub(now.seconds), nanos)
        }
    };
    Instant::now().checked_add(left.filter(|left| *left <= LONGEST_DEADLINE)?)
}

/// A span of time; what is negative is over. `None` if it cannot be counted.
fn duration(seconds: i64, nanos: i32) -> Option<Duration> {
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    u64::try_from(total.max(0)).ok().map(Duration::from_nanos)
}
