//! From records to events: some records of a page at a time.

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_store::{Page, Record};

use crate::error::ProjectorError;

/// A decoded record; borrows from its page.
#[derive(Debug)]
pub(crate) struct Decoded<'p> {
    pub(crate) entry: u64,
    pub(crate) stream: &'p str,
    pub(crate) revision: u64,
    pub(crate) metadata: Metadata<'p>,
    pub(crate) event: LedgerEvent<'p>,
}

impl Decoded<'_> {
    /// The event as a person names it.
    pub(crate) fn name(&self) -> String {
        format!("{}@{}", self.stream, self.revision)
    }
}

/// Consecutive events, up to the first that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Batch<'p> {
    pub(crate) events: Vec<Decoded<'p>>,
    pub(crate) failure: Option<ProjectorError>,
}

/// Some records of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'p> {
    pub(crate) page: &'p Page,
    /// The first record's place in the page.
    pub(crate) index: usize,
    /// The number it must have.
    pub(crate) entry: u64,
    /// How many.
    pub(crate) len: usize,
}

impl<'p> Span<'p> {
    /// Decodes the records into `events`, which is emptied first.
    pub(crate) fn decode(&self, mut events: Vec<Decoded<'p>>) -> Batch<'p> {
        events.clear();
        events.reserve(self.len);
        for (entry, index) in (self.entry..).zip(self.index..self.index + self.len) {
            match decode_at(self.page, index, entry) {
                Ok(decoded) => events.push(decoded),
                Err(failure) => return Batch { events, failure: Some(failure) },
            }
        }
        Batch { events, failure: None }
    }
}

fn decode_at(page: &Page, index: usize, entry: u64) -> Result<Decoded<'_>, ProjectorError> {
    let found = page.record(index)?;
    let Some(record) = found.filter(|record| record.entry == entry) else {
        return Err(ProjectorError::NotDense { entry, found: found.map(|record| record.entry) });
    };
    decode(&record)
}

/// Decodes a record.
///
/// # Errors
/// `Metadata` or `Undecodable`, naming the event.
pub(crate) fn decode<'p>(record: &Record<'p>) -> Result<Decoded<'p>, ProjectorError> {
    let Record { entry, stream, revision, event_type, metadata, data, .. } = *record;
    let event = || format!("{stream}@{revision}");
    let metadata = Metadata::parse(metadata).map_err(|error| ProjectorError::Metadata {
        entry,
        event: event(),
        what: error.to_string(),
    })?;
    let category = stream.split_once('-').map_or(stream, |(category, _)| category);
    let event = LedgerEvent::decode(category, event_type, metadata.version, data)
        .map_err(|source| ProjectorError::Undecodable { entry, event: event(), source })?;
    Ok(Decoded { entry, stream, revision, metadata, event })
}
