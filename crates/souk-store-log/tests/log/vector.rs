//! The golden vector of a segment: one that must be written and read the same for ever.

use crate::common::{append, event};
use souk_store::EventStore;
use souk_store_log::{Kind, LogStore, Options};
use std::fs;

fn vector() -> Vec<u8> {
    let path = format!("{}/../../fixtures/records/segment.hex", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let digits: Vec<u32> =
        lines.flat_map(str::chars).filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

#[test]
fn a_segment_is_written_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::common::create(&dir);
    let batch =
        vec![append("a-1", None, vec![event(0), event(1)]), append("b-1", None, vec![event(2)])];
    assert!(store.append(batch).wait().iter().all(Result::is_ok));
    drop(store);
    assert_eq!(fs::read(&crate::common::segments(dir.path())[0]).unwrap(), vector());
}

#[test]
fn a_segment_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    drop(crate::common::create(&dir));
    fs::write(dir.path().join("log/00000000000000000000.seg"), vector()).unwrap();
    let store = LogStore::open(dir.path(), Kind::Ledger, Options::default()).unwrap();
    let page = store.read_all(0, 1 << 20).unwrap();
    let read: Vec<_> =
        page.records().map(|r| r.map(|r| (r.stream, r.revision, r.data)).unwrap()).collect();
    assert_eq!(
        read,
        [("a-1", 0, &b"number 0"[..]), ("a-1", 1, b"number 1"), ("b-1", 0, b"number 2")]
    );
    assert_eq!(store.store_id(), crate::common::ID);
    assert_eq!(crate::common::all(&store).len(), 3);
}

#[test]
fn the_mark_of_a_directory_is_written_byte_for_byte_and_nothing_else_is_read() {
    let dir = tempfile::tempdir().unwrap();
    drop(crate::common::create(&dir));
    let path = dir.path().join("STORE");
    let line = b"SOUKSTORE 1 ledger 07070707070707070707070707070707 783ec3b9\n";
    assert_eq!(
        fs::read(&path).unwrap().escape_ascii().to_string(),
        line.escape_ascii().to_string()
    );
    for at in 0..line.len() {
        let mut damaged = line.to_vec();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let error = LogStore::open_read_only(dir.path()).unwrap_err().to_string();
        assert!(error.contains("STORE") && error.contains("damaged"), "byte {at}: {error}");
        fs::write(&path, &line[..at]).unwrap();
        LogStore::open_read_only(dir.path()).unwrap_err();
    }
}

#[test]
fn a_directory_of_another_kind_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(crate::common::create(&dir));
    let error = LogStore::open(dir.path(), Kind::Plain, Options::default()).unwrap_err();
    assert!(error.to_string().contains("holds a ledger, not a plain event store"), "{error}");
}
