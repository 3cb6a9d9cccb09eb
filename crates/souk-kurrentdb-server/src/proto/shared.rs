//! Messages that several services share, and the few of Google's that the protocol uses.

use prost::bytes::Bytes;

/// A UUID in one of two forms.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Uuid {
    #[prost(oneof = "UuidValue", tags = "1, 2")]
    pub(crate) value: Option<UuidValue>,
}

/// The two forms.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum UuidValue {
    #[prost(message, tag = "1")]
    Structured(StructuredUuid),
    #[prost(string, tag = "2")]
    Text(String),
}

/// A UUID as two numbers.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct StructuredUuid {
    #[prost(int64, tag = "1")]
    pub(crate) most_significant_bits: i64,
    #[prost(int64, tag = "2")]
    pub(crate) least_significant_bits: i64,
}

/// The name of a stream.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamIdentifier {
    #[prost(bytes = "bytes", tag = "3")]
    pub(crate) stream_name: Bytes,
}

/// A position in the total order: both numbers are always equal here.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Position {
    #[prost(uint64, tag = "1")]
    pub(crate) commit_position: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) prepare_position: u64,
}

impl Position {
    /// The position of an entry.
    pub(crate) fn of(entry: u64) -> Position {
        Position { commit_position: entry, prepare_position: entry }
    }
}

/// The detail of a refused request of a batch.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct WrongExpectedVersion {
    #[prost(oneof = "CurrentRevision", tags = "1, 2")]
    pub(crate) current: Option<CurrentRevision>,
    #[prost(oneof = "ExpectedPosition", tags = "3, 4, 5, 6")]
    pub(crate) expected: Option<ExpectedPosition>,
}

/// Where the stream stands.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum CurrentRevision {
    #[prost(uint64, tag = "1")]
    Revision(u64),
    #[prost(message, tag = "2")]
    NoStream(()),
}

/// Where it was expected.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum ExpectedPosition {
    #[prost(uint64, tag = "3")]
    Revision(u64),
    #[prost(message, tag = "4")]
    Any(()),
    #[prost(message, tag = "5")]
    StreamExists(()),
    #[prost(message, tag = "6")]
    NoStream(()),
}

/// The detail of a request for a stream that is deleted for good.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamDeleted {
    #[prost(message, optional, tag = "1")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
}

/// The detail of a request that is too large.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct MaximumAppendSizeExceeded {
    #[prost(uint32, tag = "1")]
    pub(crate) max_append_size: u32,
}

/// The detail of a request that is wrong.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BadRequest {
    #[prost(string, tag = "1")]
    pub(crate) message: String,
}

/// `google.protobuf.Timestamp`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Timestamp {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Any {
    #[prost(string, tag = "1")]
    pub(crate) type_url: String,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) value: Bytes,
}

/// `google.rpc.Status`, with one detail instead of several: so the protocol has it.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct RpcStatus {
    #[prost(int32, tag = "1")]
    pub(crate) code: i32,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) details: Option<Any>,
}
