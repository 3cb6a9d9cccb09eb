//! A store in memory: for tests, demonstrations and as the model other stores are compared with.

use crate::append::{Append, AppendError, Appended, Token};
use crate::error::StoreError;
use crate::page::Page;
use crate::port::{Direction, EventStore, STREAM_PAGE_BYTES};
use crate::subscription::{HeadSignal, Subscription};
use crate::ticket::Ticket;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Bytes of a page of a subscription.
const SUBSCRIPTION_PAGE_BYTES: usize = 1 << 20;

/// An event store that lives as long as its process. Closes when dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    log: RwLock<Log>,
    signal: Arc<HeadSignal>,
}

#[derive(Debug, Default)]
struct Log {
    records: Vec<Box<[u8]>>,
    streams: HashMap<Box<str>, Vec<u64>>,
    fault: Option<StoreError>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// For tests: the next batch fails as a whole with `error` and writes nothing.
    pub fn fail_next_append(&self, error: StoreError) {
        self.shared.write().fault = Some(error);
    }

    /// Refuses appends and ends subscriptions from now on; reads still work.
    pub fn close(&self) {
        self.shared.signal.close();
    }
}

impl Drop for MemoryStore {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Log> {
        self.log.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Log> {
        self.log.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn append(&mut self, append: &Append) -> Result<Appended, AppendError> {
        append.check()?;
        let first_revision =
            append.check_revision(last_revision(self.streams.get(&append.stream)))?;
        let first_entry = self.records.len() as u64;
        for index in 0..append.events.len() {
            let Some(record) = append.record(first_revision, index) else { break };
            // Cannot fail after `check`; were it to, the entries so far are taken back.
            match record.encode() {
                Ok(bytes) => self.records.push(bytes.into()),
                Err(error) => {
                    self.records.truncate(usize::try_from(first_entry).unwrap_or(usize::MAX));
                    return Err(AppendError::record(&append.stream, error));
                }
            }
        }
        let entries = first_entry..self.records.len() as u64;
        let added = entries.end - entries.start;
        self.streams.entry(append.stream.clone()).or_default().extend(entries);
        let last_entry = first_entry + added - 1;
        Ok(Appended {
            first_revision,
            last_revision: first_revision + added - 1,
            first_entry: Some(first_entry),
            last_entry: Some(last_entry),
            token: Token::from(last_entry),
        })
    }

    fn fill(&self, page: &mut Page, entries: impl Iterator<Item = u64>, max_bytes: usize) {
        let mut at = 0;
        for entry in entries {
            let Some(record) =
                usize::try_from(entry).ok().and_then(|index| self.records.get(index))
            else {
                break;
            };
            if at > 0 && at + record.len() > max_bytes {
                break;
            }
            at = page.push_copy(entry, at, record);
        }
    }
}

fn last_revision(entries: Option<&Vec<u64>>) -> Option<u64> {
    entries.and_then(|entries| (entries.len() as u64).checked_sub(1))
}

impl EventStore for MemoryStore {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        let mut log = self.shared.write();
        if self.shared.signal.is_closed() {
            return Ticket::failed(batch.len(), &StoreError::closed());
        }
        if let Some(fault) = log.fault.take() {
            return Ticket::failed(batch.len(), &fault);
        }
        let results = batch.iter().map(|append| log.append(append)).collect();
        self.shared.signal.publish(log.records.len() as u64);
        Ticket::ready(results)
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let log = self.shared.read();
        let mut page = Page::new();
        let Some(entries) = log.streams.get(stream) else { return Ok(page) };
        let last = last_revision(Some(entries));
        let start = usize::try_from(from).unwrap_or(usize::MAX);
        let next = match direction {
            Direction::Forwards => {
                let wanted = entries.get(start..).unwrap_or_default();
                log.fill(&mut page, wanted.iter().take(limit).copied(), STREAM_PAGE_BYTES);
                Some(from.saturating_add(page.len() as u64)).filter(|next| Some(*next) <= last)
            }
            Direction::Backwards => {
                let wanted = &entries[..start.saturating_add(1).min(entries.len())];
                log.fill(&mut page, wanted.iter().rev().take(limit).copied(), STREAM_PAGE_BYTES);
                (wanted.len() as u64).checked_sub(1 + page.len() as u64)
            }
        };
        page.set_stream(last, next);
        Ok(page)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        Ok(last_revision(self.shared.read().streams.get(stream)))
    }

    fn read_all_into(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        read_all(&self.shared, from, max_bytes, page);
        Ok(())
    }

    fn head(&self) -> Result<u64, StoreError> {
        Ok(self.shared.read().records.len() as u64)
    }

    fn subscribe(&self, from: u64) -> Subscription {
        let shared = Arc::clone(&self.shared);
        Subscription::new(from, Arc::clone(&self.shared.signal), move |from| {
            let mut page = Page::new();
            read_all(&shared, from, SUBSCRIPTION_PAGE_BYTES, &mut page);
            Ok(page)
        })
    }
}

fn read_all(shared: &Shared, from: u64, max_bytes: usize, page: &mut Page) {
    page.clear(from);
    let log = shared.read();
    log.fill(page, from..log.records.len() as u64, max_bytes);
}
