//! Metadata, deletes and tombstones.

use crate::support::{Bench, events, numbers, revisions};
use kurrentdb::{
    DeleteStreamOptions, Error, ReadAllOptions, ReadStreamOptions, StreamMetadataBuilder,
    StreamPosition, StreamState, StreamState::*, TombstoneStreamOptions,
};
use std::time::Duration;

async fn delete(bench: &Bench, stream: &str, state: StreamState) -> kurrentdb::Result<()> {
    let options = DeleteStreamOptions::default().stream_state(state);
    bench.client.delete_stream(stream, &options).await.map(|position| assert!(position.is_some()))
}

async fn tombstone(bench: &Bench, stream: &str, state: StreamState) -> kurrentdb::Result<()> {
    let options = TombstoneStreamOptions::default().stream_state(state);
    bench
        .client
        .tombstone_stream(stream, &options)
        .await
        .map(|position| assert!(position.is_some()))
}

/// The words that clients look for.
fn is_refused(result: kurrentdb::Result<()>, expected: i64, actual: i64) {
    let Err(Error::Grpc { code, message }) = result else { panic!("{result:?}") };
    assert_eq!(format!("{code:?}"), "FailedPrecondition");
    let words = format!("Stream: s, Expected version: {expected}, Actual version: {actual}");
    assert_eq!(message, format!("Delete failed due to WrongExpectedVersion. {words}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_stream_comes_back_with_the_next_append() {
    for bench in Bench::all() {
        for state in [Any, NoStream, StreamExists, StreamRevision(0)] {
            let number = match state {
                Any => -2,
                NoStream => -1,
                StreamExists => -4,
                StreamRevision(_) => 0,
            };
            is_refused(delete(&bench, "s", state).await, number, -1);
        }
        bench.append("s", NoStream, events(0, 3)).await.unwrap();
        is_refused(delete(&bench, "s", NoStream).await, -1, 2);
        is_refused(delete(&bench, "s", StreamRevision(1)).await, 1, 2);
        delete(&bench, "s", StreamRevision(2)).await.unwrap();
        // Again is no error, unless it must exist.
        delete(&bench, "s", StreamRevision(2)).await.unwrap();
        delete(&bench, "s", Any).await.unwrap();
        assert!(matches!(delete(&bench, "s", StreamExists).await, Err(Error::ResourceDeleted)));
        assert!(matches!(bench.read("s").await, Err(Error::ResourceNotFound)));
        let refused = bench.append("s", StreamRevision(1), events(9, 1)).await.unwrap_err();
        assert!(matches!(refused, Error::WrongExpectedVersion { .. }), "{refused}");

        let reborn = bench.append("s", NoStream, events(3, 2)).await.unwrap();
        assert_eq!(reborn.next_expected_version, 4);
        let read = bench.read("s").await.unwrap();
        assert_eq!((numbers(&read), revisions(&read)), (vec![3, 4], vec![3, 4]));
        // The append that brought it back comes again.
        let again = bench.append("s", NoStream, events(3, 2)).await.unwrap();
        assert_eq!((again.next_expected_version, again.position), (4, reborn.position));
        // The one from before the delete, too, changes nothing.
        let first = bench.append("s", NoStream, events(0, 3)).await.unwrap();
        assert_eq!(first.next_expected_version, 2);
        assert_eq!(bench.read("s").await.unwrap().len(), 2);
        let backwards = ReadStreamOptions::default().backwards().position(StreamPosition::End);
        let read = bench.read_with("s", &backwards).await.unwrap();
        assert_eq!(revisions(&read), [4, 3]);

        delete(&bench, "s", StreamExists).await.unwrap();
        bench.append("s", StreamRevision(4), events(5, 1)).await.unwrap();
        assert_eq!(revisions(&bench.read("s").await.unwrap()), [5]);
        delete(&bench, "s", Any).await.unwrap();
        bench.append("s", Any, events(6, 1)).await.unwrap();
        assert_eq!(revisions(&bench.read("s").await.unwrap()), [6]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tombstone_is_for_good() {
    for bench in Bench::all() {
        bench.append("s", NoStream, events(0, 2)).await.unwrap();
        is_refused(tombstone(&bench, "s", StreamRevision(0)).await, 0, 1);
        is_refused(tombstone(&bench, "s", NoStream).await, -1, 1);
        tombstone(&bench, "s", StreamRevision(1)).await.unwrap();
        // What never existed can be made impossible, though not if it must exist.
        let options = TombstoneStreamOptions::default().stream_state(StreamExists);
        assert!(bench.client.tombstone_stream("t", &options).await.is_err());
        tombstone(&bench, "t", NoStream).await.unwrap();
        tombstone(&bench, "u", Any).await.unwrap();
        for stream in ["s", "t", "u"] {
            for state in [Any, NoStream, StreamExists, StreamRevision(1), StreamRevision(2)] {
                let append = bench.append(stream, state, events(50, 1)).await.map(|_| ());
                for result in [
                    append,
                    delete(&bench, stream, state).await,
                    tombstone(&bench, stream, state).await,
                ] {
                    assert!(matches!(result, Err(Error::ResourceDeleted)), "{stream} {state:?}");
                }
            }
            let metadata = StreamMetadataBuilder::new().max_count(1).build();
            let set =
                bench.client.set_stream_metadata(stream, &Default::default(), &metadata).await;
            assert!(matches!(set, Err(Error::ResourceDeleted)));
            for name in [stream.to_owned(), format!("$${stream}")] {
                let read = bench.read(&name).await;
                assert!(matches!(read, Err(Error::ResourceDeleted)), "{name}");
            }
        }
        let all = bench.read_all(&ReadAllOptions::default()).await.unwrap();
        let last = all.last().unwrap();
        assert_eq!((&*last.event_type, last.revision), ("$streamDeleted", i64::MAX as u64));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_decides_what_can_be_read() {
    for bench in Bench::all() {
        bench.append("s", NoStream, events(0, 10)).await.unwrap();
        assert!(
            bench
                .client
                .get_stream_metadata("s", &Default::default())
                .await
                .unwrap()
                .is_not_found()
        );
        let build = StreamMetadataBuilder::new;
        for (metadata, expected) in [
            (build().max_count(3).build(), vec![7, 8, 9]),
            (build().truncate_before(8).build(), vec![8, 9]),
            (build().truncate_before(2).max_count(100).build(), (2..10).collect()),
            (build().truncate_before(20).build(), vec![]),
            (build().max_age(Duration::from_secs(3600)).build(), (0..10).collect()),
        ] {
            let set = bench.client.set_stream_metadata("s", &Default::default(), &metadata).await;
            set.unwrap();
            let read = bench.read("s").await.unwrap();
            assert_eq!(revisions(&read), expected, "{metadata:?}");
            let backwards = ReadStreamOptions::default().backwards().position(StreamPosition::End);
            let read = bench.read_with("s", &backwards).await.unwrap();
            assert_eq!(revisions(&read), expected.iter().copied().rev().collect::<Vec<_>>());
        }
        // Only the last metadata can be read, whatever was set before; everything else is still in $all.
        assert_eq!(revisions(&bench.read("$$s").await.unwrap()), [4]);
        let all = bench.read_all(&ReadAllOptions::default()).await.unwrap();
        assert_eq!(all.len(), 15);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_stream_that_comes_back_keeps_the_rest_of_its_metadata() {
    let bench = Bench::memory();
    bench.append("s", NoStream, events(0, 5)).await.unwrap();
    let raw = r#"{"$tb":9223372036854775807,"$maxCount":2,"own":"kept"}"#;
    let event = kurrentdb::EventData::json(
        "$metadata",
        &serde_json::value::RawValue::from_string(raw.to_owned()).unwrap(),
    );
    bench.append("$$s", Any, vec![event.unwrap()]).await.unwrap();
    assert!(matches!(bench.read("s").await, Err(Error::ResourceNotFound)));
    bench.append("s", Any, events(5, 4)).await.unwrap();
    assert_eq!(revisions(&bench.read("s").await.unwrap()), [7, 8]);
    let metadata = bench.read("$$s").await.unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata[0].data).unwrap();
    assert_eq!(metadata, serde_json::json!({ "$tb": 5, "$maxCount": 2, "own": "kept" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_appended_while_others_delete_is_not_lost() {
    for bench in Bench::all() {
        let bench = &bench;
        let deleting = async {
            for _ in 0..30 {
                // Before the first append there is nothing to delete.
                let _ = delete(bench, "s", Any).await;
            }
        };
        let appending = (0..4_u64).map(|writer| async move {
            for n in 0..30 {
                bench.append("s", Any, events(writer * 100 + n, 1)).await.unwrap();
            }
        });
        futures_util::future::join(deleting, futures_util::future::join_all(appending)).await;
        // A stream is deleted or it ends with what came last; nothing in between.
        let last = bench.append("s", Any, events(1_000, 1)).await.unwrap();
        assert_eq!(last.next_expected_version, 120);
        let read = bench.read("s").await.unwrap();
        assert_eq!(read.last().unwrap().revision, 120);
        let expected: Vec<u64> = (read[0].revision..=120).collect();
        assert_eq!(revisions(&read), expected);
    }
}
