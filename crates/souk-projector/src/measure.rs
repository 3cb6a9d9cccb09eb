//! Parts of a pass on their own, for `souk bench`: what reading and decoding cost without folding.

use souk_store::{EventStore, Page};

use crate::checkpoint::Progress;
use crate::decode::Batch;
use crate::error::ProjectorError;
use crate::pipeline::{self, Fold};
use crate::settings::Settings;

/// What a scan read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Records.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Reads every record up to the head and finds its parts, but reads no JSON; on the calling thread.
///
/// # Errors
/// The store's, or `NotDense`.
pub fn raw_scan(store: &dyn EventStore) -> Result<Scanned, ProjectorError> {
    let (head, mut page) = (store.head()?, Page::new());
    let mut scanned = Scanned::default();
    while scanned.events < head {
        store.read_all_into(scanned.events, Settings::default().page_bytes, &mut page)?;
        if page.is_empty() {
            return Err(ProjectorError::NotDense { entry: scanned.events, found: None });
        }
        for record in page.records() {
            let record = record?;
            if record.entry != scanned.events {
                let (entry, found) = (scanned.events, Some(record.entry));
                return Err(ProjectorError::NotDense { entry, found });
            }
            scanned.events += 1;
            scanned.bytes += record.bytes.len() as u64;
        }
    }
    Ok(scanned)
}

/// Reads and decodes every event up to the head as a pass does, and drops it: no entries.
///
/// # Errors
/// As a pass, but for posting and figures.
pub fn decode_only(store: &dyn EventStore) -> Result<Progress, ProjectorError> {
    let mut count = Count(0);
    pipeline::run(store, 0..store.head()?, &Settings::default(), &mut count)?;
    Ok(Progress { events: count.0, entries: 0 })
}

struct Count(u64);

impl Fold for Count {
    fn fold(&mut self, batch: &Batch<'_>) -> Result<(), ProjectorError> {
        self.0 += batch.events.len() as u64;
        Ok(())
    }
}
