//! The index of one segment in memory: of the one being written, and of those sealed and not yet indexed on disk.
//! About 24 bytes per frame and 80 per stream; a segment has 64 MiB, so that is some 5 MiB.

use crate::key::{ByKey, Key, key};
use crate::scan::Frame;
use smallvec::SmallVec;
use souk_store::Record;

/// Where a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameAt {
    /// First entry of its segment, which names the file.
    pub(crate) segment: u64,
    /// Where the frame begins in the file, in bytes.
    pub(crate) offset: u32,
    /// Bytes of the whole frame.
    pub(crate) len: u32,
    /// Its first entry.
    pub(crate) first_entry: u64,
    /// The revision of its first event; a frame has events of one stream only.
    pub(crate) first_revision: u64,
}

/// A place to begin reading a segment at: an entry that begins a frame, counted from the segment's first, and where.
pub(crate) type Sample = (u32, u32);

/// Bytes between two samples.
const SAMPLE_EVERY: u32 = 16 << 10;

/// What one segment, or several, have of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) first_revision: u64,
    pub(crate) events: u64,
    /// Indices into the frames.
    frames: SmallVec<[u32; 4]>,
}

/// The index of one segment.
#[derive(Debug, Default)]
pub(crate) struct Fresh {
    /// First entry of the segment.
    pub(crate) segment: u64,
    /// One behind its last entry.
    pub(crate) next_entry: u64,
    /// Bytes of the file that are whole frames.
    pub(crate) len: u32,
    /// The checksum at their end.
    pub(crate) checksum: u32,
    frames: Vec<FrameAt>,
    streams: ByKey<Known>,
    samples: Vec<Sample>,
}

impl Fresh {
    /// The index of a segment that has a header of `len` bytes, ending with `checksum`, and nothing else yet.
    pub(crate) fn new(segment: u64, len: u32, checksum: u32) -> Fresh {
        Fresh { segment, next_entry: segment, len, checksum, ..Fresh::default() }
    }

    /// Adds the next frame as read from the segment; `checksum` is the frame's.
    pub(crate) fn push_read(&mut self, frame: &Frame<'_>, checksum: u32) {
        let first = frame.records().next().and_then(|(_, record)| Record::peek(record));
        let (stream, first_revision) = first.unwrap_or_default();
        let offset = u32::try_from(frame.offset).unwrap_or(u32::MAX);
        self.push(key(stream), first_revision, frame.records, offset, frame.len(), checksum);
    }

    /// Adds the next frame: `records` events of a stream from `first_revision` on, in `len` bytes at `offset`.
    pub(crate) fn push(
        &mut self,
        key: Key,
        first_revision: u64,
        records: u32,
        offset: u32,
        len: u32,
        checksum: u32,
    ) {
        let first_entry = self.next_entry;
        let index = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        if self.samples.last().is_none_or(|(_, at)| offset - at >= SAMPLE_EVERY) {
            let place = u32::try_from(first_entry - self.segment).unwrap_or(u32::MAX);
            self.samples.push((place, offset));
        }
        let segment = self.segment;
        self.frames.push(FrameAt { segment, offset, len, first_entry, first_revision });
        let known = self.streams.entry(key).or_insert_with(|| Known {
            first_revision,
            events: 0,
            frames: SmallVec::new(),
        });
        known.events += u64::from(records);
        known.frames.push(index);
        self.next_entry += u64::from(records);
        self.len = offset + len;
        self.checksum = checksum;
    }

    /// What the segment has of a stream.
    pub(crate) fn get(&self, key: Key) -> Option<&Known> {
        self.streams.get(&key)
    }

    /// The frames that hold some of the revisions `low..=high`, ascending, at most about `limit` of them.
    pub(crate) fn frames_of(&self, known: &Known, low: u64, high: u64) -> Vec<FrameAt> {
        let at = |index: &u32| self.frames[*index as usize];
        let behind = known.frames.partition_point(|index| at(index).first_revision <= low);
        let wanted = known.frames[behind.saturating_sub(1)..].iter().map(at);
        wanted.take_while(|frame| frame.first_revision <= high).collect()
    }

    /// All streams by key, each with its frames: what a run is made of.
    pub(crate) fn sorted(&self) -> Vec<(Key, &Known)> {
        let mut all: Vec<_> = self.streams.iter().map(|(key, known)| (*key, known)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }

    /// The frames of a stream, ascending.
    pub(crate) fn frames(&self, known: &Known) -> impl ExactSizeIterator<Item = FrameAt> {
        known.frames.iter().map(|index| self.frames[*index as usize])
    }

    /// The number of frames.
    pub(crate) fn frame_count(&self) -> usize {
        self.frames.len()
    }

    /// The last frame.
    pub(crate) fn last_frame(&self) -> Option<FrameAt> {
        self.frames.last().copied()
    }

    /// Where to begin reading, ascending.
    pub(crate) fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

/// The last sample at or before an entry, counted from the segment's first; `None` in a segment without frames.
pub(crate) fn sample_before(samples: &[Sample], entry: u32) -> Option<Sample> {
    let behind = samples.partition_point(|(place, _)| *place <= entry);
    samples.get(behind.checked_sub(1)?).copied()
}
