//! Reads of streams and of everything: both ways, from anywhere, filtered.

use crate::support::{Bench, event, events, numbers, revisions};
use kurrentdb::{
    Error, Position, ReadAllOptions, ReadEvent, ReadStreamOptions, StreamPosition, StreamState::*,
    SubscriptionFilter,
};

fn at(entry: u64) -> StreamPosition<Position> {
    StreamPosition::Position(Position { commit: entry, prepare: entry })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_read_both_ways_from_anywhere() {
    for bench in Bench::all() {
        bench.append("s", NoStream, events(0, 10)).await.unwrap();
        // The direction comes last: a position at the start or the end sets one, too.
        let forwards = |from| ReadStreamOptions::default().position(from).forwards();
        let backwards = |from| ReadStreamOptions::default().position(from).backwards();
        let from = StreamPosition::Position;
        let cases: [(ReadStreamOptions, Vec<u64>); 9] = [
            (forwards(StreamPosition::Start), (0..10).collect()),
            (forwards(from(7)), vec![7, 8, 9]),
            (forwards(from(7)).max_count(2), vec![7, 8]),
            (forwards(from(10)), vec![]),
            (forwards(StreamPosition::End), vec![]),
            (backwards(StreamPosition::End).max_count(3), vec![9, 8, 7]),
            (backwards(from(2)), vec![2, 1, 0]),
            (backwards(from(99)).max_count(1), vec![9]),
            (backwards(StreamPosition::Start), vec![0]),
        ];
        for (options, expected) in cases {
            let read = bench.read_with("s", &options).await.unwrap();
            assert_eq!(revisions(&read), expected);
        }
        assert!(matches!(bench.read("t").await, Err(Error::ResourceNotFound)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_says_where_the_stream_begins_and_ends() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 5)).await.unwrap();
    for (from, expected) in [(3, "event event last 4 "), (5, "first 0 last 4 ")] {
        let options = ReadStreamOptions::default().position(StreamPosition::Position(from));
        let mut read = bench.client.read_stream("s", &options).await.unwrap();
        let mut said = String::new();
        while let Some(message) = read.next_read_event().await.unwrap() {
            said += &match message {
                ReadEvent::Event(_) => "event ".to_owned(),
                ReadEvent::FirstStreamPosition(revision) => format!("first {revision} "),
                ReadEvent::LastStreamPosition(revision) => format!("last {revision} "),
                ReadEvent::LastAllStreamPosition(_) => "all ".to_owned(),
            };
        }
        assert_eq!(said, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_read_both_ways_from_anywhere() {
    for bench in Bench::all() {
        for n in 0..200 {
            bench.append(&format!("s-{}", n % 3), Any, events(n, 1)).await.unwrap();
        }
        let forwards = |from| ReadAllOptions::default().position(from).forwards();
        let backwards = |from| ReadAllOptions::default().position(from).backwards();
        let cases: [(ReadAllOptions, Vec<u64>); 8] = [
            (forwards(StreamPosition::Start), (0..200).collect()),
            (forwards(at(197)), vec![197, 198, 199]),
            (forwards(at(10)).max_count(2), vec![10, 11]),
            (forwards(StreamPosition::End), vec![]),
            // Backwards begins before the position.
            (backwards(at(3)), vec![2, 1, 0]),
            (backwards(StreamPosition::End), (0..200).rev().collect()),
            (backwards(at(u64::MAX)).max_count(1), vec![199]),
            (backwards(StreamPosition::Start), vec![]),
        ];
        for (options, expected) in cases {
            let read = bench.read_all(&options).await.unwrap();
            assert_eq!(numbers(&read), expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_by_name_and_type_by_prefix_and_expression() {
    let bench = Bench::memory();
    for (n, (stream, event_type)) in
        [("a-1", "Opened"), ("b-1", "Opened"), ("a-2", "Closed"), ("ab", "$noted")]
            .iter()
            .enumerate()
    {
        bench.append(stream, Any, vec![event(event_type, n as u64)]).await.unwrap();
    }
    let by_type = SubscriptionFilter::on_event_type;
    let by_name = SubscriptionFilter::on_stream_name;
    let cases: [(SubscriptionFilter, Vec<u64>); 7] = [
        (by_type().add_prefix("Open"), vec![0, 1]),
        (by_type().add_prefix("Open").add_prefix("Clo"), vec![0, 1, 2]),
        (by_type().exclude_system_events(), vec![0, 1, 2]),
        (by_type().regex(r"^(?!(\$.+|Opened)$)"), vec![2]),
        (by_name().add_prefix("a-"), vec![0, 2]),
        (by_name().regex("1$"), vec![0, 1]),
        (by_name().regex("none"), vec![]),
    ];
    for (filter, expected) in cases {
        let options = ReadAllOptions::default().filter(filter);
        assert_eq!(numbers(&bench.read_all(&options).await.unwrap()), expected);
        let backwards = options.backwards().position(StreamPosition::End);
        let read = numbers(&bench.read_all(&backwards).await.unwrap());
        assert_eq!(read, expected.into_iter().rev().collect::<Vec<_>>());
    }
    for hostile in ["(", "(?i)(a|b|ab)*(?>c)"] {
        bench.append(&"ab".repeat(60), Any, events(100, 1)).await.unwrap();
        let filter = by_name().regex(hostile);
        let refused = bench.read_all(&ReadAllOptions::default().filter(filter)).await.unwrap_err();
        assert!(refused.to_string().contains("expression"), "{hostile}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_server_did_not_write_is_named_and_not_served() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 1)).await.unwrap();
    let event = souk_store::NewEvent {
        event_id: [1; 16],
        event_type: "Raw".into(),
        metadata: b"{}".to_vec(),
        data: Vec::new(),
    };
    let (stream, expected) = ("raw".into(), souk_store::Expected::NoStream);
    let raw = souk_store::Append { stream, expected, events: vec![event] };
    bench.store.append(vec![raw]).wait_one().unwrap();
    for refused in [
        bench.read("raw").await.unwrap_err(),
        bench.read_all(&ReadAllOptions::default()).await.unwrap_err(),
        bench.append("raw", Any, events(1, 1)).await.unwrap_err(),
    ] {
        assert!(refused.to_string().contains("entry 1 cannot be served"), "{refused}");
    }
    assert_eq!(bench.read("s").await.unwrap().len(), 1);
}
