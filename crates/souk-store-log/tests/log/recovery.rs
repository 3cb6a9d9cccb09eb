//! What opening makes of torn and damaged logs.

use crate::common::{ID, acknowledge, all, copy, create, put, segments};
use souk_store::{EventStore, StoreError};
use souk_store_log::{Kind, LogStore, Options};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A closed log of five entries, and the length of its segment after each.
fn five() -> (TempDir, Vec<u64>) {
    let dir = tempfile::tempdir().unwrap();
    let store = create(&dir);
    let lengths = (0..5).map(|n| {
        put(&store, "a-1", n);
        segments(dir.path())[0].metadata().unwrap().len()
    });
    let lengths = lengths.collect();
    drop(store);
    (dir, lengths)
}

fn open(dir: &Path) -> Result<LogStore, StoreError> {
    LogStore::open(dir, Kind::Ledger, Options::default())
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn corrupt(error: StoreError) -> (String, u64, u64, String) {
    let text = error.to_string();
    let StoreError::Corrupt { segment, offset, entry, .. } = error else {
        panic!("another error: {text}");
    };
    assert!(text.contains(&*segment) && text.contains("restore"), "{text}");
    (segment.into(), offset, entry, text)
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_to_the_last_whole_frame_and_reported() {
    let (dir, lengths) = five();
    for len in lengths[3]..lengths[4] {
        let torn = copy(dir.path());
        acknowledge(torn.path(), 0);
        change(&segments(torn.path())[0], |bytes| bytes.truncate(usize::try_from(len).unwrap()));
        let reader = LogStore::open_read_only(torn.path()).unwrap();
        assert_eq!(
            (reader.head().unwrap(), reader.report().truncated_bytes),
            (4, len - lengths[3])
        );
        let store = open(torn.path()).unwrap();
        let report = store.report();
        assert_eq!((report.entries, report.truncated_bytes), (4, len - lengths[3]));
        assert_eq!(report.truncated.is_some(), len > lengths[3]);
        put(&store, "a-1", 4);
        drop(store);
        let store = open(torn.path()).unwrap();
        assert_eq!((store.head().unwrap(), store.report().truncated_bytes), (5, 0));
    }
}

#[test]
fn an_acknowledged_entry_that_is_missing_is_damage_and_not_cut() {
    let (dir, lengths) = five();
    for len in [lengths[3], lengths[3] + 1, lengths[4] - 1] {
        let path = &segments(dir.path())[0];
        change(path, |bytes| bytes.truncate(usize::try_from(len).unwrap()));
        let (.., offset, entry, text) = corrupt(open(dir.path()).unwrap_err());
        assert_eq!((offset, entry), (lengths[3], 4), "{text}");
        assert!(text.contains("5 entries were acknowledged"), "{text}");
        corrupt(LogStore::open_read_only(dir.path()).unwrap_err());
        assert_eq!(path.metadata().unwrap().len(), len, "nothing is changed");
        change(path, |bytes| bytes.resize(usize::try_from(lengths[4]).unwrap(), 0));
    }
}

#[test]
fn any_flipped_byte_before_the_last_frame_halts_and_names_the_place() {
    let (dir, lengths) = five();
    let begin = |frame: usize| if frame == 0 { 44 } else { lengths[frame - 1] };
    for (frame, end) in lengths.iter().enumerate().take(4) {
        for at in begin(frame)..*end {
            let damaged = copy(dir.path());
            // Whatever the watermark says: a good frame follows.
            acknowledge(damaged.path(), 0);
            let path = segments(damaged.path())[0].clone();
            change(&path, |bytes| bytes[usize::try_from(at).unwrap()] ^= 0x10);
            let (segment, offset, entry, text) = corrupt(open(damaged.path()).unwrap_err());
            assert_eq!(segment, path.to_string_lossy());
            assert_eq!((offset, entry), (begin(frame), frame as u64), "byte {at}: {text}");
        }
    }
}

#[test]
fn a_damaged_header_of_the_segment_halts() {
    let (dir, _) = five();
    for at in 0..44 {
        let damaged = copy(dir.path());
        change(&segments(damaged.path())[0], |bytes| bytes[at] ^= 1);
        let (_, offset, entry, _) = corrupt(open(damaged.path()).unwrap_err());
        assert_eq!((offset, entry), (0, 0));
    }
}

#[test]
fn zeroes_after_the_last_frame_are_cut() {
    let (dir, lengths) = five();
    change(&segments(dir.path())[0], |bytes| bytes.extend([0; 4096]));
    let store = open(dir.path()).unwrap();
    assert_eq!((store.head().unwrap(), store.report().truncated_bytes), (5, 4096));
    assert_eq!(segments(dir.path())[0].metadata().unwrap().len(), lengths[4]);
}

fn many_segments() -> (TempDir, Options) {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { segment_bytes: 400, ..Options::default() };
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap();
    for n in 0..20 {
        put(&store, "a-1", n);
    }
    drop(store);
    (dir, options)
}

#[test]
fn a_segment_cut_short_removed_or_exchanged_before_the_last_halts() {
    let (dir, options) = many_segments();
    let paths = segments(dir.path());
    assert!(paths.len() > 4);
    let name = |index: usize| paths[index].file_name().unwrap();
    let damages: [&dyn Fn(&Path); 3] = [
        &|log| change(&log.join(name(1)), |bytes| bytes.truncate(bytes.len() - 1)),
        &|log| fs::remove_file(log.join(name(1))).unwrap(),
        &|log| assert!(fs::copy(log.join(name(2)), log.join(name(1))).is_ok()),
    ];
    for damage in damages {
        let damaged = copy(dir.path());
        damage(&damaged.path().join("log"));
        corrupt(LogStore::open(damaged.path(), Kind::Ledger, options).unwrap_err());
    }
}

#[test]
fn a_segment_of_another_store_is_refused() {
    let (dir, options) = many_segments();
    let other = tempfile::tempdir().unwrap();
    let store = LogStore::create(other.path(), Kind::Ledger, [8; 16], options).unwrap();
    for n in 0..20 {
        put(&store, "a-1", n);
    }
    drop(store);
    let (ours, theirs) = (segments(dir.path()), segments(other.path()));
    fs::copy(theirs.last().unwrap(), ours.last().unwrap()).unwrap();
    let (.., text) = corrupt(LogStore::open(dir.path(), Kind::Ledger, options).unwrap_err());
    assert!(text.contains("another store"), "{text}");
}

#[test]
fn a_segment_whose_header_was_not_finished_is_dropped() {
    let (dir, options) = many_segments();
    for len in [0, 10, 44] {
        fs::write(dir.path().join("log/00000000000000000020.seg"), vec![0; len]).unwrap();
        let store = LogStore::open(dir.path(), Kind::Ledger, options).unwrap();
        assert_eq!((store.head().unwrap(), store.report().truncated_bytes), (20, len as u64));
        drop(store);
    }
    let store = LogStore::open(dir.path(), Kind::Ledger, options).unwrap();
    for n in 20..30 {
        put(&store, "a-1", n);
    }
    assert_eq!(all(&store).len(), 30);
}

#[test]
fn bytes_damaged_after_opening_are_not_served() {
    let (dir, lengths) = five();
    let store = open(dir.path()).unwrap();
    let at = usize::try_from(lengths[2]).unwrap() - 10;
    change(&segments(dir.path())[0], |bytes| bytes[at] ^= 1);
    let (_, offset, entry, _) = corrupt(store.read_all(2, 1).unwrap_err());
    assert_eq!((offset, entry), (lengths[1], 2));
    let stream = store.read_stream("a-1", 0, souk_store::Direction::Forwards, 10);
    corrupt(stream.unwrap_err());
    assert_eq!(store.read_all(3, 1000).unwrap().len(), 2, "what is whole is still served");
}
