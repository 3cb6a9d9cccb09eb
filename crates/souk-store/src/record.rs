//! The bytes of a record, format 1: what a store keeps, what an audit tree hashes, the same from every store.
//!
//! All integers are big-endian. Lengths count bytes. Nothing follows the last field.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 1 | format, always 1 |
//! | 1 | 1 | `s`, length of the stream id, 1..=250 |
//! | 2 | `s` | stream id, UTF-8, without NUL |
//! | 2+s | 8 | revision: the event's number within its stream, from 0 |
//! | 10+s | 16 | event id |
//! | 26+s | 1 | `t`, length of the event type, 1..=250 |
//! | 27+s | `t` | event type, printable ASCII (0x20..=0x7E) |
//! | 27+s+t | 2 | `m`, length of the metadata |
//! | 29+s+t | `m` | metadata, any bytes |
//! | 29+s+t+m | 2 | `d`, length of the data |
//! | 31+s+t+m | `d` | data, any bytes |
//!
//! A record is `31+s+t+m+d` bytes and at most 65,535 of them. Its parts have one encoding only, so equal records
//! have equal bytes. Neither the entry number nor the time of writing is part of a record: the first depends on the
//! log that holds it, the second belongs in the metadata. The format is final; golden vectors are in
//! `fixtures/records/`.

use sha2::{Digest, Sha256};
use thiserror::Error;

/// The largest record, in bytes, everything included.
pub const MAX_RECORD_BYTES: usize = 65_535;

/// The longest stream id and the longest event type, in bytes.
pub const MAX_NAME_BYTES: usize = 250;

/// The first byte of a record of this format.
pub const FORMAT: u8 = 1;

/// Bytes of a record besides its four variable parts.
pub const FIXED_BYTES: usize = 31;

/// Where the 8 bytes of the revision begin in a record of `stream`.
const fn revision_at(stream_len: usize) -> usize {
    2 + stream_len
}

/// Why some parts are not a record, or some bytes are not one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecordError {
    /// The whole record would be larger than [`MAX_RECORD_BYTES`].
    #[error(
        "the record takes {bytes} bytes and at most {limit} are allowed; split the event or carry a digest"
    )]
    RecordTooLarge {
        /// Size of the whole record, in bytes.
        bytes: usize,
        /// [`MAX_RECORD_BYTES`].
        limit: usize,
    },
    /// The stream id is empty, longer than 250 bytes, or has a NUL.
    #[error("a stream id has 1 to 250 bytes of UTF-8 without NUL: {what}")]
    InvalidStream {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The event type is empty, longer than 250 bytes, or not printable ASCII.
    #[error("an event type has 1 to 250 printable ASCII characters: {what}")]
    InvalidType {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The first byte names a format this version cannot read.
    #[error(
        "record format {format} is unknown, only format 1 can be read; use a newer version of Souk"
    )]
    UnknownFormat {
        /// The first byte.
        format: u8,
    },
    /// The bytes end before the record does.
    #[error("the record ends at byte {bytes}, inside its {field}")]
    Truncated {
        /// Bytes there are.
        bytes: usize,
        /// The field that is cut.
        field: &'static str,
    },
    /// Bytes follow the record.
    #[error("{extra} bytes follow the record")]
    TrailingBytes {
        /// How many.
        extra: usize,
    },
}

/// The parts of a record that is yet to be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRecord<'a> {
    /// Stream id, 1..=250 bytes without NUL.
    pub stream: &'a str,
    /// Number of the event within its stream, from 0.
    pub revision: u64,
    /// Event id, unique within the stream.
    pub event_id: [u8; 16],
    /// Event type, 1..=250 printable ASCII characters.
    pub event_type: &'a str,
    /// Metadata, any bytes.
    pub metadata: &'a [u8],
    /// Data, any bytes.
    pub data: &'a [u8],
}

impl NewRecord<'_> {
    /// Size of the encoded record in bytes, after checking every part.
    ///
    /// # Errors
    /// `InvalidStream`, `InvalidType` or `RecordTooLarge`.
    pub fn encoded_len(&self) -> Result<usize, RecordError> {
        check_stream(self.stream.as_bytes())?;
        check_type(self.event_type.as_bytes())?;
        let parts =
            [self.stream.len(), self.event_type.len(), self.metadata.len(), self.data.len()];
        let bytes = parts.iter().fold(FIXED_BYTES, |sum, part| sum.saturating_add(*part));
        if bytes > MAX_RECORD_BYTES {
            return Err(RecordError::RecordTooLarge { bytes, limit: MAX_RECORD_BYTES });
        }
        Ok(bytes)
    }

    /// Appends the encoded record to `out` and returns its size in bytes. On an error `out` is unchanged.
    ///
    /// # Errors
    /// As [`NewRecord::encoded_len`].
    pub fn encode_into(&self, out: &mut Vec<u8>) -> Result<usize, RecordError> {
        let bytes = self.encoded_len()?;
        out.reserve(bytes);
        out.extend_from_slice(&[FORMAT, short(self.stream.len())]);
        out.extend_from_slice(self.stream.as_bytes());
        out.extend_from_slice(&self.revision.to_be_bytes());
        out.extend_from_slice(&self.event_id);
        out.push(short(self.event_type.len()));
        out.extend_from_slice(self.event_type.as_bytes());
        for part in [self.metadata, self.data] {
            out.extend_from_slice(&u16::try_from(part.len()).unwrap_or(u16::MAX).to_be_bytes());
            out.extend_from_slice(part);
        }
        Ok(bytes)
    }

    /// The encoded record.
    ///
    /// # Errors
    /// As [`NewRecord::encoded_len`].
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let mut out = Vec::new();
        self.encode_into(&mut out)?;
        Ok(out)
    }
}

/// A record as read: every part borrows from the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Entry number: position in the log, from 0. Not part of the bytes.
    pub entry: u64,
    /// Stream id.
    pub stream: &'a str,
    /// Number of the event within its stream, from 0.
    pub revision: u64,
    /// Event id.
    pub event_id: [u8; 16],
    /// Event type.
    pub event_type: &'a str,
    /// Metadata.
    pub metadata: &'a [u8],
    /// Data.
    pub data: &'a [u8],
    /// The whole record: what is hashed.
    pub bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads exactly one record from `bytes`; `entry` is carried along. Accepts only what [`NewRecord`] encodes.
    ///
    /// # Errors
    /// Any [`RecordError`]: an unknown format, a cut or overlong record, an invalid stream id or type.
    #[inline]
    pub fn parse(entry: u64, bytes: &'a [u8]) -> Result<Record<'a>, RecordError> {
        let cut = |field| RecordError::Truncated { bytes: bytes.len(), field };
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(RecordError::RecordTooLarge {
                bytes: bytes.len(),
                limit: MAX_RECORD_BYTES,
            });
        }
        let (&format, rest) = bytes.split_first().ok_or_else(|| cut("format"))?;
        if format != FORMAT {
            return Err(RecordError::UnknownFormat { format });
        }
        let (stream, rest) = take_short(rest).ok_or_else(|| cut("stream id"))?;
        let (revision, rest) = rest.split_first_chunk::<8>().ok_or_else(|| cut("revision"))?;
        let (event_id, rest) = rest.split_first_chunk::<16>().ok_or_else(|| cut("event id"))?;
        let (event_type, rest) = take_short(rest).ok_or_else(|| cut("event type"))?;
        let (metadata, rest) = take_long(rest).ok_or_else(|| cut("metadata"))?;
        let (data, rest) = take_long(rest).ok_or_else(|| cut("data"))?;
        if !rest.is_empty() {
            return Err(RecordError::TrailingBytes { extra: rest.len() });
        }
        check_stream(stream)?;
        check_type(event_type)?;
        let stream = str::from_utf8(stream)
            .map_err(|_| RecordError::InvalidStream { what: "it is not UTF-8" })?;
        let event_type = str::from_utf8(event_type)
            .map_err(|_| RecordError::InvalidType { what: "it is not ASCII" })?;
        let (revision, event_id) = (u64::from_be_bytes(*revision), *event_id);
        Ok(Record { entry, stream, revision, event_id, event_type, metadata, data, bytes })
    }

    /// The stream id's bytes and the revision alone, for indexes: several times faster than [`Record::parse`],
    /// and for bytes already known to be a record only. `None` if they cannot be one.
    #[inline]
    #[must_use]
    pub fn peek(bytes: &'a [u8]) -> Option<(&'a [u8], u64)> {
        let len = usize::from(*bytes.get(1)?);
        let at = revision_at(len);
        let revision = bytes.get(at..)?.first_chunk::<8>()?;
        Some((bytes.get(2..at)?, u64::from_be_bytes(*revision)))
    }

    /// The leaf hash of this record; see [`leaf_hash`].
    #[must_use]
    pub fn leaf_hash(&self) -> [u8; 32] {
        leaf_hash(self.bytes)
    }
}

/// The hash of a leaf of the audit tree: SHA-256 of a zero byte and the record's bytes, as in RFC 6962.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(bytes);
    hash.finalize().into()
}

/// A length already checked against [`MAX_NAME_BYTES`].
fn short(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(u8::MAX)
}

#[inline]
fn take_short(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&len, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(len))
}

#[inline]
fn take_long(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))
}

/// Checks what UTF-8 itself does not.
#[inline]
fn check_stream(bytes: &[u8]) -> Result<(), RecordError> {
    let what = if bytes.is_empty() {
        "it is empty"
    } else if bytes.len() > MAX_NAME_BYTES {
        "it is longer"
    } else if bytes.contains(&0) {
        "it has a NUL"
    } else {
        return Ok(());
    };
    Err(RecordError::InvalidStream { what })
}

#[inline]
fn check_type(bytes: &[u8]) -> Result<(), RecordError> {
    // Without a branch per byte, so that the loop runs on vectors.
    let printable =
        |bytes: &[u8]| bytes.iter().fold(true, |ok, b| ok & b.wrapping_sub(0x20).lt(&0x5F));
    let what = if bytes.is_empty() {
        "it is empty"
    } else if bytes.len() > MAX_NAME_BYTES {
        "it is longer"
    } else if !printable(bytes) {
        "it has another character"
    } else {
        return Ok(());
    };
    Err(RecordError::InvalidType { what })
}
