//! Writing a run: to a file of another name first, so that one under its own name is whole. It is not synced: after a
//! power cut it is missing or fails its checksums, and is made again.

use super::layout::{FILTER_HEAD, FRAME_BLOCK, HEADER, Layout, MAGIC, STREAM_BLOCK};
use super::{Run, SegmentRow, dir, name, open};
use crate::format::segment_name;
use crate::fresh::{FrameAt, Fresh, Sample};
use crate::key::{Key, high};
use souk_store::StoreError;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use xorf::BinaryFuse32;

/// Bytes gathered before they are written.
const BUFFER: usize = 256 << 10;

/// What is known of a run before its streams.
pub(super) struct Head {
    pub(super) store_id: [u8; 16],
    pub(super) leaf: [u8; 32],
    pub(super) segments: Vec<(SegmentRow, Vec<Sample>)>,
    /// The high half of every key, ascending.
    pub(super) highs: Vec<u64>,
    pub(super) frames: u32,
}

/// Items of one part, in blocks with a checksum each.
struct Blocks {
    at: u64,
    bytes: Vec<u8>,
    /// Where in `bytes` the block begins that is being filled.
    begin: usize,
    each: u32,
    items: u32,
}

impl Blocks {
    fn new(at: u64, each: u32) -> Blocks {
        Blocks { at, bytes: Vec::new(), begin: 0, each, items: 0 }
    }

    fn push(&mut self, file: &File, item: &[&[u8]]) -> io::Result<()> {
        item.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.items += 1;
        if self.items.is_multiple_of(self.each) {
            self.close();
            if self.bytes.len() >= BUFFER {
                self.write(file)?;
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        if self.begin < self.bytes.len() {
            let checksum = crc32c::crc32c(&self.bytes[self.begin..]);
            self.bytes.extend_from_slice(&checksum.to_be_bytes());
            self.begin = self.bytes.len();
        }
    }

    fn write(&mut self, file: &File) -> io::Result<()> {
        file.write_all_at(&self.bytes, self.at)?;
        self.at += self.bytes.len() as u64;
        self.bytes.clear();
        self.begin = 0;
        Ok(())
    }
}

/// A run that is being written.
pub(super) struct RunWriter {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    first_entry: u64,
    streams: Blocks,
    frames: Blocks,
}

impl RunWriter {
    pub(super) fn create(of: &Path, head: &Head) -> io::Result<RunWriter> {
        let dir = dir(of);
        fs::create_dir_all(&dir)?;
        let first_entry = head.segments.first().map_or(0, |(row, _)| row.first_entry);
        let next_entry = head.segments.last().map_or(0, |(row, _)| row.next_entry);
        let path = dir.join(name(first_entry, next_entry));
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let filter = BinaryFuse32::try_from_iterator(head.highs.iter().copied());
        // It fails for equal halves of keys only; then there is no filter and every lookup reads a block.
        let filter = filter.ok();
        let words = filter.as_ref().map_or(0, |filter| filter.fingerprints.len());
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let samples = head.segments.iter().map(|(_, samples)| samples.len() as u64).sum();
        let layout = Layout::new(
            count(head.segments.len()),
            count(head.highs.len()),
            head.frames,
            count(words),
            samples,
        );
        let mut bytes = encode_head(head, &layout, first_entry, next_entry);
        let fences = bytes.len();
        for key in head.highs.iter().step_by(STREAM_BLOCK as usize) {
            bytes.extend_from_slice(&key.to_be_bytes());
        }
        seal(&mut bytes, fences);
        encode_filter(&mut bytes, filter.as_ref());
        for (place, offset) in head.segments.iter().flat_map(|(_, samples)| samples) {
            bytes.extend_from_slice(&place.to_be_bytes());
            bytes.extend_from_slice(&offset.to_be_bytes());
        }
        let file = File::create(&temporary)?;
        file.write_all_at(&bytes, 0)?;
        Ok(RunWriter {
            file,
            temporary,
            path,
            first_entry,
            streams: Blocks::new(layout.directory, STREAM_BLOCK),
            frames: Blocks::new(layout.frame_list, FRAME_BLOCK),
        })
    }

    /// Adds the next stream by key, with its frames in order.
    pub(super) fn push<E: From<io::Error>>(
        &mut self,
        key: Key,
        first_revision: u64,
        events: u64,
        frames: impl Iterator<Item = Result<FrameAt, E>>,
    ) -> Result<(), E> {
        let first_frame = self.frames.items;
        for frame in frames {
            let frame = frame?;
            let word = |of: u64| u32::try_from(of).unwrap_or(u32::MAX).to_be_bytes();
            let parts = [
                word(frame.first_entry - self.first_entry),
                frame.offset.to_be_bytes(),
                frame.len.to_be_bytes(),
                word(frame.first_revision - first_revision),
            ];
            self.frames.push(&self.file, &[parts.as_flattened()])?;
        }
        let words = [
            u32::try_from(events).unwrap_or(u32::MAX).to_be_bytes(),
            first_frame.to_be_bytes(),
            (self.frames.items - first_frame).to_be_bytes(),
        ];
        let item: [&[u8]; 3] =
            [&key.to_be_bytes(), &first_revision.to_be_bytes(), words.as_flattened()];
        Ok(self.streams.push(&self.file, &item)?)
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> io::Result<()> {
        for part in [&mut self.streams, &mut self.frames] {
            part.close();
            part.write(&self.file)?;
        }
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for RunWriter {
    /// What was not finished is removed; what was has another name by now.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

fn encode_head(head: &Head, layout: &Layout, first_entry: u64, next_entry: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&head.store_id);
    bytes.extend_from_slice(&first_entry.to_be_bytes());
    bytes.extend_from_slice(&next_entry.to_be_bytes());
    bytes.extend_from_slice(&head.leaf);
    for count in [layout.segments, layout.streams, layout.frames, layout.filter_words] {
        bytes.extend_from_slice(&count.to_be_bytes());
    }
    bytes.resize(usize::try_from(HEADER).unwrap_or_default(), 0);
    for (row, samples) in &head.segments {
        let pairs = samples.iter().flat_map(|(place, offset)| [*place, *offset]);
        let encoded: Vec<u8> = pairs.flat_map(u32::to_be_bytes).collect();
        bytes.extend_from_slice(&row.first_entry.to_be_bytes());
        bytes.extend_from_slice(&row.next_entry.to_be_bytes());
        let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        for word in [row.len, row.checksum, count, crc32c::crc32c(&encoded)] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
    }
    seal(&mut bytes, 0);
    bytes
}

fn encode_filter(bytes: &mut Vec<u8>, filter: Option<&BinaryFuse32>) {
    let begin = bytes.len();
    if let Some(filter) = filter {
        let of = &filter.descriptor;
        bytes.extend_from_slice(&of.seed.to_be_bytes());
        for word in [of.segment_length, of.segment_length_mask, of.segment_count_length] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        filter.fingerprints.iter().for_each(|word| bytes.extend_from_slice(&word.to_be_bytes()));
    } else {
        bytes.resize(begin + usize::try_from(FILTER_HEAD).unwrap_or_default(), 0);
    }
    seal(bytes, begin);
}

/// Adds the checksum of the bytes from `begin` on.
fn seal(bytes: &mut Vec<u8>, begin: usize) {
    let checksum = crc32c::crc32c(&bytes[begin..]);
    bytes.extend_from_slice(&checksum.to_be_bytes());
}

/// Writes the run of one sealed segment and opens it; `used` bytes of filters are in memory already. `None` if that
/// cannot be done, as on a full disk: nothing depends on it, the index stays in memory.
pub(crate) fn index_segment(
    of: &Path,
    store_id: [u8; 16],
    fresh: &Fresh,
    used: usize,
) -> Option<Run> {
    write_segment(of, store_id, fresh).ok()?;
    open::open_one(of, store_id, fresh.segment, fresh.next_entry, used)
}

fn write_segment(of: &Path, store_id: [u8; 16], fresh: &Fresh) -> Result<(), StoreError> {
    let io = |error| StoreError::io("index", dir(of), error);
    let segment = File::open(of.join("log").join(segment_name(fresh.segment))).map_err(io)?;
    let last =
        fresh.last_frame().and_then(|frame| open::last_leaf(&segment, frame.offset, fresh.len));
    let missing = || io(io::Error::from(io::ErrorKind::UnexpectedEof));
    let row = SegmentRow {
        first_entry: fresh.segment,
        next_entry: fresh.next_entry,
        len: fresh.len,
        checksum: fresh.checksum,
        samples: 0,
        samples_checksum: 0,
    };
    let sorted = fresh.sorted();
    let mut highs: Vec<u64> = sorted.iter().map(|(key, _)| high(*key)).collect();
    highs.shrink_to_fit();
    let head = Head {
        store_id,
        leaf: last.ok_or_else(missing)?,
        segments: vec![(row, fresh.samples().to_vec())],
        highs,
        frames: u32::try_from(fresh.frame_count()).unwrap_or(u32::MAX),
    };
    let write = || -> io::Result<()> {
        let mut writer = RunWriter::create(of, &head)?;
        for (key, known) in sorted {
            let frames = fresh.frames(known).map(Ok::<_, io::Error>);
            let (first_revision, events) = fresh.span(known);
            writer.push(key, first_revision, events, frames)?;
        }
        writer.finish()
    };
    write().map_err(io)
}
