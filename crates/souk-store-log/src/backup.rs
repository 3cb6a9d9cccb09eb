//! Copying a store, also beside its writer: the log up to one entry, what stands beside it, and the watermark of that
//! entry. A copy is a store itself, so restoring is copying back.

use crate::format::SEGMENT_HEADER;
use crate::lock::Lock;
use crate::mark::Mark;
use crate::recover::segment_path;
use crate::store::LogStore;
use crate::verify::{Verified, verify};
use crate::watermark::{self, Watermark};
use crate::writer::sync_dir;
use souk_store::{EventStore as _, StoreError};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// What is not copied: derived, of the moment, or written at the end.
const LEFT_OUT: [&str; 7] =
    ["LOCK", "STORE", "STORE.new", "WATERMARK", "log", "index", "projections"];

/// Copies the store in `from` to `to`, a directory that is empty or not there yet, and verifies the copy. The mark
/// `STORE` is written last: a copy that was cut short is no store.
///
/// # Errors
/// `Unavailable` if `to` has something in it, what opening `from` for reading gives, `Io`, `DiskFull`.
pub fn copy(from: &Path, to: &Path) -> Result<Verified, StoreError> {
    let is_free = fs::read_dir(to).map_or(true, |mut files| files.next().is_none());
    if !is_free {
        let why = format!("{} is not empty; name a new directory for the copy", to.display());
        return Err(StoreError::Unavailable { why: why.into() });
    }
    let mark = Mark::read(from)?;
    let source = LogStore::open_read_only(from)?;
    let log = to.join("log");
    fs::create_dir_all(&log).map_err(|error| StoreError::io("create", &log, error))?;
    let lock = Lock::acquire(to)?;
    // What stands beside the log first: an entry that names an attachment was written after it.
    copy_beside(from, to)?;
    let segments = source.shared().index().segments.clone();
    for segment in segments {
        // A segment that was just begun may have no entry yet, and must not be copied half.
        if u64::from(segment.end) >= SEGMENT_HEADER as u64 {
            let (first, len) = (segment.first_entry, segment.end.into());
            copy_file(&segment_path(from, first), &segment_path(to, first), Some(len))?;
        }
    }
    sync_dir(&log)?;
    let watermark = Watermark::open(to)?;
    watermark.write(source.head()?)?;
    watermark.close()?;
    mark.write(to)?;
    sync_dir(to)?;
    drop(lock);
    let verified = verify(to)?;
    if verified.entries != source.head()? {
        let (found, expected) = (verified.entries, source.head()?);
        let what = format!("the copy has {found} entries instead of {expected}");
        return Err(crate::recover::corrupt(&watermark::path(to), 0, found, &what));
    }
    Ok(verified)
}

/// Copies files and directories beside the log.
fn copy_beside(from: &Path, to: &Path) -> Result<(), StoreError> {
    let io = |error| StoreError::io("list", from, error);
    for file in fs::read_dir(from).map_err(io)? {
        let file = file.map_err(io)?;
        let name = file.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        if !hidden && !LEFT_OUT.iter().any(|left_out| name == *left_out) {
            copy_all(&file.path(), &to.join(&name))?;
        }
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<(), StoreError> {
    let kind = from.symlink_metadata().map_err(|error| StoreError::io("read", from, error))?;
    if kind.is_file() {
        return copy_file(from, to, None);
    }
    if !kind.is_dir() {
        // A link may lead anywhere, a pipe may never end.
        let from = from.display();
        let why =
            format!("{from} is neither a file nor a directory; move it away, then copy again");
        return Err(StoreError::Unavailable { why: why.into() });
    }
    fs::create_dir(to).map_err(|error| StoreError::io("create", to, error))?;
    let io = |error| StoreError::io("list", from, error);
    for file in fs::read_dir(from).map_err(io)? {
        let name = file.map_err(io)?.file_name();
        copy_all(&from.join(&name), &to.join(&name))?;
    }
    sync_dir(to)
}

/// Copies a file, or its first bytes, and makes the copy durable.
fn copy_file(from: &Path, to: &Path, len: Option<u64>) -> Result<(), StoreError> {
    let source = File::open(from).map_err(|error| StoreError::io("open", from, error))?;
    let copy = || -> io::Result<()> {
        let mut target = File::create_new(to)?;
        // What its owner alone may read is no more open in a copy.
        target.set_permissions(source.metadata()?.permissions())?;
        io::copy(&mut source.take(len.unwrap_or(u64::MAX)), &mut target)?;
        target.sync_all()
    };
    copy().map_err(|error| StoreError::io("write", to, error))
}
