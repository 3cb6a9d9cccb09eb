//! Snapshots: what is taken back, and what is refused.

use std::fs;
use std::path::Path;

use souk_store::{EventStore, MemoryStore};
use tempfile::TempDir;

use super::made::{Models, append, files, more, projector, shipped, state, store_of};
use crate::{NotRestored, Projector};

/// A store of 60 events, and the snapshots of all of them.
fn saved() -> (MemoryStore, TempDir) {
    let (store, dir) = (store_of(60), tempfile::tempdir().unwrap());
    let mut projector = projector();
    projector.catch_up(&store, None).unwrap();
    projector.save(dir.path(), "l1").unwrap();
    (store, dir)
}

/// Refused with a text, and as empty as before; a pass from entry 0 then gives everything.
fn refused(
    projector: &mut Projector<Models>,
    dir: &Path,
    ledger: &str,
    store: &MemoryStore,
) -> String {
    let before = state(projector);
    let why = projector.restore(dir, ledger, store).unwrap_err().to_string();
    assert_eq!(state(projector), before);
    let head = store.head().unwrap();
    assert_eq!(projector.catch_up(store, None).unwrap().entries, head);
    why
}

#[test]
fn restoring_and_going_on_equals_a_whole_replay() {
    let (store, dir) = saved();
    assert_eq!(files(dir.path()), ["entries.snap", "events.snap", "names.snap"]);
    more(&store, 40);
    let mut whole = projector();
    whole.catch_up(&store, None).unwrap();
    let mut restored = projector();
    assert_eq!(restored.restore(dir.path(), "l1", &store).unwrap().from_entry, 60);
    assert_eq!(restored.catch_up(&store, None).unwrap().entries, 40);
    assert_eq!(state(&restored), state(&whole));
    restored.save(dir.path(), "l1").unwrap();
    assert_eq!(projector().restore(dir.path(), "l1", &store).unwrap().from_entry, 100);
}

#[test]
fn nothing_to_restore_is_said_as_such() {
    let (store, dir) = (store_of(3), tempfile::tempdir().unwrap());
    let why = projector().restore(&dir.path().join("none"), "l1", &store).unwrap_err();
    assert!(matches!(why, NotRestored::Absent { .. }), "{why}");
}

#[test]
fn snapshots_of_another_ledger_are_refused() {
    let (store, dir) = saved();
    let why = refused(&mut projector(), dir.path(), "l2", &store);
    assert!(why.contains("it is of ledger l1, this is ledger l2"), "{why}");
}

#[test]
fn snapshots_are_refused_when_the_log_has_another_entry_there() {
    let (_, dir) = saved();
    let other = store_of(59);
    append(&other, "order-other", 5, shipped("m1"));
    let why = refused(&mut projector(), dir.path(), "l1", &other);
    assert!(why.contains("the entry before 60 is another one"), "{why}");
    let why = refused(&mut projector(), dir.path(), "l1", &store_of(20));
    assert!(why.contains("the store gave nothing where entry 59 was due"), "{why}");
}

#[test]
fn snapshots_of_another_version_are_refused() {
    let (store, dir) = saved();
    let mut newer = projector();
    newer.models.entries.version = 1;
    let why = refused(&mut newer, dir.path(), "l1", &store);
    assert!(why.contains("it has version 0, this edition has version 1"), "{why}");
}

#[test]
fn one_missing_damaged_or_older_snapshot_refuses_all() {
    let (store, dir) = saved();
    let older = fs::read(dir.path().join("events.snap")).unwrap();
    let mut damaged = older.clone();
    damaged[40] ^= 1;
    more(&store, 1);
    let mut later = projector();
    later.catch_up(&store, None).unwrap();
    later.save(dir.path(), "l1").unwrap();
    let cases = [
        (older.as_slice(), "it stands at entry 60 and another snapshot at entry 61"),
        (damaged.as_slice(), "its checksum does not match"),
        (b"SOUK", "it is of another edition or not a snapshot"),
        (b"", "it is cut short"),
    ];
    for (bytes, text) in cases {
        fs::write(dir.path().join("events.snap"), bytes).unwrap();
        let why = refused(&mut projector(), dir.path(), "l1", &store);
        assert!(why.contains(text), "{why}");
    }
    fs::remove_file(dir.path().join("events.snap")).unwrap();
    let why = refused(&mut projector(), dir.path(), "l1", &store);
    assert!(why.contains("there is no snapshot"), "{why}");
}

#[test]
fn a_state_that_does_not_load_leaves_every_read_model_empty() {
    let (store, dir) = saved();
    let path = dir.path().join("events.snap");
    let (header, _) = crate::snapshot_file::read(&path).unwrap().unwrap();
    crate::snapshot_file::write(&path, &header, b"broken").unwrap();
    let why = refused(&mut projector(), dir.path(), "l1", &store);
    assert!(why.contains("snapshot events is not used: it is broken"), "{why}");
}

#[test]
fn read_models_that_hold_entries_are_not_restored_over() {
    let (store, dir) = saved();
    let mut projector = projector();
    projector.catch_up(&store, Some(3)).unwrap();
    let why = projector.restore(dir.path(), "l1", &store).unwrap_err();
    assert_eq!(why, NotRestored::NotEmpty);
}
