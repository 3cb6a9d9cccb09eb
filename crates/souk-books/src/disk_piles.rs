//! Piles of open items in bounded memory: beyond a budget they go to one temporary file.
//!
//! In memory a pile is the bytes of its latest items. When all piles together exceed the budget, each goes to the end of
//! the file as one chunk that names the chunk before it of the same pile; memory then holds one number per pile. A pile
//! is read chunk by chunk, and what a close leaves of it starts anew. When more than half of the file is of nobody any
//! more, what is left moves to a new one. The file has no name, so nothing is left of it however the process ends; its
//! form is no stored format.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use settlement_cycles::Piles;
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::Id;
use souk_journal::line_kind::LineKind;
use souk_journal::open_items::OpenItem;

/// Chunk before it (place + 1, 0 for none), length.
const HEAD: usize = 12;
/// Bytes written at once.
const BUFFER: usize = 1 << 18;
/// The least by which a pile in memory grows.
const LEAST: usize = 64;
/// A file below this is not worth moving.
const SMALL: u64 = 1 << 24;

/// A pile: what of it is in memory, and its last chunk on disk, place + 1.
#[derive(Debug, Default)]
struct Pile {
    latest: Vec<u8>,
    chunk: u64,
}

/// What lies on disk.
#[derive(Debug)]
struct Spilled {
    file: File,
    end: u64,
    /// Bytes of chunks that piles have.
    live: u64,
}

/// Piles of open items, on disk beyond a budget.
#[derive(Debug)]
pub(crate) struct DiskPiles {
    budget: usize,
    directory: PathBuf,
    used: usize,
    piles: Vec<Pile>,
    spilled: Option<Spilled>,
    written: u64,
    /// Reading is asked for by those who only look.
    failure: RefCell<Option<String>>,
}

impl DiskPiles {
    /// Empty piles that keep about `budget` bytes of items in memory and the others in a file in `directory`.
    pub(crate) fn new(budget: usize, directory: PathBuf) -> Self {
        Self {
            budget,
            directory,
            used: 0,
            piles: Vec::new(),
            spilled: None,
            written: 0,
            failure: RefCell::new(None),
        }
    }

    /// Bytes that were written to disk.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// What went wrong; nothing that the piles say holds from then on.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.failure.borrow().clone().map_or(Ok(()), Err)
    }

    fn note<T>(&self, result: io::Result<T>) -> Option<T> {
        result.map_err(|error| self.fail(&error)).ok()
    }

    fn fail(&self, error: &io::Error) {
        let directory = self.directory.display();
        let text = format!("open items beyond the memory for them, in {directory}: {error}");
        self.failure.borrow_mut().get_or_insert(text);
    }

    fn put(&mut self, pile: usize, bytes: &[u8]) {
        if pile >= self.piles.len() {
            self.piles.resize_with(pile + 1, Pile::default);
        }
        let latest = &self.piles[pile].latest;
        let (len, room) = (latest.len(), latest.capacity() - latest.len());
        if room < bytes.len() {
            let more = bytes.len().max(LEAST).max(len / 2);
            if self.used > 0 && self.used + more > self.budget {
                let spilled = self.spill();
                self.note(spilled);
            }
            let latest = &mut self.piles[pile].latest;
            let before = latest.capacity();
            latest.reserve_exact(more);
            self.used += latest.capacity() - before;
        }
        self.piles[pile].latest.extend_from_slice(bytes);
        // More at once than the whole budget.
        if self.used > self.budget {
            let spilled = self.spill();
            self.note(spilled);
        }
    }

    /// Writes what is in memory to the end of the file.
    fn spill(&mut self) -> io::Result<()> {
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            None => self.spilled.insert(Spilled::new(&self.directory)?),
        };
        let mut out = Appender::new(spilled)?;
        for pile in self.piles.iter_mut().filter(|pile| !pile.latest.is_empty()) {
            let latest = std::mem::take(&mut pile.latest);
            pile.chunk = out.chunk(pile.chunk, &latest)?;
        }
        self.written += out.end()?;
        self.used = 0;
        Ok(())
    }

    /// Not while chunks are being read: it moves them.
    fn move_if_mostly_free(&mut self) -> io::Result<()> {
        let Some(old) = self.spilled.as_ref().filter(|of| of.end > SMALL.max(2 * of.live)) else {
            return Ok(());
        };
        let mut new = Spilled::new(&self.directory)?;
        let mut out = Appender::new(&mut new)?;
        let mut bytes = Vec::new();
        for pile in self.piles.iter_mut().filter(|pile| pile.chunk > 0) {
            let mut moved = 0;
            for chunk in old.chunks(pile.chunk)? {
                old.read(chunk, &mut bytes)?;
                moved = out.chunk(moved, &bytes)?;
            }
            pile.chunk = moved;
        }
        self.written += out.end()?;
        self.spilled = Some(new);
        Ok(())
    }

    /// Shows the items in the chunks on disk up to one, then those in `latest`.
    fn walk(
        &self,
        chunks: &[(u64, u32)],
        latest: &[u8],
        see: &mut dyn FnMut(&OpenItem, &[u8]),
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        for chunk in chunks {
            if let Some(spilled) = &self.spilled {
                spilled.read(*chunk, &mut bytes)?;
                items(&bytes, see)?;
            }
        }
        items(latest, see)
    }

    fn sift_part(
        &mut self,
        pile: usize,
        bytes: &[u8],
        keep: &mut dyn FnMut(&OpenItem) -> bool,
    ) -> Option<()> {
        let mut kept = Vec::new();
        let sifted = items(bytes, &mut |item, bytes| {
            if keep(item) {
                kept.extend_from_slice(bytes);
            }
        });
        self.note(sifted)?;
        if !kept.is_empty() {
            self.put(pile, &kept);
        }
        Some(())
    }

    fn chunks(&self, last: u64) -> io::Result<Vec<(u64, u32)>> {
        self.spilled.as_ref().map_or(Ok(Vec::new()), |spilled| spilled.chunks(last))
    }
}

/// An item as it lies in a pile: entry, posting, kind, due date as days from a day zero, accounting date as days from
/// the due date, amount, subject, what it corrects.
type Packed<'a> =
    (EntryNumber, u16, LineKind, i32, i32, i64, Option<Cow<'a, str>>, Option<Cow<'a, str>>);

/// The day from which days are counted; near, so that the numbers are small.
fn day_zero() -> Date {
    Date::new(2020, 1, 1).unwrap_or(Date::MAX)
}

fn packed(item: &OpenItem) -> Packed<'_> {
    let (due, zero) = (item.due_on.days_since(day_zero()), item.due_on);
    let subject = item.subject.as_ref().map(|subject| Cow::Borrowed(subject.as_str()));
    let corrects = item.corrects.as_deref().map(Cow::Borrowed);
    let effective = item.effective_on.days_since(zero);
    (item.entry, item.posting, item.kind, due, effective, item.amount, subject, corrects)
}

fn unpacked(of: Packed<'_>) -> io::Result<OpenItem> {
    let (entry, posting, kind, due, effective, amount, subject, corrects) = of;
    let due_on = day_zero().plus_days(due);
    let subject = subject.map(|subject| Id::new(&subject)).transpose().map_err(io::Error::other)?;
    let corrects = corrects.map(|corrects| corrects.into_owned().into());
    let effective_on = due_on.plus_days(effective);
    Ok(OpenItem { entry, posting, kind, due_on, effective_on, amount, subject, corrects })
}

/// Shows items with their bytes.
fn items(mut bytes: &[u8], see: &mut dyn FnMut(&OpenItem, &[u8])) -> io::Result<()> {
    while !bytes.is_empty() {
        let (of, rest) =
            postcard::take_from_bytes::<Packed<'_>>(bytes).map_err(io::Error::other)?;
        see(&unpacked(of)?, &bytes[..bytes.len() - rest.len()]);
        bytes = rest;
    }
    Ok(())
}

impl Piles for DiskPiles {
    fn push(&mut self, pile: usize, item: &OpenItem) {
        let mut bytes = [0; 256];
        match postcard::to_slice(&packed(item), &mut bytes) {
            Ok(bytes) => self.put(pile, bytes),
            // An item with a long name of what it corrects.
            Err(_) => {
                let bytes = self.note(postcard::to_stdvec(&packed(item)).map_err(io::Error::other));
                bytes.into_iter().for_each(|bytes| self.put(pile, &bytes));
            }
        }
    }

    fn each(&self, pile: usize, see: &mut dyn FnMut(&OpenItem)) {
        let Some(of) = self.piles.get(pile) else { return };
        let walked = self.chunks(of.chunk);
        let walked =
            walked.and_then(|chunks| self.walk(&chunks, &of.latest, &mut |item, _| see(item)));
        self.note(walked);
    }

    fn sift(&mut self, pile: usize, keep: &mut dyn FnMut(&OpenItem) -> bool) {
        let Some(of) = self.piles.get_mut(pile) else { return };
        let Pile { latest, chunk } = std::mem::take(of);
        self.used -= latest.capacity();
        let Some(chunks) = self.note(self.chunks(chunk)) else { return };
        // What is kept goes back chunk by chunk, so a pile beyond the budget goes through memory in parts.
        let mut bytes = Vec::new();
        for chunk in &chunks {
            let read = self.spilled.as_ref().map_or(Ok(()), |of| of.read(*chunk, &mut bytes));
            if self.note(read).is_none() || self.sift_part(pile, &bytes, keep).is_none() {
                return;
            }
        }
        if self.sift_part(pile, &latest, keep).is_none() {
            return;
        }
        if let Some(spilled) = &mut self.spilled {
            spilled.live -=
                chunks.iter().map(|(_, len)| HEAD as u64 + u64::from(*len)).sum::<u64>();
            let moved = self.move_if_mostly_free();
            self.note(moved);
        }
    }
}

impl Spilled {
    fn new(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self { file: tempfile::tempfile_in(directory)?, end: 0, live: 0 })
    }

    /// Chunks of a pile, oldest first: where their bytes begin, and how many.
    fn chunks(&self, last: u64) -> io::Result<Vec<(u64, u32)>> {
        let (mut chunks, mut next) = (Vec::new(), last);
        while let Some(place) = next.checked_sub(1) {
            let mut head = [0; HEAD];
            self.file.read_exact_at(&mut head, place)?;
            let [a, b, c, d, e, f, g, h, len @ ..] = head;
            next = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            chunks.push((place + HEAD as u64, u32::from_le_bytes(len)));
        }
        chunks.reverse();
        Ok(chunks)
    }

    fn read(&self, (place, len): (u64, u32), bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(len as usize, 0);
        self.file.read_exact_at(bytes, place)
    }
}

/// Appends chunks.
struct Appender<'s> {
    out: BufWriter<File>,
    spilled: &'s mut Spilled,
    written: u64,
}

impl<'s> Appender<'s> {
    fn new(spilled: &'s mut Spilled) -> io::Result<Self> {
        // The cursor stands at the end: nothing else moves it.
        let out = BufWriter::with_capacity(BUFFER, spilled.file.try_clone()?);
        Ok(Self { out, spilled, written: 0 })
    }

    /// Writes a chunk after the one before it; its place + 1.
    fn chunk(&mut self, before: u64, bytes: &[u8]) -> io::Result<u64> {
        let len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.out.write_all(&before.to_le_bytes())?;
        self.out.write_all(&len.to_le_bytes())?;
        self.out.write_all(bytes)?;
        let place = self.spilled.end;
        let len = (HEAD + bytes.len()) as u64;
        self.spilled.end += len;
        self.spilled.live += len;
        self.written += len;
        Ok(place + 1)
    }

    fn end(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.written)
    }
}

#[cfg(test)]
mod tests;
