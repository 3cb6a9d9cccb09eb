//! The one thread that writes: takes what is queued, checks and encodes it, one write and one sync for the group,
//! then makes it visible and answers. After a failed write or sync nothing is known about the file's end, so nothing
//! more is written until the log is opened again.

use crate::format::{
    CHECKSUM, FRAME_HEADER, RECORD_PREFIX, SEGMENT_HEADER, SegmentHeader, encode_frame,
};
use crate::index::Segment;
use crate::lock::Lock;
use crate::options::{MAX_SEGMENT_BYTES, Options};
use crate::queue::{Job, Queue, Taken};
use crate::read::Shared;
use crate::scan::Cursor;
use crate::streams::{Key, MAX_ENTRIES};
use crate::watermark::Watermark;
use souk_store::{Append, AppendError, AppendResults, Appended, StoreError, Token};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How far the synced watermark may be behind.
const WATERMARK_DELAY: Duration = Duration::from_secs(1);

pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) options: Options,
    pub(crate) store_id: [u8; 16],
    pub(crate) watermark: Watermark,
    /// Held until the writer is gone.
    pub(crate) lock: Lock,
    pub(crate) tail: Tail,
    pub(crate) group: Group,
}

/// The end of the last segment.
pub(crate) struct Tail {
    file: File,
    path: PathBuf,
    /// What is written and synced ends here.
    cursor: Cursor,
}

/// What is encoded and not yet written.
#[derive(Default)]
pub(crate) struct Group {
    buffer: Vec<u8>,
    /// Position in the file of each record's prefix.
    offsets: Vec<u32>,
    /// The streams written to, with the number of events, frame by frame.
    frames: Vec<(Key, usize)>,
    /// The last revisions that the index does not have yet.
    revisions: HashMap<Key, u64>,
    next_entry: u64,
    checksum: u32,
}

impl Tail {
    pub(crate) fn open(dir: &Path, first_entry: u64, cursor: Cursor) -> Result<Tail, StoreError> {
        let path = Segment::new(dir, first_entry, 0).path;
        let file = OpenOptions::new().read(true).write(true).open(&path);
        let file = file.map_err(|error| StoreError::io("open", &path, error))?;
        Ok(Tail { file, path, cursor })
    }

    /// A new segment, durable with its name.
    pub(crate) fn create(dir: &Path, header: &SegmentHeader) -> Result<Tail, StoreError> {
        let path = Segment::new(dir, header.first_entry, 0).path;
        let io = |action| {
            let path = path.clone();
            move |error| StoreError::io(action, path, error)
        };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(&path);
        let file = file.map_err(io("create"))?;
        let bytes = header.encode();
        file.write_all_at(&bytes, 0).map_err(io("write"))?;
        file.sync_all().map_err(io("sync"))?;
        sync_dir(&dir.join("log"))?;
        let cursor = Cursor {
            offset: SEGMENT_HEADER as u64,
            next_entry: header.first_entry,
            checksum: crate::format::u32_at(&bytes, SEGMENT_HEADER - CHECKSUM),
        };
        Ok(Tail { file, path, cursor })
    }

    /// Drops what follows the last whole frame and makes what is there durable.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        let io = |action| move |error| StoreError::io(action, &self.path, error);
        self.file.set_len(self.cursor.offset).map_err(io("cut"))?;
        self.file.sync_all().map_err(io("sync"))
    }
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|error| StoreError::io("sync", dir, error))
}

impl Writer {
    /// Writes until the store closes or a failure ends it.
    pub(crate) fn run(mut self) {
        self.restart_group();
        let mut synced = Instant::now();
        loop {
            let patience = (!self.watermark.is_synced()).then_some(WATERMARK_DELAY);
            let outcome = match self.queue.take(self.options.group_bytes.max(1), patience) {
                Taken::Jobs(jobs) => {
                    let is_due = synced.elapsed() >= WATERMARK_DELAY;
                    self.write(jobs)
                        .and_then(|()| if is_due { self.watermark.sync() } else { Ok(()) })
                }
                Taken::Nothing => self.watermark.sync(),
                Taken::Closed => break,
            };
            if let Err(error) = outcome {
                self.queue.poison(&StoreError::Fatal { cause: error.to_string().into() });
            }
            if self.watermark.is_synced() {
                synced = Instant::now();
            }
        }
        // Only the judgement of a torn tail depends on it.
        let _ = self.watermark.sync();
        self.shared.signal.close();
        drop(self.lock);
    }

    /// Writes a group and answers it; an error has been answered to all of it.
    fn write(&mut self, jobs: Vec<Job>) -> Result<(), StoreError> {
        let mut failure = None;
        let mut answers = Vec::with_capacity(jobs.len());
        for (batch, resolver) in jobs {
            let mut results: AppendResults = Vec::with_capacity(batch.len());
            for append in &batch {
                if failure.is_some() {
                    break;
                }
                match self.add(append) {
                    Ok(result) => results.push(result),
                    Err(error) => failure = Some(error),
                }
            }
            answers.push((resolver, results));
        }
        let outcome = failure.map_or_else(|| self.flush(), Err);
        for (resolver, results) in answers {
            match &outcome {
                Ok(()) => resolver.resolve(results),
                Err(error) => resolver.fail(error),
            }
        }
        outcome
    }

    /// Adds an append to the group. The outer error is the store's and ends the writer.
    fn add(&mut self, append: &Append) -> Result<Result<Appended, AppendError>, StoreError> {
        let bytes = match append.check() {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error)),
        };
        let (key, actual) = self.revision(append);
        let first_revision = match append.check_revision(actual) {
            Ok(revision) => revision,
            Err(error) => return Ok(Err(error)),
        };
        let count = append.events.len();
        let frame = (FRAME_HEADER + bytes + count * RECORD_PREFIX + CHECKSUM) as u64;
        let end = self.tail.cursor.offset + self.group.buffer.len() as u64;
        if end > SEGMENT_HEADER as u64
            && end + frame > self.options.segment_bytes.min(MAX_SEGMENT_BYTES)
        {
            self.flush()?;
            self.roll()?;
        } else if self.group.buffer.len() >= self.options.group_bytes {
            self.flush()?;
        }
        let first_entry = self.group.next_entry;
        if first_entry + count as u64 > MAX_ENTRIES {
            let why = format!("it holds {MAX_ENTRIES} entries at most; begin another store");
            return Ok(Err(StoreError::Unavailable { why: why.into() }.into()));
        }
        let base = self.tail.cursor.offset;
        let Group { buffer, offsets, frames, revisions, next_entry, checksum } = &mut self.group;
        let known = offsets.len();
        let encoded = encode_frame(append, first_revision, first_entry, *checksum, buffer, |at| {
            offsets.push(u32::try_from(base + at as u64).unwrap_or(u32::MAX));
        });
        *checksum = match encoded {
            Ok(checksum) => checksum,
            Err(error) => {
                offsets.truncate(known);
                return Ok(Err(error));
            }
        };
        frames.push((key, count));
        let last_revision = first_revision + count as u64 - 1;
        revisions.insert(key, last_revision);
        *next_entry += count as u64;
        let last_entry = *next_entry - 1;
        let (first_entry, token) = (Some(first_entry), Token::from(last_entry));
        let last_entry = Some(last_entry);
        Ok(Ok(Appended { first_revision, last_revision, first_entry, last_entry, token }))
    }

    /// The stream's key and its last revision, what is pending included.
    fn revision(&self, append: &Append) -> (Key, Option<u64>) {
        let state = self.shared.state();
        let key = state.streams.key(append.stream.as_bytes());
        let written = self.group.revisions.get(&key).copied();
        (key, written.or_else(|| state.streams.last_revision(key)))
    }

    /// Writes and syncs the group, then makes it visible.
    fn flush(&mut self) -> Result<(), StoreError> {
        if self.group.buffer.is_empty() {
            return Ok(());
        }
        let Tail { file, path, cursor } = &mut self.tail;
        let written = file.write_all_at(&self.group.buffer, cursor.offset);
        written.map_err(|error| StoreError::io("write", &*path, error))?;
        file.sync_data().map_err(|error| StoreError::io("sync", &*path, error))?;
        cursor.offset += self.group.buffer.len() as u64;
        cursor.next_entry = self.group.next_entry;
        cursor.checksum = self.group.checksum;
        self.watermark.write(cursor.next_entry)?;
        let mut state = self.shared.state_mut();
        if let Some(segment) = state.entries.segments.last_mut() {
            let mut offsets = self.group.offsets.iter();
            for (_, count) in &self.group.frames {
                for (place, offset) in offsets.by_ref().take(*count).enumerate() {
                    segment.push(*offset, place == 0);
                }
            }
            segment.set_end(u32::try_from(cursor.offset).unwrap_or(u32::MAX));
        }
        for (key, count) in &self.group.frames {
            for _ in 0..*count {
                state.streams.push(*key);
            }
        }
        drop(state);
        let head = cursor.next_entry;
        self.restart_group();
        self.shared.signal.publish(head);
        Ok(())
    }

    /// Begins the next segment; nothing is pending.
    fn roll(&mut self) -> Result<(), StoreError> {
        let Cursor { next_entry, checksum, .. } = self.tail.cursor;
        let header =
            SegmentHeader { store_id: self.store_id, first_entry: next_entry, seed: checksum };
        self.tail = Tail::create(&self.shared.dir, &header)?;
        self.group.checksum = self.tail.cursor.checksum;
        let mut state = self.shared.state_mut();
        if let Some(segment) = state.entries.segments.last_mut() {
            segment.seal();
        }
        let segment = Segment::new(&self.shared.dir, next_entry, SEGMENT_HEADER as u32);
        state.entries.segments.push(segment);
        Ok(())
    }

    fn restart_group(&mut self) {
        self.group.buffer.clear();
        self.group.offsets.clear();
        self.group.frames.clear();
        self.group.revisions.clear();
        self.group.next_entry = self.tail.cursor.next_entry;
        self.group.checksum = self.tail.cursor.checksum;
    }
}
