//! Merging neighbouring runs into one, so that a lookup asks few files. Streams in constant memory, but for 8 bytes
//! per stream and what building the filter takes, about 40 more.

use super::layout::{STREAM, STREAM_BLOCK};
use super::lookup::FrameReader;
use super::write::{Head, RunWriter};
use super::{Part, Run, dir, open};
use crate::fresh::FrameAt;
use crate::key::{Key, high};
use souk_store::StoreError;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A run being read stream by stream.
struct Cursor<'r> {
    run: &'r Run,
    next: u32,
    block: Vec<u8>,
    frames: FrameReader<'r>,
}

impl<'r> Cursor<'r> {
    fn new(run: &'r Run) -> Cursor<'r> {
        let all = Part { first_revision: 0, events: 0, first_frame: 0, frames: run.frame_count() };
        Cursor { run, next: 0, block: Vec::new(), frames: FrameReader::new(run, all) }
    }

    /// The stream at the cursor.
    fn peek(&mut self) -> Result<Option<(Key, Part)>, StoreError> {
        if self.next == self.run.streams() {
            return Ok(None);
        }
        let place = self.next % STREAM_BLOCK;
        if place == 0 || self.block.is_empty() {
            self.block = self.run.stream_block(self.next / STREAM_BLOCK)?;
        }
        let at = (place * STREAM) as usize;
        Ok(self.block.get(at..at + STREAM as usize).map(Part::parse))
    }

    fn frame(&mut self, part: Part, index: u32) -> Result<FrameAt, StoreError> {
        let mut frame = self.frames.get(part.first_frame + index)?;
        // Read as of one stream from revision 0 on; the numbers are from this stream's first.
        frame.first_revision += part.first_revision;
        Ok(frame)
    }
}

/// The smallest key at the cursors.
fn smallest(cursors: &mut [Cursor<'_>]) -> Result<Option<Key>, StoreError> {
    let mut least = None;
    for cursor in cursors {
        let key = cursor.peek()?.map(|(key, _)| key);
        least = match (least, key) {
            (Some(least), Some(key)) => Some(std::cmp::min::<Key>(least, key)),
            (None, key) => key,
            (least, None) => least,
        };
    }
    Ok(least)
}

/// Writes the run that has everything of some neighbouring runs, ascending.
///
/// # Errors
/// `DerivedDamaged`, `Io`, `DiskFull`: nothing depends on it, the runs stay.
pub(crate) fn merge(of: &Path, store_id: [u8; 16], runs: &[Arc<Run>]) -> Result<(), StoreError> {
    let io = |error| StoreError::io("index", dir(of), error);
    let mut segments = Vec::new();
    for run in runs {
        for row in &run.segments {
            segments.push((*row, run.samples(row.first_entry)?));
        }
    }
    let mut cursors: Vec<_> = runs.iter().map(|run| Cursor::new(run)).collect();
    let mut highs = Vec::new();
    while let Some(key) = smallest(&mut cursors)? {
        highs.push(high(key));
        for cursor in &mut cursors {
            if cursor.peek()?.is_some_and(|(of, _)| of == key) {
                cursor.next += 1;
            }
        }
    }
    let frames = runs.iter().map(|run| run.frame_count()).sum();
    let leaf = last_leaf(of, &segments).ok_or_else(|| {
        super::unexpected(&dir(of), "the last record of a segment cannot be read")
    })?;
    let head = Head { store_id, leaf, segments, highs, frames };
    let mut writer = RunWriter::create(of, &head).map_err(io)?;
    let mut cursors: Vec<_> = runs.iter().map(|run| Cursor::new(run)).collect();
    while let Some(key) = smallest(&mut cursors)? {
        push(&mut writer, &mut cursors, key)?;
    }
    writer.finish().map_err(io)
}

/// Writes one stream: its frames in all the runs that have it, oldest first.
fn push(writer: &mut RunWriter, cursors: &mut [Cursor<'_>], key: Key) -> Result<(), StoreError> {
    let mut having = Vec::new();
    for (index, cursor) in cursors.iter_mut().enumerate() {
        if let Some((_, part)) = cursor.peek()?.filter(|(of, _)| *of == key) {
            having.push((index, part));
            cursor.next += 1;
        }
    }
    let first_revision = having.first().map_or(0, |(_, part)| part.first_revision);
    let events = having.iter().map(|(_, part)| part.events).sum();
    let places =
        having.iter().flat_map(|(cursor, part)| (0..part.frames).map(|i| (*cursor, *part, i)));
    let frames =
        places.map(|(cursor, part, index)| cursors[cursor].frame(part, index).map_err(Failed));
    writer.push(key, first_revision, events, frames).map_err(|Failed(error)| error)
}

/// A failure of either side.
struct Failed(StoreError);

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed(StoreError::io("index", "a run", error))
    }
}

fn last_leaf(
    of: &Path,
    segments: &[(super::SegmentRow, Vec<crate::fresh::Sample>)],
) -> Option<[u8; 32]> {
    let (row, samples) = segments.last()?;
    let file =
        File::open(of.join("log").join(crate::format::segment_name(row.first_entry))).ok()?;
    open::last_leaf(&file, samples.last()?.1, row.len)
}
