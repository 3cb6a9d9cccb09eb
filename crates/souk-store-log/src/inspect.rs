//! Looking at a log from outside: where things are in its files, and how fast they can be read at all.

use crate::format::{SEGMENT_HEADER, SegmentHeader, segment_name};
use crate::index::Segment;
use crate::key::key;
use crate::lock::Lock;
use crate::recover::{self, corrupt, segment_path};
use crate::run::Run;
use crate::scan::{self, Cursor};
use crate::store::LogStore;
use crate::watermark;
use souk_store::StoreError;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

/// What is in the files of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Entries known to be durable; `None` if the watermark cannot be read.
    pub acknowledged: Option<u64>,
    /// Whether a writer has the log open.
    pub writer: bool,
    /// Entries that the index on disk covers.
    pub indexed: u64,
    /// Files of the index in use, and their bytes.
    pub index_files: usize,
    /// See `index_files`.
    pub index_bytes: u64,
    /// The segments, ascending.
    pub segments: Vec<SegmentInfo>,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentInfo {
    /// Name of the file.
    pub name: String,
    /// Its first entry.
    pub first_entry: u64,
    /// Number of entries.
    pub entries: u64,
    /// Bytes of its header and whole frames.
    pub bytes: u64,
    /// Whether the index on disk covers it.
    pub indexed: bool,
}

impl LogStore {
    /// What is in the files, as far as this store has read them.
    ///
    /// # Errors
    /// `Io`.
    pub fn summary(&self) -> Result<Summary, StoreError> {
        let shared = self.shared();
        let index = shared.index();
        let covered = index.covered();
        let info = |of: &Segment| SegmentInfo {
            name: segment_name(of.first_entry),
            first_entry: of.first_entry,
            entries: of.next_entry - of.first_entry,
            bytes: of.end.into(),
            indexed: of.first_entry < covered,
        };
        let bytes = |run: &Arc<Run>| run.path.metadata().map_or(0, |file| file.len());
        Ok(Summary {
            acknowledged: watermark::read(&shared.dir)?.ok(),
            writer: Lock::is_held(&shared.dir),
            indexed: covered,
            index_files: index.runs.len(),
            index_bytes: index.runs.iter().map(bytes).sum(),
            segments: index.segments.iter().map(info).collect(),
        })
    }

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

    /// Reads the miss filters of the index as the first look-up of a stream does, and does nothing with them: the least
    /// that reading them takes. Returns the number of bytes.
    ///
    /// # Errors
    /// `Io`.
    pub fn bare_filters(&self) -> Result<u64, StoreError> {
        let runs = Arc::clone(&self.shared().index().runs);
        let mut buffer = Vec::new();
        runs.iter().try_fold(0, |sum, run| Ok(sum + run.bare_filter(&mut buffer)?))
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
