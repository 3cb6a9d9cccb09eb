//! `souk store drill write`: several threads append invented events and say what was acknowledged.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use souk_store::{Append, AppendError, EventStore, Expected};
use souk_store_log::{Kind, LogStore, Options};

use super::acks::Ack;
use super::invent::{LONG_STREAMS, Script, long, order};
use super::{open, store_id};
use crate::cli::Global;
use crate::demo::random::Random;
use crate::fail::{Exit, Failure};
use crate::show;

/// The seed of a new store when none is named.
const SEED: u64 = 42;
/// Orders that one writer has begun and not completed.
const OPEN_ORDERS: usize = 8;

/// What the writers share.
struct Run<'a> {
    store: &'a LogStore,
    script: Script,
    writers: u64,
    /// Appends that may still be made.
    left: AtomicU64,
    acknowledged: AtomicU64,
    stopped: AtomicBool,
    out: Mutex<Box<dyn io::Write + Send>>,
}

/// Writes until the appends are made, or a failure.
pub(crate) fn run(global: &Global, dir: &Path, of: &super::Write) -> Result<(), Failure> {
    let (store, seed) = open_or_create(dir, of)?;
    if let Some(said) = &store.report().truncated {
        show::note(global, &format!("note: {said}"));
    }
    let out: Box<dyn io::Write + Send> = match &global.output {
        Some(path) => {
            Box::new(File::create(path).map_err(|error| Failure::unwritable(path, &error))?)
        }
        None => Box::new(io::stdout()),
    };
    let run = Run {
        store: &store,
        script: Script::new(seed),
        writers: u64::from(of.writers),
        left: AtomicU64::new(if of.appends == 0 { u64::MAX } else { of.appends }),
        acknowledged: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
        out: Mutex::new(out),
    };
    let outcome = thread::scope(|scope| {
        let writers: Vec<_> = (0..run.writers)
            .map(|number| {
                let run = &run;
                scope.spawn(move || run.writer(number))
            })
            .collect();
        // A panic has ended the process.
        writers.into_iter().filter_map(|writer| writer.join().ok()).collect::<Result<(), _>>()
    });
    let acknowledged = run.acknowledged.load(Ordering::Relaxed);
    let check = format!("souk store drill check --data {} --acks FILE", dir.display());
    outcome.map_err(|failure| {
        failure
            .with(format!("  {acknowledged} appends were acknowledged before and must be there"))
            .with(format!("  look after the disk, then: {check}"))
    })?;
    store.close();
    show::note(global, &format!("{acknowledged} appends acknowledged; then: {check}"));
    Ok(())
}

fn open_or_create(dir: &Path, of: &super::Write) -> Result<(LogStore, u64), Failure> {
    let mut options = Options::default();
    options.segment_bytes = of.segment_bytes.unwrap_or(options.segment_bytes);
    options.group_bytes = of.group_bytes.unwrap_or(options.group_bytes);
    if !LogStore::exists(dir) {
        let seed = of.seed.unwrap_or(SEED);
        return Ok((LogStore::create(dir, Kind::Plain, store_id(seed), options)?, seed));
    }
    let (store, seed) = open(dir, options)?;
    match of.seed {
        Some(wanted) if wanted != seed => {
            let message = format!("--seed {wanted}: the store there has the seed {seed}");
            Err(Failure::new(Exit::Usage, "InvalidValue", message)
                .with("  leave --seed out to go on with it"))
        }
        Some(_) | None => Ok((store, seed)),
    }
}

impl Run<'_> {
    /// One thread: batches until nothing is left to append; the first failure stops all of them.
    fn writer(&self, number: u64) -> Result<(), Failure> {
        let head = self.store.head()?;
        let mut random = Random::new(head ^ (number << 48));
        let mut orders = Orders { open: Vec::new(), next: number, step: self.writers };
        while !self.stopped.load(Ordering::Relaxed) {
            let wanted = 1 + random.below(4);
            let claimed = self.claim(wanted);
            if claimed == 0 {
                break;
            }
            let done =
                self.batch(&mut random, &mut orders, claimed).and_then(|batch| self.append(batch));
            if done.is_err() {
                self.stopped.store(true, Ordering::Relaxed);
            }
            done?;
        }
        Ok(())
    }

    /// Takes up to `wanted` of the appends left.
    fn claim(&self, wanted: u64) -> u64 {
        let take = |left: u64| Some(left.saturating_sub(wanted));
        let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        left.unwrap_or_else(|left| left).min(wanted)
    }

    /// Appends to some streams, each where the stream goes on; sometimes twice to one.
    fn batch(
        &self,
        random: &mut Random,
        orders: &mut Orders,
        count: u64,
    ) -> Result<Vec<Append>, Failure> {
        let mut ahead: HashMap<String, u64> = HashMap::new();
        let mut batch = Vec::new();
        while (batch.len() as u64) < count {
            let (stream, place) = if random.percent(25) {
                (long(random.below(LONG_STREAMS)), None)
            } else {
                orders.fill();
                let place = random.below(OPEN_ORDERS as u64) as usize;
                (order(orders.open[place]), Some(place))
            };
            let last = match ahead.get(&stream) {
                Some(last) => Some(*last),
                None => self.store.stream_revision(&stream)?,
            };
            let expected = Expected::after(last);
            let Some(span) = self.script.span(&stream, expected.first_revision()) else {
                place.map(|place| orders.open.swap_remove(place));
                continue;
            };
            let events = self.script.events(&stream, span);
            batch.push(Append { stream: stream.as_str().into(), expected, events });
            ahead.insert(stream, span.last());
        }
        Ok(batch)
    }

    /// Appends a batch, waits until it is durable, then says what was acknowledged.
    fn append(&self, batch: Vec<Append>) -> Result<(), Failure> {
        let streams: Vec<Box<str>> = batch.iter().map(|append| append.stream.clone()).collect();
        let results = self.store.append(batch).wait();
        let (mut lines, mut count, mut failure) = (String::new(), 0, None);
        for (stream, result) in streams.iter().zip(results) {
            match result {
                Ok(appended) => {
                    let _ = writeln!(lines, "{}", Ack::of(stream, &appended));
                    count += 1;
                }
                // Another writer was faster, on a long stream; the append is made elsewhere instead.
                Err(AppendError::WrongExpectedRevision { .. }) => {
                    self.left.fetch_add(1, Ordering::Relaxed);
                }
                Err(AppendError::Store(error)) => failure = Some(error.into()),
                Err(
                    error @ (AppendError::RecordTooLarge { .. }
                    | AppendError::AppendTooLarge { .. }
                    | AppendError::InvalidStreamId { .. }
                    | AppendError::InvalidEventType { .. }
                    | AppendError::EmptyAppend { .. }),
                ) => failure = Some(Failure::new(Exit::Bug, "Bug", error.to_string())),
            }
        }
        self.say(&lines)?;
        self.acknowledged.fetch_add(count, Ordering::Relaxed);
        failure.map_or(Ok(()), Err)
    }

    /// In one write, so that a kill leaves at most one line without its end.
    fn say(&self, lines: &str) -> Result<(), Failure> {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
            let message = format!("what was acknowledged cannot be said: {error}");
            Failure::new(Exit::OutOfReach, "OutputNotWritable", message)
        })
    }
}

/// The orders of one writer: those whose number leaves the writer's number when divided by the writers.
struct Orders {
    open: Vec<u64>,
    next: u64,
    step: u64,
}

impl Orders {
    /// Begins orders until enough are open. After a restart those that are complete are dropped one by one.
    fn fill(&mut self) {
        while self.open.len() < OPEN_ORDERS {
            self.open.push(self.next);
            self.next += self.step;
        }
    }
}
