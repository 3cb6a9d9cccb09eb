//! Reading the whole log from memory: pages through the port against a bare scan of the files.

use std::path::Path;
use std::time::Duration;

use souk_store::{EventStore as _, Page};
use souk_store_log::{LogStore, bare_scan};

use super::invented::Shape;
use crate::commands::bench::figures::{Aim, Figure};
use crate::fail::Failure;
use crate::measure::{per_second, timed};

/// Passes, each of the store and then of the limit.
const PASSES: u32 = 4;
/// Bytes of a page.
const PAGE: usize = 1 << 20;

/// Reads everything several times.
pub(super) fn warm(dir: &Path, shape: Shape) -> Result<Figure, Failure> {
    let store = LogStore::open_read_only(dir)?;
    let (mut events, mut took, mut limit) = (0, Duration::ZERO, Duration::ZERO);
    // The first pass finds the files in memory or brings them there, and is not counted.
    for pass in 0..=PASSES {
        let (scanned, bare_took) = timed(|| bare_scan(dir, 0));
        let (read, store_took) = timed(|| read(&store));
        scanned?;
        let read = read?;
        if pass > 0 {
            events += read;
            limit += bare_took;
            took += store_took;
        }
    }
    Ok(Figure::new(
        format!("warm scan, {}", shape.name()),
        (per_second(events, took), "events/s"),
        (per_second(events, limit), "bare scan: read and check every frame"),
        Aim::AtLeast(60),
    ))
}

fn read(store: &LogStore) -> Result<u64, Failure> {
    let mut page = Page::new();
    let mut events = 0;
    loop {
        store.read_all_into(events, PAGE, &mut page)?;
        if page.is_empty() {
            return Ok(events);
        }
        events += page.len() as u64;
    }
}
