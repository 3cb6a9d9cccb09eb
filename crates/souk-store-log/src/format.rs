//! The bytes of a segment, version 1. All integers are big-endian, all checksums CRC-32C (Castagnoli).
//!
//! A segment is a header and then frames without gaps; it is named by its first entry in 20 decimal digits.
//!
//! | at | bytes | header of a segment |
//! |---|---|---|
//! | 0 | 8 | `SOUKSEG1` |
//! | 8 | 4 | version, 1 |
//! | 12 | 16 | store id, the same in all segments |
//! | 28 | 8 | number of the first entry |
//! | 36 | 4 | checksum of the last frame of the previous segment, 0 in the first segment |
//! | 40 | 4 | checksum of bytes 0..40 |
//!
//! A frame is one append: all of it counts or none. A frame never straddles segments.
//!
//! | at | bytes | frame |
//! |---|---|---|
//! | 0 | 4 | `SKFR` |
//! | 4 | 4 | `b`, length of the body |
//! | 8 | 8 | number of the first entry |
//! | 16 | 4 | number of records, at least 1 |
//! | 20 | `b` | the records: each 2 bytes of length, then as many bytes (see `souk_store::record`) |
//! | 20+b | 4 | checksum of the 4 bytes before the frame and of the frame up to here |
//!
//! The 4 bytes before a frame are the checksum of the frame before it, or of the segment's header, which covers that
//! of the previous segment's last frame. So every checksum vouches for everything before it.

use souk_store::{Append, AppendError};

/// First bytes of a segment.
pub const SEGMENT_MAGIC: [u8; 8] = *b"SOUKSEG1";
/// Version of the segment format.
pub const VERSION: u32 = 1;
/// Bytes of a segment's header.
pub const SEGMENT_HEADER: usize = 44;
/// First bytes of a frame.
pub const FRAME_MAGIC: [u8; 4] = *b"SKFR";
/// Bytes of a frame before its body.
pub const FRAME_HEADER: usize = 20;
/// Bytes of a checksum, which ends a header and a frame.
pub const CHECKSUM: usize = 4;
/// Bytes before each record in a frame's body.
pub const RECORD_PREFIX: usize = 2;

/// The header of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Chosen when the store is created.
    pub store_id: [u8; 16],
    /// Number of the first entry.
    pub first_entry: u64,
    /// Checksum of the last frame of the previous segment, 0 in the first segment.
    pub seed: u32,
}

impl SegmentHeader {
    /// The bytes of the header.
    #[must_use]
    pub fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut bytes = [0; SEGMENT_HEADER];
        bytes[0..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_be_bytes());
        bytes[12..28].copy_from_slice(&self.store_id);
        bytes[28..36].copy_from_slice(&self.first_entry.to_be_bytes());
        bytes[36..40].copy_from_slice(&self.seed.to_be_bytes());
        let checksum = crc32c::crc32c(&bytes[..40]);
        bytes[40..].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }

    /// Reads a header and its checksum.
    ///
    /// # Errors
    /// What does not match.
    pub fn parse(bytes: &[u8; SEGMENT_HEADER]) -> Result<(SegmentHeader, u32), &'static str> {
        if bytes[0..8] != SEGMENT_MAGIC {
            return Err("it does not begin as a segment does");
        }
        let checksum = u32_at(bytes, 40);
        if crc32c::crc32c(&bytes[..40]) != checksum {
            return Err("the checksum of the segment's header does not match");
        }
        if u32_at(bytes, 8) != VERSION {
            return Err("the segment has a version that only a newer Souk can read");
        }
        let mut store_id = [0; 16];
        store_id.copy_from_slice(&bytes[12..28]);
        let (first_entry, seed) = (u64_at(bytes, 28), u32_at(bytes, 36));
        Ok((SegmentHeader { store_id, first_entry, seed }, checksum))
    }
}

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) body: usize,
    pub(crate) first_entry: u64,
    pub(crate) records: u32,
}

impl FrameHeader {
    /// Reads the header at the start of `bytes`; `None` if there is none.
    pub(crate) fn parse(bytes: &[u8]) -> Option<FrameHeader> {
        let bytes = bytes.first_chunk::<FRAME_HEADER>()?;
        if bytes[..4] != FRAME_MAGIC {
            return None;
        }
        let (first_entry, records) = (u64_at(bytes, 8), u32_at(bytes, 16));
        Some(FrameHeader { body: u32_at(bytes, 4) as usize, first_entry, records })
    }

    /// Bytes of the whole frame.
    pub(crate) fn frame_len(&self) -> usize {
        FRAME_HEADER + self.body + CHECKSUM
    }
}

/// Appends the frame of an append to `out` and returns its checksum. On an error `out` is unchanged.
///
/// # Errors
/// An [`AppendError`] if an event cannot be a record or there are too many.
pub fn encode_frame(
    append: &Append,
    first_revision: u64,
    first_entry: u64,
    previous_checksum: u32,
    out: &mut Vec<u8>,
) -> Result<u32, AppendError> {
    let start = out.len();
    out.extend_from_slice(&FRAME_MAGIC);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&first_entry.to_be_bytes());
    out.extend_from_slice(&u32::try_from(append.events.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut index = 0;
    while let Some(record) = append.record(first_revision, index) {
        let prefix = out.len();
        out.extend_from_slice(&[0; RECORD_PREFIX]);
        let len = record.encode_into(out).map_err(|error| {
            out.truncate(start);
            AppendError::record(&append.stream, error)
        })?;
        // A record has at most 65,535 bytes.
        let len = u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes();
        out[prefix..prefix + RECORD_PREFIX].copy_from_slice(&len);
        index += 1;
    }
    let body = u32::try_from(out.len() - start - FRAME_HEADER).unwrap_or(u32::MAX);
    out[start + 4..start + 8].copy_from_slice(&body.to_be_bytes());
    let checksum = crc32c::crc32c(&previous_checksum.to_be_bytes());
    let checksum = crc32c::crc32c_append(checksum, &out[start..]);
    out.extend_from_slice(&checksum.to_be_bytes());
    Ok(checksum)
}

/// The name of the segment that begins with an entry.
#[must_use]
pub fn segment_name(first_entry: u64) -> String {
    format!("{first_entry:020}.seg")
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// The number at `at`, 0 beyond the end.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The number at `at`, 0 beyond the end.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
