//! Events larger than a record.

use crate::support::{Bench, events, id, numbers};
use kurrentdb::{
    Error, EventData, ReadAllOptions, StreamPosition, StreamState::*, SubscribeToAllOptions,
    SubscriptionFilter,
};
use souk_kurrentdb_server::{Mode, Options};
use souk_store::MemoryStore;
use std::sync::Arc;

/// Bytes that do not repeat.
fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(31) >> 3) as u8 ^ seed).collect()
}

fn large(n: u64, metadata: usize, data: usize) -> EventData {
    EventData::binary("Large", bytes(data, n as u8).into())
        .metadata(bytes(metadata, 1).into())
        .id(id(n))
}

#[tokio::test(flavor = "multi_thread")]
async fn large_events_come_back_and_their_parts_are_not_seen() {
    for bench in Bench::all() {
        // Around what one record holds, and as large as an append may be.
        let sizes = [(0, 65_483), (0, 65_484), (0, 65_485), (40_000, 40_000), (1 << 19, 1 << 19)];
        let mut subscription = bench
            .client
            .subscribe_to_all(
                &SubscribeToAllOptions::default()
                    .position(StreamPosition::Start)
                    .filter(SubscriptionFilter::on_stream_name().regex(".")),
            )
            .await;
        for (n, (metadata, data)) in sizes.into_iter().enumerate() {
            bench.append("s", Any, vec![large(n as u64, metadata, data)]).await.unwrap();
        }
        let head = bench.store.head().unwrap();
        assert!(head > 5, "nothing was stored in parts: {head}");
        let all = bench.read_all(&ReadAllOptions::default()).await.unwrap();
        let backwards = ReadAllOptions::default().backwards().position(StreamPosition::End);
        let mut backwards = bench.read_all(&backwards).await.unwrap();
        backwards.reverse();
        for read in [bench.read("s").await.unwrap(), all, backwards] {
            assert_eq!(numbers(&read), [0, 1, 2, 3, 4]);
            for (event, (metadata, data)) in read.iter().zip(sizes) {
                assert!(event.data == bytes(data, event.revision as u8), "{metadata} {data}");
                assert!(event.custom_metadata == bytes(metadata, 1), "{metadata} {data}");
            }
        }
        let hidden = bench.store.read_all(0, 1 << 24).unwrap();
        let mut names = hidden.records().map(|record| record.unwrap().stream.to_owned());
        let name = names.find(|name| name != "s").unwrap();
        assert!(matches!(bench.read(&name).await, Err(Error::ResourceNotFound)));
        for n in 0..5 {
            assert_eq!(subscription.next().await.unwrap().get_original_event().id, id(n));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_large_event_again_stores_nothing() {
    let bench = Bench::memory();
    let first = bench.append("s", NoStream, vec![large(1, 10, 200_000)]).await.unwrap();
    let head = bench.store.head().unwrap();
    let again = bench.append("s", NoStream, vec![large(1, 10, 200_000)]).await.unwrap();
    assert_eq!((first.position, bench.store.head().unwrap()), (again.position, head));
    // The same contents elsewhere share their parts.
    bench.append("t", NoStream, vec![large(1, 10, 200_000)]).await.unwrap();
    assert_eq!(bench.store.head().unwrap(), head + 1);
    assert_eq!(bench.read("t").await.unwrap()[0].data.len(), 200_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_is_too_large_is_refused() {
    let bench = Bench::memory();
    let half = 1 << 19;
    let fits = vec![large(0, 0, half), large(1, half, 0)];
    bench.append("s", NoStream, fits).await.unwrap();
    let refused = bench.append("t", NoStream, vec![large(2, 1, 1 << 20)]).await.unwrap_err();
    let Error::Grpc { code, message } = refused else { panic!("{refused}") };
    assert_eq!(format!("{code:?}"), "InvalidArgument");
    assert_eq!(message, "Maximum Append Size of 1048576 Exceeded.");
    assert!(matches!(bench.read("t").await, Err(Error::ResourceNotFound)));

    let options = Options { max_append_bytes: 8 << 20, ..Options::default() };
    let bench = Bench::start(Arc::new(MemoryStore::new()), Mode::Plain, options);
    bench.append("s", NoStream, vec![large(0, 0, 6 << 20)]).await.unwrap();
    assert_eq!(bench.read("s").await.unwrap()[0].data.len(), 6 << 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_a_stream_may_be_large() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 5)).await.unwrap();
    let metadata = serde_json::json!({ "$maxCount": 2, "note": "x".repeat(100_000) });
    let event = EventData::json("$metadata", &metadata).unwrap();
    bench.append("$$s", Any, vec![event]).await.unwrap();
    assert_eq!(numbers(&bench.read("s").await.unwrap()), [3, 4]);
}
