//! Anchors: written, checked when the log is opened or passed, and what happens when one does not fit.

use crate::common::{Plain, Raw, address, all, append, fresh_name, json, put};
use kurrentdb::{EventData, StreamState};
use souk_store::{AppendError, EventStore, MemoryStore, StoreError, Tree, leaf_hash};
use souk_store_kurrentdb::{KurrentStore, Options};
use uuid::Uuid;

const INTERVAL: u64 = 5;

fn open(plain: &Plain, ledger: &str, interval: u64) -> Result<KurrentStore, StoreError> {
    let options = Options { anchor_interval: interval, ..Options::default() };
    KurrentStore::open(&address(&plain.url(), ledger), options)
}

/// The records of the anchor stream in the server's own store.
fn stored(plain: &Plain, ledger: &str) -> Vec<serde_json::Value> {
    let stream = format!("souk.{ledger}:anchors");
    let page = plain.store.read_stream(&stream, 0, souk_store::Direction::Forwards, 100).unwrap();
    page.records().map(|record| serde_json::from_slice(record.unwrap().data).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An anchor over the first `entries` records, at the position of the last of them.
fn anchor(records: &[Vec<u8>], entries: u64, position: u64) -> String {
    let mut tree = Tree::new();
    records.iter().take(entries as usize).for_each(|record| tree.push(leaf_hash(record)));
    format!(
        r#"{{"v":1,"entries":{entries},"commit":{position},"prepare":{position},"root":"{}","tree":"{}"}}"#,
        hex(&tree.root()),
        hex(&tree.to_bytes())
    )
}

/// Writes an anchor as the adapter would.
fn forge(plain: &Plain, ledger: &str, revision: u64, text: &str) {
    // The raw value keeps the order of the keys.
    let raw: &serde_json::value::RawValue = serde_json::from_str(text).unwrap();
    let event = EventData::json("souk-anchor", &raw).unwrap().id(Uuid::new_v4());
    let state = revision.checked_sub(1).map_or(StreamState::NoStream, StreamState::StreamRevision);
    Raw::new(&plain.url()).append_at(&format!("souk.{ledger}:anchors"), state, event);
}

/// Takes records out of a ledger of this server into one that has them, and no anchors.
fn unanchored(plain: &Plain, ledger: &str, entries: u64) -> Vec<Vec<u8>> {
    let store = open(plain, ledger, 1_000_000).unwrap();
    (0..entries).for_each(|revision| put(&store, "order-1", revision));
    all(&store)
}

#[test]
fn every_interval_is_anchored_once_whoever_gets_there_first() {
    let plain = Plain::memory();
    for interval in [1, 2, INTERVAL] {
        each_interval_is_anchored_once(&plain, interval);
    }
}

fn each_interval_is_anchored_once(plain: &Plain, interval: u64) {
    let ledger = fresh_name();
    let one = open(plain, &ledger, interval).unwrap();
    let two = open(plain, &ledger, interval).unwrap();
    for revision in 0..23 {
        put(if revision % 2 == 0 { &one } else { &two }, "order-1", revision);
    }
    assert_eq!((one.head().unwrap(), two.head().unwrap()), (23, 23));
    let records = all(&one);
    let anchors = stored(plain, &ledger);
    assert_eq!(anchors.len() as u64, 23 / interval);
    for (anchor, entries) in anchors.iter().zip((0..24).step_by(interval as usize).skip(1)) {
        let mut tree = Tree::new();
        records[..entries].iter().for_each(|record| tree.push(leaf_hash(record)));
        assert_eq!(anchor["entries"], entries);
        assert_eq!(anchor["root"], hex(&tree.root()));
        assert_eq!(anchor["tree"], hex(&tree.to_bytes()));
    }
}

#[test]
fn a_reopened_ledger_starts_at_its_anchors_and_reads_what_is_before() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let store = open(&plain, &ledger, INTERVAL).unwrap();
    for revision in 0..33 {
        put(&store, "order-1", revision);
        put(&store, &format!("order-{revision}x"), 0);
    }
    let records = all(&store);
    drop(store);
    // The interval of the anchors there are is the one that counts.
    let again = open(&plain, &ledger, 7_777).unwrap();
    assert_eq!(again.head().unwrap(), 66);
    let page = again.read_all(31, 1).unwrap();
    assert_eq!(page.raw().next(), Some((31, &*records[31])));
    let page = again.read_stream("order-1", 8, souk_store::Direction::Forwards, 10).unwrap();
    let entries: Vec<u64> = page.raw().map(|(entry, _)| entry).collect();
    assert_eq!(entries, (8..18).map(|revision| 2 * revision).collect::<Vec<_>>());
    assert_eq!(all(&again), records);
    (33..40).for_each(|revision| put(&again, "order-1", revision));
    assert_eq!(stored(&plain, &ledger).len(), 14);
    drop(again);
    assert_eq!(open(&plain, &ledger, INTERVAL).unwrap().head().unwrap(), 73);
}

#[test]
fn an_anchor_that_does_not_fit_stops_the_opening() {
    let plain = Plain::memory();
    let position = |ledger: &str, entry: u64| {
        // The server's positions are the entry numbers of its own store.
        let page = plain.store.read_all(0, 1 << 24).unwrap();
        let name = format!("souk.{ledger}/order-1");
        let at =
            page.records().map(Result::unwrap).find(|r| r.stream == name && r.revision == entry);
        at.unwrap().entry
    };
    // The root of other records; the right root at another position; more entries than there are.
    for (which, right) in [(0, false), (1, false), (2, false), (3, true)] {
        let ledger = fresh_name();
        let mut records = unanchored(&plain, &ledger, 8);
        let last = position(&ledger, 4);
        let text = match which {
            0 => {
                records[2][40] ^= 1;
                anchor(&records, 5, last)
            }
            1 => anchor(&records, 5, last + 1),
            2 => {
                records.resize(9, records[0].clone());
                anchor(&records, 9, position(&ledger, 7))
            }
            _ => anchor(&records, 5, last),
        };
        forge(&plain, &ledger, 0, &text);
        match open(&plain, &ledger, 5) {
            Ok(store) => assert_eq!((right, store.head().unwrap()), (true, 8)),
            Err(error) => {
                assert!(!right && matches!(error, StoreError::Corrupt { .. }), "{which}: {error}");
                let said = error.to_string();
                assert!(said.contains(&ledger) && said.contains("anchor"), "{said}");
            }
        }
    }
}

#[test]
fn an_earlier_anchor_that_does_not_fit_stops_a_read_from_the_start() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let records = unanchored(&plain, &ledger, 24);
    let first = plain.store.read_all(0, 1 << 24).unwrap();
    let name = format!("souk.{ledger}/order-1");
    let positions: Vec<u64> =
        first.records().map(Result::unwrap).filter(|r| r.stream == name).map(|r| r.entry).collect();
    let mut changed = records.clone();
    changed[1][40] ^= 1;
    forge(&plain, &ledger, 0, &anchor(&changed, 5, positions[4]));
    for (revision, entries) in [(1, 10), (2, 15), (3, 20)] {
        let text = anchor(&records, entries, positions[entries as usize - 1]);
        forge(&plain, &ledger, revision, &text);
    }
    let store = open(&plain, &ledger, INTERVAL).unwrap();
    assert_eq!(store.read_all(15, 1 << 20).unwrap().len(), 9);
    let error = store.read_all(0, 1 << 20).unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { entry: 4, .. }), "{error}");
    assert!(store.head().is_err() && store.read_all(15, 1).is_err(), "all work has ended");
}

#[test]
fn an_anchor_of_somebody_else_that_differs_stops_the_writer() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let store = open(&plain, &ledger, INTERVAL).unwrap();
    (0..4).for_each(|revision| put(&store, "order-1", revision));
    let text = anchor(&all(&store), 4, 3).replace(r#""entries":4"#, r#""entries":5"#);
    forge(&plain, &ledger, 0, &text);
    // The entry that completes the interval is written, whether or not that is still said; then nothing more is.
    match store.append(vec![append("order-1", 4, 4)]).wait_one() {
        Ok(done) => assert_eq!(done.last_entry, Some(4)),
        Err(error) => assert!(error.to_string().contains("anchors"), "{error}"),
    }
    let error = store.append(vec![append("order-1", 5, 5)]).wait_one().unwrap_err();
    assert!(matches!(error, AppendError::Store(StoreError::Corrupt { .. })), "{error}");
    assert!(error.to_string().contains("anchors"), "{error}");
    let unread = open(&plain, &ledger, INTERVAL).unwrap_err();
    assert!(unread.to_string().contains("anchor"), "{unread}");
}

#[test]
fn anchors_are_of_the_ledger_alone() {
    let plain = Plain::memory();
    let raw = Raw::new(&plain.url());
    let (one, two) = (fresh_name(), fresh_name());
    let (a, b) = (open(&plain, &one, 3).unwrap(), open(&plain, &two, 3).unwrap());
    let model = MemoryStore::new();
    for revision in 0..10 {
        put(&a, "order-1", revision);
        raw.append("order-1", EventData::json("x", &json("{}")).unwrap().id(Uuid::new_v4()));
        put(&b, "order-2", revision);
        put(&model, "order-1", revision);
    }
    assert_eq!(all(&a), all(&model));
    assert_eq!((stored(&plain, &one).len(), stored(&plain, &two).len()), (3, 3));
}
