//! One writer at a time: the file `LOCK`, locked by the operating system for as long as the writer lives.

use souk_store::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

/// Held by a writer; released when dropped or when its process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Nobody holds it any more, so nobody is named; two equal ledgers are then equal to the byte.
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
    }
}

/// A reader looks at the lock for an instant; a writer that meets one tries again.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

impl Lock {
    /// Takes the lock, or says who holds it.
    pub(crate) fn acquire(dir: &Path) -> Result<Lock, StoreError> {
        let path = dir.join("LOCK");
        let io = |action, error| StoreError::io(action, &path, error);
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| io("open", error))?;
        let mut tries = TRIES;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(io("lock", error)),
                Err(TryLockError::WouldBlock) => {}
            }
            tries -= 1;
            if tries == 0 {
                let mut text = String::new();
                let named = file.read_to_string(&mut text).is_ok() && !text.trim().is_empty();
                let holder = if named { text.trim() } else { "another process" };
                return Err(StoreError::Locked { holder: holder.into() });
            }
            std::thread::sleep(PAUSE);
        }
        file.set_len(0).map_err(|error| io("write", error))?;
        writeln!(file, "process {}", std::process::id()).map_err(|error| io("write", error))?;
        Ok(Lock { file })
    }

    /// Whether a writer holds the lock now.
    pub(crate) fn is_held(dir: &Path) -> bool {
        let Ok(file) = File::open(dir.join("LOCK")) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }
}
