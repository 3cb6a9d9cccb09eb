//! The log as an event store: conformance, reopening, segments, readers beside the writer.

use crate::common::{ID, all, append, copy, create, event, put, segments};
use souk_store::conformance::{self, Scale};
use souk_store::{AppendError, Direction, EventStore, NewEvent, StoreError};
use souk_store_log::{Kind, LogStore, Options};
use std::thread;

#[test]
fn the_log_conforms() {
    let scale = Scale::default().or_from_environment();
    for (name, case) in conformance::CASES {
        let dir = tempfile::tempdir().unwrap();
        println!("{name}");
        case(&create(&dir), &scale);
    }
}

#[test]
fn the_log_conforms_with_tiny_segments_and_groups() {
    let options = Options { segment_bytes: 2000, group_bytes: 500, queue_bytes: 3000 };
    let scale = Scale { streams: 500, ..Scale::default() };
    for (name, case) in conformance::CASES {
        let dir = tempfile::tempdir().unwrap();
        println!("{name}");
        case(&LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap(), &scale);
    }
}

#[test]
fn a_reopened_log_returns_the_same_bytes_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { segment_bytes: 1000, ..Options::default() };
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap();
    for n in 0..40 {
        put(&store, "a-1", n);
    }
    let before = all(&store);
    drop(store);
    assert!(segments(dir.path()).len() > 3, "the log has rolled over");
    let store = LogStore::open(dir.path(), Kind::Ledger, options).unwrap();
    assert_eq!(all(&store), before);
    assert_eq!(store.store_id(), ID);
    let report = store.report();
    assert_eq!((report.entries, report.truncated_bytes), (40, 0));
    assert_eq!(put(&store, "a-1", 40).first_entry, Some(40));
    assert_eq!(store.stream_revision("a-1").unwrap(), Some(40));
}

#[test]
fn what_was_acknowledged_survives_a_writer_that_never_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    for n in 0..10 {
        put(&store, "a-1", n);
        let killed = copy(dir.path());
        let again = LogStore::open(killed.path(), Kind::Ledger, Options::default()).unwrap();
        assert_eq!((again.head().unwrap(), again.report().truncated_bytes), (n + 1, 0));
    }
}

#[test]
fn a_second_writer_is_refused_and_told_who_holds_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    let error = LogStore::open(dir.path(), Kind::Ledger, Options::default()).unwrap_err();
    let holder = format!("process {}", std::process::id());
    assert!(matches!(&error, StoreError::Locked { holder: by } if **by == *holder), "{error}");
    drop(store);
    LogStore::open(dir.path(), Kind::Ledger, Options::default()).unwrap();
}

#[test]
fn creating_over_a_log_and_opening_nothing_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let error = LogStore::open(dir.path(), Kind::Ledger, Options::default()).unwrap_err();
    assert!(error.to_string().contains("there is no log"), "{error}");
    drop(create(&dir));
    let error = LogStore::create(dir.path(), Kind::Ledger, ID, Options::default()).unwrap_err();
    assert!(error.to_string().contains("holds a log already"), "{error}");
}

#[test]
fn a_reader_beside_a_writer_sees_what_is_acknowledged_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.head().unwrap(), 0);
    put(&store, "a-1", 0);
    let watermark = std::fs::read(dir.path().join("WATERMARK")).unwrap();
    put(&store, "a-1", 1);
    // As if the second entry had been written and not yet acknowledged.
    let now = std::fs::read(dir.path().join("WATERMARK")).unwrap();
    std::fs::write(dir.path().join("WATERMARK"), watermark).unwrap();
    assert_eq!(reader.refresh().unwrap(), 1);
    assert_eq!(reader.stream_revision("a-1").unwrap(), Some(0));
    std::fs::write(dir.path().join("WATERMARK"), now).unwrap();
    let mut subscription = reader.subscribe(1);
    assert_eq!(reader.refresh().unwrap(), 2);
    assert_eq!(subscription.next_page(None).unwrap().unwrap().len(), 1);
    let page = reader.read_stream("a-1", 0, Direction::Forwards, 10).unwrap();
    assert_eq!((page.len(), all(&reader)), (2, all(&store)));
    let error = reader.append(vec![append("a-1", Some(1), vec![event(2)])]).wait_one();
    assert!(error.unwrap_err().to_string().contains("for reading"));
}

#[test]
fn a_reader_follows_across_segments_and_after_the_writer_has_gone() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { segment_bytes: 500, ..Options::default() };
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap();
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    for n in 0..30 {
        put(&store, "a-1", n);
        assert_eq!(reader.refresh().unwrap(), n + 1);
    }
    drop(store);
    assert_eq!(reader.refresh().unwrap(), 30);
    let fresh = LogStore::open_read_only(dir.path()).unwrap();
    assert_eq!((all(&reader).len(), all(&fresh)), (30, all(&reader)));
}

#[test]
fn many_threads_appending_give_dense_entries_in_one_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    let mut entries: Vec<u64> = thread::scope(|scope| {
        let store = &store;
        let writer = |w: u64| {
            move || {
                let stream = format!("w-{w}");
                (0..40).map(|n| put(store, &stream, n).first_entry.unwrap()).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..8).map(|w| scope.spawn(writer(w))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    entries.sort_unstable();
    assert_eq!(entries, (0..320).collect::<Vec<_>>());
}

#[test]
fn large_frames_are_read_in_part_and_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    let of = |n| NewEvent { data: vec![n; 1000], ..event(n.into()) };
    let frames = vec![
        append("a-1", None, (0..200).map(of).collect()),
        append("b-1", None, (0..200).map(of).collect()),
    ];
    assert!(store.append(frames).wait().iter().all(Result::is_ok));
    for (from, bytes) in [(0, 1), (99, 1), (150, 60_000), (199, 5_000), (10, 350_000), (399, 9)] {
        let page = store.read_all(from, bytes).unwrap();
        for (entry, record) in (from..).zip(page.records()) {
            let record = record.unwrap();
            assert_eq!((record.entry, u64::from(record.data[500])), (entry, entry % 200));
        }
    }
    let page = store.read_stream("b-1", 90, Direction::Backwards, 7).unwrap();
    let revisions: Vec<u64> = page.records().map(|r| r.unwrap().revision).collect();
    assert_eq!(revisions, [90, 89, 88, 87, 86, 85, 84]);
}

#[test]
fn a_failed_write_is_answered_and_ends_all_writing() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { segment_bytes: 300, ..Options::default() };
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap();
    put(&store, "a-1", 0);
    std::fs::rename(dir.path().join("log"), dir.path().join("gone")).unwrap();
    let outcomes: Vec<_> = (1..20)
        .map(|n| store.append(vec![append(&format!("b-{n}"), None, vec![event(n)])]).wait_one())
        .collect();
    let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let failed: Vec<String> =
        outcomes.iter().filter_map(|o| o.as_ref().err()).map(AppendError::to_string).collect();
    assert!(failed[0].contains("cannot create"), "{}", failed[0]);
    let last = outcomes.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(last, AppendError::Store(StoreError::Fatal { .. })), "{last}");
    assert_eq!(store.head().unwrap(), 1 + written as u64, "only what succeeded is visible");
    drop(store);
    std::fs::rename(dir.path().join("gone"), dir.path().join("log")).unwrap();
    let again = LogStore::open(dir.path(), Kind::Ledger, options).unwrap();
    assert_eq!(again.head().unwrap(), 1 + written as u64);
}
