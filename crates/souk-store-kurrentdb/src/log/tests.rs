//! What the log makes of events that a server should never send, and where it finds entries.

use super::{Found, Log, Start};
use crate::anchor::Anchor;
use crate::wire::Event;
use kurrentdb::Position;
use souk_store::{HeadSignal, NewRecord, StoreError, leaf_hash};
use std::sync::Arc;

fn at(position: u64) -> Position {
    Position { commit: position, prepare: position }
}

fn event(position: u64, stream: &str, revision: u64) -> Event {
    let event_id = [7; 16];
    let record =
        NewRecord { stream, revision, event_id, event_type: "t", metadata: b"", data: b"" };
    let record = record.encode().expect("a record");
    Event { position: at(position), leaf: leaf_hash(&record), record }
}

fn log(interval: u64, anchors: Vec<Anchor>) -> Log {
    Log::new("souk.x/", interval, anchors, Arc::new(HeadSignal::new(0)))
}

/// Ten entries of one stream at the positions 0, 10, 20, …
fn ten() -> Vec<Event> {
    (0..10).map(|n| event(10 * n, "order-1", n)).collect()
}

/// The anchors of the ten, three apart.
fn anchors() -> Vec<Anchor> {
    let mut live = log(3, Vec::new());
    ten().iter().for_each(|event| live.take_live(event).expect("it comes next"));
    (0..3).map(|index| live.anchor(index).expect("an anchor").clone()).collect()
}

#[test]
fn a_followed_log_knows_every_entry_and_what_is_behind() {
    let mut log = log(4, Vec::new());
    for (entry, event) in (0..).zip(&ten()) {
        assert_eq!((log.count(), log.find(event.position)), (entry, Found::Beyond));
        log.take_live(event).expect("it comes next");
        log.take_live(event).expect("what was met is passed over");
        log.take(entry, event).expect("it is that entry");
        assert_eq!(log.find(event.position), Found::Entry(entry));
        let before = entry.checked_sub(1).map(|before| at(10 * before));
        assert_eq!(log.start_of(entry), Start::After(before));
    }
    assert_eq!(log.find(at(15)), Found::Nowhere);
    log.scanned_to(at(200));
    assert_eq!((log.scanned(), log.find(at(150))), (Some(at(200)), Found::Nowhere));
    log.scanned_to(at(120));
    assert_eq!(log.scanned(), Some(at(200)));
}

#[test]
fn an_anchored_log_is_filled_from_its_anchors() {
    let mut log = log(3, anchors());
    assert_eq!((log.count(), log.unchecked()), (9, Some((6, Some(at(50))))));
    assert_eq!(log.start_of(5), Start::ReadOn { entry: 3, after: Some(at(20)) });
    assert_eq!(log.find(at(50)), Found::ReadOn { entry: 3, after: Some(at(20)) });
    assert_eq!(log.find(at(0)), Found::ReadOn { entry: 0, after: None });
    let events = ten();
    for entry in [6, 7, 8, 3, 4, 5] {
        log.take(entry, &events[entry as usize]).expect("it comes next");
    }
    assert_eq!((log.unchecked(), log.find(at(50))), (None, Found::Entry(5)));
    assert_eq!(log.start_of(6), Start::After(Some(at(50))));
    assert!(log.missing(0).is_some() && log.missing(4).is_none());
    log.take_live(&events[9]).expect("it comes next");
    assert_eq!(log.count(), 10);
}

#[test]
fn what_does_not_come_to_its_anchor_halts() {
    let mut log = log(3, anchors());
    let events = ten();
    log.take(0, &events[0]).expect("it comes next");
    log.take(1, &event(10, "order-2", 0)).expect("nothing speaks against it yet");
    let error = log.take(2, &event(20, "order-1", 1)).expect_err("another tree");
    assert!(matches!(error, StoreError::Corrupt { entry: 2, .. }), "{error}");
    assert!(log.take_live(&events[9]).is_err(), "all work has ended");
}

#[test]
fn missing_revisions_halt() {
    let gap = [event(0, "a", 0), event(1, "a", 2)];
    let beheaded = [event(0, "a", 0), event(1, "b", 1)];
    let twice = [event(0, "a", 0), event(1, "a", 0)];
    for events in [gap, beheaded, twice] {
        let mut log = log(100, Vec::new());
        log.take_live(&events[0]).expect("it comes next");
        let error = log.take_live(&events[1]).expect_err("it cannot come next");
        let said = error.to_string();
        assert!(said.contains("souk.x/") && said.contains("missing"), "{said}");
    }
    // A stream that began before the first anchor goes on wherever it stood.
    let mut log = log(3, anchors());
    log.take_live(&event(500, "earlier", 41)).expect("it may have begun before");
    assert!(log.take_live(&event(510, "earlier", 43)).is_err());
}

#[test]
fn an_entry_that_is_another_one_now_halts() {
    let mut log = log(100, Vec::new());
    ten().iter().for_each(|event| log.take_live(event).expect("it comes next"));
    let error = log.take(3, &event(31, "order-1", 3)).expect_err("entry 3 was elsewhere");
    assert!(matches!(error, StoreError::Corrupt { entry: 3, offset: 31, .. }), "{error}");
}

#[test]
fn followers_are_woken_when_work_ends() {
    let signal = Arc::new(HeadSignal::new(0));
    let mut log = Log::new("souk.x/", 10, Vec::new(), Arc::clone(&signal));
    log.take_live(&event(0, "a", 0)).expect("it comes next");
    log.halt(StoreError::closed());
    assert!(signal.head() > log.count());
}
