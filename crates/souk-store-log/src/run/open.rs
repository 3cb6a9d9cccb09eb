//! Opening runs: what is not exactly as it was written counts as absent, and the log is read instead.

use super::layout::{CHECKSUM, HEADER, Layout, MAGIC, SEGMENT, u32_of, u64_of};
use super::{Run, SegmentRow, dir, name, parse_name, stream_blocks};
use crate::scan;
use souk_store::{Record, leaf_hash};
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Filters of this many bytes are kept in memory: enough for 29 million streams, or about 160 million events of
/// orders. The directories of further runs are read instead, so memory has a bound.
const FILTER_MEMORY: usize = 128 << 20;

/// The runs there are by name: for each first entry the next entries, ascending.
fn named(of: &Path) -> BTreeMap<u64, Vec<u64>> {
    let mut by_first: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for file in std::fs::read_dir(dir(of)).into_iter().flatten().filter_map(Result::ok) {
        if let Some((first, next)) = file.file_name().to_str().and_then(parse_name) {
            by_first.entry(first).or_default().push(next);
        }
    }
    by_first.values_mut().for_each(|ends| ends.sort_unstable());
    by_first
}

/// How many entries runs cover, as far as their names say, without going beyond `end`.
pub(crate) fn coverage(of: &Path, end: u64) -> u64 {
    let named = named(of);
    let mut at = 0;
    while let Some(next) = named.get(&at).and_then(|ends| ends.iter().rev().find(|n| **n <= end)) {
        if *next <= at {
            break;
        }
        at = *next;
    }
    at
}

/// The runs of a directory that cover it from entry 0 on without a gap, the longest first at each place.
pub(crate) fn open_all(of: &Path, store_id: [u8; 16]) -> Vec<Arc<Run>> {
    let named = named(of);
    let mut found: Vec<Arc<Run>> = Vec::new();
    let (mut at, mut used) = (0, 0);
    while let Some(ends) = named.get(&at) {
        let opened = ends.iter().rev().find_map(|next| open_one(of, store_id, at, *next, used));
        let Some(run) = opened.filter(|run| run.next_entry > at) else { break };
        at = run.next_entry;
        used += run.filter_bytes();
        found.push(Arc::new(run));
    }
    found
}

/// One run by its entries; `used` bytes of filters are in memory already.
pub(crate) fn open_one(
    of: &Path,
    store_id: [u8; 16],
    first: u64,
    next: u64,
    used: usize,
) -> Option<Run> {
    Run::open(of, store_id, first, next, used < FILTER_MEMORY)
}

impl Run {
    /// Opens a run; `None` if it is missing, damaged, of another store or of another log.
    pub(crate) fn open(
        of: &Path,
        store_id: [u8; 16],
        first_entry: u64,
        next_entry: u64,
        with_filter: bool,
    ) -> Option<Run> {
        let path = dir(of).join(name(first_entry, next_entry));
        let file = File::open(&path).ok()?;
        let mut head = vec![0; usize::try_from(HEADER).ok()?];
        file.read_exact_at(&mut head, 0).ok()?;
        let is_ours = head[..8] == MAGIC
            && head[8..24] == store_id
            && (u64_of(&head, 24), u64_of(&head, 32)) == (first_entry, next_entry);
        let (segments, streams, frames, words) =
            (u32_of(&head, 72), u32_of(&head, 76), u32_of(&head, 80), u32_of(&head, 84));
        if !is_ours || segments == 0 || u64::from(segments) * SEGMENT > file.metadata().ok()?.len()
        {
            return None;
        }
        let table = u64::from(segments) * SEGMENT;
        head.resize(usize::try_from(HEADER + table + CHECKSUM).ok()?, 0);
        file.read_exact_at(&mut head, 0).ok()?;
        let (covered, stored) = head.split_last_chunk::<4>()?;
        if crc32c::crc32c(covered) != u32::from_be_bytes(*stored) {
            return None;
        }
        let rows = covered.get(usize::try_from(HEADER).ok()?..)?;
        let segments: Vec<_> =
            rows.chunks_exact(usize::try_from(SEGMENT).ok()?).map(SegmentRow::parse).collect();
        let samples = segments.iter().map(|row| u64::from(row.samples)).sum();
        let rows = u32::try_from(segments.len()).ok()?;
        let layout = Layout::new(rows, streams, frames, words, samples);
        if file.metadata().ok()?.len() != layout.end {
            return None;
        }
        let fences = read(&file, layout.fences, u64::from(stream_blocks(streams)) * 8)?;
        let fences = fences.chunks_exact(8).map(|word| u64_of(word, 0)).collect();
        let mut leaf = [0; 32];
        leaf.copy_from_slice(&covered[40..72]);
        let filter = OnceLock::new();
        let run = Run {
            path,
            file,
            first_entry,
            next_entry,
            segments,
            layout,
            fences,
            filter,
            with_filter,
        };
        run.is_of_log(of, leaf).then_some(run)
    }

    /// Whether the segments are as long as the run says and the last entry has the leaf hash it says.
    fn is_of_log(&self, of: &Path, leaf: [u8; 32]) -> bool {
        let path =
            |row: &SegmentRow| of.join("log").join(crate::format::segment_name(row.first_entry));
        let is_long =
            |row: &SegmentRow| path(row).metadata().is_ok_and(|file| file.len() == row.len.into());
        if !self.segments.iter().all(is_long) {
            return false;
        }
        let Some(row) = self.segments.last() else { return false };
        let last = || {
            let samples = self.samples(row.first_entry).ok()?;
            let (_, offset) = samples.last().copied()?;
            last_leaf(&File::open(path(row)).ok()?, offset, row.len)
        };
        last() == Some(leaf)
    }
}

/// The leaf hash of the last record in a segment whose whole frames end at `len`; a frame begins at `offset`.
pub(super) fn last_leaf(file: &File, offset: u32, len: u32) -> Option<[u8; 32]> {
    let mut bytes = vec![0; (len - offset.min(len)) as usize];
    file.read_exact_at(&mut bytes, offset.into()).ok()?;
    let mut leaf = None;
    scan::each_record(&bytes, |record| {
        if Record::peek(record).is_some() {
            leaf = Some(record);
        }
    });
    leaf.map(leaf_hash)
}

impl SegmentRow {
    fn parse(bytes: &[u8]) -> SegmentRow {
        SegmentRow {
            first_entry: u64_of(bytes, 0),
            next_entry: u64_of(bytes, 8),
            len: u32_of(bytes, 16),
            checksum: u32_of(bytes, 20),
            samples: u32_of(bytes, 24),
            samples_checksum: u32_of(bytes, 28),
        }
    }
}

/// A part that ends with its checksum.
fn read(file: &File, at: u64, len: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(len + CHECKSUM).ok()?];
    file.read_exact_at(&mut bytes, at).ok()?;
    let (covered, stored) = bytes.split_last_chunk::<4>()?;
    let whole = crc32c::crc32c(covered) == u32::from_be_bytes(*stored);
    bytes.truncate(usize::try_from(len).ok()?);
    whole.then_some(bytes)
}
