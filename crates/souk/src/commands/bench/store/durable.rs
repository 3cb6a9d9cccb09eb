//! Durable appends: in batches of a thousand events, from one thread, from sixty-four.

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use souk_ledger::ledger::all_appended;
use souk_store::{Append, EventStore, Ticket};
use souk_store_log::LogStore;

use super::bare::{BareFile, BareGroup};
use super::create;
use super::invented::{Invented, Shape};
use crate::cli::BenchStore;
use crate::commands::bench::figures::{Aim, Figure};
use crate::fail::Failure;
use crate::measure::{per_second, timed};

/// Events in a batch.
const BATCH: usize = 1_000;
/// Batches that wait to become durable.
const IN_FLIGHT: usize = 4;
/// Batches invented at a time, which is not measured.
const CHUNK: usize = 50;
/// Rounds of single appends, each of the store and then of the limit.
const ROUNDS: u64 = 32;
/// Appends of one thread in a round.
const ALONE: usize = 100;
/// Threads.
const THREADS: usize = 64;
/// Appends of each of many threads in a round.
const EACH: usize = 60;

fn file(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    |error| Failure::unwritable(path, &error)
}

/// Loads a store, bare files and SQLite with the same events. The store has four batches in flight and may sync several
/// at once, so there are two bare files: one synced after each batch, one as seldom as the store ever could.
pub(super) fn load(dir: &Path, shape: Shape, of: &BenchStore) -> Result<Vec<Figure>, Failure> {
    let store = create(dir)?;
    let (path, fewer_path) = (dir.join("bare"), dir.join("fewer"));
    let mut bare = BareFile::create(&path).map_err(file(&path))?;
    let mut fewer = BareFile::create(&fewer_path).map_err(file(&fewer_path))?;
    let mut peer = Peer::create(&dir.join("sqlite"))?;
    let mut invented = Invented::new(shape);
    let (mut events, mut took) = (0u64, Duration::ZERO);
    let (mut limit, mut fewer_limit) = (Duration::ZERO, Duration::ZERO);
    while events < of.events {
        let batches: Vec<Vec<Append>> = (0..CHUNK).map(|_| invented.batch(BATCH)).collect();
        events += batches.iter().flatten().map(|append| append.events.len() as u64).sum::<u64>();
        let framed: Vec<Vec<u8>> = batches.iter().map(|batch| bare.frame(batch)).collect();
        let (written, bare_took) = timed(|| framed.chunks(1).try_for_each(|one| bare.write(one)));
        written.map_err(file(&path))?;
        limit += bare_took;
        let (written, bare_took) =
            timed(|| framed.chunks(IN_FLIGHT).try_for_each(|few| fewer.write(few)));
        written.map_err(file(&fewer_path))?;
        fewer_limit += bare_took;
        if peer.events < of.sqlite_events.unwrap_or(u64::MAX) {
            peer.append(&batches)?;
        }
        let (appended, store_took) = timed(|| append_all(&store, batches));
        appended?;
        took += store_took;
    }
    drop(store);
    let rate = (per_second(events, took), "events/s");
    let bare_rate = (per_second(events, limit), "bare framed write + fdatasync");
    let fewer_rate = (per_second(events, fewer_limit), "the same with a sync for 4 batches");
    let name = format!("load in batches of 1000, {}", shape.name());
    let mut figures = vec![
        Figure::new(name.clone(), rate, bare_rate, Aim::AtLeast(50)),
        Figure::new(name.clone(), rate, fewer_rate, Aim::None),
    ];
    if let Some(of_peer) = peer.rate() {
        // Keys that ascend are the best case of SQLite's index.
        let aim = if shape == Shape::Ascending { Aim::None } else { Aim::AtLeast(800) };
        figures.push(Figure::new(name, rate, (of_peer, "SQLite, WAL, FULL"), aim));
    }
    Ok(figures)
}

fn append_all(store: &LogStore, batches: Vec<Vec<Append>>) -> Result<(), Failure> {
    let mut tickets: VecDeque<Ticket> = VecDeque::new();
    for batch in batches {
        if tickets.len() == IN_FLIGHT
            && let Some(ticket) = tickets.pop_front()
        {
            all_appended(ticket.wait())?;
        }
        tickets.push_back(store.append(batch));
    }
    tickets.into_iter().try_for_each(|ticket| all_appended(ticket.wait()))?;
    Ok(())
}

/// One thread that waits for each event to be durable.
pub(super) fn one_writer(dir: &Path) -> Result<Figure, Failure> {
    let store = create(dir)?;
    let path = dir.join("bare");
    let mut bare = BareFile::create(&path).map_err(file(&path))?;
    let (mut took, mut limit) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let appends = singles(round, 0, ALONE);
        let framed: Vec<_> =
            appends.iter().map(|one| bare.frame(std::slice::from_ref(one))).collect();
        let (written, bare_took) = timed(|| framed.chunks(1).try_for_each(|one| bare.write(one)));
        written.map_err(file(&path))?;
        limit += bare_took;
        let (appended, store_took) = timed(|| one_by_one(&store, appends));
        appended?;
        took += store_took;
    }
    let count = ROUNDS * ALONE as u64;
    Ok(Figure::new(
        "one writer, one event at a time",
        (per_second(count, took), "appends/s"),
        (per_second(count, limit), "bare write + fdatasync"),
        Aim::AtLeast(70),
    ))
}

/// Threads that each wait for their event to be durable.
pub(super) fn many_writers(dir: &Path) -> Result<Figure, Failure> {
    let store = create(dir)?;
    let path = dir.join("bare");
    let mut framer = BareFile::create(&dir.join("framer")).map_err(file(&path))?;
    let bare_file = BareFile::create(&path).map_err(file(&path))?;
    let bare = BareGroup::new(bare_file);
    let (mut took, mut limit) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let (store_took, bare_took) = one_round(&store, &bare, &mut framer, &path, round)?;
        took += store_took;
        limit += bare_took;
    }
    let count = ROUNDS * (THREADS * EACH) as u64;
    Ok(Figure::new(
        "64 writers, one event at a time each",
        (per_second(count, took), "appends/s"),
        (per_second(count, limit), "bare group commit"),
        Aim::AtLeast(60),
    ))
}

/// Each thread's events into the bare file, then into the store.
fn one_round(
    store: &LogStore,
    bare: &BareGroup,
    framer: &mut BareFile,
    path: &Path,
    round: u64,
) -> Result<(Duration, Duration), Failure> {
    let work: Vec<_> = (0..THREADS).map(|thread| singles(round, thread, EACH)).collect();
    let mut frame = |one: &Append| framer.frame(std::slice::from_ref(one));
    let framed = work.iter().map(|appends| appends.iter().map(&mut frame).collect()).collect();
    let (written, limit) = on_threads(framed, |frames: Vec<Vec<u8>>| {
        frames.iter().try_for_each(|bytes| bare.write(bytes)).map_err(file(path))
    });
    written?;
    let (appended, took) = on_threads(work, |appends| one_by_one(store, appends));
    appended?;
    Ok((took, limit))
}

/// Single events, each for a stream of its own.
pub(super) fn singles(round: u64, thread: usize, count: usize) -> Vec<Append> {
    let mut invented = Invented::new(Shape::Orders);
    let mut appends = Vec::new();
    while appends.len() < count {
        for mut append in invented.batch(count) {
            append.events.truncate(1);
            append.stream = format!("{}-{round}-{thread}-{}", append.stream, appends.len()).into();
            append.expected = souk_store::Expected::NoStream;
            appends.push(append);
        }
    }
    appends.truncate(count);
    appends
}

fn one_by_one(store: &LogStore, appends: Vec<Append>) -> Result<(), Failure> {
    for append in appends {
        all_appended(store.append(vec![append]).wait())?;
    }
    Ok(())
}

fn on_threads<T: Send>(
    work: Vec<T>,
    each: impl Fn(T) -> Result<(), Failure> + Sync,
) -> (Result<(), Failure>, Duration) {
    let begun = Instant::now();
    let result = std::thread::scope(|scope| {
        let each = &each;
        let threads: Vec<_> = work.into_iter().map(|of| scope.spawn(move || each(of))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
    });
    (result, begun.elapsed())
}

/// SQLite, where it is built in.
struct Peer {
    #[cfg(feature = "sqlite")]
    sqlite: super::sqlite::Sqlite,
    events: u64,
    took: Duration,
}

impl Peer {
    #[cfg(feature = "sqlite")]
    fn create(path: &Path) -> Result<Self, Failure> {
        let sqlite = super::sqlite::Sqlite::create(path).map_err(|error| wrong(&error))?;
        Ok(Self { sqlite, events: 0, took: Duration::ZERO })
    }

    #[cfg(not(feature = "sqlite"))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature with and without SQLite")]
    fn create(_path: &Path) -> Result<Self, Failure> {
        Ok(Self { events: 0, took: Duration::ZERO })
    }

    #[cfg(feature = "sqlite")]
    fn append(&mut self, batches: &[Vec<Append>]) -> Result<(), Failure> {
        let begun = Instant::now();
        for batch in batches {
            if !self.sqlite.append(batch).map_err(|error| wrong(&error))? {
                return Err(Failure::new(
                    crate::fail::Exit::Bug,
                    "Bug",
                    "SQLite has another revision of a stream than the log",
                ));
            }
            self.events += batch.iter().map(|append| append.events.len() as u64).sum::<u64>();
        }
        self.took += begun.elapsed();
        Ok(())
    }

    #[cfg(not(feature = "sqlite"))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature with and without SQLite")]
    fn append(&mut self, _batches: &[Vec<Append>]) -> Result<(), Failure> {
        Ok(())
    }

    fn rate(&self) -> Option<u64> {
        (self.events > 0).then(|| per_second(self.events, self.took))
    }
}

#[cfg(feature = "sqlite")]
fn wrong(error: &rusqlite::Error) -> Failure {
    Failure::new(crate::fail::Exit::OutOfReach, "StoreOutOfReach", format!("SQLite: {error}"))
}
