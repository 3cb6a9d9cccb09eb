//! Subscriptions: what comes, in which order, and how they end.

use crate::support::{Bench, event, events};
use kurrentdb::{
    Client, Position, StreamPosition, StreamState::*, SubscribeToAllOptions,
    SubscribeToStreamOptions, Subscription, SubscriptionEvent, SubscriptionFilter,
};

/// The next message, in short.
async fn next(subscription: &mut Subscription) -> String {
    let position = |position: Option<Position>| position.map(|position| position.commit);
    match subscription.next_subscription_event().await.unwrap() {
        SubscriptionEvent::Confirmed(_) => "confirmed".to_owned(),
        SubscriptionEvent::EventAppeared(event) => {
            let event = event.get_original_event();
            format!("{} {}@{}", event.event_type, event.revision, event.position.commit)
        }
        SubscriptionEvent::Checkpoint(position) => format!("checkpoint {}", position.commit),
        SubscriptionEvent::CaughtUp(caught_up) => {
            let caught_up = caught_up.unwrap();
            format!("live {:?} {:?}", caught_up.stream_revision, position(caught_up.position))
        }
        other @ (SubscriptionEvent::FirstStreamPosition(_)
        | SubscriptionEvent::LastStreamPosition(_)
        | SubscriptionEvent::LastAllPosition(_)
        | SubscriptionEvent::FellBehind(_)) => panic!("{other:?}"),
    }
}

async fn expect(subscription: &mut Subscription, messages: &[&str]) {
    for message in messages {
        assert_eq!(next(subscription).await, *message);
    }
}

async fn all(client: &Client, from: StreamPosition<Position>) -> Subscription {
    client.subscribe_to_all(&SubscribeToAllOptions::default().position(from)).await
}

async fn stream(client: &Client, name: &str, from: StreamPosition<u64>) -> Subscription {
    let options = SubscribeToStreamOptions::default().start_from(from);
    client.subscribe_to_stream(name, &options).await
}

fn at(entry: u64) -> StreamPosition<Position> {
    StreamPosition::Position(Position { commit: entry, prepare: entry })
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_followed_from_after_a_position() {
    for bench in Bench::all() {
        bench.append("s", NoStream, events(0, 3)).await.unwrap();
        let mut start = all(&bench.client, StreamPosition::Start).await;
        expect(&mut start, &["confirmed", "Noted 0@0", "Noted 1@1", "Noted 2@2"]).await;
        expect(&mut start, &["live None Some(2)"]).await;
        let mut after = all(&bench.client, at(1)).await;
        expect(&mut after, &["confirmed", "Noted 2@2", "live None Some(2)"]).await;
        let mut end = all(&bench.client, StreamPosition::End).await;
        expect(&mut end, &["confirmed", "live None Some(2)"]).await;
        bench.append("t", NoStream, vec![event("Made", 1)]).await.unwrap();
        for subscription in [&mut start, &mut after, &mut end] {
            expect(subscription, &["Made 0@3"]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_store_is_followed() {
    let bench = Bench::memory();
    let mut everything = all(&bench.client, StreamPosition::Start).await;
    expect(&mut everything, &["confirmed", "live None None"]).await;
    let mut nothing = stream(&bench.client, "not-yet", StreamPosition::Start).await;
    expect(&mut nothing, &["confirmed", "live None None"]).await;
    bench.append("other", NoStream, events(0, 1)).await.unwrap();
    bench.append("not-yet", NoStream, events(1, 1)).await.unwrap();
    expect(&mut everything, &["Noted 0@0", "Noted 0@1"]).await;
    expect(&mut nothing, &["Noted 0@1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_followed_from_after_a_revision() {
    for bench in Bench::all() {
        bench.append("s", NoStream, events(0, 3)).await.unwrap();
        bench.append("t", NoStream, events(0, 3)).await.unwrap();
        let mut start = stream(&bench.client, "s", StreamPosition::Start).await;
        expect(&mut start, &["confirmed", "Noted 0@0", "Noted 1@1", "Noted 2@2"]).await;
        expect(&mut start, &["live Some(2) None"]).await;
        let mut after = stream(&bench.client, "s", StreamPosition::Position(1)).await;
        expect(&mut after, &["confirmed", "Noted 2@2", "live Some(2) None"]).await;
        let mut end = stream(&bench.client, "s", StreamPosition::End).await;
        expect(&mut end, &["confirmed", "live Some(2) None"]).await;
        bench.append("t", Any, events(3, 1)).await.unwrap();
        bench.append("s", Any, vec![event("Made", 3)]).await.unwrap();
        for subscription in [&mut start, &mut after, &mut end] {
            expect(subscription, &["Made 3@7"]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_subscription_says_how_far_it_has_looked_and_never_further() {
    for bench in Bench::all() {
        bench.append("s", NoStream, (0..10).map(|n| event("Odd", n)).collect()).await.unwrap();
        bench.append("s", Any, vec![event("Even", 10)]).await.unwrap();
        let filter = SubscriptionFilter::on_event_type().add_prefix("Even").max(4);
        let options =
            SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter);
        let mut subscription = bench.client.subscribe_to_all(&options).await;
        expect(&mut subscription, &["confirmed", "checkpoint 3", "checkpoint 7", "Even 10@10"])
            .await;
        expect(&mut subscription, &["checkpoint 10", "live None Some(10)"]).await;
        // Live, it goes on.
        for n in 11..17 {
            bench.append("s", Any, vec![event("Odd", n)]).await.unwrap();
        }
        bench.append("s", Any, vec![event("Even", 17)]).await.unwrap();
        bench.append("s", Any, vec![event("Odd", 18)]).await.unwrap();
        expect(&mut subscription, &["checkpoint 14", "Even 17@17", "checkpoint 18"]).await;
        // A checkpoint is where to go on, and nothing comes twice or is missed.
        let options = options.position(at(14));
        let mut resumed = bench.client.subscribe_to_all(&options).await;
        expect(&mut resumed, &["confirmed", "Even 17@17", "checkpoint 18"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_and_tombstones_while_following() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 2)).await.unwrap();
    let mut subscription = stream(&bench.client, "s", StreamPosition::Start).await;
    expect(&mut subscription, &["confirmed", "Noted 0@0", "Noted 1@1", "live Some(1) None"]).await;
    bench.client.delete_stream("s", &Default::default()).await.unwrap();
    bench.append("s", NoStream, events(2, 1)).await.unwrap();
    let reborn = next(&mut subscription).await;
    assert_eq!(&reborn[..7], "Noted 2");
    bench.client.tombstone_stream("s", &Default::default()).await.unwrap();
    let ended = subscription.next().await.unwrap_err();
    assert!(matches!(ended, kurrentdb::Error::ResourceDeleted), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_end_as_unavailable_when_the_server_does() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 1)).await.unwrap();
    let mut everything = all(&bench.client, StreamPosition::Start).await;
    expect(&mut everything, &["confirmed", "Noted 0@0", "live None Some(0)"]).await;
    let mut one = stream(&bench.client, "s", StreamPosition::End).await;
    expect(&mut one, &["confirmed", "live Some(0) None"]).await;
    let server = bench.server;
    tokio::task::spawn_blocking(move || {
        server.shutdown();
        server.wait();
    })
    .await
    .unwrap();
    for subscription in [&mut everything, &mut one] {
        let ended = subscription.next().await.unwrap_err();
        assert!(ended.to_string().contains("shutting down"), "{ended}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_subscriptions_take_no_threads() {
    let bench = Bench::memory();
    let mut subscriptions = Vec::new();
    for n in 0..200_u64 {
        let mut subscription = if n % 2 == 0 {
            stream(&bench.client, "s", StreamPosition::Start).await
        } else {
            all(&bench.client, StreamPosition::Start).await
        };
        expect(&mut subscription, &["confirmed", "live None None"]).await;
        subscriptions.push(subscription);
    }
    bench.append("s", NoStream, events(0, 1)).await.unwrap();
    for subscription in &mut subscriptions {
        expect(subscription, &["Noted 0@0"]).await;
    }
}
