//! A follower that does not keep up.

use crate::support::{Bench, id};
use kurrentdb::{EventData, StreamPosition, StreamState::*, SubscribeToAllOptions};
use souk_kurrentdb_server::{Mode, Options};
use souk_store::MemoryStore;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_follower_misses_nothing_and_stops_nobody() {
    const EVENTS: u64 = 300;
    let bench = Bench::memory();
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut slow = bench.client.subscribe_to_all(&options).await;
    let mut other = bench.client.subscribe_to_all(&options).await;
    let event = |n: u64| EventData::binary("Blob", vec![n as u8; 60_000].into()).id(id(n));
    // Far more than what fits between server and client; the one reads along, the other does not read.
    for n in 0..EVENTS {
        bench.append("s", Any, vec![event(n)]).await.unwrap();
        assert_eq!(other.next().await.unwrap().get_original_event().id, id(n));
    }
    for n in 0..EVENTS {
        assert_eq!(slow.next().await.unwrap().get_original_event().id, id(n));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_that_does_not_read_does_not_hold_the_server_up() {
    let options = Options { shutdown_timeout: Duration::from_millis(200), ..Options::default() };
    let bench = Bench::start(Arc::new(MemoryStore::new()), Mode::Plain, options);
    let from = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let mut stuck = bench.client.subscribe_to_all(&from).await;
    for n in 0..100 {
        let event = EventData::binary("Blob", vec![0; 60_000].into()).id(id(n));
        bench.append("s", Any, vec![event]).await.unwrap();
    }
    assert_eq!(stuck.next().await.unwrap().get_original_event().id, id(0));
    let server = bench.server;
    tokio::task::spawn_blocking(move || {
        server.shutdown();
        server.wait();
    })
    .await
    .unwrap();
    // What was on its way still comes, then the end: never a silent one.
    while stuck.next().await.is_ok() {}
}
