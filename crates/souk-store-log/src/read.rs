//! Reading pages: where frames are from the index, then few large reads, each frame verified.

use crate::format::{CHECKSUM, FRAME_HEADER, FrameHeader, RECORD_PREFIX, segment_name, u16_at};
use crate::fresh::{Sample, sample_before};
use crate::index::{Index, Segment, Start};
use crate::key::{Key, key};
use crate::lookup;
use crate::recover::corrupt;
use crate::scan::verify;
use souk_store::{HeadSignal, Page, StoreError};
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Files kept open for reading.
const MAX_FILES: usize = 256;
/// Places remembered, so that reading on needs no search.
const MAX_PLACES: usize = 32;
/// Segments whose samples are kept.
const MAX_SAMPLES: usize = 64;
/// Bytes read beyond what was asked for, since frames do not end where pages do.
const SLACK: usize = 4 << 10;

/// What readers, followers and the writer share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) dir: PathBuf,
    pub(crate) store_id: [u8; 16],
    pub(crate) signal: Arc<HeadSignal>,
    index: RwLock<Index>,
    files: Mutex<HashMap<u64, Arc<File>>>,
    places: Mutex<VecDeque<Place>>,
    samples: Mutex<VecDeque<(u64, Arc<Vec<Sample>>)>>,
}

/// The frame that holds an entry.
#[derive(Clone, Copy, Debug)]
struct Place {
    entry: u64,
    segment: u64,
    offset: u32,
    first_entry: u64,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How filling a page from a buffer ended, and with which frame reading goes on.
struct Walked {
    /// Bytes the buffer must have for anything to be read; `None` if the page has something.
    needs: Option<usize>,
    /// Where in the buffer the frame begins.
    at: usize,
    /// Its first entry.
    entry: u64,
}

impl Shared {
    pub(crate) fn new(dir: &Path, store_id: [u8; 16], index: Index) -> Shared {
        let signal = Arc::new(HeadSignal::new(index.head()));
        Shared {
            dir: dir.to_owned(),
            store_id,
            signal,
            index: RwLock::new(index),
            files: Mutex::default(),
            places: Mutex::default(),
            samples: Mutex::default(),
        }
    }

    pub(crate) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn look_up(
        &self,
        key: Key,
        range: lookup::Range<'_>,
    ) -> Result<Option<lookup::Found>, StoreError> {
        lookup::look_up(&self.index, key, range)
    }

    /// The stream's last revision.
    pub(crate) fn last_revision(&self, key: Key) -> Result<Option<u64>, StoreError> {
        // Nothing is wanted but that.
        Ok(self.look_up(key, &|last| (last + 1, last))?.map(|found| found.last))
    }

    pub(crate) fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.last_revision(key(stream.as_bytes()))
    }

    pub(crate) fn path(&self, segment: u64) -> PathBuf {
        self.dir.join("log").join(segment_name(segment))
    }

    fn file(&self, segment: u64) -> Result<Arc<File>, StoreError> {
        let mut files = lock(&self.files);
        if let Some(file) = files.get(&segment) {
            return Ok(Arc::clone(file));
        }
        let path = self.path(segment);
        let file = File::open(&path).map_err(|error| StoreError::io("open", path, error))?;
        if files.len() >= MAX_FILES {
            files.clear();
        }
        let file = Arc::new(file);
        files.insert(segment, Arc::clone(&file));
        Ok(file)
    }

    /// Fills bytes from a segment; the entry is the one to name if they are not there.
    pub(crate) fn fetch(
        &self,
        segment: u64,
        at: u64,
        entry: u64,
        bytes: &mut [u8],
    ) -> Result<(), StoreError> {
        let file = self.file(segment)?;
        file.read_exact_at(bytes, at).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                let what = "the file ends before acknowledged entries do";
                return corrupt(&self.path(segment), at, entry, what);
            }
            StoreError::io("read", self.path(segment), error)
        })
    }

    /// See `EventStore::read_all_into`.
    pub(crate) fn read_all(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        page.clear(from);
        let Some((segment, place)) = self.place(from)? else { return Ok(()) };
        let filled = self.fill(from, segment, place, max_bytes, page);
        if filled.is_err() {
            page.clear(from);
        }
        filled
    }

    fn fill(
        &self,
        from: u64,
        segment: Segment,
        place: Place,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        let begin = place.offset as usize - CHECKSUM;
        let available = segment.end as usize - begin;
        let mut want = max_bytes.saturating_add(SLACK);
        if place.first_entry < from {
            // What precedes the entry is skipped.
            want = want.saturating_add(SLACK);
        }
        loop {
            let len = want.min(available);
            self.fetch(segment.first_entry, begin as u64, from, &mut page.buffer(len)[..len])?;
            page.clear(from);
            let bad = |at: usize, entry: u64, what: &'static str| {
                corrupt(&self.path(segment.first_entry), (begin + at) as u64, entry, what)
            };
            let walked = walk(page, len, place.first_entry, from, max_bytes, &bad)?;
            match walked.needs {
                Some(more) if len < available => want = more + SLACK,
                Some(_) => {
                    let what = "a frame reaches beyond acknowledged entries";
                    return Err(bad(walked.at, from, what));
                }
                None => {
                    self.remember(page.next_entry(), segment, begin + walked.at, walked.entry);
                    return Ok(());
                }
            }
        }
    }

    /// Remembers where reading goes on: the frame that holds `entry` begins at `offset` with `first_entry`.
    fn remember(&self, entry: u64, segment: Segment, offset: usize, first_entry: u64) {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let place = Place { entry, segment: segment.first_entry, offset, first_entry };
        let mut places = lock(&self.places);
        places.retain(|known| known.entry != entry);
        places.push_front(place);
        places.truncate(MAX_PLACES);
    }

    /// The segment of an entry and where to begin reading it; `None` at the head.
    fn place(&self, entry: u64) -> Result<Option<(Segment, Place)>, StoreError> {
        let index = self.index();
        let Some(segment) = index.segment_of(entry) else { return Ok(None) };
        let known = |place: &&Place| place.entry == entry && place.segment == segment.first_entry;
        if let Some(place) = lock(&self.places).iter().find(known) {
            return Ok(Some((segment, *place)));
        }
        let start = index.start(segment.first_entry, entry);
        drop(index);
        let (offset, first_entry) = match start {
            Start::At { offset, entry } => (offset, entry),
            Start::AskRun(run) => {
                let samples = self.samples(segment.first_entry, &run)?;
                let place = u32::try_from(entry - segment.first_entry).unwrap_or(u32::MAX);
                let Some((place, offset)) = sample_before(&samples, place) else {
                    return Err(self.nowhere(segment, entry));
                };
                (offset, segment.first_entry + u64::from(place))
            }
            Start::Unknown => return Err(self.nowhere(segment, entry)),
        };
        let place = Place { entry, segment: segment.first_entry, offset, first_entry };
        Ok(Some((segment, place)))
    }

    fn nowhere(&self, segment: Segment, entry: u64) -> StoreError {
        let what = "the index does not know where to begin reading";
        corrupt(&self.path(segment.first_entry), 0, entry, what)
    }

    fn samples(&self, segment: u64, run: &crate::run::Run) -> Result<Arc<Vec<Sample>>, StoreError> {
        if let Some((_, samples)) = lock(&self.samples).iter().find(|(of, _)| *of == segment) {
            return Ok(Arc::clone(samples));
        }
        let samples = Arc::new(run.samples(segment)?);
        let mut kept = lock(&self.samples);
        kept.push_front((segment, Arc::clone(&samples)));
        kept.truncate(MAX_SAMPLES);
        Ok(samples)
    }
}

/// Fills the page with records from entry `from` on out of its buffer, whose first `len` bytes are the 4 bytes before
/// the frame that begins with entry `entry` and what follows.
fn walk(
    page: &mut Page,
    len: usize,
    mut entry: u64,
    from: u64,
    max_bytes: usize,
    bad: &dyn Fn(usize, u64, &'static str) -> StoreError,
) -> Result<Walked, StoreError> {
    let mut at = CHECKSUM;
    let mut taken = 0;
    loop {
        let bytes = &page.buffered()[..len];
        let cut = |need: usize| {
            let needs = page.is_empty().then_some(at + need);
            Ok(Walked { needs, at, entry })
        };
        let Some(head) = bytes.get(at..at + FRAME_HEADER) else {
            return cut(FRAME_HEADER);
        };
        let header = FrameHeader::parse(head).filter(|header| header.first_entry == entry);
        let header = header.ok_or_else(|| bad(at, entry, "the frame expected here is not here"))?;
        let next = entry + u64::from(header.records);
        let behind = at + header.frame_len();
        if next > from {
            let Some(frame) = bytes.get(at - CHECKSUM..behind) else {
                return cut(header.frame_len());
            };
            if verify(frame, crate::format::u32_at(frame, 0)).is_none() {
                return Err(bad(at, entry, "the checksum of a frame does not match"));
            }
            let full = take(page, at + FRAME_HEADER, &header, from, max_bytes, &mut taken)
                .ok_or_else(|| bad(at, entry, "a frame does not hold the records it says"))?;
            if full {
                let whole = page.next_entry() == next;
                let (at, entry) = if whole { (behind, next) } else { (at, entry) };
                return Ok(Walked { needs: None, at, entry });
            }
        }
        (entry, at) = (next, behind);
    }
}

/// Adds the records of a verified frame, whose body begins at `at`, to the page; whether the page is full. `None` if
/// the records are not what the header says.
fn take(
    page: &mut Page,
    at: usize,
    header: &FrameHeader,
    from: u64,
    max_bytes: usize,
    taken: &mut usize,
) -> Option<bool> {
    let end = at + header.body;
    let mut at = at;
    for entry in (header.first_entry..).take(header.records as usize) {
        let len = usize::from(u16_at(page.buffered(), at)?);
        let start = at + RECORD_PREFIX;
        at = start + len;
        if at > end {
            return None;
        }
        if entry < from {
            continue;
        }
        if *taken > 0 && *taken + len > max_bytes {
            return Some(true);
        }
        *taken += len;
        if !page.push_span(entry, start, len) {
            return Some(true);
        }
    }
    (at == end).then_some(*taken >= max_bytes)
}
