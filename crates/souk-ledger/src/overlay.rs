//! A store over a store: reads see both, writes stay in memory. A dry run is the real thing on an
//! overlay, so it cannot show other figures than the run.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use souk_store::{
    Append, AppendError, AppendResults, Appended, Direction, EventStore, HeadSignal, Page,
    STREAM_PAGE_BYTES, StoreError, Subscription, Ticket, Token,
};

/// Writes go to memory, on top of a base that is only read.
#[derive(Clone)]
pub struct Overlay {
    base: Arc<dyn EventStore>,
    /// Entries of the base; those in memory follow.
    head: u64,
    memory: Arc<RwLock<Memory>>,
    signal: Arc<HeadSignal>,
}

#[derive(Default)]
struct Memory {
    records: Vec<Vec<u8>>,
    /// Indices into `records`, per stream.
    streams: HashMap<Box<str>, Vec<usize>>,
}

impl std::fmt::Debug for Overlay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Overlay").field("head", &self.head).finish_non_exhaustive()
    }
}

impl Overlay {
    /// An overlay on the base as it stands now.
    ///
    /// # Errors
    /// When the base cannot be asked for its head.
    pub fn new(base: Arc<dyn EventStore>) -> Result<Self, StoreError> {
        let head = base.head()?;
        let signal = Arc::new(HeadSignal::new(head));
        Ok(Self { base, head, memory: Arc::default(), signal })
    }

    fn with<T>(&self, read: impl FnOnce(&Memory) -> T) -> T {
        read(&self.memory.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn append_one(&self, memory: &mut Memory, append: &Append) -> Result<Appended, AppendError> {
        append.check()?;
        let base = self.base.stream_revision(&append.stream).map_err(AppendError::Store)?;
        let added = memory.streams.get(&append.stream).map_or(0, |of| of.len() as u64);
        let actual = (base.map_or(0, |last| last + 1) + added).checked_sub(1);
        let first_revision = append.check_revision(actual)?;
        let first_entry = self.head + memory.records.len() as u64;
        let mut index = 0;
        while let Some(record) = append.record(first_revision, index) {
            let bytes =
                record.encode().map_err(|error| AppendError::record(&append.stream, error))?;
            let place = memory.records.len();
            memory.records.push(bytes);
            memory.streams.entry(append.stream.clone()).or_default().push(place);
            index += 1;
        }
        let last = index as u64 - 1;
        Ok(Appended {
            first_revision,
            last_revision: first_revision + last,
            first_entry: Some(first_entry),
            last_entry: Some(first_entry + last),
            token: Token::from(first_entry + last),
        })
    }

    fn fill(&self, from: u64, max_bytes: usize, page: &mut Page) -> Result<(), StoreError> {
        if from < self.head {
            return self.base.read_all_into(from, max_bytes, page);
        }
        page.clear(from);
        self.with(|memory| {
            let mut at = 0;
            let start = usize::try_from(from - self.head).unwrap_or(usize::MAX);
            for (place, record) in memory.records.iter().enumerate().skip(start) {
                if at > 0 && at + record.len() > max_bytes {
                    break;
                }
                at = page.push_copy(self.head + place as u64, at, record);
            }
        });
        Ok(())
    }
}

impl EventStore for Overlay {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        let results: AppendResults =
            batch.iter().map(|append| self.append_one(&mut memory, append)).collect();
        self.signal.publish(self.head + memory.records.len() as u64);
        Ticket::ready(results)
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let base = self.base.stream_revision(stream)?.map_or(0, |last| last + 1);
        let added: Vec<usize> =
            self.with(|memory| memory.streams.get(stream).cloned().unwrap_or_default());
        if added.is_empty() {
            return self.base.read_stream(stream, from, direction, limit);
        }
        let end = base + added.len() as u64;
        let mut revisions: Vec<u64> = match direction {
            Direction::Forwards => (from.min(end)..end).collect(),
            Direction::Backwards => (0..from.saturating_add(1).min(end)).rev().collect(),
        };
        let beyond = revisions.len() > limit;
        revisions.truncate(limit);
        let mut page = Page::new();
        let mut at = 0;
        let mut next = None;
        for revision in &revisions {
            if at > STREAM_PAGE_BYTES {
                next = Some(*revision);
                break;
            }
            if *revision < base {
                let of_base = self.base.read_stream(stream, *revision, Direction::Forwards, 1)?;
                for (entry, record) in of_base.raw() {
                    at = page.push_copy(entry, at, record);
                }
            } else {
                let place = added.get((*revision - base) as usize).copied().unwrap_or_default();
                at = self.with(|memory| {
                    let record = memory.records.get(place).map_or(&[][..], Vec::as_slice);
                    page.push_copy(self.head + place as u64, at, record)
                });
            }
        }
        if next.is_none() && beyond {
            next = revisions.last().map(|last| match direction {
                Direction::Forwards => last + 1,
                Direction::Backwards => last.saturating_sub(1),
            });
        }
        page.set_stream(end.checked_sub(1), next);
        Ok(page)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        let base = self.base.stream_revision(stream)?.map_or(0, |last| last + 1);
        let added = self.with(|memory| memory.streams.get(stream).map_or(0, Vec::len)) as u64;
        Ok((base + added).checked_sub(1))
    }

    fn read_all_into(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        self.fill(from, max_bytes, page)
    }

    fn head(&self) -> Result<u64, StoreError> {
        Ok(self.head + self.with(|memory| memory.records.len()) as u64)
    }

    fn subscribe(&self, from: u64) -> Subscription {
        let this = self.clone();
        Subscription::new(from, Arc::clone(&self.signal), move |from| {
            let mut page = Page::new();
            this.fill(from, STREAM_PAGE_BYTES, &mut page)?;
            Ok(page)
        })
    }
}
