//! The in-memory store against the conformance suite, and its own hooks.
#![cfg(feature = "conformance")]

use souk_store::{
    Append, AppendError, EventStore, Expected, MemoryStore, NewEvent, StoreError, conformance,
};
use std::sync::Arc;
use std::time::Duration;

fn one(stream: &str) -> Vec<Append> {
    let event = NewEvent {
        event_id: [1; 16],
        event_type: "thing-done".into(),
        metadata: vec![],
        data: vec![],
    };
    vec![Append { stream: stream.into(), expected: Expected::NoStream, events: vec![event] }]
}

#[test]
fn the_memory_store_conforms() {
    conformance::run(&|| Arc::new(MemoryStore::new()));
}

#[test]
fn an_injected_fault_fails_one_batch_and_writes_nothing() {
    let store = MemoryStore::new();
    store.fail_next_append(StoreError::Fatal { cause: "a test".into() });
    let error = store.append(one("a-1")).wait_one().unwrap_err();
    assert!(matches!(error, AppendError::Store(StoreError::Fatal { .. })));
    assert_eq!(store.head().unwrap(), 0);
    store.append(one("a-1")).wait_one().unwrap();
}

#[test]
fn closing_ends_subscriptions_after_what_is_there() {
    let store = MemoryStore::new();
    store.append(one("a-1")).wait_one().unwrap();
    let mut subscription = store.subscribe(0);
    drop(store);
    assert_eq!(subscription.next_page(None).unwrap().unwrap().len(), 1);
    assert!(subscription.next_page(None).unwrap().is_none() && subscription.is_closed());
    assert!(subscription.next_page(Some(Duration::MAX)).unwrap().is_none());
}

#[test]
fn a_closed_store_refuses_appends_and_says_what_to_do() {
    let store = MemoryStore::new();
    store.close();
    let error = store.append(one("a-1")).wait_one().unwrap_err();
    assert!(error.to_string().contains("open it again"), "{error}");
}
