//! How fast the adapter appends and reads over a server of this workspace: a floor, and figures with `--nocapture`.

use crate::common::{Plain, append, fresh_name, open, put};
use crate::way::Way;
use souk_store::EventStore;
use std::thread;
use std::time::Instant;

#[test]
#[ignore = "a measurement; run it alone, with --nocapture"]
fn appends_and_reads_per_second() {
    let plain = Plain::memory();
    let store = open(&plain.url(), &fresh_name());
    let per_second = |count: u64, begun: Instant| count as f64 / begun.elapsed().as_secs_f64();
    (0..200).for_each(|revision| put(&store, "warm-1", revision));
    let begun = Instant::now();
    (0..3_000).for_each(|revision| put(&store, "order-1", revision));
    let sequential = per_second(3_000, begun);
    println!("{sequential:.0} appends/s, one after another");
    let begun = Instant::now();
    thread::scope(|scope| {
        for writer in 0..16 {
            let store = &store;
            scope.spawn(move || (0..300).for_each(|n| put(store, &format!("w-{writer}"), n)));
        }
    });
    println!("{:.0} appends/s by 16 threads", per_second(16 * 300, begun));
    let begun = Instant::now();
    let batch = (0..3_000).map(|n| append(&format!("b-{n}"), 0, n)).collect();
    assert!(store.append(batch).wait().iter().all(Result::is_ok));
    println!("{:.0} appends/s in one batch", per_second(3_000, begun));
    let head = store.head().unwrap();
    let begun = Instant::now();
    assert_eq!(crate::common::all(&store).len() as u64, head);
    println!("{:.0} entries/s read", per_second(head, begun));
    let begun = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(store.stream_revision("order-1").unwrap(), Some(2_999));
    }
    println!("{:.0} revisions/s asked", per_second(1_000, begun));
    let way = Way::to(plain.address);
    let late = open(&format!("kurrentdb://{}?tls=false", way.address), &fresh_name());
    let begun = Instant::now();
    (0..100).for_each(|revision| put(&late, "order-1", revision));
    println!("{:.0} appends/s where acknowledgements come late", per_second(100, begun));
    let begun = Instant::now();
    let batch = (0..1_000).map(|n| append(&format!("b-{n}"), 0, n)).collect();
    assert!(late.append(batch).wait().iter().all(Result::is_ok));
    println!("{:.0} appends/s there, in one batch", per_second(1_000, begun));
    let begun = Instant::now();
    thread::scope(|scope| {
        for writer in 0..16 {
            let late = &late;
            scope.spawn(move || (0..50).for_each(|n| put(late, &format!("w-{writer}"), n)));
        }
    });
    println!("{:.0} appends/s there, by 16 threads", per_second(16 * 50, begun));
    assert!(sequential >= 500.0, "{sequential:.0} appends/s are fewer than 500");
}
