//! What reads return.

use super::{Scale, append, event, head, log, put, read, results, whole};
use crate::{Append, Direction, EventStore, Expected, Page};

/// Appends `count` events to a stream, `at_once` per append.
fn fill(store: &dyn EventStore, stream: &str, count: u64, at_once: u64) {
    let batch: Vec<Append> = (0..count)
        .step_by(usize::try_from(at_once).expect("small"))
        .map(|first| {
            let events = (first..count.min(first + at_once)).map(event).collect();
            append(stream, Expected::after(first.checked_sub(1)), events)
        })
        .collect();
    for outcome in results(store, batch) {
        outcome.expect("the append succeeds");
    }
}

pub(super) fn both_directions(store: &dyn EventStore) {
    put(store, "other-1", Expected::NoStream, 99);
    fill(store, "order-1", 5, 2);
    put(store, "other-1", Expected::At(0), 98);
    let mut expected: Vec<_> = (0..5).map(|n| (n, event(n).data)).collect();
    assert_eq!(whole(store, "order-1", Direction::Forwards, 100), expected);
    expected.reverse();
    assert_eq!(whole(store, "order-1", Direction::Backwards, 100), expected);
    assert_eq!(store.stream_revision("order-1").expect("it can be asked"), Some(4));
    let page = store.read_stream("order-1", 3, Direction::Forwards, 100).expect("it can be read");
    let entries: Vec<_> = read(&page).iter().map(|(entry, ..)| *entry).collect();
    assert_eq!(entries, [4, 5], "entry numbers within a stream");
    assert_eq!(page.last_revision(), Some(4));
    let unnumbered = store.read_stream_unnumbered("order-1", 3, Direction::Forwards, 100);
    let unnumbered = unnumbered.expect("it can be read");
    assert!(unnumbered.raw().map(|(_, bytes)| bytes).eq(page.raw().map(|(_, bytes)| bytes)));
    assert_eq!((unnumbered.last_revision(), unnumbered.next_revision()), (Some(4), None));
}

pub(super) fn backwards_with_limit(store: &dyn EventStore) {
    fill(store, "order-1", 10, 10);
    let page = |from, limit| {
        let page = store.read_stream("order-1", from, Direction::Backwards, limit);
        let page = page.expect("it can be read");
        let revisions: Vec<u64> = read(&page).iter().map(|(_, _, revision, _)| *revision).collect();
        (revisions, page.next_revision())
    };
    assert_eq!(page(u64::MAX, 3), (vec![9, 8, 7], Some(6)));
    assert_eq!(page(9, 1), (vec![9], Some(8)));
    assert_eq!(page(6, 2), (vec![6, 5], Some(4)));
    assert_eq!(page(2, 3), (vec![2, 1, 0], None));
    assert_eq!(page(1, 100), (vec![1, 0], None));
    assert_eq!(page(0, 1), (vec![0], None));
}

pub(super) fn unknown_stream(store: &dyn EventStore) {
    put(store, "order-1", Expected::NoStream, 1);
    for direction in [Direction::Forwards, Direction::Backwards] {
        let page = store.read_stream("order-2", 0, direction, 10).expect("it can be read");
        assert!(page.is_empty() && !page.stream_exists() && page.next_revision().is_none());
    }
    let page = store.read_stream("order-1", 1, Direction::Forwards, 10).expect("it can be read");
    assert!(page.is_empty() && page.stream_exists() && page.next_revision().is_none());
    assert_eq!(store.stream_revision("order-2").expect("it can be asked"), None);
}

pub(super) fn long_stream(store: &dyn EventStore, scale: &Scale) {
    let long = scale.long;
    fill(store, "busy-1", long, 700);
    let expected: Vec<_> = (0..long).map(|n| (n, event(n).data)).collect();
    let at_once = usize::try_from(long).expect("it fits in memory");
    assert!(whole(store, "busy-1", Direction::Forwards, at_once) == expected, "in one page");
    assert!(whole(store, "busy-1", Direction::Forwards, 333) == expected, "in pages of 333");
    let mut backwards = whole(store, "busy-1", Direction::Backwards, 333);
    backwards.reverse();
    assert!(backwards == expected, "backwards in pages of 333");
    for from in [0, 1, 63, 64, 65, 127, 128, long / 2, long - 2, long - 1] {
        for direction in [Direction::Forwards, Direction::Backwards] {
            let page = store.read_stream("busy-1", from, direction, 1).expect("it can be read");
            let revisions: Vec<u64> = read(&page).iter().map(|(_, _, r, _)| *r).collect();
            assert_eq!(revisions, [from], "{direction:?} from {from}");
        }
    }
}

pub(super) fn many_streams(store: &dyn EventStore, scale: &Scale) {
    // Appends per batch, and streams read back at most.
    const AT_ONCE: usize = 20_000;
    const SAMPLE: u64 = 2_000;
    let name = |number: u64| format!("order-{number}");
    let all = |appends: &mut dyn Iterator<Item = Append>| {
        loop {
            let batch: Vec<Append> = appends.take(AT_ONCE).collect();
            if batch.is_empty() {
                break;
            }
            assert!(results(store, batch).iter().all(Result::is_ok));
        }
    };
    all(&mut (0..scale.streams).map(|n| append(&name(n), Expected::NoStream, vec![event(n)])));
    let again = (0..scale.streams).step_by(7);
    all(&mut again.map(|n| append(&name(n), Expected::At(0), vec![event(n + 1)])));
    let step = usize::try_from((scale.streams / SAMPLE).max(11)).expect("it fits in memory");
    for number in (0..scale.streams).step_by(step) {
        let mut expected = vec![(0, event(number).data)];
        if number % 7 == 0 {
            expected.push((1, event(number + 1).data));
        }
        assert_eq!(whole(store, &name(number), Direction::Forwards, 10), expected);
    }
}

pub(super) fn all_in_order(store: &dyn EventStore) {
    assert!(log(store, 1 << 20).is_empty(), "an empty log");
    let mut expected = Vec::new();
    for round in 0..50_u64 {
        let last = round.checked_sub(1).map(|r| 2 * r + 1);
        let batch = vec![
            append("x-1", Expected::after(last), vec![event(round), event(round + 1000)]),
            append(&format!("y-{round}"), Expected::NoStream, vec![event(round + 2000)]),
        ];
        for (outcome, entry) in results(store, batch).into_iter().zip([3 * round, 3 * round + 2]) {
            let first = outcome.expect("the append succeeds").first_entry;
            assert!(first.is_none_or(|first| first == entry), "first entry {first:?}, not {entry}");
        }
        expected.push((3 * round, "x-1".to_owned(), 2 * round, event(round).data));
        expected.push((3 * round + 1, "x-1".to_owned(), 2 * round + 1, event(round + 1000).data));
        expected.push((3 * round + 2, format!("y-{round}"), 0, event(round + 2000).data));
    }
    assert_eq!(head(store), 150);
    for max_bytes in [0, 100, 1000, 1 << 20] {
        assert_eq!(log(store, max_bytes), expected, "in pages of {max_bytes} bytes");
    }
    let page = store.read_all(77, 0).expect("the log can be read");
    assert_eq!(read(&page), [expected[77].clone()]);
    for beyond in [150, 151, u64::MAX] {
        let page = store.read_all(beyond, 1000).expect("the log can be read");
        assert!(page.is_empty() && page.next_entry() == beyond);
    }
}

pub(super) fn all_in_pages(store: &dyn EventStore) {
    fill(store, "a-1", 300, 25);
    for max_bytes in [1, 150, 999, 5_000, 100_000] {
        let mut from = 0;
        while from < 300 {
            let page = store.read_all(from, max_bytes).expect("the log can be read");
            assert!(!page.is_empty(), "an empty page before the head");
            let bytes = page.record_bytes();
            assert!(bytes <= max_bytes || page.len() == 1, "{bytes} bytes for {max_bytes}");
            from = page.next_entry();
        }
        assert_eq!(from, 300);
    }
}

pub(super) fn page_again(store: &dyn EventStore) {
    fill(store, "a-1", 100, 10);
    let mut page = Page::new();
    for from in [0, 50, 99, 100, 3] {
        store.read_all_into(from, 2_000, &mut page).expect("the log can be read");
        let fresh = store.read_all(from, 2_000).expect("the log can be read");
        assert_eq!(read(&page), read(&fresh));
        assert_eq!(page.next_entry(), fresh.next_entry());
    }
}
