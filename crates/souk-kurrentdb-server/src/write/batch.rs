//! The call `Streams/BatchAppend`: many appends over one call, each in one or more messages, answered as they are
//! durable.
//!
//! Appends to different streams run at once; those to one stream in the order they came. One that is refused does
//! not end the call.

use super::append::success;
use super::commit::{Outcome, commit};
use super::request::{Expected, Request};
use crate::core::Core;
use crate::intake::Intake;
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
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Code, Status, Streaming};

/// Appends of one call that are written at the same time; beyond, no more are taken in.
const MAX_RUNNING: usize = 64;
/// Appends of one call that have begun to arrive and are not complete.
const MAX_PARTIAL: usize = 64;
/// A deadline further away than this is none: one client sends the time of day as a span of time.
const LONGEST_DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// Answers of one call that the client has not taken.
const MAX_WAITING: usize = 16;

/// Answers the call. Its work is a task of its own, so that what stalls is dropped even if nobody takes the answers.
pub(crate) fn batch_append(
    core: Arc<Core>,
    messages: Streaming<BatchAppendReq>,
    intake: Intake,
) -> Result<BoxStream<BatchAppendResp>, Status> {
    if core.mode.is_ledger() {
        return Err(fault::access_denied());
    }
    let (answers, waiting) = mpsc::channel(MAX_WAITING);
    let session = Session {
        core,
        messages: Some(messages),
        intake,
        partial: HashMap::new(),
        running: FuturesUnordered::new(),
    };
    tokio::spawn(session.run(answers));
    Ok(Box::pin(ReceiverStream::new(waiting)))
}

/// A call under way.
struct Session {
    core: Arc<Core>,
    /// `None` once the client has sent its last.
    messages: Option<Streaming<BatchAppendReq>>,
    intake: Intake,
    partial: HashMap<Vec<u8>, Partial>,
    running: FuturesUnordered<BoxFuture<'static, BatchAppendResp>>,
}

/// An append that has begun to arrive.
struct Partial {
    correlation_id: Option<Uuid>,
    stream: StreamIdentifier,
    deadline: Option<Instant>,
    /// When the last piece came.
    heard: Instant,
    size: usize,
    request: Result<Request, Status>,
}

impl Session {
    async fn run(mut self, answers: Sender<Result<BatchAppendResp, Status>>) {
        let limit = self.core.partial_append_timeout;
        loop {
            let answer = tokio::select! {
                answer = self.answer() => answer,
                () = answers.closed() => return,
            };
            let Some(answer) = answer else { return };
            let is_last = answer.is_err();
            // A client that does not take its answers shall not keep what it has sent.
            let sent = tokio::time::timeout(limit, answers.send(answer)).await;
            if is_last || !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
    }

    async fn answer(&mut self) -> Option<Result<BatchAppendResp, Status>> {
        loop {
            let mut stopping = self.core.stopping.clone();
            let may_take = self.running.len() < MAX_RUNNING;
            let stalled = self.partial.values().map(|partial| partial.heard).min();
            let limit = self.core.partial_append_timeout;
            let Some(messages) = self.messages.as_mut() else {
                return self.running.next().await.map(Ok);
            };
            let message = tokio::select! {
                Some(answer) = self.running.next(), if !self.running.is_empty() => {
                    return Some(Ok(answer));
                }
                message = messages.message(), if may_take => message,
                _ = stopping.wait_for(|stopping| *stopping) => return Some(Err(fault::ending())),
                () = until(stalled, limit) => {
                    self.drop_stalled();
                    continue;
                }
            };
            match message {
                Ok(Some(message)) => {
                    self.intake.settle();
                    if let Err(status) = self.take(message) {
                        return Some(Err(status));
                    }
                }
                Ok(None) => self.end_of_messages(),
                Err(status) => return Some(Err(status)),
            }
        }
    }

    /// The client has sent its last: what is not complete never will be.
    fn end_of_messages(&mut self) {
        self.messages = None;
        self.partial = HashMap::new();
    }

    /// Drops what did not go on for too long, and answers it.
    fn drop_stalled(&mut self) {
        let limit = self.core.partial_append_timeout;
        let stalled = self.partial.extract_if(|_, partial| partial.heard.elapsed() >= limit);
        for (_, mut partial) in stalled {
            partial.request = Err(fault::does_not_go_on(limit));
            self.running.push(Box::pin(partial.run(Arc::clone(&self.core))));
        }
    }

    /// Takes in a message; an error ends the call.
    fn take(&mut self, message: BatchAppendReq) -> Result<(), Status> {
        let BatchAppendReq { correlation_id, options, proposed_messages, is_final } = message;
        let key = correlation_id.as_ref().map(prost::Message::encode_to_vec).unwrap_or_default();
        let mut partial = match (self.partial.remove(&key), options) {
            (Some(partial), _) => partial,
            (None, Some(options)) => Partial::new(&self.core, correlation_id, &options),
            (None, None) => {
                return Err(fault::invalid(
                    "a batched append does not begin with its options, or took so long that it was dropped",
                ));
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

/// Waits until so long after a moment, for good if there is none.
async fn until(moment: Option<Instant>, limit: Duration) {
    match moment.and_then(|moment| moment.checked_add(limit)) {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}

impl Partial {
    fn new(core: &Core, correlation_id: Option<Uuid>, options: &BatchOptions) -> Partial {
        let stream = options.stream_identifier.as_ref();
        Partial {
            correlation_id,
            heard: Instant::now(),
            stream: options.stream_identifier.clone().unwrap_or_default(),
            deadline: deadline(options.deadline),
            size: 0,
            request: Request::new(core.appends.charge(0), stream, options.expected),
        }
    }

    fn add(&mut self, core: &Core, proposed: Vec<ProposedMessage>) {
        self.heard = Instant::now();
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
