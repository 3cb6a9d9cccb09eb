//! Reading the segments of a log in order: to open it, and to follow a writer.

use crate::format::{SEGMENT_HEADER, SegmentHeader, segment_name};
use crate::index::{Index, Segment};
use crate::run::{self, SegmentRow};
use crate::scan::{self, Cursor};
use souk_store::StoreError;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A segment by its first entry, with its length in bytes when it was listed.
pub(crate) type Listed = (u64, u64);

/// What is done with what is read.
pub(crate) trait Sink {
    /// A segment begins: its first entry, the checksum of its header and its bytes.
    fn begin(&mut self, first_entry: u64, checksum: u32, len: u32);
    /// A frame is whole.
    fn frame(&mut self, frame: &scan::Frame<'_>, checksum: u32);
}

/// How far a log has been read.
#[derive(Debug, Default)]
pub(crate) struct Follow {
    pub(crate) store_id: Option<[u8; 16]>,
    /// First entry of the segment being read, and where in it.
    pub(crate) at: Option<(u64, Cursor)>,
    /// Bytes verified so far.
    pub(crate) bytes: u64,
    /// Entries that need not be read, since runs cover them.
    pub(crate) covered: u64,
}

/// The end of a log that is no whole frame.
#[derive(Debug)]
pub(crate) struct Torn {
    pub(crate) path: PathBuf,
    /// What is whole ends here; 0 if not even the segment's header is.
    pub(crate) offset: u64,
    pub(crate) len: u64,
    pub(crate) entry: u64,
    pub(crate) what: &'static str,
}

impl Torn {
    pub(crate) fn describe(&self) -> String {
        let Torn { path, offset, entry, what, .. } = self;
        format!("{}, byte {offset}, entry {entry}: {what}", path.display())
    }

    /// The error if what is torn had been acknowledged.
    pub(crate) fn corrupt(&self, acknowledged: u64) -> StoreError {
        let what = format!("{}, although {acknowledged} entries were acknowledged", self.what);
        corrupt(&self.path, self.offset, self.entry, &what)
    }
}

/// The error for damage in a segment.
pub(crate) fn corrupt(path: &Path, offset: u64, entry: u64, what: &str) -> StoreError {
    let segment = path.to_string_lossy().into();
    StoreError::Corrupt { segment, offset, entry, what: what.into() }
}

/// The file of a segment.
pub(crate) fn segment_path(dir: &Path, first_entry: u64) -> PathBuf {
    dir.join("log").join(segment_name(first_entry))
}

/// The segments of a log, ascending.
pub(crate) fn list(dir: &Path) -> Result<Vec<Listed>, StoreError> {
    let log = dir.join("log");
    let io = |error| StoreError::io("list", &log, error);
    let mut found = Vec::new();
    for file in fs::read_dir(&log).map_err(io)? {
        let file = file.map_err(io)?;
        let name = file.file_name();
        let digits = name.to_str().and_then(|name| name.strip_suffix(".seg"));
        let Some(first) = digits.filter(|d| d.len() == 20).and_then(|d| d.parse().ok()) else {
            continue;
        };
        let metadata = file.metadata().map_err(io)?;
        if !metadata.is_file() {
            return Err(corrupt(&file.path(), 0, first, "the segment is not a regular file"));
        }
        found.push((first, metadata.len()));
    }
    found.sort_unstable();
    Ok(found)
}

impl Follow {
    /// Bytes of the segments listed that have not been read.
    pub(crate) fn unread(&self, listed: &[Listed]) -> u64 {
        let (at, offset) = self.at.map_or((0, 0), |(at, cursor)| (at, cursor.offset));
        let left = listed.iter().filter(|(first, _)| *first >= at).map(|(_, len)| len).sum::<u64>();
        left.saturating_sub(offset)
    }

    /// The number of entries read.
    pub(crate) fn entries(&self) -> u64 {
        self.at.map_or(0, |(_, cursor)| cursor.next_entry)
    }

    /// Takes up the runs on disk: the segments they cover are not read, only their headers and lengths.
    pub(crate) fn skip_covered(
        &mut self,
        dir: &Path,
        listed: &[Listed],
        index: &mut Index,
    ) -> Result<(), StoreError> {
        let Some(store_id) = self.store_id else { return Ok(()) };
        let mut runs = run::open_all(dir, store_id);
        // What is listed was there before; a run over more belongs to a writer that is ahead.
        let known = |row: &SegmentRow| listed.contains(&(row.first_entry, row.len.into()));
        let whole = runs.iter().take_while(|run| run.segments.iter().all(known)).count();
        runs.truncate(whole);
        for row in runs.iter().flat_map(|run| &run.segments) {
            let path = segment_path(dir, row.first_entry);
            let file = File::open(&path).map_err(|error| StoreError::io("open", &path, error))?;
            let header = self.header(&file, &path, row.first_entry, row.len.into(), false)?;
            header.map_err(|torn| damage(&torn))?;
            let (next_entry, offset) = (row.next_entry, row.len.into());
            let cursor = Cursor { offset, next_entry, checksum: row.checksum };
            self.at = Some((row.first_entry, cursor));
            let Cursor { next_entry, .. } = cursor;
            index.push_covered(Segment { first_entry: row.first_entry, next_entry, end: row.len });
        }
        self.covered = self.entries();
        index.replace_runs(runs);
        Ok(())
    }

    /// Reads on through the segments listed, up to entry `limit`, verifying everything. Returns the torn end of the
    /// last segment, if it has one.
    pub(crate) fn advance(
        &mut self,
        dir: &Path,
        listed: &[Listed],
        limit: u64,
        sink: &mut dyn Sink,
    ) -> Result<Option<Torn>, StoreError> {
        for (place, &(first, len)) in listed.iter().enumerate() {
            let is_last = place + 1 == listed.len();
            if self.at.is_some_and(|(at, _)| first < at) {
                continue;
            }
            if self.entries() >= limit && self.at.is_some() {
                break;
            }
            let path = segment_path(dir, first);
            let io = |action| {
                let path = path.clone();
                move |error| StoreError::io(action, path, error)
            };
            let file = File::open(&path).map_err(io("open"))?;
            let mut cursor = match self.at {
                Some((at, cursor)) if at == first => cursor,
                Some(_) | None => match self.header(&file, &path, first, len, is_last)? {
                    Ok(cursor) => {
                        sink.begin(first, cursor.checksum, u32::try_from(len).unwrap_or(u32::MAX));
                        cursor
                    }
                    Err(torn) => return Ok(Some(torn)),
                },
            };
            let begin = cursor.offset;
            // A segment is far below 4 GiB; a file that is not is cut off here and found wrong there.
            let end = len.min(u64::from(u32::MAX));
            let wrong = scan::frames(&file, end, limit, &mut cursor, |frame, checksum| {
                sink.frame(frame, checksum);
            });
            let wrong = wrong.map_err(io("read"))?;
            self.at = Some((first, cursor));
            self.bytes += cursor.offset - begin;
            let Some(what) = wrong else { continue };
            let (offset, entry) = (cursor.offset, cursor.next_entry);
            let torn = Torn { path: path.clone(), offset, len, entry, what };
            if !is_last || scan::good_frame_follows(&file, len, &cursor).map_err(io("read"))? {
                return Err(damage(&torn));
            }
            return Ok(Some(torn));
        }
        Ok(None)
    }

    /// Reads and checks the header of the next segment. The inner error is that of a header that was never finished.
    fn header(
        &mut self,
        file: &File,
        path: &Path,
        first: u64,
        len: u64,
        is_last: bool,
    ) -> Result<Result<Cursor, Torn>, StoreError> {
        let entry = self.entries();
        let torn = |what| Torn { path: path.to_owned(), offset: 0, len, entry, what };
        if len < SEGMENT_HEADER as u64 {
            let torn = torn("the header of the segment is cut");
            return if is_last { Ok(Err(torn)) } else { Err(damage(&torn)) };
        }
        let mut bytes = [0; SEGMENT_HEADER];
        let read = file.read_exact_at(&mut bytes, 0);
        read.map_err(|error| StoreError::io("read", path, error))?;
        match SegmentHeader::parse(&bytes) {
            Ok((header, checksum)) => {
                self.check(&header, first).map_err(|what| damage(&torn(what)))?;
                self.store_id = Some(header.store_id);
                let offset = SEGMENT_HEADER as u64;
                Ok(Ok(Cursor { offset, next_entry: first, checksum }))
            }
            Err(what) if is_last && len == SEGMENT_HEADER as u64 => Ok(Err(torn(what))),
            Err(what) => Err(damage(&torn(what))),
        }
    }

    fn check(&self, header: &SegmentHeader, first: u64) -> Result<(), &'static str> {
        if header.first_entry != first {
            return Err("the segment's name and header disagree on its first entry");
        }
        if self.store_id.is_some_and(|id| id != header.store_id) {
            return Err("the segment belongs to another store");
        }
        let (next_entry, checksum) =
            self.at.map_or((0, 0), |(_, cursor)| (cursor.next_entry, cursor.checksum));
        if first != next_entry {
            return Err("entries are missing before the segment");
        }
        // The first segment has nothing before it.
        if header.seed != checksum {
            return Err("the segment does not continue the one before it");
        }
        Ok(())
    }
}

fn damage(torn: &Torn) -> StoreError {
    corrupt(&torn.path, torn.offset, torn.entry, torn.what)
}
