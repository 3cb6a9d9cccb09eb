//! The suite that every store passes, over the protocol, amid streams of others.

use crate::common::{Plain, Raw, fresh_name, json, open};
use kurrentdb::EventData;
use souk_store::conformance::{self, Scale};
use souk_store::{EventStore, MemoryStore};
use souk_store_log::{Kind, LogStore};
use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use uuid::Uuid;

/// What a server is asked for: one that keeps streams in a store of ours takes no longer names than that.
const SCALE: Scale = Scale { streams: 700, long: 10_000, name_bytes: 200 };

/// Each case with a ledger of its own on one server, while others write to streams whose names come close.
fn conforms(url: &str, scale: &Scale) {
    let name = RefCell::new(String::new());
    let near = Mutex::new(Vec::new());
    let raw = Raw::new(url);
    let make = || -> Arc<dyn EventStore> {
        let ledger = fresh_name();
        *near.lock().unwrap() = vec![
            format!("order-{ledger}"),
            format!("souk.{ledger}"),
            format!("souk.{ledger}x/order-1"),
            format!("x.souk.{ledger}/order-1"),
            format!("{ledger}/order-1"),
        ];
        *name.borrow_mut() = ledger;
        Arc::new(open(url, &name.borrow()))
    };
    let foreign = |number: u64| {
        let streams = near.lock().unwrap().clone();
        let Some(stream) = streams.get(number as usize % streams.len().max(1)) else { return };
        let event = EventData::json("foreign-thing", &json(r#"{"of":"another"}"#)).unwrap();
        raw.append(stream, event.id(Uuid::new_v4()));
        if number.is_multiple_of(3) {
            // Theirs to truncate.
            raw.describe(stream, r#"{"$maxCount":1}"#);
        }
        // Often enough to be amid everything, and no race for the processor.
        thread::sleep(Duration::from_millis(2));
    };
    conformance::run_with(&make, scale, Some(&foreign));
}

#[test]
fn the_adapter_conforms_over_a_server_in_memory() {
    conforms(&Plain::memory().url(), &SCALE.or_from_environment());
}

#[test]
fn the_adapter_conforms_over_a_server_on_the_embedded_log() {
    let directory = tempfile::tempdir().unwrap();
    let options = souk_store_log::Options::default();
    let log =
        LogStore::create(directory.path(), Kind::Plain, *b"souk conformance", options).unwrap();
    conforms(&Plain::over(Arc::new(log)).url(), &Scale { streams: 300, long: 2_000, ..SCALE });
}

#[test]
fn the_adapter_conforms_over_a_real_server() {
    match std::env::var("KURRENTDB_URL") {
        Ok(url) => {
            let url = if url.contains('?') { url } else { format!("{url}?tls=false") };
            conforms(&url, &Scale { name_bytes: 250, ..SCALE }.or_from_environment());
        }
        Err(_) => println!("skipped: KURRENTDB_URL is not set"),
    }
}

#[test]
fn a_record_has_the_same_bytes_as_in_every_store() {
    let plain = Plain::memory();
    let (ledger, model) = (open(&plain.url(), "main"), MemoryStore::new());
    for revision in 0..5 {
        crate::common::put(&ledger, "order-订单", revision);
        crate::common::put(&model, "order-订单", revision);
    }
    assert_eq!(crate::common::all(&ledger), crate::common::all(&model));
}
