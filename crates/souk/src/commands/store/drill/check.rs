//! `souk store drill check`: everything acknowledged is there, nothing is there twice or in part, and the streams say
//! what the log says.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;
use souk_store::{Direction, EventStore, Page};
use souk_store_log::{LogStore, OpenReport, Options};

use super::acks::{self, Ack};
use super::invent::Script;
use super::log::{self, Log, differs, is_as_invented};
use super::{open, seed_of};
use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::show;

/// Events of a page of a stream.
const PAGE: usize = 64;
/// A stream that no drill writes.
const UNKNOWN: &str = "no-such-stream";

/// The contract of `--format json`.
#[derive(Debug, Serialize)]
struct Report {
    seed: u64,
    entries: u64,
    streams: usize,
    appends: usize,
    acknowledged: usize,
    segments: usize,
    bytes_verified: u64,
    truncated_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<String>,
}

/// Checks.
pub(crate) fn run(global: &Global, dir: &Path, of: &super::Check) -> Result<(), Failure> {
    let mut acknowledged = Vec::new();
    for path in &of.acks {
        acknowledged.extend(acks::read(path)?);
    }
    let (store, seed) = if of.read_only {
        let store = LogStore::open_read_only(dir)?;
        let seed = seed_of(dir, &store)?;
        (store, seed)
    } else {
        open(dir, Options::default())?
    };
    match hold(&store, Script::new(seed), &acknowledged) {
        Ok(log) => tell(global, seed, &log, acknowledged.len(), store.report()),
        Err(failure) if failure.code == "DrillDiffers" && global.exit_zero => {
            show::note(global, &failure.message);
            Ok(())
        }
        Err(failure) => Err(failure),
    }
}

/// Everything that must hold.
fn hold(store: &dyn EventStore, script: Script, acknowledged: &[Ack]) -> Result<Log, Failure> {
    let log = log::read(store, script)?;
    let mut once = HashSet::new();
    for ack in acknowledged {
        is_there(&log, ack)?;
        if !once.insert((&ack.stream, ack.revisions.0)) {
            return Err(differs(format!("{ack}: was acknowledged twice")));
        }
    }
    let mut streams: Vec<(&str, &[u64])> =
        log.streams.iter().map(|(stream, entries)| (stream.as_str(), entries.as_slice())).collect();
    streams.sort_unstable();
    for (stream, entries) in streams {
        forwards(store, script, stream, entries)?;
        backwards(store, stream, entries)?;
    }
    if store.stream_revision(UNKNOWN)?.is_some()
        || store.read_stream(UNKNOWN, 0, Direction::Forwards, 1)?.stream_exists()
    {
        return Err(differs(format!("{UNKNOWN}: the store has a stream that the log does not")));
    }
    Ok(log)
}

/// Whether an acknowledged append is in the log as it was acknowledged; its bytes were compared already.
fn is_there(log: &Log, ack: &Ack) -> Result<(), Failure> {
    let Ack { stream, revisions, entries } = ack;
    let last = log.appends.get(&(stream.clone(), revisions.0));
    if last.is_none() {
        return Err(differs(format!("{ack}: was acknowledged and is not in the log")));
    }
    let at = |revision: u64| -> Option<u64> {
        log.streams.get(stream)?.get(usize::try_from(revision).ok()?).copied()
    };
    let found = (at(revisions.0), at(revisions.1));
    if last != Some(&revisions.1) || found != (Some(entries.0), Some(entries.1)) {
        return Err(differs(format!("{ack}: was acknowledged and stands elsewhere in the log")));
    }
    Ok(())
}

/// The stream from its first event on, page by page.
fn forwards(
    store: &dyn EventStore,
    script: Script,
    stream: &str,
    entries: &[u64],
) -> Result<(), Failure> {
    let last = (entries.len() as u64).checked_sub(1);
    if store.stream_revision(stream)? != last {
        return Err(differs(format!("{stream}: its last revision in the log is {last:?}")));
    }
    let (mut from, mut span) = (Some(0), None);
    let mut read = 0;
    while let Some(revision) = from {
        let page = store.read_stream(stream, revision, Direction::Forwards, PAGE)?;
        is_page(stream, &page, entries, read, last)?;
        for record in page.records() {
            let record = record?;
            let of = span.or_else(|| script.span(stream, record.revision));
            let same = record.stream == stream
                && of.is_some_and(|span| is_as_invented(script, &record, span));
            if !same {
                let at = format!("{stream} revision {}", record.revision);
                return Err(differs(format!("{at}: read by stream it is not what was written")));
            }
            span = of.filter(|span| record.revision < span.last());
        }
        read += page.len();
        from = page.next_revision();
    }
    if read != entries.len() {
        return Err(differs(format!(
            "{stream}: {read} events are read, {} are there",
            entries.len()
        )));
    }
    Ok(())
}

/// Whether a page holds the next events of a stream, where the log has them.
fn is_page(
    stream: &str,
    page: &Page,
    entries: &[u64],
    read: usize,
    last: Option<u64>,
) -> Result<(), Failure> {
    let found: Vec<u64> = page.raw().map(|(entry, _)| entry).collect();
    let wanted = entries.get(read..read + found.len());
    if wanted != Some(found.as_slice()) || found.is_empty() || page.last_revision() != last {
        return Err(differs(format!(
            "{stream}: its events from revision {read} on are not those of the log"
        )));
    }
    Ok(())
}

/// The last events of the stream, read from its end.
fn backwards(store: &dyn EventStore, stream: &str, entries: &[u64]) -> Result<(), Failure> {
    let page = store.read_stream(stream, u64::MAX, Direction::Backwards, PAGE)?;
    let found = page.raw().map(|(entry, _)| entry);
    if !found.eq(entries.iter().rev().take(PAGE).copied()) {
        return Err(differs(format!("{stream}: read from its end it is not what the log has")));
    }
    Ok(())
}

fn tell(
    global: &Global,
    seed: u64,
    log: &Log,
    acknowledged: usize,
    opened: &OpenReport,
) -> Result<(), Failure> {
    let report = Report {
        seed,
        entries: log.entries,
        streams: log.streams.len(),
        appends: log.appends.len(),
        acknowledged,
        segments: opened.segments,
        bytes_verified: opened.bytes,
        truncated_bytes: opened.truncated_bytes,
        truncated: opened.truncated.clone(),
    };
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let grouped = |count: u64| show::grouped(&count.to_string());
    let held = if acknowledged > 0 {
        format!("{} appends acknowledged, all there ✓", grouped(acknowledged as u64))
    } else {
        "nothing to hold the store against: name the acknowledgements with --acks FILE".to_owned()
    };
    let mut said = format!(
        "{held}\n{} appends, {} events, {} streams, {} segments: each whole, once, as written, by log and by stream ✓\n",
        grouped(report.appends as u64),
        grouped(report.entries),
        grouped(report.streams as u64),
        grouped(report.segments as u64),
    );
    if let Some(tail) = &report.truncated {
        let bytes = grouped(report.truncated_bytes);
        said.push_str(&format!("{bytes} bytes never acknowledged were left out: {tail}\n"));
    }
    show::text(global, &said)
}
