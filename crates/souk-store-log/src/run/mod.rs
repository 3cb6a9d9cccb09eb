//! A run: the index of consecutive sealed segments, in one immutable file. Derived, valid for (store, entry, leaf
//! hash), and safe to delete at any time.
//!
//! `<dir>/index/<first entry>-<next entry>.run`, 20 decimal digits each. All integers are big-endian, all checksums
//! CRC-32C. The parts follow each other without gaps; what a lookup reads is in blocks that have a checksum each.
//!
//! | part | bytes | |
//! |---|---|---|
//! | header | 100 | `SOUKRUN1`, store id 16, first entry 8, next entry 8, leaf hash of the last entry 32, number of segments 4, of streams 4, of frames 4, of filter words 4, reserved 12 |
//! | segments | 32 each | first entry 8, next entry 8, bytes 4, last checksum 4, number of samples 4, checksum of its samples 4 |
//! | checksum | 4 | of header and segments |
//! | fences | 8 each | the high half of the first key of each block of streams, then a checksum |
//! | filter | 20 + 4 each | a binary fuse filter over the high halves of all keys: seed 8, segment length 4, mask 4, segment count × length 4, fingerprints; then a checksum |
//! | samples | 8 each | for each segment places to begin reading at: entry within the segment 4, byte 4 |
//! | streams | 36 each | sorted by key: key 16, first revision 8, events 4, first frame 4, frames 4; blocks of 28, then a checksum |
//! | frames | 16 each | of each stream in order: entry within the run 4, byte 4, length 4, revision from the stream's first here 4; blocks of 64, then a checksum |

mod layout;
mod lookup;
mod merge;
mod open;
mod write;

pub(crate) use lookup::{FrameReader, Part};
pub(crate) use merge::merge;
pub(crate) use open::{coverage, open_all, open_one};
pub(crate) use write::index_segment;

use crate::fresh::Sample;
use crate::recover;
use layout::{Layout, STREAM_BLOCK};
use souk_store::StoreError;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xorf::BinaryFuse32;

/// What a run says of one of its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentRow {
    pub(crate) first_entry: u64,
    pub(crate) next_entry: u64,
    pub(crate) len: u32,
    pub(crate) checksum: u32,
    pub(crate) samples: u32,
    samples_checksum: u32,
}

/// An open run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) path: PathBuf,
    file: File,
    pub(crate) first_entry: u64,
    pub(crate) next_entry: u64,
    pub(crate) segments: Vec<SegmentRow>,
    layout: Layout,
    fences: Box<[u64]>,
    /// Read when a stream is first looked up; none where memory for filters is used up, or the keys allow none.
    filter: OnceLock<Option<BinaryFuse32>>,
    with_filter: bool,
}

/// Where runs are kept.
pub(crate) fn dir(dir: &Path) -> PathBuf {
    dir.join("index")
}

fn name(first_entry: u64, next_entry: u64) -> String {
    format!("{first_entry:020}-{next_entry:020}.run")
}

/// First and next entry by a file's name.
fn parse_name(name: &str) -> Option<(u64, u64)> {
    let (first, next) = name.strip_suffix(".run")?.split_once('-')?;
    let number = |digits: &str| if digits.len() == 20 { digits.parse().ok() } else { None };
    Some((number(first)?, number(next)?))
}

impl Run {
    /// Memory that its filter takes, in bytes.
    pub(crate) fn filter_bytes(&self) -> usize {
        if self.with_filter { self.layout.filter_words as usize * 4 } else { 0 }
    }

    /// The places to begin reading a segment at.
    pub(crate) fn samples(&self, segment: u64) -> Result<Vec<Sample>, StoreError> {
        let mut at = self.layout.samples;
        for row in &self.segments {
            let bytes = u64::from(row.samples) * 8;
            if row.first_entry != segment {
                at += bytes;
                continue;
            }
            let block = self.read(at, bytes, row.samples_checksum)?;
            let pair = |pair: &[u8]| (layout::u32_of(pair, 0), layout::u32_of(pair, 4));
            return Ok(block.chunks_exact(8).map(pair).collect());
        }
        Ok(Vec::new())
    }

    /// Whether every block is as it was written.
    fn is_whole(&self) -> bool {
        let streams = stream_blocks(self.layout.streams);
        let frames = blocks(self.layout.frames, layout::FRAME_BLOCK);
        self.read_filter().is_ok()
            && (0..streams).all(|block| self.stream_block(block).is_ok())
            && (0..frames).all(|block| self.frame_block(block).is_ok())
            && self.segments.iter().all(|row| self.samples(row.first_entry).is_ok())
    }

    fn damaged(&self, what: &'static str) -> StoreError {
        StoreError::DerivedDamaged { path: self.path.clone(), what: what.into() }
    }
}

/// Reads every file of the index: how many are as they were written, and which are not.
pub(crate) fn check_all(of: &Path, store_id: [u8; 16]) -> (usize, Vec<PathBuf>) {
    let (mut whole, mut damaged) = (0, Vec::new());
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir(of))
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    for path in files {
        let named = path.file_name().and_then(|name| parse_name(name.to_str()?));
        // What has another name was never finished; nobody reads it.
        let Some((first, next)) = named else { continue };
        let run = Run::open(of, store_id, first, next, true);
        if run.is_some_and(|run| run.is_whole()) { whole += 1 } else { damaged.push(path) }
    }
    (whole, damaged)
}

/// Removes runs that others cover and whatever was left half written. Errors are left for another day.
pub(crate) fn tidy(dir: &Path, keep: &[PathBuf]) {
    let Ok(files) = std::fs::read_dir(self::dir(dir)) else { return };
    for path in files.filter_map(Result::ok).map(|file| file.path()) {
        if !keep.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What is wrong with a file that only the log can have made.
fn unexpected(path: &Path, what: &str) -> StoreError {
    recover::corrupt(path, 0, 0, what)
}

/// The number of blocks of `each` that hold `count`.
fn blocks(count: u32, each: u32) -> u32 {
    count.div_ceil(each)
}

/// The number of blocks of streams.
fn stream_blocks(streams: u32) -> u32 {
    blocks(streams, STREAM_BLOCK)
}
