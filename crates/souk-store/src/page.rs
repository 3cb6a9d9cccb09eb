//! A page: some records in one buffer, read together, borrowed one by one.

use crate::append::{Append, Expected, NewEvent};
use crate::error::StoreError;
use crate::record::Record;

/// Records read in one go. Owns their bytes; [`Page::records`] borrows from them.
///
/// Reading many pages into the same one ([`crate::EventStore::read_all_into`]) allocates once.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Whatever was read; only the spans mean anything.
    bytes: Vec<u8>,
    spans: Vec<Span>,
    next_entry: u64,
    last_revision: Option<u64>,
    next_revision: Option<u64>,
}

/// Where a record is within the buffer: 16 bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    entry: u64,
    start: u32,
    len: u32,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new() -> Page {
        Page::default()
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Where to read on from after a page of `read_all`: the entry after the last one here, or the entry asked for
    /// if the page is empty.
    #[must_use]
    pub fn next_entry(&self) -> u64 {
        self.next_entry
    }

    /// For a page of a stream: the stream's last revision when the page was read, `None` if it has no event.
    #[must_use]
    pub fn last_revision(&self) -> Option<u64> {
        self.last_revision
    }

    /// For a page of a stream: the revision to read on from in the same direction, `None` if there is nothing more.
    #[must_use]
    pub fn next_revision(&self) -> Option<u64> {
        self.next_revision
    }

    /// For a page of a stream: whether the stream has any event.
    #[must_use]
    pub fn stream_exists(&self) -> bool {
        self.last_revision.is_some()
    }

    /// The records, in the order read. Each is parsed strictly as it is reached, tens of nanoseconds; the error
    /// converts with `?` and occurs only if the store returned bytes that are no record (`BadRecord`).
    #[inline]
    pub fn records(&self) -> impl ExactSizeIterator<Item = Result<Record<'_>, StoreError>> {
        self.raw().map(|(entry, bytes)| {
            Record::parse(entry, bytes).map_err(|source| StoreError::BadRecord { entry, source })
        })
    }

    /// The entry number and the bytes of each record, unparsed: for hashing and copying.
    #[inline]
    pub fn raw(&self) -> impl ExactSizeIterator<Item = (u64, &[u8])> {
        self.spans.iter().map(|span| (span.entry, self.slice(*span)))
    }

    /// The `index`th record, `None` beyond the last.
    ///
    /// # Errors
    /// As [`Page::records`].
    pub fn record(&self, index: usize) -> Result<Option<Record<'_>>, StoreError> {
        let Some(span) = self.spans.get(index) else { return Ok(None) };
        let parsed = Record::parse(span.entry, self.slice(*span));
        parsed.map(Some).map_err(|source| StoreError::BadRecord { entry: span.entry, source })
    }

    /// The records as appends that write them anew elsewhere; neighbours in one stream are one append. Records from
    /// entry `until` on are left out.
    ///
    /// # Errors
    /// As [`Page::records`].
    pub fn appends(&self, until: u64) -> Result<Vec<Append>, StoreError> {
        let mut appends: Vec<Append> = Vec::new();
        for record in self.records() {
            let record = record?;
            if record.entry >= until {
                break;
            }
            let event = NewEvent {
                event_id: record.event_id,
                event_type: record.event_type.to_owned().into(),
                metadata: record.metadata.to_vec(),
                data: record.data.to_vec(),
            };
            match appends.last_mut() {
                Some(last) if *last.stream == *record.stream => last.events.push(event),
                Some(_) | None => appends.push(Append {
                    stream: record.stream.into(),
                    expected: Expected::after(record.revision.checked_sub(1)),
                    events: vec![event],
                }),
            }
        }
        Ok(appends)
    }

    /// Bytes of all records together.
    #[must_use]
    pub fn record_bytes(&self) -> usize {
        self.spans.iter().map(|span| span.len as usize).sum()
    }

    fn slice(&self, span: Span) -> &[u8] {
        let start = span.start as usize;
        // A span beyond the buffer is refused by `push_span`; an empty slice is refused as a record.
        self.bytes.get(start..start + span.len as usize).unwrap_or_default()
    }
}

/// For stores: filling a page.
impl Page {
    /// Empties the page and keeps its memory; `next_entry` is what an empty page answers.
    pub fn clear(&mut self, next_entry: u64) {
        self.spans.clear();
        self.next_entry = next_entry;
        self.last_revision = None;
        self.next_revision = None;
    }

    /// The buffer, at least `len` bytes long, with its old contents where it was. Only spans give it meaning.
    pub fn buffer(&mut self, len: usize) -> &mut [u8] {
        if self.bytes.len() < len {
            self.bytes.resize(len, 0);
        }
        &mut self.bytes
    }

    /// The buffer as it is.
    #[must_use]
    pub fn buffered(&self) -> &[u8] {
        &self.bytes
    }

    /// Where each record is in the buffer: entry number, start and length in bytes.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = (u64, usize, usize)> {
        self.spans.iter().map(|span| (span.entry, span.start as usize, span.len as usize))
    }

    /// Adds the record at `start..start + len` of the buffer. `false`, and nothing added, if the buffer is shorter
    /// or the page is larger than 4 GiB.
    #[inline]
    pub fn push_span(&mut self, entry: u64, start: usize, len: usize) -> bool {
        let fits = start.checked_add(len).is_some_and(|end| end <= self.bytes.len());
        let (Ok(start), Ok(len), true) = (u32::try_from(start), u32::try_from(len), fits) else {
            return false;
        };
        self.spans.push(Span { entry, start, len });
        self.next_entry = entry + 1;
        true
    }

    /// Copies a record behind the ones there are, starting at the buffer's byte `at`; returns where the next goes.
    /// The record is left out if the page would be larger than 4 GiB.
    pub fn push_copy(&mut self, entry: u64, at: usize, record: &[u8]) -> usize {
        let end = at + record.len();
        self.buffer(end)[at..end].copy_from_slice(record);
        if self.push_span(entry, at, record.len()) { end } else { at }
    }

    /// Says what a page of a stream says about the stream.
    pub fn set_stream(&mut self, last_revision: Option<u64>, next_revision: Option<u64>) {
        self.last_revision = last_revision;
        self.next_revision = next_revision;
    }
}
