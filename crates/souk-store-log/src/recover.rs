//! Reading the segments of a log in order: to open it, and to follow a writer.

use crate::format::{SEGMENT_HEADER, SegmentHeader};
use crate::index::{Entries, Segment};
use crate::scan::{self, Cursor};
use crate::streams::{MAX_ENTRIES, Streams};
use souk_store::{Record, StoreError};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A segment by its first entry, with its length in bytes when it was listed.
pub(crate) type Listed = (u64, u64);

/// How far a log has been read.
#[derive(Debug, Default)]
pub(crate) struct Follow {
    pub(crate) store_id: Option<[u8; 16]>,
    /// First entry of the segment being read, and where in it.
    pub(crate) at: Option<(u64, Cursor)>,
    /// Bytes verified so far.
    pub(crate) bytes: u64,
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
        found.push((first, file.metadata().map_err(io)?.len()));
    }
    found.sort_unstable();
    Ok(found)
}

impl Follow {
    /// The number of entries read.
    pub(crate) fn entries(&self) -> u64 {
        self.at.map_or(0, |(_, cursor)| cursor.next_entry)
    }

    /// Reads on through the segments listed, up to entry `limit`, verifying everything and filling the index.
    /// Returns the torn end of the last segment, if it has one.
    pub(crate) fn advance(
        &mut self,
        dir: &Path,
        listed: &[Listed],
        limit: u64,
        entries: &mut Entries,
        mut streams: Option<&mut Streams>,
    ) -> Result<Option<Torn>, StoreError> {
        for (place, &(first, len)) in listed.iter().enumerate() {
            let is_last = place + 1 == listed.len();
            if self.at.is_some_and(|(at, _)| first < at) {
                continue;
            }
            if self.entries() >= limit && self.at.is_some() {
                break;
            }
            let path = Segment::new(dir, first, 0).path;
            let io = |action| {
                let path = path.clone();
                move |error| StoreError::io(action, path, error)
            };
            let file = File::open(&path).map_err(io("open"))?;
            let mut cursor = match self.at {
                Some((at, cursor)) if at == first => cursor,
                Some(_) | None => {
                    let torn = |offset, what| Torn {
                        path: path.clone(),
                        offset,
                        len,
                        entry: self.entries(),
                        what,
                    };
                    let mut bytes = [0; SEGMENT_HEADER];
                    if len < SEGMENT_HEADER as u64 {
                        let torn = torn(0, "the header of the segment is cut");
                        return if is_last { Ok(Some(torn)) } else { Err(damage(&torn)) };
                    }
                    file.read_exact_at(&mut bytes, 0).map_err(io("read"))?;
                    match SegmentHeader::parse(&bytes) {
                        Ok((header, checksum)) => {
                            self.check(&header, first).map_err(|what| damage(&torn(0, what)))?;
                            self.store_id = Some(header.store_id);
                            let offset = SEGMENT_HEADER as u64;
                            Cursor { offset, next_entry: first, checksum }
                        }
                        Err(what) if is_last && len == SEGMENT_HEADER as u64 => {
                            return Ok(Some(torn(0, what)));
                        }
                        Err(what) => return Err(damage(&torn(0, what))),
                    }
                }
            };
            let begin = cursor.offset;
            if self.at.is_none_or(|(at, _)| at != first) {
                if let Some(segment) = entries.segments.last_mut() {
                    segment.seal();
                }
                entries.segments.push(Segment::new(dir, first, SEGMENT_HEADER as u32));
            }
            // A segment is far below 4 GiB; a file that is not is cut off here and found wrong there.
            let end = len.min(u64::from(u32::MAX));
            let wrong = entries.segments.last_mut().map(|segment| {
                scan::frames(&file, end, limit.min(MAX_ENTRIES), &mut cursor, |frame| {
                    let mut starts_frame = true;
                    for (offset, record) in frame.records() {
                        segment.push(u32::try_from(offset).unwrap_or(u32::MAX), starts_frame);
                        starts_frame = false;
                        if let Some(streams) = streams.as_deref_mut() {
                            let (stream, _) = Record::peek(record).unwrap_or_default();
                            let key = streams.key(stream);
                            streams.push(key);
                        }
                    }
                })
            });
            let wrong = wrong.transpose().map_err(io("read"))?.flatten();
            if let Some(segment) = entries.segments.last_mut() {
                segment.set_end(u32::try_from(cursor.offset).unwrap_or(u32::MAX));
            }
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
