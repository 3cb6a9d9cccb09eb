//! Messages of `Streams/Read`: reads and subscriptions, of a stream and of the whole log.

use super::shared::{Position, StreamIdentifier, Timestamp, Uuid};
use prost::bytes::Bytes;
use std::collections::BTreeMap;

/// What to read.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadReq {
    #[prost(message, optional, tag = "1")]
    pub(crate) options: Option<ReadOptions>,
}

/// The options of a read. `resolve_links` (4) is not looked at: there are no links.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadOptions {
    #[prost(oneof = "Target", tags = "1, 2")]
    pub(crate) target: Option<Target>,
    /// 0 forwards, 1 backwards.
    #[prost(int32, tag = "3")]
    pub(crate) read_direction: i32,
    #[prost(oneof = "Extent", tags = "5, 6")]
    pub(crate) extent: Option<Extent>,
    #[prost(oneof = "FilterOption", tags = "7, 8")]
    pub(crate) filter: Option<FilterOption>,
    #[prost(message, optional, tag = "9")]
    pub(crate) uuid_option: Option<UuidOption>,
    #[prost(message, optional, tag = "10")]
    pub(crate) control_option: Option<ControlOption>,
}

/// A stream or everything.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Target {
    #[prost(message, tag = "1")]
    Stream(StreamOptions),
    #[prost(message, tag = "2")]
    All(AllOptions),
}

/// So many events, or all that ever come.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum Extent {
    #[prost(uint64, tag = "5")]
    Count(u64),
    #[prost(message, tag = "6")]
    Subscription(()),
}

/// A filter or none.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum FilterOption {
    #[prost(message, tag = "7")]
    Filter(FilterOptions),
    #[prost(message, tag = "8")]
    NoFilter(()),
}

/// Which stream, from where.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamOptions {
    #[prost(message, optional, tag = "1")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
    #[prost(oneof = "RevisionOption", tags = "2, 3, 4")]
    pub(crate) revision: Option<RevisionOption>,
}

/// Where in a stream.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum RevisionOption {
    #[prost(uint64, tag = "2")]
    Revision(u64),
    #[prost(message, tag = "3")]
    Start(()),
    #[prost(message, tag = "4")]
    End(()),
}

/// Everything, from where.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct AllOptions {
    #[prost(oneof = "AllOption", tags = "1, 2, 3")]
    pub(crate) position: Option<AllOption>,
}

/// Where in the log.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum AllOption {
    #[prost(message, tag = "1")]
    Position(Position),
    #[prost(message, tag = "2")]
    Start(()),
    #[prost(message, tag = "3")]
    End(()),
}

/// A filter.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct FilterOptions {
    #[prost(oneof = "FilterOn", tags = "1, 2")]
    pub(crate) on: Option<FilterOn>,
    #[prost(oneof = "Window", tags = "3, 4")]
    pub(crate) window: Option<Window>,
    #[prost(uint32, tag = "5")]
    pub(crate) checkpoint_interval_multiplier: u32,
}

/// What a filter looks at.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum FilterOn {
    #[prost(message, tag = "1")]
    StreamName(Expression),
    #[prost(message, tag = "2")]
    EventType(Expression),
}

/// How many events are considered between two checkpoints.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum Window {
    #[prost(uint32, tag = "3")]
    Max(u32),
    #[prost(message, tag = "4")]
    Count(()),
}

/// A regular expression, or prefixes.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Expression {
    #[prost(string, tag = "1")]
    pub(crate) regex: String,
    #[prost(string, repeated, tag = "2")]
    pub(crate) prefix: Vec<String>,
}

/// The form of ids in the answer.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct UuidOption {
    #[prost(oneof = "UuidForm", tags = "1, 2")]
    pub(crate) content: Option<UuidForm>,
}

/// Numbers or text.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum UuidForm {
    #[prost(message, tag = "1")]
    Structured(()),
    #[prost(message, tag = "2")]
    Text(()),
}

/// What the client understands.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct ControlOption {
    #[prost(uint32, tag = "1")]
    pub(crate) compatibility: u32,
}

/// One message of the answer.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadResp {
    #[prost(oneof = "Content", tags = "1, 2, 3, 4, 5, 6, 8")]
    pub(crate) content: Option<Content>,
}

/// What the message says.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Content {
    #[prost(message, boxed, tag = "1")]
    Event(Box<ReadEvent>),
    #[prost(message, tag = "2")]
    Confirmation(Confirmation),
    #[prost(message, tag = "3")]
    Checkpoint(Checkpoint),
    #[prost(message, tag = "4")]
    StreamNotFound(StreamNotFound),
    #[prost(uint64, tag = "5")]
    FirstStreamPosition(u64),
    #[prost(uint64, tag = "6")]
    LastStreamPosition(u64),
    #[prost(message, tag = "8")]
    CaughtUp(CaughtUp),
}

/// An event.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadEvent {
    #[prost(message, optional, tag = "1")]
    pub(crate) event: Option<RecordedEvent>,
    #[prost(oneof = "EventPosition", tags = "3, 4")]
    pub(crate) position: Option<EventPosition>,
}

/// Where it is in the log.
#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum EventPosition {
    #[prost(uint64, tag = "3")]
    Commit(u64),
    #[prost(message, tag = "4")]
    None(()),
}

/// An event's content.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct RecordedEvent {
    #[prost(message, optional, tag = "1")]
    pub(crate) id: Option<Uuid>,
    #[prost(message, optional, tag = "2")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
    #[prost(uint64, tag = "3")]
    pub(crate) stream_revision: u64,
    #[prost(uint64, tag = "4")]
    pub(crate) prepare_position: u64,
    #[prost(uint64, tag = "5")]
    pub(crate) commit_position: u64,
    #[prost(btree_map = "string, string", tag = "6")]
    pub(crate) metadata: BTreeMap<String, String>,
    #[prost(bytes = "bytes", tag = "7")]
    pub(crate) custom_metadata: Bytes,
    #[prost(bytes = "bytes", tag = "8")]
    pub(crate) data: Bytes,
}

/// The first message of a subscription.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Confirmation {
    #[prost(string, tag = "1")]
    pub(crate) subscription_id: String,
}

/// How far a filtered subscription has looked.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Checkpoint {
    #[prost(uint64, tag = "1")]
    pub(crate) commit_position: u64,
    #[prost(uint64, tag = "2")]
    pub(crate) prepare_position: u64,
    #[prost(message, optional, tag = "3")]
    pub(crate) timestamp: Option<Timestamp>,
}

/// The stream has no event that can be read.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamNotFound {
    #[prost(message, optional, tag = "1")]
    pub(crate) stream_identifier: Option<StreamIdentifier>,
}

/// A subscription has become live.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct CaughtUp {
    #[prost(message, optional, tag = "1")]
    pub(crate) timestamp: Option<Timestamp>,
    #[prost(int64, optional, tag = "2")]
    pub(crate) stream_revision: Option<i64>,
    #[prost(message, optional, tag = "3")]
    pub(crate) position: Option<Position>,
}
