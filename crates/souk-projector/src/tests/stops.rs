//! A pass that stops: at what, and with what applied.

use std::panic::{AssertUnwindSafe, catch_unwind};

use souk_store::{
    Append, Direction, EventStore, MemoryStore, Page, StoreError, Subscription, Ticket,
};

use super::made::{
    Models, ONE_THREAD, WRONG, append, append_raw, metadata, month_closed, more, paid, projector,
    shipped, state, store_of,
};
use crate::{Projector, ProjectorError, Settings};

/// Stops at entry 20 whatever the sizes, twice, with the 20 entries before it applied.
fn stops_at_20(store: &dyn EventStore, event: Option<&str>, text: &str) {
    let mut before = projector();
    before.catch_up(&store_of(20), None).unwrap();
    for (batch, helpers) in [(1, 0), (4, 0), (7, 2), (100, 1)] {
        let settings = Settings { batch, helpers, ..ONE_THREAD };
        let mut projector = Projector::with_settings(Models::default(), settings);
        for _ in 0..2 {
            let error = projector.catch_up(store, None).unwrap_err();
            assert_eq!((error.entry(), error.event()), (Some(20), event), "{error}");
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(state(&projector).0, state(&before).0);
            assert_eq!(projector.checkpoint(), before.checkpoint());
        }
    }
}

#[test]
fn it_stops_at_an_event_it_does_not_know() {
    let store = store_of(20);
    append_raw(&store, "order-new", "order-teleported", &metadata(9).to_bytes(), b"{}");
    more(&store, 30);
    stops_at_20(&store, Some("order-new@0"), "run the version of Souk that wrote it");
}

#[test]
fn it_stops_at_a_payload_that_does_not_fit() {
    let store = store_of(20);
    append_raw(&store, "order-bad", "order-paid", &metadata(9).to_bytes(), br#"{"amount":1}"#);
    more(&store, 30);
    stops_at_20(&store, Some("order-bad@0"), "does not fit its schema");
}

#[test]
fn it_stops_at_wrong_metadata() {
    let store = store_of(20);
    append_raw(&store, "order-bad", "order-shipped", b"{}", br#"{"merchant":"m1"}"#);
    more(&store, 30);
    stops_at_20(&store, Some("order-bad@0"), "its metadata cannot be read");
}

#[test]
fn it_stops_at_an_event_that_does_not_balance() {
    let store = store_of(20);
    append(&store, "order-bad", 9, paid("m1", 100, 99));
    more(&store, 30);
    stops_at_20(&store, Some("order-bad@0"), "debits − credits = 1 minor units");
}

#[test]
fn it_stops_where_the_store_leaves_an_entry_out() {
    stops_at_20(&Gap(store_of(50), 20), None, "the store gave entry 21 where entry 20 was due");
}

#[test]
fn it_stops_at_the_first_figure_that_does_not_match_and_applies_nothing_after_it() {
    let store = store_of(20);
    append(&store, "book-main", 30, month_closed(WRONG));
    more(&store, 30);
    append(&store, "book-main", 30, month_closed(WRONG));
    for batch in [1, 4, 100] {
        let settings = Settings { batch, ..ONE_THREAD };
        let mut projector = Projector::with_settings(Models::default(), settings);
        for _ in 0..2 {
            let error = projector.catch_up(&store, None).unwrap_err();
            assert!(matches!(error, ProjectorError::Mismatch { .. }), "{error}");
            assert_eq!((error.entry(), error.event()), (Some(20), Some("book-main@2")));
            assert_eq!(projector.models().entries.lines.len(), 21);
            assert_eq!(projector.models().events.0.len(), 21);
            assert_eq!(projector.checkpoint().next_entry, 21);
        }
        let dir = tempfile::tempdir().unwrap();
        assert!(projector.save(dir.path(), "l1").is_err());
    }
}

#[test]
fn a_replay_that_collects_goes_on_past_figures_that_do_not_match() {
    let store = store_of(20);
    append(&store, "book-main", 30, month_closed(WRONG));
    more(&store, 30);
    append(&store, "book-main", 30, month_closed(WRONG));
    let mut projector = projector();
    projector.collect_mismatches();
    assert_eq!(projector.catch_up(&store, None).unwrap().entries, 52);
    assert_eq!(projector.mismatches(), 2);
}

#[test]
fn a_projection_that_panics_leaves_no_thread_waiting() {
    let store = store_of(500);
    let settings = Settings { helpers: 2, batch: 2, pages: 8, ..ONE_THREAD };
    let mut projector = Projector::with_settings(Models::default(), settings);
    projector.models.entries.panics_at = Some(100);
    let caught = catch_unwind(AssertUnwindSafe(|| projector.catch_up(&store, None)));
    assert!(caught.is_err());
}

#[test]
fn it_stops_when_the_store_ends_before_its_head() {
    let store = Gap(MemoryStore::new(), 0);
    append(&store.0, "order-x", 1, shipped("m1"));
    let error = projector().catch_up(&store, None).unwrap_err();
    assert!(error.to_string().contains("the store gave nothing where entry 0 was due"), "{error}");
}

/// A store that leaves one entry out of its pages.
struct Gap(MemoryStore, u64);

impl EventStore for Gap {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        self.0.append(batch)
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.0.read_stream(stream, from, direction, limit)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.0.stream_revision(stream)
    }

    fn read_all_into(&self, from: u64, bytes: usize, page: &mut Page) -> Result<(), StoreError> {
        page.clear(from);
        let whole = self.0.read_all(from, bytes)?;
        let mut at = 0;
        for (entry, record) in whole.raw().filter(|(entry, _)| *entry != self.1) {
            at = page.push_copy(entry, at, record);
        }
        if page.is_empty() && self.1 + 1 < self.0.head()? {
            return self.0.read_all_into(from + 1, bytes, page);
        }
        Ok(())
    }

    fn head(&self) -> Result<u64, StoreError> {
        self.0.head()
    }

    fn subscribe(&self, from: u64) -> Subscription {
        self.0.subscribe(from)
    }
}
