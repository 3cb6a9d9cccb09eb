//! Keeping a log: verifying all of it, copying it beside its writer, renewing a watermark.

use crate::common::{ID, acknowledge, all, create, put, segments};
use souk_store::tree::Tree;
use souk_store::{EventStore, StoreError, leaf_hash};
use souk_store_log::{Kind, LogStore, Options, copy, renew_watermark, verify};
use std::fs;

const TINY: Options = Options { segment_bytes: 500, group_bytes: 4000, queue_bytes: 400_000 };

#[test]
fn verifying_counts_everything_and_gives_the_root_of_all_records() {
    let dir = tempfile::tempdir().unwrap();
    let store = LogStore::create(dir.path(), Kind::Plain, ID, TINY).unwrap();
    for n in 0..30 {
        put(&store, "a-1", n);
    }
    let beside = verify(dir.path()).unwrap();
    assert_eq!((beside.entries, beside.acknowledged, beside.kind), (30, Some(30), Kind::Plain));
    let mut tree = Tree::new();
    all(&store).iter().for_each(|record| tree.push(leaf_hash(record)));
    assert_eq!(beside.root, tree.root());
    drop(store);
    let verified = verify(dir.path()).unwrap();
    let files = segments(dir.path());
    let bytes = files.iter().map(|file| file.metadata().unwrap().len()).sum::<u64>();
    assert_eq!((verified.segments, verified.bytes), (files.len(), bytes));
    assert!(verified.runs > 0 && verified.damaged_runs.is_empty());
}

#[test]
fn verifying_names_every_damaged_byte_of_a_segment_and_every_damaged_file_of_the_index() {
    let dir = tempfile::tempdir().unwrap();
    let store = LogStore::create(dir.path(), Kind::Plain, ID, TINY).unwrap();
    for n in 0..12 {
        put(&store, "a-1", n);
    }
    drop(store);
    for path in segments(dir.path()) {
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).unwrap();
            let error = verify(dir.path()).unwrap_err();
            assert!(matches!(error, StoreError::Corrupt { .. }), "byte {at}: {error}");
        }
        fs::write(&path, whole).unwrap();
    }
    let run = fs::read_dir(dir.path().join("index")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&run).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&run, bytes).unwrap();
        assert_eq!(
            verify(dir.path()).unwrap().damaged_runs,
            std::slice::from_ref(&run),
            "byte {at}"
        );
    }
}

#[test]
fn a_copy_made_beside_the_writer_is_a_store_of_one_moment() {
    let (dir, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, TINY).unwrap();
    fs::create_dir(dir.path().join("attachments")).unwrap();
    fs::write(dir.path().join("attachments/a"), "a contract").unwrap();
    for n in 0..20 {
        put(&store, "a-1", n);
    }
    let copied = copy(dir.path(), to.path()).unwrap();
    assert_eq!((copied.entries, copied.acknowledged, copied.torn), (20, Some(20), None));
    for n in 20..30 {
        put(&store, "a-1", n);
    }
    let reader = LogStore::open_read_only(to.path()).unwrap();
    assert_eq!((reader.kind(), reader.store_id(), reader.head().unwrap()), (Kind::Ledger, ID, 20));
    assert_eq!(all(&reader), all(&store)[..20]);
    assert_eq!(fs::read(to.path().join("attachments/a")).unwrap(), b"a contract");
    let again = LogStore::open(to.path(), Kind::Ledger, TINY).unwrap();
    assert_eq!(put(&again, "a-1", 20).first_entry, Some(20));
    let error = copy(dir.path(), to.path()).unwrap_err().to_string();
    assert!(error.contains("not empty"), "{error}");
}

#[test]
fn a_copy_that_was_cut_short_is_no_store() {
    let (dir, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = create(&dir);
    put(&store, "a-1", 0);
    drop(store);
    copy(dir.path(), to.path()).unwrap();
    fs::remove_file(to.path().join("STORE")).unwrap();
    let error = LogStore::open(to.path(), Kind::Ledger, TINY).unwrap_err().to_string();
    assert!(error.contains("STORE"), "{error}");
}

#[test]
fn creating_that_was_cut_short_can_be_done_again_and_nothing_else_can() {
    let dir = tempfile::tempdir().unwrap();
    drop(create(&dir));
    let path = |name: &str| dir.path().join(name);
    let segment = path("log/00000000000000000000.seg");
    let steps: [&dyn Fn(); 4] = [
        &|| fs::remove_file(path("STORE")).unwrap(),
        &|| fs::remove_file(path("WATERMARK")).unwrap(),
        &|| fs::write(&segment, [0; 20]).unwrap(),
        &|| fs::remove_file(&segment).unwrap(),
    ];
    for cut in 1..=steps.len() {
        steps[..cut].iter().for_each(|step| step());
        let error = LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap_err().to_string();
        assert!(error.contains("create it again"), "{error}");
        drop(create(&dir));
        LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap();
    }
    put(&LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap(), "a-1", 0);
    fs::remove_file(path("STORE")).unwrap();
    let error = LogStore::create(dir.path(), Kind::Ledger, ID, TINY).unwrap_err().to_string();
    assert!(error.contains("holds a log already"), "{error}");
}

#[test]
fn a_log_whose_only_segment_was_emptied_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    put(&create(&dir), "a-1", 0);
    for bytes in [vec![], vec![0; 44], vec![0; 10]] {
        fs::write(&segments(dir.path())[0], bytes).unwrap();
        for error in [
            LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap_err(),
            LogStore::open_read_only(dir.path()).unwrap_err(),
            verify(dir.path()).unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Corrupt { offset: 0, entry: 0, .. }), "{error}");
        }
    }
}

#[test]
fn without_a_watermark_opening_halts_until_it_is_renewed() {
    for damage in [None, Some(vec![0; 24]), Some(b"SOUKMARK".to_vec()), Some(vec![1; 30])] {
        let dir = tempfile::tempdir().unwrap();
        let store = create(&dir);
        for n in 0..5 {
            put(&store, "a-1", n);
        }
        let error = renew_watermark(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        drop(store);
        let error = renew_watermark(dir.path()).unwrap_err().to_string();
        assert!(error.contains("nothing to renew"), "{error}");
        let path = dir.path().join("WATERMARK");
        match damage {
            None => fs::remove_file(&path).unwrap(),
            Some(bytes) => fs::write(&path, bytes).unwrap(),
        }
        for error in [
            LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap_err().to_string(),
            LogStore::open_read_only(dir.path()).unwrap_err().to_string(),
        ] {
            assert!(error.contains("watermark") && error.contains("--renew-watermark"), "{error}");
        }
        assert_eq!(verify(dir.path()).unwrap().acknowledged, None);
        assert_eq!(renew_watermark(dir.path()).unwrap().acknowledged, Some(5));
        let store = LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap();
        assert_eq!(store.head().unwrap(), 5);
    }
}

#[test]
fn a_torn_tail_is_named_and_what_was_acknowledged_is_missed() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    for n in 0..3 {
        put(&store, "a-1", n);
    }
    drop(store);
    let path = &segments(dir.path())[0];
    let whole = fs::read(path).unwrap();
    fs::write(path, &whole[..whole.len() - 1]).unwrap();
    let error = verify(dir.path()).unwrap_err().to_string();
    assert!(error.contains("3 entries were acknowledged"), "{error}");
    acknowledge(dir.path(), 2);
    let verified = verify(dir.path()).unwrap();
    assert!(verified.entries == 2 && verified.torn.is_some_and(|torn| torn.contains("entry 2")));
}
