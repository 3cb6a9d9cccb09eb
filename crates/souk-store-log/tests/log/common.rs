//! What the tests of the log share.

use souk_store::{Append, Appended, EventStore, Expected, NewEvent};
use souk_store_log::{Kind, LogStore, Options};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const ID: [u8; 16] = [7; 16];

pub(crate) fn create(dir: &TempDir) -> LogStore {
    LogStore::create(dir.path(), Kind::Ledger, ID, Options::default()).unwrap()
}

pub(crate) fn event(number: u64) -> NewEvent {
    NewEvent {
        event_id: u128::from(number).to_be_bytes(),
        event_type: "thing-done".into(),
        metadata: vec![],
        data: format!("number {number}").into_bytes(),
    }
}

pub(crate) fn append(stream: &str, last: Option<u64>, events: Vec<NewEvent>) -> Append {
    Append { stream: stream.into(), expected: Expected::after(last), events }
}

/// Appends one event to a stream that has `revision` events.
pub(crate) fn put(store: &LogStore, stream: &str, revision: u64) -> Appended {
    let batch = vec![append(stream, revision.checked_sub(1), vec![event(revision)])];
    store.append(batch).wait_one().unwrap()
}

/// The bytes of all records.
pub(crate) fn all(store: &LogStore) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    loop {
        let page = store.read_all(records.len() as u64, 300).unwrap();
        if page.is_empty() {
            return records;
        }
        records.extend(page.raw().map(|(_, bytes)| bytes.to_vec()));
    }
}

/// The segments, ascending.
pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("log")).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A copy of a log as it is on disk now: what a killed writer would leave.
pub(crate) fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    fs::create_dir(to.path().join("log")).unwrap();
    for file in ["STORE", "WATERMARK"] {
        fs::copy(from.join(file), to.path().join(file)).unwrap();
    }
    for path in segments(from) {
        fs::copy(&path, to.path().join("log").join(path.file_name().unwrap())).unwrap();
    }
    to
}

/// Makes the watermark say that so many entries were acknowledged.
pub(crate) fn acknowledge(dir: &Path, entries: u64) {
    let mut bytes = [b"SOUKMARK".as_slice(), &entries.to_be_bytes(), &[0; 4]].concat();
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_be_bytes());
    fs::write(dir.join("WATERMARK"), bytes).unwrap();
}
