//! A pass that goes well.

use souk_store::{EventStore, MemoryStore, leaf_hash};

use super::made::{Models, append, projector, shipped, state, store_of};
use crate::{Progress, Projector, Settings, decode_only, raw_scan};

#[test]
fn every_event_becomes_one_entry_in_log_order() {
    let store = store_of(40);
    let mut projector = projector();
    let progress = projector.catch_up(&store, None).unwrap();
    assert_eq!(progress, Progress { events: 40, entries: 40 });
    let Models { entries, events } = projector.models();
    assert_eq!((entries.lines.len(), events.0.len()), (40, 40));
    assert!(entries.lines[3].starts_with("3 order-paid 2026-02-25T06:13:23.000000Z PspClearing 4"));
    assert!(entries.lines[13].starts_with("13 month-closed"));
    assert_eq!(events.0[5], "5 order-o2@1");
}

#[test]
fn an_empty_log_gives_an_empty_checkpoint() {
    let mut projector = projector();
    assert_eq!(projector.catch_up(&MemoryStore::new(), None).unwrap(), Progress::default());
    assert_eq!((projector.checkpoint().next_entry, projector.checkpoint().leaf_hash), (0, [0; 32]));
}

#[test]
fn the_result_does_not_depend_on_pages_batches_or_threads() {
    let store = store_of(500);
    let mut whole = projector();
    whole.catch_up(&store, None).unwrap();
    for page_bytes in [1, 700, 5000, 1 << 20] {
        for (pages, batch) in [(1, 1), (2, 7), (5, 64), (64, 1000)] {
            for helpers in 0..3 {
                let settings = Settings { page_bytes, pages, batch, helpers };
                let mut other = Projector::with_settings(Models::default(), settings);
                other.catch_up(&store, None).unwrap();
                assert_eq!(state(&other), state(&whole), "{settings:?}");
            }
        }
    }
}

#[test]
fn catching_up_in_steps_equals_one_pass_and_stops_as_of_an_entry() {
    let store = store_of(100);
    let mut whole = projector();
    whole.catch_up(&store, None).unwrap();
    let mut steps = projector();
    for until in [0, 1, 2, 50, 50, 99] {
        steps.catch_up(&store, Some(until)).unwrap();
        assert_eq!(steps.checkpoint().next_entry, until);
        assert_eq!(steps.models().entries.lines, whole.models().entries.lines[..until as usize]);
    }
    assert_eq!(steps.catch_up(&store, Some(1000)).unwrap().entries, 1);
    assert_eq!(state(&steps), state(&whole));
    let refused = steps.catch_up(&store, Some(5)).unwrap_err().to_string();
    assert!(refused.contains("stand at entry 100, beyond entry 5"), "{refused}");
}

#[test]
fn recorded_time_never_goes_back_and_the_leaf_is_that_of_the_last_entry() {
    let store = store_of(5);
    append(&store, "order-x", -50, shipped("m1"));
    let mut projector = projector();
    projector.catch_up(&store, None).unwrap();
    let times: Vec<_> = projector.models().entries.lines.iter().map(|line| &line[2..]).collect();
    assert!(times[4].contains("06:13:23") && times[5].contains("06:13:23"), "{times:?}");
    let checkpoint = projector.checkpoint();
    assert!(checkpoint.recorded_at.to_string().contains("06:13:23"));
    assert_eq!(checkpoint.last_effective, Some("2026-02-25".parse().unwrap()));
    let page = store.read_all(5, 1).unwrap();
    assert_eq!(checkpoint.leaf_hash, leaf_hash(page.raw().next().unwrap().1));
}

#[test]
fn the_parts_of_a_pass_are_measured_over_the_same_events() {
    let store = store_of(300);
    assert_eq!(raw_scan(&store).unwrap().events, 300);
    assert_eq!(decode_only(&store).unwrap().events, 300);
}
