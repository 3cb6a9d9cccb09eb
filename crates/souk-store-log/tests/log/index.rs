//! The index on disk: right when whole, made again when it is not, never believed when damaged.

use crate::common::{ID, all, append, copy, event, segments};
use souk_store::{Append, Direction, EventStore, MemoryStore};
use souk_store_log::{Kind, LogStore, Options};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Segments of a dozen frames, each synced once.
const TINY: Options = Options { segment_bytes: 1500, group_bytes: 4000, queue_bytes: 400_000 };

/// Appends of one to three events to forty streams in an order that is mixed and always the same.
fn script() -> Vec<Append> {
    let mut revisions = [None::<u64>; 40];
    let mut state = 1u64;
    let mut number = 0;
    let mut step = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = state >> 33;
        // A few streams get most, so that some are long and some live in one segment only.
        let stream = usize::try_from((draw % 40).min(draw / 64 % 40)).unwrap();
        let count = 1 + draw % 3;
        let events = (0..count).map(|_| {
            number += 1;
            event(number)
        });
        let one = append(&format!("s-{stream}"), revisions[stream], events.collect());
        revisions[stream] = Some(revisions[stream].map_or(0, |last| last + 1) + count - 1);
        one
    };
    (0..1200).map(&mut step).collect()
}

fn fill(store: &dyn EventStore, script: Vec<Append>) {
    for batch in script.chunks(200) {
        assert!(store.append(batch.to_vec()).wait().iter().all(Result::is_ok));
    }
}

/// A closed log of some hundred segments, and the same in memory.
fn both() -> (TempDir, MemoryStore) {
    both_of(script(), TINY)
}

fn both_of(script: Vec<Append>, options: Options) -> (TempDir, MemoryStore) {
    let (dir, memory) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, options).unwrap();
    fill(&store, script.clone());
    fill(&memory, script);
    (dir, memory)
}

fn runs(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("index")).into_iter().flatten();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What a page has: entry and bytes of each record, the last revision, where to read on.
type Read = (Vec<(u64, Vec<u8>)>, Option<u64>, Option<u64>);

fn read(store: &dyn EventStore, stream: &str, from: u64, back: bool, limit: usize) -> Option<Read> {
    let direction = if back { Direction::Backwards } else { Direction::Forwards };
    let page = store.read_stream(stream, from, direction, limit).ok()?;
    let raw = page.raw().map(|(entry, bytes)| (entry, bytes.to_vec())).collect();
    Some((raw, page.last_revision(), page.next_revision()))
}

/// Every answer of the log is the one of the store in memory, or there is none.
fn agree(log: &LogStore, memory: &MemoryStore) -> bool {
    let mut answered = true;
    for stream in (0..42).map(|number| format!("s-{number}")) {
        for (from, back, limit) in
            [(0, false, 1000), (5, false, 3), (u64::MAX, true, 4), (9, true, 100), (90, false, 2)]
        {
            let found = read(log, &stream, from, back, limit);
            answered &= found.is_some();
            let expected = read(memory, &stream, from, back, limit);
            assert!(found.is_none() || found == expected, "{stream} from {from}: {found:?}");
        }
        let revision = log.stream_revision(&stream);
        answered &= revision.is_ok();
        assert!(revision.is_err() || revision.unwrap() == memory.stream_revision(&stream).unwrap());
    }
    for from in (0..memory.head().unwrap()).step_by(97) {
        let page = log.read_all(from, 900);
        answered &= page.is_ok();
        let raw = |page: &souk_store::Page| -> Vec<_> {
            page.raw().map(|(entry, bytes)| (entry, bytes.to_vec())).collect()
        };
        if let Ok(page) = page {
            let expected = memory.read_all(from, usize::MAX).unwrap();
            let (found, expected) = (raw(&page), raw(&expected));
            assert!(!found.is_empty() && expected.starts_with(&found), "from entry {from}");
        }
    }
    answered
}

#[test]
fn a_log_of_many_segments_answers_as_a_store_in_memory_does() {
    let (dir, memory) = both();
    assert!(segments(dir.path()).len() > 100, "{} segments", segments(dir.path()).len());
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    assert!(agree(&reader, &memory));
    let indexed = reader.report().indexed;
    let head = memory.head().unwrap();
    assert!(indexed > head - 20, "runs cover {indexed} of {head}");
    let store = LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap();
    assert!(agree(&store, &memory));
    assert_eq!(all(&store), all(&reader));
    let more = append("s-1", memory.stream_revision("s-1").unwrap(), vec![event(7)]);
    fill(&store, vec![more.clone()]);
    fill(&memory, vec![more]);
    assert!(agree(&store, &memory));
}

#[test]
fn sealed_segments_are_merged_into_few_runs_and_what_is_on_disk_follows_from_the_log_alone() {
    let (dir, _) = both();
    let sealed = segments(dir.path()).len() - 1;
    let files = runs(dir.path());
    assert!(files.len() <= sealed / 64 + 7 + 7, "{sealed} sealed segments, {} runs", files.len());
    let again = both().0;
    let bytes = |dir: &Path| -> Vec<_> {
        runs(dir)
            .iter()
            .map(|run| (run.file_name().map(Into::into), fs::read(run).unwrap()))
            .collect()
    };
    let first: Vec<(Option<std::ffi::OsString>, Vec<u8>)> = bytes(dir.path());
    assert!(first == bytes(again.path()), "the same log has another index");
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    drop(LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap());
    assert!(first == bytes(dir.path()), "made again, the index is another");
}

/// More than a mebibyte to read, so that one thread reads and another fills the index.
#[test]
fn a_long_log_without_its_index_answers_as_a_store_in_memory_does() {
    let mut script = script();
    let events = script.iter_mut().flat_map(|append| &mut append.events);
    events.for_each(|event| event.data.resize(1200, b'x'));
    let options = Options { segment_bytes: 100_000, ..TINY };
    let (dir, memory) = both_of(script, options);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    assert!(reader.report().bytes > 2 << 20, "{:?}", reader.report());
    assert!(agree(&reader, &memory));
    let store = LogStore::open(dir.path(), Kind::Ledger, options).unwrap();
    let report = store.report();
    // The last of them is written to and two may wait for the thread that indexes.
    assert!(report.indexed > 0 && report.bytes < 4 * options.segment_bytes, "{report:?}");
    assert!(agree(&store, &memory));
}

#[test]
fn without_the_index_everything_is_found_and_the_index_is_made_again() {
    let (dir, memory) = both();
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.report().indexed, 0);
    assert!(agree(&reader, &memory));
    drop(reader);
    assert!(!runs(dir.path()).is_empty(), "a reader that had to read everything spares the next");
    fs::remove_file(&runs(dir.path())[0]).unwrap();
    let store = LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap();
    assert!(agree(&store, &memory));
}

#[test]
fn a_damaged_or_cut_run_is_not_believed() {
    let mut script = script();
    script.truncate(250);
    let (dir, memory) = both_of(script, TINY);
    let files = runs(dir.path());
    let (mut refused, mut ignored) = (0, 0);
    for file in &files {
        let whole = fs::read(file).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut bytes = whole.clone();
            if at % 2 == 0 {
                bytes[at] ^= 1 << (at % 8)
            } else {
                bytes.truncate(at)
            }
            let damaged = copy(dir.path());
            fs::create_dir(damaged.path().join("index")).unwrap();
            for run in &files {
                fs::copy(run, damaged.path().join("index").join(run.file_name().unwrap())).unwrap();
            }
            fs::write(damaged.path().join("index").join(file.file_name().unwrap()), bytes).unwrap();
            let reader = LogStore::open_read_only(damaged.path()).unwrap();
            if agree(&reader, &memory) { ignored += 1 } else { refused += 1 }
        }
    }
    assert!(refused > 3 && ignored > 3, "refused {refused}, ignored {ignored}");
}

#[test]
fn a_run_of_another_log_is_not_taken_up() {
    let (dir, memory) = both();
    let other = tempfile::tempdir().unwrap();
    let store = LogStore::create(other.path(), Kind::Ledger, [9; 16], TINY).unwrap();
    fill(&store, script());
    drop(store);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    fs::rename(other.path().join("index"), dir.path().join("index")).unwrap();
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.report().indexed, 0);
    assert!(agree(&reader, &memory));
}

#[test]
fn a_reader_beside_a_writer_takes_up_what_is_indexed_meanwhile() {
    let (dir, memory) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let store = LogStore::create(dir.path(), Kind::Ledger, ID, TINY).unwrap();
    let reader = LogStore::open_read_only(dir.path()).unwrap();
    for part in script().chunks(100) {
        fill(&store, part.to_vec());
        fill(&memory, part.to_vec());
        assert_eq!(reader.refresh().unwrap(), memory.head().unwrap());
        assert!(agree(&reader, &memory));
    }
    drop(store);
    reader.refresh().unwrap();
    assert!(agree(&reader, &memory));
}

#[test]
fn a_sealed_segment_that_was_changed_halts_on_opening_or_when_it_is_read() {
    let (dir, memory) = both();
    let paths = segments(dir.path());
    let path = &paths[paths.len() / 2];
    let whole = fs::read(path).unwrap();
    for at in (0..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        fs::write(path, &bytes).unwrap();
        match LogStore::open_read_only(dir.path()) {
            Ok(reader) => assert!(!agree_on_all(&reader), "byte {at} is served"),
            Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
        }
    }
    for len in [0, 10, 44, whole.len() - 1] {
        fs::write(path, &whole[..len]).unwrap();
        LogStore::open_read_only(dir.path()).unwrap_err();
        LogStore::open(dir.path(), Kind::Ledger, TINY).unwrap_err();
    }
    fs::write(path, &whole).unwrap();
    assert!(agree(&LogStore::open_read_only(dir.path()).unwrap(), &memory));
}

/// Whether the whole log can be read.
fn agree_on_all(store: &LogStore) -> bool {
    let mut from = 0;
    while from < store.head().unwrap() {
        let Ok(page) = store.read_all(from, 700) else { return false };
        from = page.next_entry();
    }
    true
}
