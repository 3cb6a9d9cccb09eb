//! What an append does and refuses.

use super::{Scale, append, event, head, log, put, refusal, results, whole};
use crate::record::FIXED_BYTES;
use crate::{Append, AppendError, Direction, EventStore, Expected, MAX_RECORD_BYTES, NewEvent};

pub(super) fn no_stream_on_existing(store: &dyn EventStore) {
    put(store, "order-1", Expected::NoStream, 1);
    let batch = vec![append("order-1", Expected::NoStream, vec![event(2)])];
    let error = refusal(results(store, batch).pop());
    let AppendError::WrongExpectedRevision { stream, expected, actual } = &error else {
        panic!("another error: {error}");
    };
    assert_eq!((&**stream, *expected, *actual), ("order-1", Expected::NoStream, Some(0)));
    assert_eq!(head(store), 1);
}

pub(super) fn wrong_revision(store: &dyn EventStore) {
    put(store, "order-1", Expected::NoStream, 1);
    put(store, "order-1", Expected::At(0), 2);
    for (stream, at, actual) in
        [("order-1", 0, Some(1)), ("order-1", 2, Some(1)), ("order-2", 0, None)]
    {
        let batch = vec![append(stream, Expected::At(at), vec![event(3)])];
        let error = refusal(results(store, batch).pop());
        let AppendError::WrongExpectedRevision { expected, actual: seen, .. } = &error else {
            panic!("another error: {error}");
        };
        assert_eq!((*expected, *seen), (Expected::At(at), actual), "{error}");
        assert!(error.to_string().contains(stream), "the stream is not named: {error}");
    }
    assert_eq!(head(store), 2);
    assert_eq!(store.stream_revision("order-2").expect("it can be asked"), None);
}

pub(super) fn independent(store: &dyn EventStore) {
    let batch = vec![
        append("a-1", Expected::NoStream, vec![event(1)]),
        append("b-1", Expected::At(7), vec![event(2)]),
        append("c-1", Expected::NoStream, vec![event(3)]),
    ];
    let outcome = results(store, batch);
    let done: Vec<bool> = outcome.iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false, true]);
    let streams: Vec<String> = log(store, 1 << 20).into_iter().map(|(_, s, ..)| s).collect();
    assert_eq!(streams, ["a-1", "c-1"]);
}

pub(super) fn same_stream_twice(store: &dyn EventStore) {
    let batch = vec![
        append("a-1", Expected::NoStream, vec![event(1), event(2)]),
        append("a-1", Expected::NoStream, vec![event(3)]),
        append("a-1", Expected::At(1), vec![event(4)]),
        append("a-1", Expected::At(2), vec![event(5)]),
    ];
    let outcome = results(store, batch);
    let revisions: Vec<_> = outcome
        .iter()
        .map(|r| r.as_ref().ok().map(|done| (done.first_revision, done.last_revision)))
        .collect();
    assert_eq!(revisions, [Some((0, 1)), None, Some((2, 2)), Some((3, 3))]);
    let data: Vec<_> = whole(store, "a-1", Direction::Forwards, 10);
    assert_eq!(data.len(), 4);
    assert_eq!(data[3], (3, event(5).data));
}

pub(super) fn atomic(store: &dyn EventStore) {
    let batch = vec![append("a-1", Expected::At(0), vec![event(1), event(2), event(3)])];
    refusal(results(store, batch).pop());
    let too_large = NewEvent { data: vec![0; MAX_RECORD_BYTES], ..event(3) };
    let batch = vec![append("a-1", Expected::NoStream, vec![event(1), event(2), too_large])];
    refusal(results(store, batch).pop());
    assert_eq!(head(store), 0);
    let batch = vec![append("a-1", Expected::NoStream, vec![event(1), event(2), event(3)])];
    let done = results(store, batch).pop().expect("a result").expect("the append succeeds");
    assert_eq!((done.first_revision, done.last_revision, head(store)), (0, 2, 3));
}

pub(super) fn largest_record(store: &dyn EventStore) {
    let names = "order-1".len() + "thing-done".len();
    let room = MAX_RECORD_BYTES - FIXED_BYTES - names;
    let of = |bytes: usize| NewEvent { metadata: vec![7; 1000], data: vec![9; bytes], ..event(1) };
    let batch = vec![append("order-1", Expected::NoStream, vec![of(room - 999)])];
    let error = refusal(results(store, batch).pop());
    let AppendError::RecordTooLarge { bytes, limit, .. } = &error else {
        panic!("another error: {error}");
    };
    assert_eq!((*bytes, *limit), (MAX_RECORD_BYTES + 1, MAX_RECORD_BYTES));
    assert_eq!(head(store), 0);
    let batch = vec![append("order-1", Expected::NoStream, vec![of(room - 1000)])];
    results(store, batch).pop().expect("a result").expect("the largest record is accepted");
    let page = store.read_all(0, 1).expect("the log can be read");
    assert_eq!(page.raw().map(|(_, bytes)| bytes.len()).collect::<Vec<_>>(), [MAX_RECORD_BYTES]);
}

/// Whoever repeats an append whose answer was lost is either refused, and finds the events when reading, or is given
/// the first answer. Never are they written twice, and never is another content called written.
pub(super) fn retried(store: &dyn EventStore) {
    let first = append("order-1", Expected::NoStream, vec![event(1)]);
    let second = append("order-1", Expected::At(0), vec![event(2), event(3)]);
    let part = append("order-1", Expected::At(0), vec![event(2)]);
    results(store, vec![first.clone()]).pop().expect("a result").expect("the append succeeds");
    again(store, &first, 0);
    results(store, vec![second.clone()]).pop().expect("a result").expect("the append succeeds");
    for (retry, last) in [(&first, 0), (&second, 2), (&part, 1)] {
        again(store, retry, last);
    }
    let other = NewEvent { data: b"another".to_vec(), ..event(1) };
    for other in [vec![other.clone()], vec![event(1), other]] {
        let other = append("order-1", Expected::NoStream, other);
        let error = refusal(results(store, vec![other]).pop());
        let AppendError::WrongExpectedRevision { actual, .. } = &error else {
            panic!("another error: {error}");
        };
        assert_eq!(*actual, Some(2));
    }
    let expected: Vec<_> = (0..3).map(|n| (n, event(n + 1).data)).collect();
    assert_eq!(whole(store, "order-1", Direction::Forwards, 10), expected);
    assert_eq!(head(store), 3);
}

fn again(store: &dyn EventStore, retry: &Append, last: u64) {
    match results(store, vec![retry.clone()]).pop().expect("a result") {
        Ok(done) => {
            assert_eq!(done.first_revision, retry.expected.first_revision());
            assert_eq!(done.last_revision, last, "not the first answer");
        }
        Err(AppendError::WrongExpectedRevision { actual, .. }) => {
            assert_eq!(actual, store.stream_revision("order-1").expect("it can be asked"));
        }
        Err(error) => panic!("another error: {error}"),
    }
    let seen = whole(store, "order-1", Direction::Forwards, 10);
    for (revision, new) in (retry.expected.first_revision()..).zip(&retry.events) {
        assert!(seen.contains(&(revision, new.data.clone())), "reading again does not find it");
    }
}

pub(super) fn empty_append(store: &dyn EventStore) {
    let error = refusal(results(store, vec![append("a-1", Expected::NoStream, vec![])]).pop());
    assert!(matches!(error, AppendError::EmptyAppend { .. }), "another error: {error}");
    assert_eq!(head(store), 0);
}

pub(super) fn empty_batch(store: &dyn EventStore) {
    assert!(results(store, vec![]).is_empty());
}

pub(super) fn invalid_names(store: &dyn EventStore) {
    for stream in ["", "a\0b", &"x".repeat(251), &"é".repeat(126)] {
        let batch = vec![append(stream, Expected::NoStream, vec![event(1)])];
        let error = refusal(results(store, batch).pop());
        assert!(matches!(error, AppendError::InvalidStreamId { .. }), "another error: {error}");
    }
    for event_type in ["".into(), "a\nb".into(), "é".into(), "x".repeat(251)] {
        let bad = NewEvent { event_type: event_type.into(), ..event(1) };
        let error =
            refusal(results(store, vec![append("a-1", Expected::NoStream, vec![bad])]).pop());
        assert!(matches!(error, AppendError::InvalidEventType { .. }), "another error: {error}");
    }
    assert_eq!(head(store), 0);
}

pub(super) fn unicode_ids(store: &dyn EventStore, scale: &Scale) {
    let longest = ["z".repeat(scale.name_bytes), "é".repeat(scale.name_bytes / 2)];
    let [letters, accents] = &longest;
    let names = ["订单-四二", "$et-a", "no dash", "é", "-", " ", "🦀-1", "x", letters, accents];
    for (number, name) in (0..).zip(names) {
        put(store, name, Expected::NoStream, number);
    }
    for (number, name) in (0..).zip(names) {
        let found = whole(store, name, Direction::Forwards, 10);
        assert_eq!(found, [(0, event(number).data)], "stream {name}");
    }
}

pub(super) fn bytewise_ids(store: &dyn EventStore) {
    // Case, composed and decomposed letters, a trailing space and a prefix: different bytes, different streams.
    let names = ["a-1", "A-1", "a-1 ", "a-", "\u{e9}-1", "e\u{301}-1"];
    for (number, name) in (0..).zip(names) {
        put(store, name, Expected::NoStream, number);
    }
    for (number, name) in (0..).zip(names) {
        assert_eq!(whole(store, name, Direction::Backwards, 9), [(0, event(number).data)]);
    }
}

pub(super) fn any_bytes(store: &dyn EventStore) {
    let all: Vec<u8> = (0..=255).collect();
    let events = vec![
        NewEvent { metadata: vec![], data: vec![], ..event(1) },
        NewEvent { metadata: all.clone(), data: all.clone(), ..event(2) },
    ];
    results(store, vec![append("a-1", Expected::NoStream, events)])
        .pop()
        .expect("a result")
        .expect("kept");
    let page = store.read_stream("a-1", 0, Direction::Forwards, 2).expect("it can be read");
    let records: Vec<_> = page.records().map(|r| r.expect("the record is valid")).collect();
    assert!(records[0].metadata.is_empty() && records[0].data.is_empty());
    assert_eq!((records[1].metadata, records[1].data), (&*all, &*all));
    assert_eq!(records[1].event_id, event(2).event_id);
    assert_eq!(records[1].event_type, "thing-done");
}
