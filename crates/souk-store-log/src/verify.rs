//! Verifying a log as a whole: every byte of every segment, the watermark, and the index.

use crate::judge::judge;
use crate::lock::Lock;
use crate::mark::{Kind, Mark};
use crate::recover::{self, Follow, Sink, Torn, corrupt};
use crate::run;
use crate::scan::Frame;
use crate::watermark::{self, Unreadable, Watermark};
use souk_store::tree::Tree;
use souk_store::{Record, StoreError, leaf_hash};
use std::path::{Path, PathBuf};

/// What verifying a log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the directory holds.
    pub kind: Kind,
    /// The 16 bytes given when the store was created.
    pub store_id: [u8; 16],
    /// Entries in whole frames.
    pub entries: u64,
    /// Segments.
    pub segments: usize,
    /// Bytes of whole frames and headers.
    pub bytes: u64,
    /// Root of the RFC 6962 tree over all entries.
    pub root: [u8; 32],
    /// Entries known to be durable; `None` if the watermark is missing or not as it was written.
    pub acknowledged: Option<u64>,
    /// The end of the last segment that is no whole frame, for people. It was never acknowledged.
    pub torn: Option<String>,
    /// Files of the index that are as they were written.
    pub runs: usize,
    /// Files of the index that are not: derived, to be removed.
    pub damaged_runs: Vec<PathBuf>,
}

/// Reads records and hashes them.
struct Hashing {
    tree: Tree,
    bytes: u64,
    segments: usize,
    /// The first record that is none.
    bad: Option<(u64, souk_store::RecordError)>,
}

impl Sink for Hashing {
    fn begin(&mut self, _first_entry: u64, _checksum: u32, _len: u32) {
        self.segments += 1;
        self.bytes += crate::format::SEGMENT_HEADER as u64;
    }

    fn frame(&mut self, frame: &Frame<'_>, _checksum: u32) {
        self.bytes += u64::from(frame.len());
        for (_, record) in frame.records() {
            let entry = self.tree.size();
            if let Err(error) = Record::parse(entry, record) {
                self.bad.get_or_insert((entry, error));
            }
            self.tree.push(leaf_hash(record));
        }
    }
}

/// Verifies the log in `dir`, beside a writer up to what that has acknowledged. Writes nothing.
///
/// # Errors
/// `Corrupt` at the first byte that cannot be trusted, `BadRecord`, `Unavailable` if there is no log, `Io`. A missing
/// or damaged watermark is no error here: see [`Verified::acknowledged`].
pub fn verify(dir: &Path) -> Result<Verified, StoreError> {
    let mark = Mark::read(dir)?;
    let acknowledged = watermark::read(dir)?;
    let limit = if Lock::is_held(dir) { acknowledged.unwrap_or(0) } else { u64::MAX };
    let listed = recover::list(dir)?;
    let mut follow = Follow { store_id: Some(mark.store_id), ..Follow::default() };
    let mut hashing = Hashing { tree: Tree::new(), bytes: 0, segments: 0, bad: None };
    let torn = follow.advance(dir, &listed, limit, &mut hashing)?;
    if follow.at.is_none() {
        let what = "the log has no whole segment";
        return Err(corrupt(&dir.join("log"), 0, 0, what));
    }
    if let Some((entry, source)) = hashing.bad {
        return Err(StoreError::BadRecord { entry, source });
    }
    if acknowledged.is_ok() {
        judge(dir, &follow, torn.as_ref(), acknowledged)?;
    }
    let (runs, damaged_runs) = run::check_all(dir, mark.store_id);
    Ok(Verified {
        kind: mark.kind,
        store_id: mark.store_id,
        entries: hashing.tree.size(),
        segments: hashing.segments,
        bytes: hashing.bytes,
        root: hashing.tree.root(),
        acknowledged: acknowledged.ok(),
        torn: torn.as_ref().filter(|_| limit == u64::MAX).map(Torn::describe),
        runs,
        damaged_runs,
    })
}

/// Writes a watermark that was lost or damaged anew, for a log that [`verify`] finds whole: everything in whole frames
/// then counts as acknowledged. Whoever does this says that nothing behind them was.
///
/// # Errors
/// As [`verify`]; `Locked` beside a writer; `Unavailable` if the watermark is as it was written.
pub fn renew_watermark(dir: &Path) -> Result<Verified, StoreError> {
    let lock = Lock::acquire(dir)?;
    if !matches!(watermark::read(dir)?, Err(Unreadable::Missing | Unreadable::Damaged)) {
        let why = "its watermark is as it was written; there is nothing to renew".into();
        return Err(StoreError::Unavailable { why });
    }
    drop(lock);
    let verified = verify(dir)?;
    let lock = Lock::acquire(dir)?;
    let path = watermark::path(dir);
    // A file of another length is not overwritten by one of the right length.
    let removed = std::fs::remove_file(&path);
    if let Err(error) = removed.or_else(|error| {
        if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
    }) {
        return Err(StoreError::io("remove", path, error));
    }
    let watermark = Watermark::open(dir)?;
    watermark.write(verified.entries)?;
    watermark.sync()?;
    drop(lock);
    Ok(Verified { acknowledged: Some(verified.entries), ..verified })
}
