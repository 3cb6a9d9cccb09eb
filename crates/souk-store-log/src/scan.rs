//! Reading one segment's frames in order, verifying each.

use crate::format::{
    CHECKSUM, FRAME_HEADER, FRAME_MAGIC, FrameHeader, RECORD_PREFIX, u16_at, u32_at,
};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes read at a time: small enough to stay in a core's cache until verified.
const CHUNK: usize = 512 << 10;

/// How far a segment has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Where the next frame begins, in bytes.
    pub(crate) offset: u64,
    /// Its first entry.
    pub(crate) next_entry: u64,
    /// The checksum before it.
    pub(crate) checksum: u32,
}

/// A frame as read.
pub(crate) struct Frame<'a> {
    pub(crate) offset: u64,
    pub(crate) records: u32,
    pub(crate) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Bytes of the whole frame.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(FRAME_HEADER + self.body.len() + CHECKSUM).unwrap_or(u32::MAX)
    }

    /// Each record with the position of its prefix in the file.
    pub(crate) fn records(&self) -> impl Iterator<Item = (u64, &'a [u8])> {
        let mut rest = self.body;
        let mut offset = self.offset + FRAME_HEADER as u64;
        std::iter::from_fn(move || {
            let len = usize::from(u16_at(rest, 0)?);
            let record = rest.get(RECORD_PREFIX..RECORD_PREFIX + len)?;
            rest = &rest[RECORD_PREFIX + len..];
            let at = offset;
            offset += (RECORD_PREFIX + len) as u64;
            Some((at, record))
        })
    }
}

/// A window of a file that only moves forwards.
struct Window<'a> {
    file: &'a File,
    /// One behind the last byte to look at.
    len: u64,
    buffer: Vec<u8>,
    /// Where the buffer begins in the file and how much of it is filled.
    base: u64,
    filled: usize,
}

impl Window<'_> {
    /// The bytes `offset..offset + want` of the file, `None` if it ends before.
    fn bytes(&mut self, offset: u64, want: usize) -> io::Result<Option<&[u8]>> {
        if offset + want as u64 > self.len {
            return Ok(None);
        }
        if offset + want as u64 > self.base + self.filled as u64 {
            let keep = usize::try_from(offset - self.base).unwrap_or(usize::MAX).min(self.filled);
            self.buffer.copy_within(keep..self.filled, 0);
            self.base += keep as u64;
            self.filled -= keep;
            let ahead = self.len - self.base;
            let target = usize::try_from(ahead.min(want.max(CHUNK) as u64)).unwrap_or(usize::MAX);
            if self.buffer.len() < target {
                self.buffer.resize(target, 0);
            }
            let gap = &mut self.buffer[self.filled..target];
            self.file.read_exact_at(gap, self.base + self.filled as u64)?;
            self.filled = target;
        }
        let start = usize::try_from(offset - self.base).unwrap_or(usize::MAX);
        Ok(self.buffer.get(start..start + want))
    }
}

/// Reads whole frames from the cursor on, up to byte `len` of the file and entry `limit`, and moves the cursor behind
/// the last good one. Returns what is wrong with the bytes there, `None` if the frames end with the file or `limit`.
pub(crate) fn frames(
    file: &File,
    len: u64,
    limit: u64,
    cursor: &mut Cursor,
    mut each: impl FnMut(&Frame<'_>, u32),
) -> io::Result<Option<&'static str>> {
    let base = cursor.offset - CHECKSUM as u64;
    let mut window = Window { file, len, buffer: Vec::new(), base, filled: 0 };
    while cursor.offset < len && cursor.next_entry < limit {
        let begin = cursor.offset - CHECKSUM as u64;
        let Some(header) = window.bytes(begin, CHECKSUM + FRAME_HEADER)? else {
            return Ok(Some("the header of a frame is cut"));
        };
        let Some(header) = FrameHeader::parse(&header[CHECKSUM..]) else {
            return Ok(Some("there is no frame where one should begin"));
        };
        if header.first_entry != cursor.next_entry {
            return Ok(Some("a frame does not continue the entries before it"));
        }
        let whole = CHECKSUM + header.frame_len();
        let Some(bytes) = window.bytes(begin, whole)? else {
            return Ok(Some("a frame is cut"));
        };
        let Some(checksum) = verify(bytes, cursor.checksum) else {
            return Ok(Some("the checksum of a frame does not match"));
        };
        let body = &bytes[CHECKSUM + FRAME_HEADER..whole - CHECKSUM];
        let frame = Frame { offset: cursor.offset, records: header.records, body };
        if !is_well_formed(&frame) {
            return Ok(Some("a frame does not hold the records it says"));
        }
        each(&frame, checksum);
        cursor.offset += header.frame_len() as u64;
        cursor.next_entry += u64::from(header.records);
        cursor.checksum = checksum;
    }
    Ok(None)
}

/// The checksum of a frame given with the 4 bytes before it, if it and those match.
pub(crate) fn verify(bytes: &[u8], previous: u32) -> Option<u32> {
    let (covered, stored) = bytes.split_last_chunk::<CHECKSUM>()?;
    let checksum = crc32c::crc32c(covered);
    (checksum == u32::from_be_bytes(*stored) && u32_at(bytes, 0) == previous).then_some(checksum)
}

fn is_well_formed(frame: &Frame<'_>) -> bool {
    let (count, bytes) = frame.records().fold((0u32, 0usize), |(count, bytes), (_, r)| {
        (count + 1, bytes + RECORD_PREFIX + r.len())
    });
    count > 0 && count == frame.records && bytes == frame.body.len()
}

/// Whether a good frame follows the bad bytes at the cursor: then they are damage, not a write cut short.
pub(crate) fn good_frame_follows(file: &File, len: u64, cursor: &Cursor) -> io::Result<bool> {
    let base = cursor.offset - CHECKSUM as u64;
    let mut bytes = vec![0; usize::try_from(len - base).unwrap_or(usize::MAX)];
    file.read_exact_at(&mut bytes, base)?;
    let frame_at = |at: usize, previous: Option<[u8; CHECKSUM]>| {
        let header = FrameHeader::parse(bytes.get(at..)?)?;
        let newer = header.first_entry > cursor.next_entry && header.records > 0;
        let whole = bytes.get(at - CHECKSUM..at + header.frame_len()).filter(|_| newer)?;
        let (covered, stored) = whole.split_last_chunk::<CHECKSUM>()?;
        let checksum = match previous {
            None => crc32c::crc32c(covered),
            Some(previous) => {
                crc32c::crc32c_append(crc32c::crc32c(&previous), &covered[CHECKSUM..])
            }
        };
        (checksum == u32::from_be_bytes(*stored)).then_some(())
    };
    // If only the bad frame's checksum is damaged, the next frame continues the one it should have.
    if let Some(header) = FrameHeader::parse(&bytes[CHECKSUM..])
        && let Some(covered) = bytes.get(..FRAME_HEADER + CHECKSUM + header.body)
    {
        let should = crc32c::crc32c(covered).to_be_bytes();
        if frame_at(CHECKSUM + header.frame_len(), Some(should)).is_some() {
            return Ok(true);
        }
    }
    let magic = |window: &[u8]| window == FRAME_MAGIC;
    let mut windows = bytes.windows(FRAME_MAGIC.len()).enumerate().skip(CHECKSUM + 1);
    Ok(windows.any(|(at, window)| magic(window) && frame_at(at, None).is_some()))
}

/// Every record of whole frames that follow each other, as bytes known to be verified.
pub(crate) fn each_record<'b>(mut bytes: &'b [u8], mut each: impl FnMut(&'b [u8])) {
    while let Some(header) = FrameHeader::parse(bytes)
        && let Some((frame, rest)) = bytes.split_at_checked(header.frame_len())
    {
        let body = &frame[FRAME_HEADER..FRAME_HEADER + header.body];
        let frame = Frame { offset: 0, records: header.records, body };
        frame.records().for_each(|(_, record)| each(record));
        bytes = rest;
    }
}
