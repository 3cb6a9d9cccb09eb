//! Where the parts of a run are, from its counts alone.

use super::{blocks, stream_blocks};

pub(super) const MAGIC: [u8; 8] = *b"SOUKRUN1";
/// Bytes of the header.
pub(super) const HEADER: u64 = 100;
/// Bytes of a row about a segment.
pub(super) const SEGMENT: u64 = 32;
/// Bytes of a checksum.
pub(super) const CHECKSUM: u64 = 4;
/// Bytes of the filter before its fingerprints.
pub(super) const FILTER_HEAD: u64 = 20;
/// Bytes of a stream.
pub(super) const STREAM: u32 = 36;
/// Streams in a block: about 1 KiB, so that a lookup reads and checks little.
pub(super) const STREAM_BLOCK: u32 = 28;
/// Bytes of a frame.
pub(super) const FRAME: u32 = 16;
/// Frames in a block.
pub(super) const FRAME_BLOCK: u32 = 64;

/// Counts and positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) segments: u32,
    pub(super) streams: u32,
    pub(super) frames: u32,
    pub(super) filter_words: u32,
    pub(super) fences: u64,
    pub(super) filter: u64,
    pub(super) samples: u64,
    pub(super) directory: u64,
    pub(super) frame_list: u64,
    /// Bytes of the file.
    pub(super) end: u64,
}

impl Layout {
    pub(super) fn new(
        segments: u32,
        streams: u32,
        frames: u32,
        filter_words: u32,
        samples: u64,
    ) -> Layout {
        let fences = HEADER + u64::from(segments) * SEGMENT + CHECKSUM;
        let filter = fences + u64::from(stream_blocks(streams)) * 8 + CHECKSUM;
        let at_samples = filter + FILTER_HEAD + u64::from(filter_words) * 4 + CHECKSUM;
        let directory = at_samples + samples * 8;
        let frame_list = directory + bytes(streams, STREAM, STREAM_BLOCK);
        let end = frame_list + bytes(frames, FRAME, FRAME_BLOCK);
        Layout {
            segments,
            streams,
            frames,
            filter_words,
            fences,
            filter,
            samples: at_samples,
            directory,
            frame_list,
            end,
        }
    }

    /// Position and length of a block of streams.
    pub(super) fn stream_block(&self, block: u32) -> (u64, u64) {
        place(self.directory, self.streams, STREAM, STREAM_BLOCK, block)
    }

    /// Position and length of a block of frames.
    pub(super) fn frame_block(&self, block: u32) -> (u64, u64) {
        place(self.frame_list, self.frames, FRAME, FRAME_BLOCK, block)
    }
}

/// Bytes of `count` items of `size` in blocks of `each`.
fn bytes(count: u32, size: u32, each: u32) -> u64 {
    u64::from(count) * u64::from(size) + u64::from(blocks(count, each)) * CHECKSUM
}

fn place(begin: u64, count: u32, size: u32, each: u32, block: u32) -> (u64, u64) {
    let whole = u64::from(each) * u64::from(size) + CHECKSUM;
    let items = count.saturating_sub(block.saturating_mul(each)).min(each);
    (begin + u64::from(block) * whole, u64::from(items) * u64::from(size))
}

/// The number at `at`; 0 beyond the end, which a checksum has ruled out.
pub(super) fn u32_of(bytes: &[u8], at: usize) -> u32 {
    crate::format::u32_at(bytes, at)
}

/// The number at `at`; 0 beyond the end.
pub(super) fn u64_of(bytes: &[u8], at: usize) -> u64 {
    crate::format::u64_at(bytes, at)
}

/// The number at `at`; 0 beyond the end.
pub(super) fn u128_of(bytes: &[u8], at: usize) -> u128 {
    u128::from(u64_of(bytes, at)) << 64 | u128::from(u64_of(bytes, at + 8))
}
