//! A ledger comes into being whole or not at all: it is made in a directory beside and then moved, the log last,
//! since the log is what says that a ledger is there. Whatever ends the process before that, the same command works
//! again.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use crate::fail::{Exit, Failure};

/// How the directories begin in which ledgers are made.
const PREFIX: &str = ".creating-";
/// The directory that says that a ledger is there.
const LOG: &str = "log";

/// Lets `make` fill an empty directory, then moves what it made to `dir`. What `make` opened there it has closed.
pub(crate) fn whole(
    dir: &Path,
    make: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let wrong = |error: io::Error| Failure::unwritable(dir, &error);
    fs::create_dir_all(dir).map_err(wrong)?;
    let held = File::open(dir).map_err(wrong)?;
    // The system lets go of it with the process.
    held.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            let message = format!("another process is creating a ledger in {}", dir.display());
            Failure::new(Exit::OutOfReach, "LedgerInUse", message)
        }
        TryLockError::Error(error) => wrong(error),
    })?;
    let scratch = tempfile::Builder::new().prefix(PREFIX).tempdir_in(dir).map_err(wrong)?;
    make(scratch.path())?;
    moved(scratch.path(), dir, &held).map_err(wrong)?;
    drop(scratch);
    // What earlier attempts left behind; nobody else is at it, and it harms nobody.
    let _ = swept(dir);
    Ok(())
}

/// Writes a file and makes it durable.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| Failure::unwritable(path, &error))
}

/// Moves everything, the log last and each step durable.
fn moved(from: &Path, to: &Path, dir: &File) -> io::Result<()> {
    for file in fs::read_dir(from)? {
        let name = file?.file_name();
        if name != LOG {
            fs::rename(from.join(&name), to.join(&name))?;
        }
    }
    dir.sync_all()?;
    fs::rename(from.join(LOG), to.join(LOG))?;
    dir.sync_all()
}

fn swept(dir: &Path) -> io::Result<()> {
    for file in fs::read_dir(dir)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_dir_all(file.path())?;
        }
    }
    Ok(())
}
