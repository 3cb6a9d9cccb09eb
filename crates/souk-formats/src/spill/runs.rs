//! Sorted runs on disk and their merge.
//!
//! A record in a run, as in the buffer: key length (u16, little endian), payload length (u32), key,
//! payload. Runs live as long as the sort and are no stored format.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

/// Bytes of buffer per run that is written or read.
pub(super) const BUFFER: usize = 1 << 14;

/// Appends a record.
pub(super) fn write_record(out: &mut impl Write, key: &[u8], payload: &[u8]) -> io::Result<()> {
    let too_long = |_| io::Error::new(io::ErrorKind::InvalidInput, "record too long to sort");
    let key_len = u16::try_from(key.len()).map_err(too_long)?;
    let payload_len = u32::try_from(payload.len()).map_err(too_long)?;
    out.write_all(&key_len.to_le_bytes())?;
    out.write_all(&payload_len.to_le_bytes())?;
    out.write_all(key)?;
    out.write_all(payload)
}

/// The lengths of key and payload out of a record's head.
pub(super) fn lengths(head: [u8; super::HEAD]) -> (usize, usize) {
    let key = usize::from(u16::from_le_bytes([head[0], head[1]]));
    let payload = u32::from_le_bytes([head[2], head[3], head[4], head[5]]);
    (key, usize::try_from(payload).unwrap_or(usize::MAX))
}

/// A sorted run, written and not yet read.
pub(super) struct Run(File);

impl Run {
    /// Takes a file that holds sorted records.
    pub(super) fn new(file: File) -> Self {
        Self(file)
    }
}

/// The record a run stands at. Ordered by key, then by the run's age: so equal keys keep the order
/// in which they were pushed.
struct Head {
    run: usize,
    key_len: usize,
    record: Vec<u8>,
    source: BufReader<File>,
}

impl Head {
    fn key(&self) -> &[u8] {
        &self.record[..self.key_len]
    }

    /// Moves to the next record; `false` at the end of the run.
    fn advance(&mut self) -> io::Result<bool> {
        let mut head = [0; super::HEAD];
        if self.source.read(&mut head[..1])? == 0 {
            return Ok(false);
        }
        self.source.read_exact(&mut head[1..])?;
        let (key_len, payload_len) = lengths(head);
        self.key_len = key_len;
        self.record.resize(key_len + payload_len, 0);
        self.source.read_exact(&mut self.record)?;
        Ok(true)
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key()).then_with(|| self.run.cmp(&other.run))
    }
}
impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Head {}

/// Several runs, oldest first, read as one.
pub(super) struct Merge {
    heads: BinaryHeap<Reverse<Head>>,
    started: bool,
}

impl Merge {
    /// Rewinds the runs and stands before the first record.
    pub(super) fn new(runs: Vec<Run>) -> io::Result<Self> {
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (run, Run(mut file)) in runs.into_iter().enumerate() {
            file.seek(SeekFrom::Start(0))?;
            let source = BufReader::with_capacity(BUFFER, file);
            let mut head = Head { run, key_len: 0, record: Vec::new(), source };
            if head.advance()? {
                heads.push(Reverse(head));
            }
        }
        Ok(Self { heads, started: false })
    }

    /// The next record in order, or `None` after the last.
    pub(super) fn next(&mut self) -> io::Result<Option<super::Record<'_>>> {
        if self.started {
            // The record lent last is at the top: move its run on, or drop the run at its end.
            if let Some(mut top) = self.heads.peek_mut()
                && !top.0.advance()?
            {
                PeekMut::pop(top);
            }
        }
        self.started = true;
        Ok(self.heads.peek().map(|Reverse(head)| head.record.split_at(head.key_len)))
    }
}
