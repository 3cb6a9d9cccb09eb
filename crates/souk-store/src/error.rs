//! What can go wrong with a store itself, and what to do about it.

use crate::record::RecordError;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use thiserror::Error;

/// A failure of the store, not of what it was asked to do. Cheap to clone: one failure answers many appends.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The store cannot be asked now: it is closed, read-only, or out of reach.
    #[error("the event store is not available: {why}")]
    Unavailable {
        /// Why, and what to do.
        why: Box<str>,
    },
    /// Another process has the store open for writing.
    #[error(
        "the event store is already open for writing by {holder}; wait until that has ended: what only reads works \
         beside it"
    )]
    Locked {
        /// Who holds it, as text.
        holder: Box<str>,
    },
    /// Bytes that were acknowledged are not what was written.
    #[error(
        "the event store is damaged in {segment} at byte {offset}, entry {entry}: {what}; \
         nothing was changed: restore this file from a backup or a replica, then verify"
    )]
    Corrupt {
        /// The file.
        segment: Box<str>,
        /// Bytes from the start of the file to the damage.
        offset: u64,
        /// The first entry that cannot be trusted.
        entry: u64,
        /// What does not match.
        what: Box<str>,
    },
    /// Without its watermark nobody can tell a torn tail from lost entries.
    #[error(
        "the watermark {path} {what}, so nobody can tell which entries were acknowledged; look at the log with \
         souk log verify: if it is whole, souk log verify --renew-watermark takes all of it for acknowledged"
    )]
    NoWatermark {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: Box<str>,
    },
    /// A directory holds a store of another kind.
    #[error("{dir} holds {holds}, not {wanted}; name another directory")]
    OtherKind {
        /// The directory.
        dir: PathBuf,
        /// What it holds.
        holds: Box<str>,
        /// What was wanted.
        wanted: Box<str>,
    },
    /// A record that a store returned is not one.
    #[error(
        "entry {entry} is not a valid record: {source}; restore the event store from a backup, then verify"
    )]
    BadRecord {
        /// The entry.
        entry: u64,
        /// What is wrong with its bytes.
        source: RecordError,
    },
    /// A file that was derived from the log is not what was written. The log itself is not concerned.
    #[error(
        "the derived file {path} is damaged: {what}; remove it and try again: it is made anew from the log"
    )]
    DerivedDamaged {
        /// The file.
        path: PathBuf,
        /// What does not match.
        what: Box<str>,
    },
    /// The disk is full; what was acknowledged before is safe.
    #[error("no space is left for {path}; free some, then open the event store again")]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// A write or a sync failed earlier, so nothing more is written until the store is opened again.
    #[error(
        "the event store stopped writing after a failure: {cause}; every acknowledged entry is safe: \
         look after the disk, then open the event store again"
    )]
    Fatal {
        /// The first failure.
        cause: Box<str>,
    },
    /// An operation on a file failed.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was being done, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: Arc<io::Error>,
    },
}

impl StoreError {
    /// The error of a failed operation on a file: `DiskFull` if that is the reason, else `Io`.
    #[must_use]
    pub fn io(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> StoreError {
        let path = path.into();
        if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            return StoreError::DiskFull { path };
        }
        StoreError::Io { action, path, source: Arc::new(source) }
    }

    /// The error of a store that has been closed.
    #[must_use]
    pub fn closed() -> StoreError {
        StoreError::Unavailable { why: "it has been closed; open it again".into() }
    }
}
