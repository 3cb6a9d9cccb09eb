//! The limits: the same bytes with nothing around them. A bare file that is written and synced, alone or by a group of
//! threads, and a bare scan.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use souk_store::Append;
use souk_store_log::format::encode_frame;

/// A file that grows, with a sync after each write of one batch or several.
pub(super) struct BareFile {
    file: File,
    checksum: u32,
    entry: u64,
}

impl BareFile {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, checksum: 0, entry: 0 })
    }

    /// The bytes of the frames of a batch.
    pub(super) fn frame(&mut self, batch: &[Append]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for append in batch {
            let revision = append.expected.first_revision();
            let framed = encode_frame(append, revision, self.entry, self.checksum, &mut bytes);
            self.checksum = framed.unwrap_or_default();
            self.entry += append.events.len() as u64;
        }
        bytes
    }

    /// Writes batches and makes them durable with one sync.
    pub(super) fn write(&mut self, batches: &[Vec<u8>]) -> io::Result<()> {
        for bytes in batches {
            self.file.write_all(bytes)?;
        }
        self.file.sync_data()
    }
}

/// Threads that write to one file, with one sync for all who wait: whoever finds nobody writing writes for those who
/// came meanwhile. No thread of its own, nothing allocated for a write, and others fill a second buffer during a sync.
pub(super) struct BareGroup {
    state: Mutex<Group>,
    file: Mutex<BareFile>,
    /// Two rounds can have waiting threads, the one being written and the next; each waits apart.
    done: [Condvar; 2],
}

#[derive(Default)]
struct Group {
    waiting: Vec<u8>,
    /// An empty buffer that has grown already.
    spare: Vec<u8>,
    /// The round that is being filled.
    round: usize,
    /// Rounds that are durable, or have failed.
    ended: usize,
    writing: bool,
    failed: Option<io::ErrorKind>,
}

impl BareGroup {
    pub(super) fn new(file: BareFile) -> Self {
        Self { state: Mutex::default(), file: Mutex::new(file), done: Default::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Group> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes bytes together with those of others; returns once they are durable.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        state.waiting.extend_from_slice(bytes);
        let mine = state.round;
        while state.ended <= mine && state.writing {
            state = self.done[mine % 2].wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.ended <= mine {
            state.writing = true;
            drop(state);
            // Those whom the last round has just woken come along; without this, each sync serves a third fewer.
            std::thread::yield_now();
            state = self.write_round();
        }
        state.failed.map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// Writes what is waiting and wakes those who wait for it, and one of those who came meanwhile.
    fn write_round(&self) -> MutexGuard<'_, Group> {
        let mut state = self.lock();
        let spare = std::mem::take(&mut state.spare);
        let mut bytes = std::mem::replace(&mut state.waiting, spare);
        let round = state.round;
        state.round += 1;
        drop(state);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = file.write(std::slice::from_ref(&bytes));
        drop(file);
        bytes.clear();
        let mut state = self.lock();
        if let Err(error) = written {
            state.failed = Some(error.kind());
        }
        state.spare = bytes;
        state.ended = round + 1;
        state.writing = false;
        let more = !state.waiting.is_empty();
        drop(state);
        self.done[round % 2].notify_all();
        if more {
            self.done[(round + 1) % 2].notify_one();
        }
        self.lock()
    }
}
