//! A ledger, or an export, comes into being whole or not at all: it is made in a directory beside and then moved, the log
//! (the manifest) last, since that is what says that it is there. Whatever ends the process before that, the same command
//! works again.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::fail::{Exit, Failure};

/// How the directories begin in which ledgers are made.
const PREFIX: &str = ".creating-";
/// The directory that says that a ledger is there.
const LOG: &str = "log";

/// Refuses a directory with anything in it but what attempts that were cut short left behind.
pub(crate) fn is_empty(dir: &Path) -> Result<(), Failure> {
    let count = fs::read_dir(dir).into_iter().flatten().flatten().count();
    if count == left_behind(dir).count() {
        return Ok(());
    }
    let message = format!("{} is not empty", dir.display());
    Err(Failure::new(Exit::Usage, "NotEmpty", message)
        .with("  name a directory that is new or empty"))
}

/// The directories that attempts which were cut short left behind.
pub(crate) fn left_behind(dir: &Path) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    let left = files.filter(|file| file.file_name().to_string_lossy().starts_with(PREFIX));
    left.map(|file| file.path())
}

/// Refuses a directory within another, or the other way round.
pub(crate) fn are_apart(one: &Path, other: &Path) -> Result<(), Failure> {
    let (first, second) = (settled(one), settled(other));
    if !first.starts_with(&second) && !second.starts_with(&first) {
        return Ok(());
    }
    let message = format!("{} and {} are one within the other", one.display(), other.display());
    Err(Failure::new(Exit::Usage, "OneWithinTheOther", message)
        .with("  name a directory elsewhere"))
}

/// The path without links and dots, as far as it is there.
fn settled(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut there = path.as_path();
    let mut rest = Vec::new();
    loop {
        if let Ok(real) = there.canonicalize() {
            return rest.iter().rev().fold(real, |path, name| path.join(name));
        }
        let (Some(name), Some(parent)) = (there.file_name(), there.parent()) else { return path };
        rest.push(name.to_owned());
        there = parent;
    }
}

/// Lets `make` fill an empty directory, then moves what it made to `dir`. What `make` opened there it has closed.
pub(crate) fn whole(
    dir: &Path,
    make: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    filled(dir, LOG, make)
}

/// The same, for what is there once the file or directory `last` is.
pub(crate) fn filled(
    dir: &Path,
    last: &str,
    make: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let wrong = |error: io::Error| Failure::unwritable(dir, &error);
    fs::create_dir_all(dir).map_err(wrong)?;
    let held = File::open(dir).map_err(wrong)?;
    // The system lets go of it with the process.
    held.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            let message = format!("another process is filling {}", dir.display());
            Failure::new(Exit::OutOfReach, "LedgerInUse", message)
        }
        TryLockError::Error(error) => wrong(error),
    })?;
    let scratch = tempfile::Builder::new().prefix(PREFIX).tempdir_in(dir).map_err(wrong)?;
    make(scratch.path())?;
    moved(scratch.path(), dir, last, &held).map_err(wrong)?;
    drop(scratch);
    // What earlier attempts left behind; nobody else is at it, and it harms nobody.
    let _ = swept(dir);
    Ok(())
}

/// Refuses a file that could not be written beside and moved into its place: its directory, which is made where there is
/// none, takes no file, or a directory has its name.
pub(crate) fn can_be_written(path: &Path) -> Result<(), Failure> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) | None => Path::new("."),
    };
    fs::create_dir_all(dir).map_err(|error| Failure::unwritable(dir, &error))?;
    let tried = tempfile::Builder::new().prefix(PREFIX).tempfile_in(dir).and_then(|mut file| {
        file.write_all(b"x")?;
        file.close()
    });
    tried.map_err(|error| Failure::unwritable(dir, &error))?;
    if path.is_dir() {
        return Err(Failure::unwritable(path, &io::ErrorKind::IsADirectory.into()));
    }
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

/// Moves everything, the last one named last and each step durable. A link in the way is replaced, not followed.
fn moved(from: &Path, to: &Path, last: &str, dir: &File) -> io::Result<()> {
    for file in fs::read_dir(from)? {
        let name = file?.file_name();
        if name != last {
            fs::rename(from.join(&name), to.join(&name))?;
        }
    }
    dir.sync_all()?;
    fs::rename(from.join(last), to.join(last))?;
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
