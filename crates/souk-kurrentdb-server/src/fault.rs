//! Errors as the protocol says them: a status, and trailers that name the exception.

use crate::proto::shared::{
    Any, BadRequest, MaximumAppendSizeExceeded, RpcStatus, StreamDeleted, StreamIdentifier,
};
use prost::Message;
use souk_store::{AppendError, StoreError};
use std::fmt::Write;
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataMap, MetadataValue};
use tonic::{Code, Status};

/// A failure of the store. Whether to try again later is in the code.
pub(crate) fn store(error: StoreError) -> Status {
    match error {
        StoreError::Unavailable { .. }
        | StoreError::OtherKind { .. }
        | StoreError::Locked { .. }
        | StoreError::DiskFull { .. }
        | StoreError::Fatal { .. } => Status::unavailable(error.to_string()),
        StoreError::Corrupt { .. }
        | StoreError::DerivedDamaged { .. }
        | StoreError::NoWatermark { .. }
        | StoreError::BadRecord { .. } => Status::data_loss(error.to_string()),
        StoreError::Io { .. } => Status::internal(error.to_string()),
    }
}

/// An append that the store refused for another reason than where the stream stands.
pub(crate) fn append(error: &AppendError) -> Status {
    match error {
        AppendError::Store(error) => store(error.clone()),
        AppendError::WrongExpectedRevision { .. } => Status::aborted(error.to_string()),
        AppendError::RecordTooLarge { .. }
        | AppendError::AppendTooLarge { .. }
        | AppendError::InvalidStreamId { .. }
        | AppendError::InvalidEventType { .. }
        | AppendError::EmptyAppend { .. } => Status::invalid_argument(error.to_string()),
    }
}

/// An entry that cannot be served.
pub(crate) fn damaged(entry: u64, what: &str) -> Status {
    Status::internal(format!(
        "entry {entry} cannot be served: {what}; it was not written through this server: serve a ledger as a ledger, \
         or restore the store from a backup"
    ))
}

/// A request that is wrong.
pub(crate) fn invalid(what: impl Into<String>) -> Status {
    Status::invalid_argument(what)
}

/// A call that changes a ledger.
pub(crate) fn access_denied() -> Status {
    let message = "this is a ledger, which is read and followed from here but not written: an append from outside \
                   would bypass its decisions; append through the ledger's own commands";
    exception(Code::PermissionDenied, message, &[("exception", "access-denied")])
}

/// A stream that is deleted for good.
pub(crate) fn stream_deleted(stream: &str) -> Status {
    let message = format!("Event stream '{stream}' is deleted.");
    let trailers = [("exception", "stream-deleted"), ("stream-name", stream)];
    exception(Code::FailedPrecondition, &message, &trailers)
}

/// An append of more bytes than allowed.
pub(crate) fn too_large(limit: usize) -> Status {
    let message = format!("Maximum Append Size of {limit} Exceeded.");
    let limit = limit.to_string();
    let trailers =
        [("exception", "maximum-append-size-exceeded"), ("maximum-append-size", limit.as_str())];
    exception(Code::InvalidArgument, &message, &trailers)
}

/// An event without something it must have.
pub(crate) fn missing_metadata(key: &str) -> Status {
    let message = format!("Required Metadata Property '{key}' is missing");
    let trailers = [
        ("exception", "missing-required-metadata-property"),
        ("required-metadata-properties", "type,content-type"),
    ];
    exception(Code::InvalidArgument, &message, &trailers)
}

/// A delete or tombstone of a stream that stands elsewhere; -1 is no stream, -2 any, -4 an existing one. The words
/// are read by clients.
pub(crate) fn wrong_delete(stream: &str, expected: i128, actual: i128) -> Status {
    let message = format!(
        "Delete failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, \
         Actual version: {actual}"
    );
    let (expected, actual) = (expected.to_string(), actual.to_string());
    let trailers = [
        ("exception", "wrong-expected-version"),
        ("stream-name", stream),
        ("expected-version", expected.as_str()),
        ("actual-version", actual.as_str()),
    ];
    exception(Code::FailedPrecondition, &message, &trailers)
}

/// The server ends what would go on otherwise. Never status OK: clients would not notice the end.
pub(crate) fn ending() -> Status {
    Status::unavailable(
        "the server is shutting down; subscribe again from the last position received",
    )
}

/// A call that needs more memory than appends have left.
pub(crate) fn no_room_for_appends() -> Status {
    Status::resource_exhausted(
        "the appends under way take all the memory there is for them; append less at once, finish what is begun, \
         and try again",
    )
}

/// An append that stopped in the middle.
pub(crate) fn does_not_go_on(limit: Duration) -> Status {
    Status::deadline_exceeded(format!(
        "no more of the append came for {limit:?}, so that it was dropped; nothing of it was written: send it again"
    ))
}

/// An event that no memory could be had for.
pub(crate) fn no_room_for_reads(bytes: usize, total: usize) -> Status {
    Status::resource_exhausted(format!(
        "there is no room for {bytes} bytes, since other clients do not take what they asked for: all reads together \
         hold at most {total}; read on from the last position received, later"
    ))
}

/// A client that leaves what it asked for.
pub(crate) fn does_not_read() -> Status {
    Status::resource_exhausted(
        "this client took nothing for long, and its memory was needed; read or subscribe again from the last \
         position received, and faster",
    )
}

/// A read or subscription too many.
pub(crate) fn too_many_reads(total: usize) -> Status {
    Status::resource_exhausted(format!(
        "{total} reads and subscriptions are under way, as many as the server allows; end one, and try again"
    ))
}

fn exception(code: Code, message: &str, trailers: &[(&'static str, &str)]) -> Status {
    let mut metadata = MetadataMap::new();
    for (key, value) in trailers {
        if let Ok(value) = trailer(value) {
            metadata.insert(*key, value);
        }
    }
    Status::with_metadata(code, message, metadata)
}

/// Text as a trailer can have it: percent-encoded unless it is printable ASCII.
fn trailer(text: &str) -> Result<MetadataValue<Ascii>, impl Sized> {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' || byte == b' ' {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    MetadataValue::try_from(encoded)
}

/// The same for one request of a batch, where an error is part of the answer.
pub(crate) fn rpc(status: &Status, stream: &StreamIdentifier, limit: usize) -> RpcStatus {
    let exception = status.metadata().get("exception").and_then(|value| value.to_str().ok());
    let details = match exception {
        Some("stream-deleted") => {
            let stream_identifier = Some(stream.clone());
            any("StreamDeleted", &StreamDeleted { stream_identifier })
        }
        Some("maximum-append-size-exceeded") => {
            let max_append_size = u32::try_from(limit).unwrap_or(u32::MAX);
            any("MaximumAppendSizeExceeded", &MaximumAppendSizeExceeded { max_append_size })
        }
        Some("access-denied") => any("AccessDenied", &()),
        _ if status.code() == Code::DeadlineExceeded => any("Timeout", &()),
        _ if status.code() == Code::InvalidArgument => {
            any("BadRequest", &BadRequest { message: status.message().to_owned() })
        }
        _ => any("Unknown", &()),
    };
    let message = status.message().to_owned();
    RpcStatus { code: status.code() as i32, message, details: Some(details) }
}

/// A detail of an error.
pub(crate) fn any(name: &str, message: &impl Message) -> Any {
    let type_url = format!("type.googleapis.com/event_store.client.{name}");
    Any { type_url, value: message.encode_to_vec().into() }
}
