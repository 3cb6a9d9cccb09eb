//! Reading pages: positions from the index, then few large reads, each verified.

use crate::format::{RECORD_PREFIX, u16_at};
use crate::index::{Entries, Segment};
use crate::recover::corrupt;
use crate::scan::verify_run;
use crate::streams::{Key, Streams};
use souk_store::{Direction, HeadSignal, Page, Record, STREAM_PAGE_BYTES, StoreError};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Files kept open for reading.
const MAX_FILES: usize = 256;
/// Records of a stream this close together, in bytes, are read in one go.
const NEAR: u32 = 4096;

/// What readers, followers and the writer share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) dir: PathBuf,
    pub(crate) signal: Arc<HeadSignal>,
    state: RwLock<State>,
    files: Mutex<HashMap<u64, Arc<File>>>,
}

/// The index of what is durable.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) entries: Entries,
    pub(crate) streams: Streams,
}

/// One read of a file.
struct Chunk {
    segment: u64,
    begin: u32,
    end: u32,
    /// Where it goes in the page's buffer.
    at: usize,
    /// The whole frames in it, as positions in the file.
    frames: Vec<(u32, u32)>,
}

impl Shared {
    pub(crate) fn new(dir: &Path, state: State) -> Shared {
        let signal = Arc::new(HeadSignal::new(state.entries.head()));
        Shared { dir: dir.to_owned(), signal, state: RwLock::new(state), files: Mutex::default() }
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, segment: u64) -> PathBuf {
        Segment::new(&self.dir, segment, 0).path
    }

    fn file(&self, segment: u64) -> Result<Arc<File>, StoreError> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// Reads a chunk into the buffer and verifies the whole frames in it.
    fn fetch(&self, chunk: &Chunk, entry: u64, buffer: &mut [u8]) -> Result<(), StoreError> {
        let file = self.file(chunk.segment)?;
        let len = (chunk.end - chunk.begin) as usize;
        let bytes = &mut buffer[chunk.at..chunk.at + len];
        let bad = |at: u64, entry, what| corrupt(&self.path(chunk.segment), at, entry, what);
        file.read_exact_at(bytes, u64::from(chunk.begin)).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                let what = "the file ends before acknowledged entries do";
                return bad(u64::from(chunk.begin), entry, what);
            }
            StoreError::io("read", self.path(chunk.segment), error)
        })?;
        for (from, to) in &chunk.frames {
            let begin = (from - chunk.begin) as usize - crate::format::CHECKSUM;
            let run = &bytes[begin..(to - chunk.begin) as usize];
            verify_run(run).map_err(|(at, found)| {
                let at = u64::from(chunk.begin) + (begin + at) as u64;
                bad(at, found.unwrap_or(entry), "the checksum of a frame does not match")
            })?;
        }
        Ok(())
    }

    /// Whether each record's length is what the index says.
    fn check_lengths(&self, page: &Page, chunk: &Chunk) -> Result<(), StoreError> {
        for (entry, start, len) in page.spans() {
            let stored = u16_at(page.buffered(), start - RECORD_PREFIX);
            if stored.map(usize::from) != Some(len) {
                let at = u64::from(chunk.begin) + start as u64;
                let what = "a record does not have the length it had";
                return Err(corrupt(&self.path(chunk.segment), at, entry, what));
            }
        }
        Ok(())
    }

    /// See `EventStore::read_all_into`.
    pub(crate) fn read_all(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        let chunk = plan(&self.state().entries, from, max_bytes, page);
        self.finish(from, chunk, page)
    }

    fn finish(&self, from: u64, chunk: Option<Chunk>, page: &mut Page) -> Result<(), StoreError> {
        let Some(chunk) = chunk else { return Ok(()) };
        let len = (chunk.end - chunk.begin) as usize;
        let read = self.fetch(&chunk, from, page.buffer(len));
        let checked = read.and_then(|()| self.check_lengths(page, &chunk));
        if checked.is_err() {
            page.clear(from);
        }
        checked
    }

    /// Brings the index of streams up to the entries there are; for stores that only read.
    pub(crate) fn index_streams(&self) -> Result<(), StoreError> {
        let is_behind = |state: &State| state.streams.entries() < state.entries.head();
        if !is_behind(&self.state()) {
            return Ok(());
        }
        let mut state = self.state_mut();
        let mut page = Page::new();
        while is_behind(&state) {
            let from = state.streams.entries();
            let chunk = plan(&state.entries, from, 1 << 20, &mut page);
            self.finish(from, chunk, &mut page)?;
            for (_, record) in page.raw() {
                let (stream, _) = Record::peek(record).unwrap_or_default();
                let key = state.streams.key(stream);
                state.streams.push(key);
            }
        }
        Ok(())
    }

    pub(crate) fn stream_revision(&self, stream: &str) -> Option<u64> {
        let state = self.state();
        state.streams.last_revision(state.streams.key(stream.as_bytes()))
    }

    /// See `EventStore::read_stream`.
    pub(crate) fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let mut page = Page::new();
        let state = self.state();
        let key = state.streams.key(stream.as_bytes());
        let Some(last) = state.streams.last_revision(key) else { return Ok(page) };
        let wanted = pick(&state, key, from, last, direction, limit);
        page.set_stream(last.into(), wanted.next);
        let (chunks, spans) = gather(&state.entries, &wanted.entries);
        drop(state);
        let total = chunks.last().map_or(0, |chunk| chunk.at + (chunk.end - chunk.begin) as usize);
        let buffer = page.buffer(total);
        let first = wanted.entries.first().copied().unwrap_or_default();
        for chunk in &chunks {
            self.fetch(chunk, first, buffer)?;
        }
        for (revision, &(entry, start, len)) in (wanted.first_revision..).zip(&spans) {
            let found = buffer.get(start..start + len).and_then(Record::peek);
            if found != Some((stream.as_bytes(), revision)) {
                let (segment, at) = place(&chunks, start);
                let what = "a record is not the one the index of streams expects";
                return Err(corrupt(&self.path(segment), at, entry, what));
            }
        }
        let mut push =
            |&(entry, start, len): &(u64, usize, usize)| page.push_span(entry, start, len);
        match direction {
            Direction::Forwards => spans.iter().all(&mut push),
            Direction::Backwards => spans.iter().rev().all(&mut push),
        };
        Ok(page)
    }
}

/// Fills the page's spans for entries from `from` on and says what to read.
fn plan(entries: &Entries, from: u64, max_bytes: usize, page: &mut Page) -> Option<Chunk> {
    page.clear(from);
    let (segment, first) = entries.find(from)?;
    let stop = segment.fitting(first, max_bytes);
    let run = segment.run(first, stop);
    page.buffer((run.end - run.begin) as usize);
    for (entry, index) in (from..).zip(first..stop) {
        let (start, len) = segment.record(index);
        page.push_span(entry, (start - run.begin) as usize, len as usize);
    }
    let frames = run.frames.into_iter().collect();
    Some(Chunk { segment: segment.first_entry, begin: run.begin, end: run.end, at: 0, frames })
}

/// The segment and the position in it of a byte of the buffer.
fn place(chunks: &[Chunk], start: usize) -> (u64, u64) {
    let chunk = chunks.iter().rev().find(|chunk| chunk.at <= start);
    chunk
        .map_or((0, 0), |chunk| (chunk.segment, u64::from(chunk.begin) + (start - chunk.at) as u64))
}

/// Some consecutive events of a stream.
struct Wanted {
    /// Their entries, ascending.
    entries: Vec<u64>,
    /// The revision of the first of them.
    first_revision: u64,
    /// Where to read on.
    next: Option<u64>,
}

fn pick(
    state: &State,
    key: Key,
    from: u64,
    last: u64,
    direction: Direction,
    limit: usize,
) -> Wanted {
    let limit = limit as u64;
    let (low, high) = match direction {
        Direction::Forwards => (from, last.min(from.saturating_add(limit).saturating_sub(1))),
        Direction::Backwards => {
            let high = from.min(last);
            ((high + 1).saturating_sub(limit), high)
        }
    };
    if limit == 0 || low > high {
        return Wanted {
            entries: Vec::new(),
            first_revision: 0,
            next: (low <= last).then_some(from),
        };
    }
    let mut entries = state.streams.entries_of(key, low, high);
    let len = |entry: &u64| {
        state.entries.find(*entry).map_or(0, |(segment, index)| segment.record(index).1 as usize)
    };
    let mut room = STREAM_PAGE_BYTES;
    let mut fits = |entry: &u64| {
        let len = len(entry);
        let fits = len <= room || room == STREAM_PAGE_BYTES;
        room = room.saturating_sub(len);
        fits
    };
    let (first_revision, next) = match direction {
        Direction::Forwards => {
            let fitting = entries.iter().take_while(|entry| fits(entry)).count();
            entries.truncate(fitting);
            let next = low + fitting as u64;
            (low, (next <= last).then_some(next))
        }
        Direction::Backwards => {
            let fitting = entries.iter().rev().take_while(|entry| fits(entry)).count();
            entries.drain(..entries.len() - fitting);
            let first = high + 1 - fitting as u64;
            (first, first.checked_sub(1))
        }
    };
    Wanted { entries, first_revision, next }
}

/// What to read for some ascending entries, and where in the buffer each record will be.
fn gather(entries: &Entries, wanted: &[u64]) -> (Vec<Chunk>, Vec<(u64, usize, usize)>) {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut spans = Vec::with_capacity(wanted.len());
    for &entry in wanted {
        let Some((segment, index)) = entries.find(entry) else { break };
        let run = segment.run(index, index + 1);
        let (start, len) = segment.record(index);
        let mut at = 0;
        if let Some(chunk) = chunks.last_mut() {
            if chunk.segment == segment.first_entry && run.begin <= chunk.end.saturating_add(NEAR) {
                chunk.end = chunk.end.max(run.end);
                chunk.frames.extend(run.frames.filter(|run| chunk.frames.last() != Some(run)));
                spans.push((entry, chunk.at + (start - chunk.begin) as usize, len as usize));
                continue;
            }
            at = chunk.at + (chunk.end - chunk.begin) as usize;
        }
        let frames = run.frames.into_iter().collect();
        spans.push((entry, at + (start - run.begin) as usize, len as usize));
        chunks.push(Chunk {
            segment: segment.first_entry,
            begin: run.begin,
            end: run.end,
            at,
            frames,
        });
    }
    (chunks, spans)
}

impl State {
    pub(crate) fn new(entries: Entries, streams: Streams) -> State {
        State { entries, streams }
    }
}
