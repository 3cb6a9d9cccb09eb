//! The one thread that writes: takes what is queued, checks and encodes it, one write and one sync for the group,
//! then makes it visible and answers. After a failed write or sync nothing is known about the file's end, so nothing
//! more is written until the log is opened again.

use crate::format::{
    CHECKSUM, FRAME_HEADER, RECORD_PREFIX, SEGMENT_HEADER, SegmentHeader, encode_frame,
};
use crate::indexer::Bell;
use crate::key::{ByKey, Key, key};
use crate::lock::Lock;
use crate::options::{MAX_SEGMENT_BYTES, Options};
use crate::queue::{Job, Queue};
use crate::read::Shared;
use crate::recover::segment_path;
use crate::scan::Cursor;
use crate::watermark::Watermark;
use souk_store::{Append, AppendError, AppendResults, Appended, StoreError, Token};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) options: Options,
    pub(crate) watermark: Watermark,
    /// The thread that indexes sealed segments, and how it is told of them.
    pub(crate) bell: Arc<Bell>,
    pub(crate) indexer: JoinHandle<()>,
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
    pub(crate) cursor: Cursor,
}

/// A frame that is encoded and not yet written.
struct Encoded {
    key: Key,
    first_revision: u64,
    records: u32,
    offset: u32,
    len: u32,
    checksum: u32,
}

/// What is encoded and not yet written.
#[derive(Default)]
pub(crate) struct Group {
    buffer: Vec<u8>,
    frames: Vec<Encoded>,
    /// The last revisions that the index does not have yet.
    revisions: ByKey<u64>,
    next_entry: u64,
    checksum: u32,
}

impl Tail {
    pub(crate) fn open(dir: &Path, first_entry: u64, cursor: Cursor) -> Result<Tail, StoreError> {
        let path = segment_path(dir, first_entry);
        let file = OpenOptions::new().read(true).write(true).open(&path);
        let file = file.map_err(|error| StoreError::io("open", &path, error))?;
        Ok(Tail { file, path, cursor })
    }

    /// A new segment, durable with its name.
    pub(crate) fn create(dir: &Path, header: &SegmentHeader) -> Result<Tail, StoreError> {
        let path = segment_path(dir, header.first_entry);
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

    /// Drops what follows the last whole frame and makes what is there durable. The bytes from `from` on are written
    /// again first: after a sync that failed the system may hold them for written although they are not on the disk.
    pub(crate) fn settle(&self, from: u64) -> Result<(), StoreError> {
        let io = |action| move |error| StoreError::io(action, &self.path, error);
        self.file.set_len(self.cursor.offset).map_err(io("cut"))?;
        let len = self.cursor.offset.saturating_sub(from);
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
        self.file.read_exact_at(&mut bytes, from).map_err(io("read"))?;
        self.file.write_all_at(&bytes, from).map_err(io("write"))?;
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
        while let Some(jobs) = self.queue.take(self.options.group_bytes.max(1)) {
            if let Err(error) = self.write(jobs) {
                self.queue.poison(&StoreError::Fatal { cause: error.to_string().into() });
            }
        }
        // Only the judgement of a torn tail depends on it.
        let _ = self.watermark.close();
        self.bell.close();
        let _ = self.indexer.join();
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
        let (key, actual) = self.revision(append)?;
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
        let Group { buffer, frames, revisions, next_entry, checksum } = &mut self.group;
        let (begin, first_entry) = (buffer.len(), *next_entry);
        *checksum = match encode_frame(append, first_revision, first_entry, *checksum, buffer) {
            Ok(checksum) => checksum,
            Err(error) => return Ok(Err(error)),
        };
        let narrow = |of: u64| u32::try_from(of).unwrap_or(u32::MAX);
        frames.push(Encoded {
            key,
            first_revision,
            records: narrow(count as u64),
            offset: narrow(self.tail.cursor.offset + begin as u64),
            len: narrow((buffer.len() - begin) as u64),
            checksum: *checksum,
        });
        let last_revision = first_revision + count as u64 - 1;
        revisions.insert(key, last_revision);
        *next_entry += count as u64;
        let last_entry = *next_entry - 1;
        let (first_entry, token) = (Some(first_entry), Token::from(last_entry));
        let last_entry = Some(last_entry);
        Ok(Ok(Appended { first_revision, last_revision, first_entry, last_entry, token }))
    }

    /// The stream's key and its last revision, what is pending included.
    fn revision(&self, append: &Append) -> Result<(Key, Option<u64>), StoreError> {
        let key = key(append.stream.as_bytes());
        match self.group.revisions.get(&key) {
            Some(written) => Ok((key, Some(*written))),
            None => Ok((key, self.shared.last_revision(key)?)),
        }
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
        self.shared.index_mut().add(|tail| {
            for Encoded { key, first_revision, records, offset, len, checksum } in
                &self.group.frames
            {
                tail.push(*key, *first_revision, *records, *offset, *len, *checksum);
            }
        });
        let head = cursor.next_entry;
        self.restart_group();
        self.shared.signal.publish(head);
        Ok(())
    }

    /// Begins the next segment; nothing is pending.
    fn roll(&mut self) -> Result<(), StoreError> {
        let Cursor { next_entry, checksum, .. } = self.tail.cursor;
        let (store_id, first_entry) = (self.shared.store_id, next_entry);
        let header = SegmentHeader { store_id, first_entry, seed: checksum };
        self.tail = Tail::create(&self.shared.dir, &header)?;
        self.group.checksum = self.tail.cursor.checksum;
        let checksum = self.tail.cursor.checksum;
        self.shared.index_mut().begin_segment(next_entry, SEGMENT_HEADER as u32, checksum);
        self.bell.ring();
        Ok(())
    }

    fn restart_group(&mut self) {
        self.group.buffer.clear();
        self.group.frames.clear();
        self.group.revisions.clear();
        self.group.next_entry = self.tail.cursor.next_entry;
        self.group.checksum = self.tail.cursor.checksum;
    }
}
