//! Appends, one by one and in batches: what is written, what is refused, and what is recognised as written before.

use crate::support::{Bench, client, event, events, id, numbers, revisions};
use kurrentdb::{CurrentRevision, Error, EventData, StreamState::*};
use souk_kurrentdb_server::{Mode, Options};
use souk_store_log::{Kind, LogStore};
use std::sync::Arc;
use std::time::SystemTime;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_appended_is_read_back_whole() {
    for bench in Bench::all() {
        let bytes = EventData::binary("Bytes", vec![0, 1, 255].into()).id(id(2));
        let json = event("Noted", 1).metadata(b"not json".to_vec().into());
        let before = SystemTime::now();
        let written = bench.append("order-1", NoStream, vec![json, bytes]).await.unwrap();
        assert_eq!((written.next_expected_version, written.position.commit), (1, 1));

        let read = bench.read("order-1").await.unwrap();
        assert_eq!((numbers(&read), revisions(&read)), (vec![1, 2], vec![0, 1]));
        let [first, second] = &read[..] else { panic!("{read:?}") };
        assert_eq!((&*first.event_type, first.is_json), ("Noted", true));
        assert_eq!((&*first.data, &*first.custom_metadata), (&b"{\"n\":1}"[..], &b"not json"[..]));
        assert_eq!((&*second.event_type, second.is_json), ("Bytes", false));
        assert_eq!((&*second.data, &*second.custom_metadata), (&[0, 1, 255][..], &[][..]));
        assert_eq!((first.position.commit, second.position.prepare), (0, 1));
        assert_eq!(first.stream_id(), "order-1");
        let created = u128::from(first.metadata["created"].parse::<u64>().unwrap()) * 100;
        let nanos =
            |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
        assert!(nanos(before) - 100 <= created && created <= nanos(SystemTime::now()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_is_refused_where_the_stream_stands_elsewhere() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 3)).await.unwrap();
    let refusals = [
        ("s", NoStream, CurrentRevision::Current(2)),
        ("s", StreamRevision(1), CurrentRevision::Current(2)),
        ("s", StreamRevision(3), CurrentRevision::Current(2)),
        ("t", StreamRevision(0), CurrentRevision::NoStream),
        ("t", StreamExists, CurrentRevision::NoStream),
    ];
    for (stream, state, actual) in refusals {
        let refused = bench.append(stream, state, events(100, 1)).await.unwrap_err();
        let Error::WrongExpectedVersion { expected, current } = refused else {
            panic!("{stream} {state:?}: {refused}");
        };
        assert_eq!((expected, current), (state, actual), "{stream} {state:?}");
    }
    for (state, revision) in [(StreamRevision(2), 3), (Any, 4), (StreamExists, 5)] {
        let written = bench.append("s", state, events(10 + revision, 1)).await.unwrap();
        assert_eq!(written.next_expected_version, revision);
    }
    assert_eq!(bench.append("t", Any, events(0, 1)).await.unwrap().next_expected_version, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_comes_again_is_answered_as_the_first_time() {
    for bench in Bench::all() {
        let mut answers = Vec::new();
        for (state, first) in [(NoStream, 0), (StreamRevision(2), 3), (Any, 6), (StreamExists, 9)] {
            let answer = bench.append("s", state, events(first, 3)).await.unwrap();
            answers.push((state, first, answer));
        }
        // Others write meanwhile.
        bench.append("s", Any, events(100, 200)).await.unwrap();
        bench.append("t", Any, events(0, 3)).await.unwrap();
        for (state, first, answer) in &answers {
            let again = bench.append("s", *state, events(*first, 3)).await.unwrap();
            assert_eq!(again.next_expected_version, answer.next_expected_version, "{state:?}");
            assert_eq!(again.position, answer.position, "{state:?}");
        }
        assert_eq!(bench.read("s").await.unwrap().len(), 212);
        // Another number of events, or others after the first, is another append.
        for (state, first) in [(NoStream, 0), (StreamRevision(2), 3), (Any, 6)] {
            let other = vec![event("Noted", first), event("Noted", 999)];
            let refused = bench.append("s", state, other).await.unwrap_err();
            assert!(matches!(refused, Error::WrongExpectedVersion { .. }), "{state:?}: {refused}");
        }
        // The same id where it is expected next is a new event.
        bench.append("u", NoStream, events(0, 1)).await.unwrap();
        let next = bench.append("u", StreamRevision(0), events(0, 1)).await.unwrap();
        assert_eq!(next.next_expected_version, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_comes_again_after_a_restart_is_recognised() {
    let directory = tempfile::tempdir().unwrap();
    let options = souk_store_log::Options::default;
    let plain = Kind::Plain;
    let store = Arc::new(LogStore::create(directory.path(), plain, [1; 16], options()).unwrap());
    let bench = Bench::start(Arc::clone(&store) as _, Mode::Plain, Options::default());
    let mut answers = Vec::new();
    for (state, first) in [(NoStream, 0), (Any, 3), (StreamRevision(5), 6), (StreamExists, 9)] {
        answers.push((state, first, bench.append("s", state, events(first, 3)).await.unwrap()));
    }
    drop(bench);
    store.close();
    drop(store);

    let store = LogStore::open(directory.path(), plain, options()).unwrap();
    let bench = Bench::start(Arc::new(store), Mode::Plain, Options::default());
    for (state, first, answer) in answers {
        let again = bench.append("s", state, events(first, 3)).await.unwrap();
        assert_eq!(again.next_expected_version, answer.next_expected_version, "{state:?}");
        assert_eq!(again.position, answer.position, "{state:?}");
    }
    assert_eq!(bench.read("s").await.unwrap().len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_append_to_one_stream_without_saying_where() {
    for bench in Bench::all() {
        let bench = &bench;
        let writers = (0..8_u64).map(|writer| async move {
            for n in 0..20 {
                bench.append("s", Any, events(writer * 100 + n, 1)).await.unwrap();
            }
        });
        futures_util::future::join_all(writers).await;
        let read = bench.read("s").await.unwrap();
        assert_eq!(revisions(&read), (0..160).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_where_nothing_can_be() {
    let bench = Bench::memory();
    let empty = bench.append("s", NoStream, Vec::new()).await.unwrap();
    assert_eq!(empty.next_expected_version, 0);
    let hidden = format!("$souk-parts-{}", "0".repeat(64));
    let too_long = "s".repeat(251);
    for stream in ["", "$$", "$all", "a\0b", &hidden, &too_long] {
        let refused = bench.append(stream, Any, events(0, 1)).await.unwrap_err();
        let Error::Grpc { code, .. } = refused else { panic!("{stream:?}: {refused}") };
        assert_eq!(format!("{code:?}"), "InvalidArgument", "{stream:?}");
    }
    let umlaut = bench.append("s", Any, vec![event("Größe", 1)]).await.unwrap_err();
    assert!(umlaut.to_string().contains("printable ASCII"), "{umlaut}");
    assert_eq!(bench.store.head().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_write_several_streams_and_say_what_was_refused() {
    for bench in Bench::all() {
        let batch = bench.client.batch_append(&Default::default()).await.unwrap();
        let appends = (0..20_u64).map(|n| {
            let stream = format!("s-{}", n % 4);
            let batch = &batch;
            async move { batch.append_to_stream(stream, Any, events(n * 10, 3)).await.unwrap() }
        });
        let answers = futures_util::future::join_all(appends).await;
        assert_eq!(answers[3].stream_name(), "s-3");
        for stream in 0..4 {
            let read = bench.read(&format!("s-{stream}")).await.unwrap();
            assert_eq!(revisions(&read), (0..15).collect::<Vec<_>>());
        }
        let state = StreamRevision(7);
        let refused = batch.append_to_stream("s-0", state, events(1000, 1)).await.unwrap_err();
        let Error::Grpc { code, message } = refused else { panic!("{refused}") };
        assert_eq!(
            (format!("{code:?}"), &*message),
            ("AlreadyExists".to_owned(), "WrongExpectedVersion")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_who_leads_is_led_here() {
    let bench = Bench::memory();
    let address = bench.server.address();
    let client = client(&format!("kurrentdb://{address},{address}?tls=false"));
    let written = client.append_to_stream("s", &Default::default(), events(0, 1)).await.unwrap();
    assert_eq!(written.next_expected_version, 0);
    assert_eq!(client.server_info().await.unwrap().version(), (23, 10, 0));
}
