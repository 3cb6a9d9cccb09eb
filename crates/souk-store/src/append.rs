//! What is appended and what comes back.

use crate::error::StoreError;
use crate::record::{NewRecord, RecordError};
use std::borrow::Cow;
use std::fmt;
use thiserror::Error;

/// The records of one [`Append`] take at most this many bytes together (32 MiB), since they are written as one.
pub const MAX_APPEND_BYTES: usize = 32 << 20;

/// Where the stream must stand for an append to succeed. There is no "any": whoever appends has read the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The stream has no event yet.
    NoStream,
    /// The stream's last revision is this one.
    At(u64),
}

impl Expected {
    /// What a stream with this last revision (`None`: no such stream) must be expected at.
    #[must_use]
    pub fn after(last_revision: Option<u64>) -> Expected {
        last_revision.map_or(Expected::NoStream, Expected::At)
    }

    /// The revision of the first event appended when this expectation holds.
    #[must_use]
    pub fn first_revision(self) -> u64 {
        match self {
            Expected::NoStream => 0,
            Expected::At(last) => last.saturating_add(1),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::NoStream => f.write_str("no stream"),
            Expected::At(revision) => write!(f, "revision {revision}"),
        }
    }
}

/// An event to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Event id; derived from the command, so that a retry has the same.
    pub event_id: [u8; 16],
    /// Event type, 1..=250 printable ASCII characters.
    pub event_type: Cow<'static, str>,
    /// Metadata, any bytes.
    pub metadata: Vec<u8>,
    /// Data, any bytes.
    pub data: Vec<u8>,
}

/// Events for one stream, written all or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// Stream id, 1..=250 bytes of UTF-8 without NUL; compared bytewise.
    pub stream: Box<str>,
    /// Where the stream must stand.
    pub expected: Expected,
    /// At least one event, in order.
    pub events: Vec<NewEvent>,
}

impl Append {
    /// The parts of the `index`th record, if the stream's next revision is `first_revision`.
    #[must_use]
    pub fn record(&self, first_revision: u64, index: usize) -> Option<NewRecord<'_>> {
        let event = self.events.get(index)?;
        Some(NewRecord {
            stream: &self.stream,
            revision: first_revision.saturating_add(index as u64),
            event_id: event.event_id,
            event_type: &event.event_type,
            metadata: &event.metadata,
            data: &event.data,
        })
    }

    /// Everything that can be checked without the store; returns the bytes of all its records together.
    ///
    /// # Errors
    /// Any [`AppendError`] but `WrongExpectedRevision` and `Store`.
    pub fn check(&self) -> Result<usize, AppendError> {
        let mut total = 0usize;
        let mut index = 0;
        while let Some(record) = self.record(0, index) {
            let bytes =
                record.encoded_len().map_err(|error| AppendError::record(&self.stream, error))?;
            total = total.saturating_add(bytes);
            index += 1;
        }
        if index == 0 {
            return Err(AppendError::EmptyAppend { stream: self.stream.clone() });
        }
        if total > MAX_APPEND_BYTES {
            let (stream, limit) = (self.stream.clone(), MAX_APPEND_BYTES);
            return Err(AppendError::AppendTooLarge { stream, bytes: total, limit });
        }
        Ok(total)
    }

    /// Checks the expectation against the stream's last revision; returns the revision of the first new event.
    ///
    /// # Errors
    /// `WrongExpectedRevision`.
    pub fn check_revision(&self, actual: Option<u64>) -> Result<u64, AppendError> {
        if Expected::after(actual) == self.expected {
            return Ok(self.expected.first_revision());
        }
        let (stream, expected) = (self.stream.clone(), self.expected);
        Err(AppendError::WrongExpectedRevision { stream, expected, actual })
    }
}

/// A store's own position, for that store alone to understand: never compared, never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Token(pub [u8; 16]);

impl From<u64> for Token {
    fn from(position: u64) -> Token {
        Token(u128::from(position).to_be_bytes())
    }
}

/// An append that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Revision of the first event appended.
    pub first_revision: u64,
    /// Revision of the last event appended.
    pub last_revision: u64,
    /// Entry number of the first event, if the store knows it yet.
    pub first_entry: Option<u64>,
    /// Entry number of the last event, if the store knows it yet.
    pub last_entry: Option<u64>,
    /// The store's position of the last event.
    pub token: Token,
}

/// Why an append wrote nothing.
#[derive(Clone, Debug, Error)]
pub enum AppendError {
    /// The stream has moved on (or is not there); read it again, look for the command, then decide again.
    #[error("stream {stream} was expected at {expected} but is at {}; read it again before retrying", Expected::after(*actual))]
    WrongExpectedRevision {
        /// The stream.
        stream: Box<str>,
        /// What the append asked for.
        expected: Expected,
        /// The stream's last revision, `None` if it has no event.
        actual: Option<u64>,
    },
    /// One record would be larger than a record may be.
    #[error(
        "an event for stream {stream} takes {bytes} bytes and a record has at most {limit}; split the event"
    )]
    RecordTooLarge {
        /// The stream.
        stream: Box<str>,
        /// Size of the whole record, in bytes.
        bytes: usize,
        /// [`crate::MAX_RECORD_BYTES`].
        limit: usize,
    },
    /// All records together would be larger than an append may be.
    #[error(
        "the events for stream {stream} take {bytes} bytes and one append has at most {limit}; append fewer"
    )]
    AppendTooLarge {
        /// The stream.
        stream: Box<str>,
        /// Size of all records, in bytes.
        bytes: usize,
        /// [`MAX_APPEND_BYTES`].
        limit: usize,
    },
    /// The stream id is empty, longer than 250 bytes, or has a NUL.
    #[error(
        "the stream id {stream:?} cannot be used: {what}; use 1 to 250 bytes of UTF-8 without NUL"
    )]
    InvalidStreamId {
        /// The stream id.
        stream: Box<str>,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The event type is empty, longer than 250 bytes, or not printable ASCII.
    #[error(
        "an event for stream {stream} has a type that cannot be used: {what}; use 1 to 250 printable ASCII characters"
    )]
    InvalidEventType {
        /// The stream.
        stream: Box<str>,
        /// What is wrong with it.
        what: &'static str,
    },
    /// There was no event to append.
    #[error("the append to stream {stream} has no event; leave it out")]
    EmptyAppend {
        /// The stream.
        stream: Box<str>,
    },
    /// The store failed. Whether the events were written is known only after opening it again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AppendError {
    /// The error of an append to `stream` one of whose records cannot be encoded.
    #[must_use]
    pub fn record(stream: &str, error: RecordError) -> AppendError {
        let stream = stream.into();
        match error {
            RecordError::RecordTooLarge { bytes, limit } => {
                AppendError::RecordTooLarge { stream, bytes, limit }
            }
            RecordError::InvalidStream { what } => AppendError::InvalidStreamId { stream, what },
            RecordError::InvalidType { what } => AppendError::InvalidEventType { stream, what },
            RecordError::UnknownFormat { .. }
            | RecordError::Truncated { .. }
            | RecordError::TrailingBytes { .. } => {
                let why =
                    format!("a record for stream {stream} could not be encoded: {error}").into();
                AppendError::Store(StoreError::Unavailable { why })
            }
        }
    }
}
