//! What a ledger cannot live with halts it, with the stream named; what it can, does not.

use crate::common::{Plain, Raw, append, fresh_name, json, open, put};
use kurrentdb::EventData;
use souk_store::{AppendError, Direction, EventStore, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// Every call refuses now, naming the stream.
fn assert_halted(store: &dyn EventStore, stream: &str, what: &str) {
    let error = store.head().unwrap_err();
    let said = error.to_string();
    let lost = !what.starts_with("$");
    assert_eq!(matches!(error, StoreError::Corrupt { .. }), lost, "{said}");
    assert!(said.contains(stream) && said.contains(what), "{said}");
    assert!(store.read_all(0, 1 << 20).is_err());
    assert!(store.read_stream("order-2", 0, Direction::Forwards, 1).is_err());
    assert!(store.stream_revision("order-2").is_err());
    let refused = store.append(vec![append("order-2", 9, 9)]).wait_one().unwrap_err();
    assert!(matches!(&refused, AppendError::Store(same) if same.to_string() == said), "{refused}");
    let mut subscription = store.subscribe(0);
    assert!(subscription.next_page(None).is_err());
}

#[test]
fn truncating_metadata_halts_until_it_is_removed() {
    let plain = Plain::memory();
    let raw = Raw::new(&plain.url());
    for key in ["$maxCount", "$maxAge", "$tb"] {
        let ledger = fresh_name();
        let store = open(&plain.url(), &ledger);
        (0..3).for_each(|revision| put(&store, "order-1", revision));
        let stream = format!("souk.{ledger}/order-1");
        raw.describe(&stream, r#"{"$acl":{"$r":"$all"},"cost-centre":"4"}"#);
        assert_eq!(store.head().unwrap(), 3, "metadata that truncates nothing is of no matter");
        raw.describe(&stream, &format!(r#"{{"{key}":1000}}"#));
        assert_halted(&store, &stream, key);
        let error = souk_store_kurrentdb::KurrentStore::open(
            &crate::common::address(&plain.url(), &ledger),
            souk_store_kurrentdb::Options::default(),
        );
        assert!(error.unwrap_err().to_string().contains(key));
        raw.describe(&stream, "{}");
        let again = open(&plain.url(), &ledger);
        assert_eq!(again.head().unwrap(), 3);
        put(&again, "order-1", 3);
    }
}

#[test]
fn metadata_of_other_ledgers_and_of_foreign_streams_is_theirs() {
    let plain = Plain::memory();
    let raw = Raw::new(&plain.url());
    let ledger = fresh_name();
    let store = open(&plain.url(), &ledger);
    put(&store, "order-1", 0);
    for stream in ["order-1", &format!("souk.{ledger}"), &format!("souk.{ledger}x/order-1")] {
        raw.append(stream, EventData::json("x", &json("{}")).unwrap().id(Uuid::new_v4()));
        raw.describe(stream, r#"{"$maxCount":1}"#);
    }
    raw.tombstone("order-1");
    put(&store, "order-1", 1);
    assert_eq!(store.head().unwrap(), 2);
}

#[test]
fn a_deleted_stream_halts() {
    let plain = Plain::memory();
    let raw = Raw::new(&plain.url());
    let (soft, hard) = (fresh_name(), fresh_name());
    for (ledger, what) in [(&soft, "$tb"), (&hard, "deleted for ever")] {
        let store = open(&plain.url(), ledger);
        put(&store, "order-1", 0);
        let stream = format!("souk.{ledger}/order-1");
        if *ledger == soft {
            raw.delete(&stream)
        } else {
            raw.tombstone(&stream)
        }
        assert_halted(&store, &stream, what);
    }
}

#[test]
fn an_append_to_a_stream_that_was_deleted_unseen_is_not_believed() {
    let plain = Plain::memory();
    let ledger = fresh_name();
    let store = open(&plain.url(), &ledger);
    (0..3).for_each(|revision| put(&store, "order-1", revision));
    Raw::new(&plain.url()).delete(&format!("souk.{ledger}/order-1"));
    // Whether or not the deletion has been seen, this is no new stream.
    let error = store.append(vec![append("order-1", 0, 77)]).wait_one().unwrap_err();
    assert!(matches!(error, AppendError::Store(_)), "{error}");
    assert!(store.head().is_err());
}

#[test]
fn a_truncated_stream_is_never_read_as_if_it_were_whole() {
    let plain = Plain::memory();
    for key in ["$maxCount", "$tb"] {
        let ledger = fresh_name();
        let store = open(&plain.url(), &ledger);
        (0..5).for_each(|revision| put(&store, "order-1", revision));
        Raw::new(&plain.url())
            .describe(&format!("souk.{ledger}/order-1"), &format!(r#"{{"{key}":2}}"#));
        // Whether or not the metadata has been seen.
        for (from, direction) in [(1, Direction::Backwards), (0, Direction::Forwards)] {
            let error = store.read_stream("order-1", from, direction, 10).unwrap_err();
            assert!(error.to_string().contains("order-1"), "{error}");
        }
    }
}

#[test]
fn an_event_that_is_no_record_halts() {
    let plain = Plain::memory();
    let ledger = fresh_name();
    let store = open(&plain.url(), &ledger);
    put(&store, "order-1", 0);
    let large = EventData::binary("x", vec![7; 70_000].into()).id(Uuid::new_v4());
    Raw::new(&plain.url()).append(&format!("souk.{ledger}/order-3"), large);
    assert_halted(&store, &format!("souk.{ledger}/order-3"), "no record");
}

#[test]
fn a_follower_is_told() {
    let plain = Plain::memory();
    let ledger = fresh_name();
    let store = Arc::new(open(&plain.url(), &ledger));
    put(&*store, "order-1", 0);
    let mut subscription = store.subscribe(0);
    assert_eq!(subscription.next_page(None).unwrap().unwrap().len(), 1);
    Raw::new(&plain.url()).tombstone(&format!("souk.{ledger}/order-1"));
    let said = subscription.next_page(None).unwrap_err().to_string();
    assert!(said.contains("deleted for ever"), "{said}");
}
