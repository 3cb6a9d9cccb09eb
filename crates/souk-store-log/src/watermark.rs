//! The watermark: how many entries have been made durable, so that what opening finds can be judged.
//!
//! Below it a mismatch is damage; above it a torn tail was never acknowledged. It also tells readers beside a writer
//! how far they may read. It is written after every group, which other processes see at once, and synced by a thread
//! of its own at most a second later and on closing, so after a power cut it may be behind, never ahead. It lies
//! within one sector, so it is never torn; if it is missing or damaged, nothing can be judged, and opening halts.
//!
//! 24 bytes, big-endian: `SOUKMARK`, u64 number of entries, u32 zero, u32 CRC-32C of the 20 bytes before.

use crate::format::{u32_at, u64_at};
use crate::queue::Queue;
use souk_store::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const MAGIC: &[u8; 8] = b"SOUKMARK";
const BYTES: usize = 24;
/// A reader may meet a write half done; it looks again this often.
const TRIES: usize = 1000;
/// How long a write may wait to be synced; with the sync itself it stays within a second.
const DELAY: Duration = Duration::from_millis(500);

/// The file of the watermark.
pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("WATERMARK")
}

/// The writer's side. A thread syncs; a failure of that ends the writer's queue.
#[derive(Debug)]
pub(crate) struct Watermark {
    file: Arc<File>,
    path: PathBuf,
    state: Arc<(Mutex<State>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    unsynced: bool,
    closing: bool,
}

impl Watermark {
    pub(crate) fn open(dir: &Path) -> Result<Watermark, StoreError> {
        let path = path(dir);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = Arc::new(file.map_err(|error| StoreError::io("open", &path, error))?);
        Ok(Watermark { file, path, state: Arc::default(), thread: None })
    }

    /// Says that `entries` entries are durable.
    pub(crate) fn write(&self, entries: u64) -> Result<(), StoreError> {
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&entries.to_be_bytes());
        let checksum = crc32c::crc32c(&bytes[..20]);
        bytes[20..].copy_from_slice(&checksum.to_be_bytes());
        let written = self.file.write_all_at(&bytes, 0);
        written.map_err(|error| StoreError::io("write", &self.path, error))?;
        let (state, changed) = &*self.state;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut state.unsynced, true) {
            changed.notify_all();
        }
        Ok(())
    }

    /// Makes the last write durable now.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        self.file.sync_all().map_err(|error| StoreError::io("sync", &self.path, error))
    }

    /// Syncs from now on within a second of each write, on a thread of its own.
    pub(crate) fn keep_synced(&mut self, queue: Arc<Queue>) -> Result<(), StoreError> {
        let (file, path, state) =
            (Arc::clone(&self.file), self.path.clone(), Arc::clone(&self.state));
        let keep = move || {
            while wait_for_write(&state) {
                if let Err(error) = file.sync_data() {
                    let error = StoreError::io("sync", path, error);
                    queue.poison(&StoreError::Fatal { cause: error.to_string().into() });
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("souk-log-mark".into()).spawn(keep);
        let thread =
            thread.map_err(|error| StoreError::io("start a thread for", &self.path, error));
        self.thread = Some(thread?);
        Ok(())
    }

    /// Ends the thread and makes the last write durable.
    pub(crate) fn close(mut self) -> Result<(), StoreError> {
        self.stop();
        self.sync()
    }

    fn stop(&mut self) {
        let (state, changed) = &*self.state;
        state.lock().unwrap_or_else(PoisonError::into_inner).closing = true;
        changed.notify_all();
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Drop for Watermark {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits until something was written and gathers what comes for a while; `false` once the store closes.
fn wait_for_write(state: &(Mutex<State>, Condvar)) -> bool {
    let (state, changed) = state;
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    while !state.unsynced && !state.closing {
        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    let waited = changed.wait_timeout_while(state, DELAY, |state| !state.closing);
    let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
    state.unsynced = false;
    !state.closing
}

/// Why there is no watermark to judge by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Missing,
    Damaged,
}

/// The number of entries known to be durable.
///
/// # Errors
/// The inner one if the file is missing or not as it was written; `Io`.
pub(crate) fn read(dir: &Path) -> Result<Result<u64, Unreadable>, StoreError> {
    let path = path(dir);
    // Reading something that is no file might never end.
    if path.symlink_metadata().is_ok_and(|of| !of.is_file()) {
        return Ok(Err(Unreadable::Damaged));
    }
    for _ in 0..TRIES {
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Err(Unreadable::Missing));
            }
            Err(error) => return Err(StoreError::io("read", &path, error)),
        };
        let whole = bytes.len() == BYTES
            && bytes[..8] == *MAGIC
            && crc32c::crc32c(&bytes[..20]) == u32_at(&bytes, 20);
        if whole {
            return Ok(Ok(u64_at(&bytes, 8)));
        }
    }
    Ok(Err(Unreadable::Damaged))
}
