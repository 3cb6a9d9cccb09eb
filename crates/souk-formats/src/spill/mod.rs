//! A sort in bounded memory: records beyond a budget go to sorted runs in a temporary directory.
//!
//! Records are bytes with a key of bytes; the order is that of the keys, bytewise, and records of
//! equal keys keep the order in which they were pushed. Nothing is written while all of it fits.
//! Own code rather than a crate: `ext-sort` and `extsort` bound the number of records, or measure
//! memory by walking each record's heap, and both want an owned value per record.

mod runs;

use runs::{Merge, Run, write_record};
use std::io::{self, BufWriter, Write};
use tempfile::TempDir;

/// When so many runs stand on disk they are merged into one: bounds open files and read buffers.
const MOST_RUNS: usize = 32;
/// The least budget: below it the buffers of the merge would outweigh the data.
const LEAST_BUDGET: usize = 1 << 16;
/// Bytes a record takes beyond its key and payload: its lengths and its place in the index.
const OVERHEAD: usize = HEAD + size_of::<Slot>();
const HEAD: usize = 6;

/// Where a record stands in the buffer, with the first bytes of its key for quick comparison.
#[derive(Clone, Copy)]
struct Slot {
    prefix: u64,
    offset: usize,
}

/// Takes records in any order, to give them back sorted ([`Sorter::finish`]).
pub struct Sorter {
    budget: usize,
    data: Vec<u8>,
    index: Vec<Slot>,
    runs: Vec<Run>,
    directory: Option<TempDir>,
    spilled: u64,
}

impl Sorter {
    /// An empty sorter that holds about `budget` bytes of records in memory (at least 64 KiB).
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self {
            budget: budget.max(LEAST_BUDGET),
            data: Vec::new(),
            index: Vec::new(),
            runs: Vec::new(),
            directory: None,
            spilled: 0,
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// The temporary directory cannot be written; the key is over 65,535 bytes or the payload
    /// over 4 GiB.
    pub fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        let more = key.len() + payload.len() + OVERHEAD;
        if !self.index.is_empty() && self.used() + more > self.budget {
            self.spill()?;
        }
        self.grow(key.len() + payload.len() + HEAD);
        let offset = self.data.len();
        write_record(&mut self.data, key, payload)?;
        self.index.push(Slot { prefix: prefix(key), offset });
        Ok(())
    }

    fn used(&self) -> usize {
        self.data.len() + self.index.len() * size_of::<Slot>()
    }

    /// Doubles the buffer, but never far beyond the budget.
    fn grow(&mut self, more: usize) {
        let wanted = self.data.len() + more;
        if wanted > self.data.capacity() {
            let target = (self.data.capacity() * 2).min(self.budget).max(wanted);
            self.data.reserve_exact(target - self.data.len());
        }
    }

    fn sort(&mut self) {
        let data = &self.data;
        self.index.sort_unstable_by(|a, b| {
            a.prefix
                .cmp(&b.prefix)
                .then_with(|| split(data, a.offset).0.cmp(split(data, b.offset).0))
                .then_with(|| a.offset.cmp(&b.offset))
        });
    }

    fn spill(&mut self) -> io::Result<()> {
        if self.runs.len() >= MOST_RUNS {
            let runs = std::mem::take(&mut self.runs);
            let mut merge = Merge::new(runs)?;
            let merged = self.write_run(|out| {
                while let Some((key, payload)) = merge.next()? {
                    write_record(out, key, payload)?;
                }
                Ok(())
            })?;
            self.runs.push(merged);
        }
        self.sort();
        let (data, index) = (std::mem::take(&mut self.data), std::mem::take(&mut self.index));
        let run = self.write_run(|out| {
            index.iter().try_for_each(|slot| {
                let (key, payload) = split(&data, slot.offset);
                write_record(out, key, payload)
            })
        })?;
        self.runs.push(run);
        self.spilled += 1;
        (self.data, self.index) = (data, index);
        self.data.clear();
        self.index.clear();
        Ok(())
    }

    fn write_run(
        &mut self,
        fill: impl FnOnce(&mut BufWriter<std::fs::File>) -> io::Result<()>,
    ) -> io::Result<Run> {
        if self.directory.is_none() {
            self.directory = Some(tempfile::Builder::new().prefix("souk-sort-").tempdir()?);
        }
        let Some(directory) = &self.directory else {
            return Err(io::Error::other("no temporary directory"));
        };
        let file = tempfile::tempfile_in(directory.path())?;
        let mut out = BufWriter::with_capacity(runs::BUFFER, file);
        fill(&mut out)?;
        out.flush()?;
        Ok(Run::new(out.into_inner().map_err(io::IntoInnerError::into_error)?))
    }

    /// How many times the buffer has been written out so far; 0 while everything fits.
    #[must_use]
    pub fn spilled(&self) -> u64 {
        self.spilled
    }

    /// Ends the input.
    ///
    /// # Errors
    /// The temporary directory cannot be written or read back.
    pub fn finish(mut self) -> io::Result<Sorted> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Sorted(Source::Memory { data: self.data, index: self.index, next: 0 }));
        }
        if !self.index.is_empty() {
            self.spill()?;
        }
        let merge = Merge::new(std::mem::take(&mut self.runs))?;
        Ok(Sorted(Source::Disk { merge, _directory: self.directory }))
    }
}

/// The sorted records. The temporary directory, if any, goes with it.
pub struct Sorted(Source);

enum Source {
    Memory { data: Vec<u8>, index: Vec<Slot>, next: usize },
    Disk { merge: Merge, _directory: Option<TempDir> },
}

/// A record lent by [`Sorted::next_record`]: its key and its payload.
pub type Record<'a> = (&'a [u8], &'a [u8]);

impl Sorted {
    /// The next key and payload in order, or `None` after the last.
    ///
    /// # Errors
    /// A run does not read back.
    pub fn next_record(&mut self) -> io::Result<Option<Record<'_>>> {
        match &mut self.0 {
            Source::Memory { data, index, next } => {
                let slot = index.get(*next);
                *next += 1;
                Ok(slot.map(|slot| split(data, slot.offset)))
            }
            Source::Disk { merge, .. } => merge.next(),
        }
    }
}

/// The first eight bytes of a key, padded with zeros: unequal prefixes are ordered as their keys.
fn prefix(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let len = key.len().min(8);
    first[..len].copy_from_slice(&key[..len]);
    u64::from_be_bytes(first)
}

/// The key and payload of the record that begins at `offset` of the buffer.
fn split(data: &[u8], offset: usize) -> Record<'_> {
    let record = &data[offset..];
    let (key_len, payload_len) =
        runs::lengths([record[0], record[1], record[2], record[3], record[4], record[5]]);
    record[HEAD..HEAD + key_len + payload_len].split_at(key_len)
}

#[cfg(test)]
mod tests;
