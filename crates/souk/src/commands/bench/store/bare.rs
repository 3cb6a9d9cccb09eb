//! The limits: the same bytes with nothing around them. A bare file that is written and synced, alone or by a group of
//! threads, and a bare scan.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

use souk_store::Append;
use souk_store_log::format::encode_frame;

/// A file that grows, with a sync after each write.
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

    /// Writes bytes and makes them durable.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()
    }
}

/// Threads that write to one file through a thread that writes for all of them.
pub(super) struct BareGroup {
    state: Mutex<Group>,
    filled: Condvar,
}

#[derive(Default)]
struct Group {
    waiting: Vec<u8>,
    /// Who waits, and where each is told how it went.
    who: Vec<Arc<(Thread, AtomicBool)>>,
    failed: Option<io::ErrorKind>,
    closing: bool,
}

impl BareGroup {
    pub(super) fn new() -> Self {
        Self { state: Mutex::default(), filled: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Group> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes bytes together with those of others; returns once they are durable.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let me = Arc::new((std::thread::current(), AtomicBool::new(false)));
        let mut state = self.lock();
        state.waiting.extend_from_slice(bytes);
        state.who.push(Arc::clone(&me));
        drop(state);
        self.filled.notify_one();
        while !me.1.load(Ordering::Acquire) {
            std::thread::park();
        }
        self.lock().failed.map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// Writes what others hand over until the group closes.
    pub(super) fn run(&self, mut file: BareFile) {
        loop {
            let mut state = self.lock();
            while state.who.is_empty() {
                if state.closing {
                    return;
                }
                state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let (bytes, who) = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.who));
            drop(state);
            if let Err(error) = file.write(&bytes) {
                self.lock().failed = Some(error.kind());
            }
            for waiting in who {
                waiting.1.store(true, Ordering::Release);
                waiting.0.unpark();
            }
        }
    }

    /// Nothing more comes.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.filled.notify_one();
    }
}
