//! Looking at a log from outside: where things are in its files, and how fast they can be read at all.

use crate::format::{SEGMENT_HEADER, SegmentHeader};
use crate::key::key;
use crate::recover::{self, corrupt, segment_path};
use crate::scan::{self, Cursor};
use crate::store::LogStore;
use souk_store::StoreError;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Where a frame, which holds the events of one append, is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramePlace {
    /// The segment.
    pub path: PathBuf,
    /// Where the frame begins, in bytes.
    pub offset: u64,
    /// Its length, in bytes.
    pub len: u64,
    /// Its first entry.
    pub first_entry: u64,
    /// The revision of its first event.
    pub first_revision: u64,
}

impl LogStore {
    /// Where the frames of a stream are, in order; none if there is no such stream.
    ///
    /// # Errors
    /// As reading the stream.
    pub fn frames_of(&self, stream: &str) -> Result<Vec<FramePlace>, StoreError> {
        let shared = self.shared();
        let found = shared.look_up(key(stream.as_bytes()), &|last| (0, last))?;
        let frames = found.map(|found| found.frames).unwrap_or_default();
        let place = |frame: crate::fresh::FrameAt| FramePlace {
            path: shared.path(frame.segment),
            offset: frame.offset.into(),
            len: frame.len.into(),
            first_entry: frame.first_entry,
            first_revision: frame.first_revision,
        };
        Ok(frames.into_iter().map(place).collect())
    }
}

/// Reads the segments that begin at entry `from` or later, checks every frame, and does nothing else: the least that
/// reading the log takes. Returns the number of entries and of bytes.
///
/// # Errors
/// `Corrupt` at the first frame that is not whole, `Io`.
pub fn bare_scan(dir: &Path, from: u64) -> Result<(u64, u64), StoreError> {
    let (mut entries, mut bytes) = (0, 0);
    for (first, len) in recover::list(dir)?.into_iter().filter(|(first, _)| *first >= from) {
        let path = segment_path(dir, first);
        let io = |error| StoreError::io("read", &path, error);
        let file = File::open(&path).map_err(io)?;
        let mut header = [0; SEGMENT_HEADER];
        file.read_exact_at(&mut header, 0).map_err(io)?;
        let (_, checksum) =
            SegmentHeader::parse(&header).map_err(|what| corrupt(&path, 0, first, what))?;
        let offset = SEGMENT_HEADER as u64;
        let mut cursor = Cursor { offset, next_entry: first, checksum };
        let wrong = scan::frames(&file, len, u64::MAX, &mut cursor, |_, _| ()).map_err(io)?;
        if let Some(what) = wrong {
            return Err(corrupt(&path, cursor.offset, cursor.next_entry, what));
        }
        entries += cursor.next_entry - first;
        bytes += len;
    }
    Ok((entries, bytes))
}
