//! Looking streams up in a run: the filter says no without a read; a yes costs a block of streams, and a block of
//! frames for those who want to read.

use super::layout::{CHECKSUM, FILTER_HEAD, FRAME, FRAME_BLOCK, STREAM, u32_of, u64_of, u128_of};
use super::{Run, SegmentRow};
use crate::fresh::FrameAt;
use crate::key::{Key, high};
use souk_store::StoreError;
use std::os::unix::fs::FileExt;
use xorf::{BinaryFuse32, Descriptor, Filter};

/// What a run has of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) first_revision: u64,
    pub(crate) events: u64,
    pub(super) first_frame: u32,
    pub(super) frames: u32,
}

/// Words of a filter read at a time: 64 KiB.
const FILTER_PIECE: usize = 16 << 10;

impl Part {
    pub(super) fn parse(bytes: &[u8]) -> (Key, Part) {
        let part = Part {
            first_revision: u64_of(bytes, 16),
            events: u32_of(bytes, 24).into(),
            first_frame: u32_of(bytes, 28),
            frames: u32_of(bytes, 32),
        };
        (u128_of(bytes, 0), part)
    }
}

impl Run {
    /// What the run has of a stream.
    ///
    /// # Errors
    /// `DerivedDamaged` if a block is not as it was written, `Io`.
    pub(crate) fn get(&self, key: Key) -> Result<Option<Part>, StoreError> {
        if self.filter()?.is_some_and(|filter| !filter.contains(&high(key))) {
            return Ok(None);
        }
        // Equal halves may straddle a fence, so the block before is looked at, too.
        let behind = self.fences.partition_point(|fence| *fence <= high(key));
        let mut block = behind.checked_sub(1);
        while let Some(at) = block {
            let bytes = self.stream_block(u32::try_from(at).unwrap_or(u32::MAX))?;
            let streams = bytes.chunks_exact(STREAM as usize);
            let found = streams.map(Part::parse).find(|(of, _)| *of == key);
            if let Some((_, part)) = found {
                return Ok(Some(part));
            }
            let straddles = self.fences[at] == high(key);
            block = at.checked_sub(1).filter(|_| straddles);
        }
        Ok(None)
    }

    /// The filter, read if it has not been.
    fn filter(&self) -> Result<Option<&BinaryFuse32>, StoreError> {
        if !self.with_filter {
            return Ok(None);
        }
        if self.filter.get().is_none() {
            let read = self.read_filter()?;
            // Another thread may have been quicker, with the same.
            let _ = self.filter.set(read);
        }
        Ok(self.filter.get().and_then(Option::as_ref))
    }

    /// Reads the filter; `None` if the run has none.
    ///
    /// # Errors
    /// `DerivedDamaged` if it is not as it was written, `Io`.
    pub(super) fn read_filter(&self) -> Result<Option<BinaryFuse32>, StoreError> {
        let words = self.layout.filter_words;
        let len = FILTER_HEAD + u64::from(words) * 4;
        if words == 0 {
            self.read_block(self.layout.filter, len)?;
            return Ok(None);
        }
        // Piece by piece, so that memory is taken once, for the words themselves: a whole filter has megabytes, and
        // the first look-up after opening reads every one.
        let mut at = self.layout.filter;
        let mut read = |len: u64| {
            let bytes = self.read_bytes(at, len);
            at += len;
            bytes
        };
        let head = read(FILTER_HEAD)?;
        let descriptor = Descriptor {
            seed: u64_of(&head, 0),
            segment_length: u32_of(&head, 8),
            segment_length_mask: u32_of(&head, 12),
            segment_count_length: u32_of(&head, 16),
        };
        let mut checksum = crc32c::crc32c(&head);
        let mut fingerprints = Vec::with_capacity(words as usize);
        while fingerprints.len() < words as usize {
            let left = (words as usize - fingerprints.len()).min(FILTER_PIECE);
            let piece = read(left as u64 * 4)?;
            checksum = crc32c::crc32c_append(checksum, &piece);
            fingerprints.extend(piece.chunks_exact(4).map(|word| u32_of(word, 0)));
        }
        if read(CHECKSUM)? != checksum.to_be_bytes() {
            return Err(self.damaged("a block does not match its checksum"));
        }
        let fingerprints = fingerprints.into_boxed_slice();
        Ok(Some(BinaryFuse32 { descriptor, fingerprints }))
    }

    /// Reads the bytes of the filter and does nothing with them; returns their number, 0 if it is not kept in memory.
    ///
    /// # Errors
    /// `Io`.
    pub(crate) fn bare_filter(&self, buffer: &mut Vec<u8>) -> Result<u64, StoreError> {
        if !self.with_filter {
            return Ok(0);
        }
        let bytes = FILTER_HEAD + u64::from(self.layout.filter_words) * 4 + CHECKSUM;
        buffer.resize(usize::try_from(bytes).unwrap_or(usize::MAX), 0);
        let read = self.file.read_exact_at(buffer, self.layout.filter);
        read.map_err(|error| StoreError::io("read", &self.path, error))?;
        Ok(bytes)
    }

    pub(super) fn stream_block(&self, block: u32) -> Result<Vec<u8>, StoreError> {
        let (at, len) = self.layout.stream_block(block);
        self.read_block(at, len)
    }

    pub(super) fn frame_block(&self, block: u32) -> Result<Vec<u8>, StoreError> {
        let (at, len) = self.layout.frame_block(block);
        self.read_block(at, len)
    }

    /// Streams in the run.
    pub(super) fn streams(&self) -> u32 {
        self.layout.streams
    }

    /// Frames in the run.
    pub(super) fn frame_count(&self) -> u32 {
        self.layout.frames
    }

    fn read_block(&self, at: u64, len: u64) -> Result<Vec<u8>, StoreError> {
        let mut bytes = self.read_bytes(at, len + 4)?;
        let whole = bytes.split_last_chunk::<4>().is_some_and(|(covered, stored)| {
            crc32c::crc32c(covered) == u32::from_be_bytes(*stored)
        });
        bytes.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        if whole { Ok(bytes) } else { Err(self.damaged("a block does not match its checksum")) }
    }

    /// Bytes whose checksum is kept elsewhere.
    pub(super) fn read(&self, at: u64, len: u64, checksum: u32) -> Result<Vec<u8>, StoreError> {
        let bytes = self.read_bytes(at, len)?;
        if crc32c::crc32c(&bytes) == checksum {
            return Ok(bytes);
        }
        Err(self.damaged("samples do not match their checksum"))
    }

    fn read_bytes(&self, at: u64, len: u64) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
        match self.file.read_exact_at(&mut bytes, at) {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Err(self.damaged("it ends before its blocks do"))
            }
            Err(error) => Err(StoreError::io("read", &self.path, error)),
        }
    }

    fn segment_of(&self, entry: u64) -> Option<&SegmentRow> {
        let behind = self.segments.partition_point(|row| row.first_entry <= entry);
        self.segments.get(behind.checked_sub(1)?)
    }
}

/// Reads the frames of one stream, block by block.
pub(crate) struct FrameReader<'r> {
    run: &'r Run,
    part: Part,
    block: Option<(u32, Vec<u8>)>,
}

impl<'r> FrameReader<'r> {
    pub(crate) fn new(run: &'r Run, part: Part) -> FrameReader<'r> {
        FrameReader { run, part, block: None }
    }

    /// The frames that hold some of the revisions `low..=high`, ascending.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> Result<Vec<FrameAt>, StoreError> {
        // The last frame that begins at or before `low`.
        let (mut first, mut behind) = (0, self.part.frames);
        while first + 1 < behind {
            let middle = first + (behind - first) / 2;
            if self.get(middle)?.first_revision <= low { first = middle } else { behind = middle }
        }
        let mut found = Vec::new();
        for index in first..self.part.frames {
            let frame = self.get(index)?;
            if frame.first_revision > high {
                break;
            }
            found.push(frame);
        }
        Ok(found)
    }

    pub(super) fn get(&mut self, index: u32) -> Result<FrameAt, StoreError> {
        let place = self.part.first_frame.saturating_add(index);
        let wanted = place / FRAME_BLOCK;
        if self.block.as_ref().is_none_or(|(block, _)| *block != wanted) {
            self.block = Some((wanted, self.run.frame_block(wanted)?));
        }
        let at = (place % FRAME_BLOCK * FRAME) as usize;
        let bytes = self.block.as_ref().and_then(|(_, bytes)| bytes.get(at..at + FRAME as usize));
        let bytes = bytes.ok_or_else(|| self.run.damaged("it names a frame that is not there"))?;
        let first_entry = self.run.first_entry + u64::from(u32_of(bytes, 0));
        let segment = self.run.segment_of(first_entry);
        let segment = segment.ok_or_else(|| self.run.damaged("it names no segment"))?.first_entry;
        let first_revision = self.part.first_revision + u64::from(u32_of(bytes, 12));
        let (offset, len) = (u32_of(bytes, 4), u32_of(bytes, 8));
        Ok(FrameAt { segment, offset, len, first_entry, first_revision })
    }
}
