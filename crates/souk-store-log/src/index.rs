//! The index of what is durable: segments, runs over the sealed ones, and in memory what no run covers yet.
//!
//! Memory: 24 bytes per segment, 4.5 per stream in the filters of runs (up to a bound, see `run::open`), and some
//! 4 MiB each for the segment that is being written, those that wait for their run, and the last two that have one. It
//! does not grow with events.

use crate::fresh::{Fresh, sample_before};
use crate::run::{self, Run};
use std::path::Path;
use std::sync::Arc;

/// Indexed segments that stay in memory all the same.
const KEPT: usize = 2;

/// A segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) first_entry: u64,
    pub(crate) next_entry: u64,
    /// Bytes of its whole frames.
    pub(crate) end: u32,
}

/// Where to begin reading a segment for an entry.
pub(crate) enum Start {
    /// At this byte, where the frame of this entry begins.
    At { offset: u32, entry: u64 },
    /// Where this run's samples say.
    AskRun(Arc<Run>),
    /// Nowhere: no frame is known.
    Unknown,
}

/// The index.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) segments: Vec<Segment>,
    /// Consecutive from entry 0 on.
    pub(crate) runs: Arc<Vec<Arc<Run>>>,
    /// Sealed segments: those that no run covers yet, and before them the last few that one does, since most streams
    /// that are written to were written to lately.
    pub(crate) sealed: Vec<Arc<Fresh>>,
    /// The last segment, unless a run covers it.
    pub(crate) tail: Option<Fresh>,
}

impl Index {
    /// The number of entries.
    pub(crate) fn head(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.next_entry)
    }

    /// The number of entries that runs cover.
    pub(crate) fn covered(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.next_entry)
    }

    /// The oldest segment that no run covers and that is not written to any more.
    pub(crate) fn unindexed(&self) -> Option<&Arc<Fresh>> {
        let covered = self.covered();
        self.sealed.iter().find(|fresh| fresh.segment >= covered)
    }

    /// The number of those.
    pub(crate) fn waiting(&self) -> usize {
        let covered = self.covered();
        self.sealed.iter().filter(|fresh| fresh.segment >= covered).count()
    }

    /// Begins the next segment, whose header has `len` bytes and ends with `checksum`; the one before is sealed.
    pub(crate) fn begin_segment(&mut self, first_entry: u64, len: u32, checksum: u32) {
        self.sealed.extend(self.tail.take().map(Arc::new));
        self.tail = Some(Fresh::new(first_entry, len, checksum));
        self.segments.push(Segment { first_entry, next_entry: first_entry, end: len });
    }

    /// Adds to the last segment.
    pub(crate) fn add(&mut self, add: impl FnOnce(&mut Fresh)) {
        if let (Some(tail), Some(segment)) = (&mut self.tail, self.segments.last_mut()) {
            add(tail);
            segment.next_entry = tail.next_entry;
            segment.end = tail.len;
        }
    }

    /// Adds a segment that a run covers.
    pub(crate) fn push_covered(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    /// The segment that holds an entry.
    pub(crate) fn segment_of(&self, entry: u64) -> Option<Segment> {
        let behind = self.segments.partition_point(|segment| segment.first_entry <= entry);
        let segment = self.segments.get(behind.checked_sub(1)?)?;
        (entry < segment.next_entry).then_some(*segment)
    }

    /// Where to begin reading `segment` for an entry of it.
    pub(crate) fn start(&self, segment: u64, entry: u64) -> Start {
        let fresh = self.tail.as_ref().filter(|fresh| fresh.segment == segment);
        let sealed = || self.sealed.iter().map(|fresh| &**fresh).find(|of| of.segment == segment);
        if let Some(fresh) = fresh.or_else(sealed) {
            let place = u32::try_from(entry - segment).unwrap_or(u32::MAX);
            return sample_before(fresh.samples(), place).map_or(
                Start::Unknown,
                |(place, offset)| Start::At { offset, entry: segment + u64::from(place) },
            );
        }
        let behind = self.runs.partition_point(|run| run.first_entry <= segment);
        let run = behind.checked_sub(1).and_then(|at| self.runs.get(at));
        run.map_or(Start::Unknown, |run| Start::AskRun(Arc::clone(run)))
    }

    /// Takes up the runs that there are on disk behind those known, and drops from memory what they cover.
    pub(crate) fn adopt(&mut self, dir: &Path, store_id: [u8; 16]) {
        if self.unindexed().is_none() {
            return;
        }
        let end = self.sealed.last().map_or(0, |fresh| fresh.next_entry);
        if run::coverage(dir, end) <= self.covered() {
            return;
        }
        // From entry 0: what is known here may have been merged with what is new. A run over more than is known here
        // belongs to a writer that is ahead; it comes with the next look.
        let mut found = run::open_all(dir, store_id);
        let fitting = found.iter().take_while(|run| run.next_entry <= end).count();
        found.truncate(fitting);
        if found.last().is_some_and(|run| run.next_entry > self.covered()) {
            self.replace_runs(found);
        }
    }

    /// Memory that filters take, in bytes.
    pub(crate) fn filter_bytes(&self) -> usize {
        self.runs.iter().map(|run| run.filter_bytes()).sum()
    }

    /// Adds the run behind those there are.
    pub(crate) fn push_run(&mut self, run: Run) {
        let mut runs = (*self.runs).clone();
        runs.push(Arc::new(run));
        self.replace_runs(runs);
    }

    /// Exchanges the runs; they cover at least what they did.
    pub(crate) fn replace_runs(&mut self, runs: Vec<Arc<Run>>) {
        self.runs = Arc::new(runs);
        let covered = self.covered();
        let indexed = self.sealed.iter().filter(|fresh| fresh.segment < covered).count();
        self.sealed.drain(..indexed.saturating_sub(KEPT));
    }
}
