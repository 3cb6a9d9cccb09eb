//! Messages of what changes a store: append, batch append, delete and tombstone.

use super::shared::{Position, RpcStatus, StreamIdentifier, Timestamp, Uuid};
use prost::bytes::Bytes;
use std::collections::BTreeMap;

/// One message of an append: first the options, then an event each.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AppendReq {
    #[prost(oneof = "AppendContent", tags = "1, 2")]
    pub(crate) content: Option<AppendContent>,
}

/// What the message brings.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum AppendContent {
    #[prost(message, tag = "1")]
    Options(StreamAt),
    #[prost(message, tag = "2")]
    Proposed(ProposedMessage),
}

/// A stream and where it is expected: the options of an append, a delete and a tombstone alike.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamAt {
    #[prost(message, optional, tag = "1")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
    #[prost(oneof = "ExpectedStreamRevision", tags = "2, 3, 4, 5")]
    pub(crate) expected: Option<ExpectedStreamRevision>,
}

/// Where a stream is expected.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum ExpectedStreamRevision {
    #[prost(uint64, tag = "2")]
    Revision(u64),
    #[prost(message, tag = "3")]
    NoStream(()),
    #[prost(message, tag = "4")]
    Any(()),
    #[prost(message, tag = "5")]
    StreamExists(()),
}

/// An event to append.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ProposedMessage {
    #[prost(message, optional, tag = "1")]
    pub(crate) id: Option<Uuid>,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) metadata: BTreeMap<String, String>,
    #[prost(bytes = "bytes", tag = "3")]
    pub(crate) custom_metadata: Bytes,
    #[prost(bytes = "bytes", tag = "4")]
    pub(crate) data: Bytes,
}

/// The answer to an append.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AppendResp {
    #[prost(oneof = "AppendResult", tags = "1, 2")]
    pub(crate) result: Option<AppendResult>,
}

/// Written, or refused.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum AppendResult {
    #[prost(message, tag = "1")]
    Success(Success),
    #[prost(message, tag = "2")]
    Conflict(AppendConflict),
}

/// Where the last event went. Of an append and of a batch append alike.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Success {
    #[prost(oneof = "CurrentRevisionOption", tags = "1, 2")]
    pub(crate) current: Option<CurrentRevisionOption>,
    #[prost(oneof = "SuccessPosition", tags = "3, 4")]
    pub(crate) position: Option<SuccessPosition>,
}

/// The stream's last revision.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum CurrentRevisionOption {
    #[prost(uint64, tag = "1")]
    Revision(u64),
    #[prost(message, tag = "2")]
    NoStream(()),
}

/// The position of the last event.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum SuccessPosition {
    #[prost(message, tag = "3")]
    Position(Position),
    #[prost(message, tag = "4")]
    None(()),
}

/// A refused append, in the form of today and in that of version 20.6.0.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct AppendConflict {
    #[prost(oneof = "OldCurrent", tags = "1, 2")]
    pub(crate) old_current: Option<OldCurrent>,
    #[prost(oneof = "OldExpected", tags = "3, 4, 5")]
    pub(crate) old_expected: Option<OldExpected>,
    #[prost(oneof = "ConflictCurrent", tags = "6, 7")]
    pub(crate) current: Option<ConflictCurrent>,
    #[prost(oneof = "ConflictExpected", tags = "8, 9, 10, 11")]
    pub(crate) expected: Option<ConflictExpected>,
}

/// Where the stream stands, as version 20.6.0 said it.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum OldCurrent {
    #[prost(uint64, tag = "1")]
    Revision(u64),
    #[prost(message, tag = "2")]
    NoStream(()),
}

/// Where it was expected, as version 20.6.0 said it.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum OldExpected {
    #[prost(uint64, tag = "3")]
    Revision(u64),
    #[prost(message, tag = "4")]
    Any(()),
    #[prost(message, tag = "5")]
    StreamExists(()),
}

/// Where the stream stands.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum ConflictCurrent {
    #[prost(uint64, tag = "6")]
    Revision(u64),
    #[prost(message, tag = "7")]
    NoStream(()),
}

/// Where it was expected.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum ConflictExpected {
    #[prost(uint64, tag = "8")]
    Revision(u64),
    #[prost(message, tag = "9")]
    Any(()),
    #[prost(message, tag = "10")]
    StreamExists(()),
    #[prost(message, tag = "11")]
    NoStream(()),
}

/// A part of a batched append; those with one correlation id belong together.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BatchAppendReq {
    #[prost(message, optional, tag = "1")]
    pub(crate) correlation_id: Option<Uuid>,
    #[prost(message, optional, tag = "2")]
    pub(crate) options: Option<BatchOptions>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) proposed_messages: Vec<ProposedMessage>,
    #[prost(bool, tag = "4")]
    pub(crate) is_final: bool,
}

/// The options of a batched append.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BatchOptions {
    #[prost(message, optional, tag = "1")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
    #[prost(oneof = "ExpectedStreamRevision", tags = "2, 3, 4, 5")]
    pub(crate) expected: Option<ExpectedStreamRevision>,
    #[prost(oneof = "Deadline", tags = "6, 7")]
    pub(crate) deadline: Option<Deadline>,
}

/// When the client stops waiting: a moment, or a span of time, whose message has the same fields.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum Deadline {
    #[prost(message, tag = "6")]
    At(Timestamp),
    #[prost(message, tag = "7")]
    After(Timestamp),
}

/// The answer to a batched append.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BatchAppendResp {
    #[prost(message, optional, tag = "1")]
    pub(crate) correlation_id: Option<Uuid>,
    #[prost(oneof = "BatchResult", tags = "2, 3")]
    pub(crate) result: Option<BatchResult>,
    #[prost(message, optional, tag = "4")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
    #[prost(oneof = "BatchExpected", tags = "5, 6, 7, 8")]
    pub(crate) expected: Option<BatchExpected>,
}

/// Written, or refused.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum BatchResult {
    #[prost(message, tag = "2")]
    Error(RpcStatus),
    #[prost(message, tag = "3")]
    Success(Success),
}

/// Where the stream was expected, repeated.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum BatchExpected {
    #[prost(uint64, tag = "5")]
    Revision(u64),
    #[prost(message, tag = "6")]
    NoStream(()),
    #[prost(message, tag = "7")]
    Any(()),
    #[prost(message, tag = "8")]
    StreamExists(()),
}

/// A delete or a tombstone.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DeleteReq {
    #[prost(message, optional, tag = "1")]
    pub(crate) options: Option<StreamAt>,
}

/// The answer to a delete or a tombstone.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct DeleteResp {
    #[prost(oneof = "DeletePosition", tags = "1, 2")]
    pub(crate) position: Option<DeletePosition>,
}

/// Where it was written.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum DeletePosition {
    #[prost(message, tag = "1")]
    Position(Position),
    #[prost(message, tag = "2")]
    None(()),
}
