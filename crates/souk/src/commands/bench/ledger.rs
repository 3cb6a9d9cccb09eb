//! `souk bench`: the ledger, in one run, as ratios: durable ingest through decisions
//! against the plain append loop, and replay of all projections against decoding alone and the raw
//! scan.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use souk_books::Books;
use souk_domain::event_id::command_id;
use souk_projector::{decode_only, raw_scan};
use souk_store::{Append, EventStore};
use souk_store_log::{Kind, LogStore, Options};
use uuid::Uuid;

use crate::cli::{Bench, Demo, Format, Global};
use crate::demo::{ingest, invent};
use crate::fail::Failure;
use crate::measure::{peak_memory_mib, per_second, timed};
use crate::place::Place;
use crate::show::{self, Rows};

/// One measured step.
#[derive(Debug, Serialize)]
struct Step {
    step: &'static str,
    events: u64,
    milliseconds: u64,
    events_per_second: u64,
    /// Against the step it is compared with, two decimals; none for a reference.
    ratio: Option<String>,
    against: Option<&'static str>,
}

/// Measures.
pub(crate) fn run(global: &Global, of: &Bench) -> Result<(), Failure> {
    let scratch = super::scratch()?;
    let place = Place::at(&scratch.path().join("ledger"));
    let demo = Demo { seed: 42, orders: of.orders };
    drop(invent(&place, &demo)?);
    let (ingested, took) = ingest(&Place::at(&scratch.path().join("ingest")), &demo)?;
    let store = place.read()?;
    let events = store.head()?;
    let (appended, plain) = plain_append(&store, &scratch.path().join("plain"))?;
    // Each pass once unmeasured, so that all of them find the file in memory.
    raw_scan(store.as_ref()).map_err(wrong)?;
    let (scan, raw) = timed(|| raw_scan(store.as_ref()));
    scan.map_err(wrong)?;
    let (decode, decoding) = timed(|| decode_only(store.as_ref()));
    decode.map_err(wrong)?;
    let mut books = Books::for_replay(Arc::clone(&store), "bench");
    let (replay, replaying) = timed(|| books.catch_up(None));
    replay?;
    let steps = [
        step("append loop, batches of 1000, durable", appended, plain, None),
        step(
            "ingest through decisions, durable",
            ingested,
            took,
            Some((appended, plain, "append loop")),
        ),
        step("raw scan", events, raw, None),
        step("decode only", events, decoding, Some((events, raw, "raw scan"))),
        step(
            "replay of all projections",
            events,
            replaying,
            Some((events, decoding, "decode only")),
        ),
        step("replay of all projections", events, replaying, Some((events, raw, "raw scan"))),
    ];
    if global.format() == Format::Json {
        return show::json(global, &steps);
    }
    let mut rows = Rows {
        columns: vec!["step", "events", "milliseconds", "events_per_second", "ratio", "against"],
        numeric: vec!["events", "milliseconds", "events_per_second", "ratio"],
        rows: Vec::new(),
    };
    for of in steps {
        rows.rows.push(vec![
            of.step.to_owned(),
            of.events.to_string(),
            of.milliseconds.to_string(),
            of.events_per_second.to_string(),
            of.ratio.unwrap_or_default(),
            of.against.unwrap_or_default().to_owned(),
        ]);
    }
    show::rows(global, &rows)?;
    if let Some(peak) = peak_memory_mib() {
        show::note(global, &format!("peak memory {peak} MiB"));
    }
    Ok(())
}

fn wrong(error: souk_projector::ProjectorError) -> Failure {
    souk_books::error::BooksError::from(error).into()
}

fn step(
    step: &'static str,
    events: u64,
    took: Duration,
    against: Option<(u64, Duration, &'static str)>,
) -> Step {
    let rate = per_second(events, took);
    let ratio = against.and_then(|(events, took, _)| super::ratio(rate, per_second(events, took)));
    Step {
        step,
        events,
        milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        events_per_second: rate,
        ratio,
        against: against.map(|(_, _, name)| name),
    }
}

/// The same records, without decisions: the most that durable ingest could reach here.
fn plain_append(
    store: &Arc<dyn EventStore>,
    dir: &std::path::Path,
) -> Result<(u64, Duration), Failure> {
    let mut appends: Vec<Append> = Vec::new();
    let mut from = 0;
    loop {
        let page = store.read_all(from, 4 << 20)?;
        if page.is_empty() {
            break;
        }
        from = page.next_entry();
        appends.extend(page.appends(u64::MAX)?);
    }
    let id = command_id(Uuid::nil(), "bench", "plain");
    std::fs::create_dir_all(dir).map_err(|error| Failure::io(dir, &error))?;
    let log = LogStore::create(dir, Kind::Plain, *id.as_bytes(), Options::default())?;
    let (result, took) = timed(|| -> Result<(), Failure> {
        while !appends.is_empty() {
            let rest = appends.split_off(appends.len().min(1_000));
            let batch = std::mem::replace(&mut appends, rest);
            souk_ledger::ledger::all_appended(log.append(batch).wait())?;
        }
        Ok(())
    });
    result?;
    Ok((from, took))
}
