//! The index of one segment in memory: of the one being written, and of those sealed and not yet indexed on disk.
//! 24 bytes per frame and some 60 per stream; a segment has 64 MiB, so that is about 4 MiB.
//!
//! Opening a log after a crash fills one of these, and memory that was never touched is the dearest part of it: the
//! system has to clear every page. So streams lie side by side, and what is hashed is their number alone.

use crate::key::{Key, key};
use crate::scan::Frame;
use hashbrown::HashTable;
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
const SAMPLE_EVERY: u32 = 4 << 10;

/// What the segment has of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    key: Key,
    events: u32,
    /// Indices into the frames.
    frames: SmallVec<[u32; 4]>,
}

/// A frame, small: there are many, and each is written once.
#[derive(Clone, Copy, Debug)]
struct Slot {
    first_revision: u64,
    /// Counted from the segment's first entry.
    entry: u32,
    offset: u32,
    len: u32,
}

/// What the index wants of a frame that was read, but for its stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    first_revision: u64,
    records: u32,
    offset: u32,
    len: u32,
    checksum: u32,
}

impl Seen {
    /// With the id of the stream; `checksum` is the frame's.
    pub(crate) fn of<'f>(frame: &Frame<'f>, checksum: u32) -> (&'f [u8], Seen) {
        let first = frame.records().next().and_then(|(_, record)| Record::peek(record));
        let (stream, first_revision) = first.unwrap_or_default();
        let offset = u32::try_from(frame.offset).unwrap_or(u32::MAX);
        let (records, len) = (frame.records, frame.len());
        (stream, Seen { first_revision, records, offset, len, checksum })
    }
}

/// Bytes of a segment per frame and per stream, roughly, as far as memory is taken before it is needed.
const BYTES_PER_FRAME: u32 = 700;
const BYTES_PER_STREAM: u32 = 2_200;

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
    frames: Vec<Slot>,
    /// In the order in which they came.
    streams: Vec<Known>,
    /// Indices into the streams, by key.
    places: HashTable<u32>,
    samples: Vec<Sample>,
}

impl Fresh {
    /// The index of a segment that has a header of `len` bytes, ending with `checksum`, and nothing else yet.
    pub(crate) fn new(segment: u64, len: u32, checksum: u32) -> Fresh {
        Fresh { segment, next_entry: segment, len, checksum, ..Fresh::default() }
    }

    /// Takes the memory for a segment of this many bytes at once: growing by and by takes twice as much.
    pub(crate) fn reserve(&mut self, bytes: u32) {
        self.frames.reserve((bytes / BYTES_PER_FRAME) as usize);
        let streams = (bytes / BYTES_PER_STREAM) as usize;
        self.streams.reserve(streams);
        self.places.reserve(streams, hash_of(&self.streams));
    }

    /// Adds the next frame, of the stream with this id, as read from the segment.
    pub(crate) fn push_seen(&mut self, stream: &[u8], seen: Seen) {
        let Seen { first_revision, records, offset, len, checksum } = seen;
        self.push(key(stream), first_revision, records, offset, len, checksum);
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
        let entry = u32::try_from(first_entry - self.segment).unwrap_or(u32::MAX);
        self.frames.push(Slot { first_revision, entry, offset, len });
        let streams = &self.streams;
        let same = |place: &u32| streams[*place as usize].key == key;
        let place = *self
            .places
            .entry(spread(key), same, hash_of(streams))
            .or_insert_with(|| u32::try_from(streams.len()).unwrap_or(u32::MAX))
            .get();
        if place as usize == self.streams.len() {
            self.streams.push(Known { key, events: 0, frames: SmallVec::new() });
        }
        let known = &mut self.streams[place as usize];
        known.events += records;
        known.frames.push(index);
        self.next_entry += u64::from(records);
        self.len = offset + len;
        self.checksum = checksum;
    }

    /// What the segment has of a stream.
    pub(crate) fn get(&self, key: Key) -> Option<&Known> {
        let same = |place: &u32| self.streams[*place as usize].key == key;
        let place = self.places.find(spread(key), same)?;
        self.streams.get(*place as usize)
    }

    /// The first revision that the segment has of a stream, and the number of its events here.
    pub(crate) fn span(&self, known: &Known) -> (u64, u64) {
        let first = known.frames.first().map_or(0, |index| self.at(*index).first_revision);
        (first, known.events.into())
    }

    fn at(&self, index: u32) -> FrameAt {
        let Slot { first_revision, entry, offset, len } = self.frames[index as usize];
        let first_entry = self.segment + u64::from(entry);
        FrameAt { segment: self.segment, offset, len, first_entry, first_revision }
    }

    /// The frames that hold some of the revisions `low..=high`, ascending.
    pub(crate) fn frames_of(&self, known: &Known, low: u64, high: u64) -> Vec<FrameAt> {
        let first_revision = |index: &u32| self.frames[*index as usize].first_revision;
        let behind = known.frames.partition_point(|index| first_revision(index) <= low);
        let wanted = &known.frames[behind.saturating_sub(1)..];
        let wanted = wanted.iter().take_while(|index| first_revision(index) <= high);
        wanted.map(|index| self.at(*index)).collect()
    }

    /// All streams by key, each with its frames: what a run is made of.
    pub(crate) fn sorted(&self) -> Vec<(Key, &Known)> {
        let mut all: Vec<_> = self.streams.iter().map(|known| (known.key, known)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }

    /// The frames of a stream, ascending.
    pub(crate) fn frames(&self, known: &Known) -> impl ExactSizeIterator<Item = FrameAt> {
        known.frames.iter().map(|index| self.at(*index))
    }

    /// The number of frames.
    pub(crate) fn frame_count(&self) -> usize {
        self.frames.len()
    }

    /// The last frame.
    pub(crate) fn last_frame(&self) -> Option<FrameAt> {
        self.frames
            .len()
            .checked_sub(1)
            .map(|last| self.at(u32::try_from(last).unwrap_or(u32::MAX)))
    }

    /// Where to begin reading, ascending.
    pub(crate) fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

/// Keys are hashes already.
fn spread(key: Key) -> u64 {
    key as u64
}

fn hash_of(streams: &[Known]) -> impl Fn(&u32) -> u64 {
    |place| spread(streams[*place as usize].key)
}

/// The last sample at or before an entry, counted from the segment's first; `None` in a segment without frames.
pub(crate) fn sample_before(samples: &[Sample], entry: u32) -> Option<Sample> {
    let behind = samples.partition_point(|(place, _)| *place <= entry);
    samples.get(behind.checked_sub(1)?).copied()
}
