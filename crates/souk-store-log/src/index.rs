//! The index from entries to positions in files, derived and in memory: 4 bytes and a bit per entry.

use crate::format::{CHECKSUM, FRAME_HEADER, RECORD_PREFIX, segment_name};
use std::path::{Path, PathBuf};

/// A frame that ends further away than this, in bytes, is not read for the sake of its checksum.
const FRAME_READ_LIMIT: u32 = 64 << 10;

/// Where the entries of one segment are.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) first_entry: u64,
    /// For each entry the position of its record's prefix.
    offsets: Vec<u32>,
    /// For each entry whether it is the first of its frame.
    starts: Vec<u64>,
    /// Where the last whole frame ends.
    end: u32,
}

/// Bytes of a segment to read for some of its entries, and the whole frames among them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// First byte to read.
    pub(crate) begin: u32,
    /// One behind the last byte to read.
    pub(crate) end: u32,
    /// From the header of the first to the end of the last whole frame; the 4 bytes before are read, too.
    pub(crate) frames: Option<(u32, u32)>,
}

impl Segment {
    pub(crate) fn new(dir: &Path, first_entry: u64, end: u32) -> Segment {
        let path = dir.join("log").join(segment_name(first_entry));
        Segment { path, first_entry, offsets: Vec::new(), starts: Vec::new(), end }
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// One behind the last entry.
    pub(crate) fn next_entry(&self) -> u64 {
        self.first_entry + self.offsets.len() as u64
    }

    /// Adds the next entry, whose prefix is at `offset`.
    pub(crate) fn push(&mut self, offset: u32, starts_frame: bool) {
        let index = self.offsets.len();
        if index.is_multiple_of(64) {
            self.starts.push(0);
        }
        if let Some(word) = self.starts.last_mut() {
            *word |= u64::from(starts_frame) << (index % 64);
        }
        self.offsets.push(offset);
    }

    /// Says where the last frame ends.
    pub(crate) fn set_end(&mut self, end: u32) {
        self.end = end;
    }

    /// Nothing more will be added.
    pub(crate) fn seal(&mut self) {
        self.offsets.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// Start and length of the record of the `index`th entry here.
    pub(crate) fn record(&self, index: usize) -> (u32, u32) {
        let start = self.offsets[index] + RECORD_PREFIX as u32;
        (start, self.record_end(index) - start)
    }

    fn record_end(&self, index: usize) -> u32 {
        let next = index + 1;
        if next == self.len() {
            self.end - CHECKSUM as u32
        } else if self.starts_frame(next) {
            self.offsets[next] - (FRAME_HEADER + CHECKSUM) as u32
        } else {
            self.offsets[next]
        }
    }

    fn starts_frame(&self, index: usize) -> bool {
        self.starts[index / 64] >> (index % 64) & 1 == 1
    }

    /// The first entry of the frame that holds the `index`th entry.
    fn frame_of(&self, index: usize) -> usize {
        let mut word = index / 64;
        let mut bits = self.starts[word] & (u64::MAX >> (63 - index % 64));
        while bits == 0 && word > 0 {
            word -= 1;
            bits = self.starts[word];
        }
        word * 64 + (63 - bits.leading_zeros().min(63)) as usize
    }

    /// The first entry of the first frame that begins behind the `index`th entry.
    fn frame_behind(&self, index: usize) -> Option<usize> {
        let next = index + 1;
        let mut word = next / 64;
        let mut bits = self.starts.get(word)? & (u64::MAX << (next % 64));
        while bits == 0 {
            word += 1;
            bits = *self.starts.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    fn frame_begin(&self, start: usize) -> u32 {
        self.offsets[start] - FRAME_HEADER as u32
    }

    /// One behind the last entry that, read from the `first`th on, fits in `max_bytes`; at least one entry, and whole
    /// frames if at least one fits.
    pub(crate) fn fitting(&self, first: usize, max_bytes: usize) -> usize {
        let limit = u64::from(self.offsets[first]) + max_bytes as u64;
        if u64::from(self.end) <= limit {
            return self.len();
        }
        let over = self.offsets[first..].partition_point(|offset| u64::from(*offset) <= limit);
        // The entry before `over` may end beyond the limit.
        let last = (first + over).saturating_sub(1).max(first);
        let fits = u64::from(self.record_end(last)) <= limit;
        let stop = if fits { last + 1 } else { last.max(first + 1) };
        if stop == self.len() || self.starts_frame(stop) {
            return stop;
        }
        let whole = self.frame_of(stop);
        if whole > first { whole } else { stop }
    }

    /// What to read for the entries `first..stop`.
    pub(crate) fn run(&self, first: usize, stop: usize) -> Run {
        let last = stop - 1;
        let frame_begin = self.frame_begin(self.frame_of(first));
        let (begin, frames_from) = if self.offsets[first] - frame_begin <= FRAME_READ_LIMIT {
            (frame_begin - CHECKSUM as u32, frame_begin)
        } else {
            let behind = self.frame_behind(first).map_or(self.end, |start| self.frame_begin(start));
            (self.offsets[first], behind)
        };
        let frame_end = self.frame_behind(last).map_or(self.end, |start| self.frame_begin(start));
        let record_end = self.record_end(last);
        let (end, frames_to) = if frame_end - record_end <= FRAME_READ_LIMIT {
            (frame_end, frame_end)
        } else {
            (record_end, self.frame_begin(self.frame_of(last)))
        };
        Run { begin, end, frames: (frames_from < frames_to).then_some((frames_from, frames_to)) }
    }
}

/// All segments, ascending.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) segments: Vec<Segment>,
}

impl Entries {
    /// The number of entries.
    pub(crate) fn head(&self) -> u64 {
        self.segments.last().map_or(0, Segment::next_entry)
    }

    /// The segment that holds an entry, and the entry's index in it.
    pub(crate) fn find(&self, entry: u64) -> Option<(&Segment, usize)> {
        let behind = self.segments.partition_point(|segment| segment.first_entry <= entry);
        let segment = self.segments.get(behind.checked_sub(1)?)?;
        let index = usize::try_from(entry - segment.first_entry).ok()?;
        (index < segment.len()).then_some((segment, index))
    }
}
