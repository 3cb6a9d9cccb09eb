//! A follower that does not keep up.

use crate::support::{Bench, id};
use kurrentdb::{EventData, StreamPosition, StreamState::*, SubscribeToAllOptions};

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
