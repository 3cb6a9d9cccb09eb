//! A log that was killed and is opened again, each in a process of its own: how long that takes against a bare scan of
//! what the index does not cover, how much memory, and what looking streams up costs then.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use souk_ledger::ledger::all_appended;
use souk_store::{Direction, EventStore as _};
use souk_store_log::{Kind, LogStore, Options, bare_scan};

use super::invented::{Invented, Shape, order};
use crate::commands::bench::figures::{Aim, Figure};
use crate::demo::random::Random;
use crate::fail::{Exit, Failure};
use crate::measure::{current_memory_mib, timed};

/// Streams read, and names looked for that nobody has.
const STREAMS: u64 = 5_000;
/// Fewer events have too few whole orders to pick from.
pub(super) const FEWEST: u64 = 200_000;
/// How often a killed log is opened.
const TIMES: usize = 5;
/// How long a process that should be killed waits for it: whoever should do it may be gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Events in a batch.
const BATCH: usize = 1_000;
/// Memory that a reopened log may take, in MiB.
const MEMORY: u64 = 300;

/// What the process that opens the log says.
#[derive(Debug, Serialize, Deserialize)]
struct Reopened {
    entries: u64,
    indexed: u64,
    micros: u64,
    bare_micros: u64,
    first_micros: u64,
    bare_first_micros: u64,
    filters_kib: u64,
    tail_mib: u64,
    memory_mib: u64,
    stream_nanos: u64,
    bare_stream_nanos: u64,
    missing_nanos: u64,
    missing_reads: u64,
}

fn myself() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|error| {
        Failure::new(Exit::OutOfReach, "StoreOutOfReach", format!("this program's file: {error}"))
    })
}

/// Starts this program again, reads one line of what it says, and kills it. Where there is no line, it failed and has
/// said why.
fn said_and_killed(arguments: &[&str], dir: &Path) -> Result<String, Failure> {
    let program = myself()?;
    let failed = |error| Failure::io(&program, &error);
    let mut child = Command::new(&program)
        .args(["bench", "store"])
        .args(arguments)
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut line = String::new();
    let read = child.stdout.take().map(|stdout| BufReader::new(stdout).read_line(&mut line));
    child.kill().map_err(failed)?;
    child.wait().map_err(failed)?;
    read.transpose().map_err(failed)?;
    Ok(line)
}

/// Fills a log in one process, kills it, and opens it in others, each of which is killed in its turn. What is said is
/// of the one in the middle by the time that opening took.
pub(super) fn measure(dir: &Path, events: u64) -> Result<Vec<Figure>, Failure> {
    said_and_killed(&["--reopen-events", &events.to_string(), "--fill"], dir)?;
    let mut all = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let line = said_and_killed(&["--reopen"], dir)?;
        let of: Reopened = serde_json::from_str(&line).map_err(|error| {
            let message = format!("the process that opened the log again did not answer: {error}");
            Failure::new(Exit::OutOfReach, "StoreOutOfReach", message)
        })?;
        all.push(of);
    }
    all.sort_by_key(|of| of.micros);
    let of = all.swap_remove(TIMES / 2);
    let scan = "bare scan of what the index does not cover";
    let name =
        format!("{} events, {} in the index, {} MiB not", of.entries, of.indexed, of.tail_mib);
    Ok(vec![
        Figure::new(
            format!("reopen after kill -9: {name}"),
            (of.micros, "µs"),
            (of.bare_micros, scan),
            Aim::AtMost(300),
        ),
        Figure::new(
            format!("first look-up after that, which reads {} KiB of filters", of.filters_kib),
            (of.first_micros, "µs"),
            (of.bare_first_micros, "bare reads of the filters"),
            Aim::None,
        ),
        Figure::new(
            "reopen and first look-up",
            (of.micros + of.first_micros, "µs"),
            (of.bare_micros, scan),
            Aim::AtMost(300),
        ),
        Figure::new(
            "memory of the reopened log after that look-up",
            (of.memory_mib, "MiB of memory"),
            (MEMORY, "MiB allowed"),
            Aim::AtMost(100),
        ),
        Figure::new(
            "a stream of 6 events, median",
            (of.stream_nanos, "ns"),
            (of.bare_stream_nanos, "bare reads of its frames"),
            Aim::AtMost(300),
        ),
        Figure::new(
            "a stream that is not there, median",
            (of.missing_nanos, "ns"),
            (of.stream_nanos, "a stream of 6 events"),
            Aim::None,
        ),
        Figure::new(
            format!("reads of files for {STREAMS} streams that are not there"),
            (of.missing_reads, "reads"),
            (0, "none"),
            Aim::AtMost(100),
        ),
    ])
}

/// Fills a log and goes on until killed.
pub(super) fn fill(dir: &Path, events: u64) -> Result<(), Failure> {
    let store = super::create(dir)?;
    let mut invented = Invented::new(Shape::Orders);
    let (mut appended, mut said) = (0, false);
    // Not for ever: whoever should kill this may be gone.
    while appended < events * 2 {
        let batch = invented.batch(BATCH);
        appended += batch.iter().map(|append| append.events.len() as u64).sum::<u64>();
        all_appended(store.append(batch).wait())?;
        if appended >= events && !said {
            said = true;
            let mut out = std::io::stdout();
            let _ = writeln!(out, "full").and_then(|()| out.flush());
        }
    }
    Ok(())
}

/// Opens a log, says what that took, and waits to be killed.
pub(super) fn reopen(dir: &Path) -> Result<(), Failure> {
    let (opened, took) = timed(|| LogStore::open(dir, Kind::Plain, Options::default()));
    let store = opened?;
    // The first stream of all is in the oldest run, so looking it up reads the filter of each run.
    let first = order(0);
    let (page, first_took) = timed(|| store.read_stream(&first, 0, Direction::Forwards, 100));
    six_events(&first, page?.len())?;
    let memory_mib = current_memory_mib().unwrap_or_default();
    let report = store.report();
    let (scanned, bare) = timed(|| bare_scan(dir, report.indexed));
    let (_, tail) = scanned?;
    let (filters, bare_first) = timed(|| store.bare_filters());
    // The orders that are whole, as far as the number of events says: 11 for two.
    let orders = (report.entries / 11 * 2).saturating_sub(25_000).max(2);
    let mut random = Random::new(3);
    let picked: Vec<String> = (0..STREAMS).map(|_| order(random.below(orders / 2) * 2)).collect();
    let stream_nanos = median(&picked, |stream| {
        let page = store.read_stream(stream, 0, Direction::Forwards, 100)?;
        six_events(stream, page.len())
    })?;
    let bare_stream_nanos = bare_reads(&store, &picked)?;
    let missing: Vec<String> = (0..STREAMS).map(|number| format!("order-none-{number}")).collect();
    // Asking for the count takes reads itself.
    let counting = read_calls();
    let before = read_calls();
    let counting = before - counting;
    let missing_nanos = median(&missing, |stream| {
        let found = store.stream_revision(stream)?;
        if found.is_none() { Ok(()) } else { Err(unlike(stream, 1)) }
    })?;
    let micros = |of: Duration| u64::try_from(of.as_micros()).unwrap_or(u64::MAX);
    let answer = Reopened {
        entries: report.entries,
        indexed: report.indexed,
        micros: micros(took),
        bare_micros: micros(bare),
        first_micros: micros(first_took),
        bare_first_micros: micros(bare_first),
        filters_kib: filters? >> 10,
        tail_mib: tail >> 20,
        memory_mib,
        stream_nanos,
        bare_stream_nanos,
        missing_nanos,
        missing_reads: read_calls().saturating_sub(before + counting),
    };
    let text = serde_json::to_string(&answer).unwrap_or_default();
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    // With the log open: the next process finds it as a kill leaves it.
    std::thread::sleep(PATIENCE);
    Ok(())
}

fn six_events(stream: &str, found: usize) -> Result<(), Failure> {
    if found == 6 { Ok(()) } else { Err(unlike(stream, found)) }
}

fn unlike(stream: &str, events: usize) -> Failure {
    Failure::new(Exit::Bug, "Bug", format!("{stream} has {events} events"))
}

/// Reads nothing but the frames of each stream, whose places are known and whose files are open.
fn bare_reads(store: &LogStore, streams: &[String]) -> Result<u64, Failure> {
    let mut files: std::collections::BTreeMap<PathBuf, File> = std::collections::BTreeMap::new();
    let mut work = Vec::new();
    for stream in streams {
        let frames = store.frames_of(stream)?;
        for frame in &frames {
            if !files.contains_key(&frame.path) {
                let file = File::open(&frame.path).map_err(|e| Failure::io(&frame.path, &e))?;
                files.insert(frame.path.clone(), file);
            }
        }
        work.push(frames);
    }
    let mut buffer = vec![0; 1 << 16];
    let work: Vec<Vec<(&File, u64, usize)>> = work
        .iter()
        .map(|frames| {
            let places = frames.iter().filter_map(|of| {
                Some((files.get(&of.path)?, of.offset, usize::try_from(of.len).ok()?))
            });
            places.collect()
        })
        .collect();
    median(&work, |frames| {
        for (file, offset, len) in frames {
            let bytes = &mut buffer[..*len];
            file.read_exact_at(bytes, *offset)
                .map_err(|error| Failure::io(Path::new("a segment"), &error))?;
        }
        Ok(())
    })
}

/// The median of how long each takes, in nanoseconds.
fn median<T>(of: &[T], mut each: impl FnMut(&T) -> Result<(), Failure>) -> Result<u64, Failure> {
    let mut nanos = Vec::with_capacity(of.len());
    for one in of {
        let begun = Instant::now();
        each(one)?;
        nanos.push(u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    nanos.sort_unstable();
    Ok(nanos.get(nanos.len() / 2).copied().unwrap_or_default())
}

/// The number of calls for reading that this process has made, where the system says.
fn read_calls() -> u64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("syscr: "));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}
