//! Fetching single entries from the log: read models keep entry numbers of lines, never copies.

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::entry::{EventRef, JournalEntry};
use souk_journal::names::Names;
use souk_store::{Direction, EventStore, Page, Record};

use crate::error::BooksError;

/// Bytes of a page where the whole log is read.
const PAGE: usize = 1 << 20;

/// Reads entries one by one into one page.
///
/// Merchants and dimensions get numbers of its own, so [`Fetcher::names`] are the ones to look them
/// up in, not those of the books.
pub(crate) struct Fetcher<'s> {
    store: &'s dyn EventStore,
    page: Page,
    names: Names,
}

/// A fetched event with its entry.
pub(crate) struct Fetched<'f> {
    /// The event.
    pub(crate) event: &'f LedgerEvent<'f>,
    /// When, by whom and what for.
    pub(crate) metadata: Metadata<'f>,
    /// Its entry.
    pub(crate) entry: JournalEntry<'f>,
    /// Names behind the numbers in the entry.
    pub(crate) names: &'f Names,
}

impl<'s> Fetcher<'s> {
    pub(crate) fn new(store: &'s dyn EventStore) -> Self {
        Self { store, page: Page::new(), names: Names::default() }
    }

    /// Hands one entry over.
    pub(crate) fn entry<T>(
        &mut self,
        number: u64,
        read: impl FnOnce(Fetched<'_>) -> Result<T, BooksError>,
    ) -> Result<T, BooksError> {
        self.store.read_all_into(number, 1, &mut self.page)?;
        let record = self.page.record(0)?.filter(|record| record.entry == number);
        let Some(record) = record else {
            let what = "the log has no such entry".to_owned();
            return Err(BooksError::EntryDiffers { entry: number, what });
        };
        with(&record, &mut self.names, read)
    }

    /// Hands every entry up to this one over, in order.
    pub(crate) fn each(
        &mut self,
        last: u64,
        mut read: impl FnMut(Fetched<'_>) -> Result<(), BooksError>,
    ) -> Result<(), BooksError> {
        let mut from = 0;
        while from <= last {
            self.store.read_all_into(from, PAGE, &mut self.page)?;
            let next = self.page.next_entry();
            if next <= from {
                return Ok(());
            }
            for record in self.page.records() {
                let record = record?;
                if record.entry <= last {
                    with(&record, &mut self.names, &mut read)?;
                }
            }
            from = next;
        }
        Ok(())
    }

    /// Hands every event of a stream over, in order; none if there is no such stream.
    pub(crate) fn stream(
        &mut self,
        stream: &str,
        mut read: impl FnMut(Fetched<'_>) -> Result<(), BooksError>,
    ) -> Result<(), BooksError> {
        let mut from = Some(0);
        while let Some(revision) = from {
            let page = self.store.read_stream(stream, revision, Direction::Forwards, 1_000)?;
            for record in page.records() {
                with(&record?, &mut self.names, &mut read)?;
            }
            from = page.next_revision();
        }
        Ok(())
    }
}

/// Decodes and posts a record.
fn with<T>(
    record: &Record<'_>,
    names: &mut Names,
    read: impl FnOnce(Fetched<'_>) -> Result<T, BooksError>,
) -> Result<T, BooksError> {
    let entry = record.entry;
    let metadata = Metadata::parse(record.metadata)
        .map_err(|source| BooksError::Metadata { entry, source })?;
    let stream = record.stream;
    let category = stream.split_once('-').map_or(stream, |(category, _)| category);
    let event = LedgerEvent::decode(category, record.event_type, metadata.version, record.data)
        .map_err(|source| BooksError::Undecodable { entry, source })?;
    let source = EventRef { stream, revision: record.revision };
    let posted = post(&event, &metadata, entry, source, names)
        .map_err(|source| BooksError::Posting { entry, source })?;
    read(Fetched { event: &event, metadata, entry: posted, names })
}
