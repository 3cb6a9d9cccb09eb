//! A log that changed after the books had read it: a statement says so instead of showing it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use souk_books::{Books, ErrorClass};
use souk_journal::money::Currency;
use souk_store::{Append, Direction, EventStore, Page, StoreError, Subscription, Ticket};

use crate::market::{LEDGER, Market};

/// Gives the commission of order A-1 as 8.00 instead of 9.00 once it is switched on.
struct Changed {
    store: Arc<dyn EventStore>,
    on: AtomicBool,
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    if let Some(start) = bytes.windows(from.len()).position(|part| part == from) {
        bytes[start..start + to.len()].copy_from_slice(to);
    }
}

impl EventStore for Changed {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        self.store.append(batch)
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.store.read_stream(stream, from, direction, limit)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.store.stream_revision(stream)
    }

    fn read_all_into(&self, from: u64, most: usize, page: &mut Page) -> Result<(), StoreError> {
        let read = self.store.read_all(from, most)?;
        page.clear(from);
        let mut at = 0;
        for (entry, bytes) in read.raw() {
            let mut bytes = bytes.to_vec();
            if self.on.load(Ordering::Relaxed) {
                replace(&mut bytes, br#""amount":"9.00""#, br#""amount":"8.00""#);
            }
            at = page.push_copy(entry, at, &bytes);
        }
        Ok(())
    }

    fn head(&self) -> Result<u64, StoreError> {
        self.store.head()
    }

    fn subscribe(&self, from: u64) -> Subscription {
        self.store.subscribe(from)
    }
}

#[test]
fn a_statement_whose_lines_are_not_those_recorded_is_a_found_difference() {
    let market = Market::march();
    let store =
        Arc::new(Changed { store: Arc::clone(market.books.store()), on: AtomicBool::new(false) });
    let port: Arc<dyn EventStore> = Arc::clone(&store) as Arc<dyn EventStore>;
    let mut books = Books::open(port, None, LEDGER).unwrap();
    books.catch_up(None).unwrap();
    let cny = Currency::from_code("CNY").ok();
    assert!(books.statement("1007", Some("2026-W10"), cny).is_ok());
    store.on.store(true, Ordering::Relaxed);
    let error = books.statement("1007", Some("2026-W10"), cny).unwrap_err();
    assert_eq!((error.code(), error.class()), ("StatementDiffers", ErrorClass::Check));
    assert!(error.to_string().contains("the sum of the lines is recorded as 226.22"), "{error}");
}
