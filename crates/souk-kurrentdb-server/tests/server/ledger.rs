//! A ledger: read and followed as it is, never written.

use crate::support::{Bench, events};
use kurrentdb::{Error, ReadAllOptions, StreamMetadataBuilder, StreamPosition, StreamState::*};
use souk_kurrentdb_server::{Mode, Options};
use souk_store::{Append, EventStore, Expected, MemoryStore, NewEvent, Record};
use std::sync::Arc;

fn created(record: &Record<'_>) -> u64 {
    17_000_000_000_000_000 + record.entry
}

fn ledger() -> Bench {
    let store = Arc::new(MemoryStore::new());
    let event = |n: u8| NewEvent {
        event_id: [n; 16],
        event_type: "order-paid".into(),
        metadata: vec![n, 0xFF],
        data: format!("{{\"n\":{n}}}").into_bytes(),
    };
    let (stream, expected) = ("order-4711".into(), Expected::NoStream);
    let append = Append { stream, expected, events: vec![event(1), event(2)] };
    store.append(vec![append]).wait_one().unwrap();
    Bench::start(store, Mode::Ledger { created }, Options::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_served_as_they_are() {
    let bench = ledger();
    for read in [
        bench.read("order-4711").await.unwrap(),
        bench.read_all(&ReadAllOptions::default()).await.unwrap(),
    ] {
        let second = &read[1];
        assert_eq!(read.len(), 2);
        assert_eq!((&*second.data, &*second.custom_metadata), (&b"{\"n\":2}"[..], &[2, 0xFF][..]));
        assert_eq!((second.id.as_bytes(), second.is_json), (&[2; 16], true));
        assert_eq!(second.metadata["created"], "17000000000000001");
    }
    let mut follow = bench.client.subscribe_to_all(&Default::default()).await;
    let options = kurrentdb::SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
    let mut stream = bench.client.subscribe_to_stream("order-4711", &options).await;
    assert_eq!(stream.next().await.unwrap().get_original_event().revision, 0);
    assert_eq!(follow.next().await.unwrap().get_original_event().revision, 0);
    assert!(
        bench
            .client
            .get_stream_metadata("order-4711", &Default::default())
            .await
            .unwrap()
            .is_not_found()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_writes_to_it() {
    let bench = ledger();
    let metadata = StreamMetadataBuilder::new().truncate_before(1).build();
    let client = &bench.client;
    for refused in [
        bench.append("order-4711", Any, events(0, 1)).await.map(|_| ()),
        client.delete_stream("order-4711", &Default::default()).await.map(|_| ()),
        client.tombstone_stream("order-4711", &Default::default()).await.map(|_| ()),
        client.set_stream_metadata("order-4711", &Default::default(), &metadata).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::AccessDenied)), "{refused:?}");
    }
    assert!(client.batch_append(&Default::default()).await.is_err());
    assert_eq!(bench.store.head().unwrap(), 2);
}
