//! Checks that every store must pass, each on a new, empty store.
//!
//! A store's tests call [`run`] or [`run_with`], or loop over [`CASES`] to give each case its own directory. How large
//! the cases are is up to [`Scale`]: a store behind a network is asked for less.

mod appends;
mod reads;
mod together;

use crate::{
    Append, AppendError, AppendResults, Appended, Direction, EventStore, Expected, NewEvent, Page,
};
use std::borrow::Cow;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::panic::{self, AssertUnwindSafe};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// How large the cases are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Streams of the case with many, at least 100.
    pub streams: u64,
    /// Events of the case with a long stream, at least 1,000.
    pub long: u64,
    /// The longest stream id in bytes, 16..=250: less than 250 only for a store that keeps its streams in another
    /// whose names are as short.
    pub name_bytes: usize,
}

impl Default for Scale {
    fn default() -> Scale {
        Scale { streams: 20_000, long: 10_000, name_bytes: 250 }
    }
}

impl Scale {
    /// This scale, but for what the environment says: as many streams as `SOUK_CONFORMANCE_STREAMS` (millions are
    /// possible) and names as long as `SOUK_CONFORMANCE_NAME_BYTES`, for a server whose own names end sooner.
    ///
    /// # Panics
    /// If `SOUK_CONFORMANCE_STREAMS` is no number of at least 100 or `SOUK_CONFORMANCE_NAME_BYTES` none of 16 to 250.
    #[must_use]
    pub fn or_from_environment(self) -> Scale {
        Scale {
            streams: given("SOUK_CONFORMANCE_STREAMS", 100..=u64::MAX).unwrap_or(self.streams),
            name_bytes: given("SOUK_CONFORMANCE_NAME_BYTES", 16..=250).unwrap_or(self.name_bytes),
            ..self
        }
    }
}

/// The number that an environment variable gives, if it is set.
fn given<T>(variable: &str, allowed: RangeInclusive<T>) -> Option<T>
where
    T: FromStr + PartialOrd + Display,
{
    let text = std::env::var(variable).ok()?;
    let number = text.parse().ok().filter(|number| allowed.contains(number));
    let (from, to) = (allowed.start(), allowed.end());
    Some(
        number.unwrap_or_else(|| panic!("{variable} is '{text}': give a number of {from} to {to}")),
    )
}

/// A check: panics with what it saw if the store does not do what the port says.
pub type Case = fn(&dyn EventStore, &Scale);

/// All checks, each named by a sentence about behaviour.
pub const CASES: &[(&str, Case)] = &[
    ("what is appended is read back forwards and backwards", |store, _| {
        reads::both_directions(store)
    }),
    ("a backwards read honours its limit and says where to read on", |store, _| {
        reads::backwards_with_limit(store)
    }),
    ("an unknown stream is told apart from the end of a stream", |store, _| {
        reads::unknown_stream(store)
    }),
    ("a long stream is read in pages from anywhere", reads::long_stream),
    ("many streams are kept apart", reads::many_streams),
    ("read_all returns all entries densely in the order appended", |store, _| {
        reads::all_in_order(store)
    }),
    ("a page of read_all holds whole records within its limit, or one", |store, _| {
        reads::all_in_pages(store)
    }),
    ("a page can be read into again", |store, _| reads::page_again(store)),
    ("a new stream is refused where one exists", |store, _| appends::no_stream_on_existing(store)),
    ("a wrong revision is refused naming the expected and the actual one", |store, _| {
        appends::wrong_revision(store)
    }),
    ("a refused append in a batch leaves the others", |store, _| appends::independent(store)),
    ("an append sees those before it in its batch", |store, _| appends::same_stream_twice(store)),
    ("a refused append of several events writes none of them", |store, _| appends::atomic(store)),
    ("the largest record is kept and one byte more refused", |store, _| {
        appends::largest_record(store)
    }),
    ("a retry is never written twice and finds what was", |store, _| appends::retried(store)),
    ("an append without events is refused", |store, _| appends::empty_append(store)),
    ("an empty batch is answered with no result", |store, _| appends::empty_batch(store)),
    ("invalid stream ids and event types are refused", |store, _| appends::invalid_names(store)),
    ("stream ids may be any UTF-8 of 1 to 250 bytes", appends::unicode_ids),
    ("stream ids are compared bytewise", |store, _| appends::bytewise_ids(store)),
    ("empty metadata and data and any bytes in them are kept", |store, _| {
        appends::any_bytes(store)
    }),
    ("of concurrent appends to one stream exactly one wins each revision", |store, _| {
        together::one_winner(store)
    }),
    ("concurrent appends to many streams give dense entries", |store, _| together::dense(store)),
    ("batches of several threads lose nothing and keep each thread's order", |store, _| {
        together::nothing_lost(store);
    }),
    ("a subscription begun amid writers sees every entry once, in order", |store, _| {
        together::amid_writers(store);
    }),
    ("a subscription catches up and goes on live without gap or repetition", |store, _| {
        together::catch_up(store)
    }),
    ("a subscription from the head waits, then sees the next entry", |store, _| {
        together::from_head(store)
    }),
    ("a ticket can be awaited", |store, _| together::awaited(store)),
];

/// Runs every check at the usual scale, each on a new store; panics naming the first check that fails.
///
/// # Panics
/// If a check fails.
pub fn run(make: &dyn Fn() -> Arc<dyn EventStore>) {
    run_with(make, &Scale::default(), None);
}

/// As [`run`] at a given scale. `foreign`, if given, is called before each check and again and again while it runs,
/// with rising numbers: it writes beside the store where the store must not see it.
///
/// # Panics
/// If a check fails.
pub fn run_with(
    make: &dyn Fn() -> Arc<dyn EventStore>,
    scale: &Scale,
    foreign: Option<&(dyn Fn(u64) + Sync)>,
) {
    let mut number = 0;
    for (name, case) in CASES {
        println!("{name}");
        if let Some(foreign) = foreign {
            foreign(number);
            number += 1;
        }
        let store = make();
        let done = AtomicBool::new(false);
        let outcome = thread::scope(|scope| {
            let beside = foreign.map(|foreign| {
                let done = &done;
                scope.spawn(move || {
                    let mut number = number;
                    while !done.load(Ordering::Acquire) {
                        foreign(number);
                        number += 1;
                    }
                    number
                })
            });
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| case(&*store, scale)));
            done.store(true, Ordering::Release);
            number = beside.map_or(number, |b| b.join().expect("what is foreign can be written"));
            outcome
        });
        assert!(outcome.is_ok(), "the store does not conform: {name}");
    }
}

/// An event whose id and data tell which one it is.
fn event(number: u64) -> NewEvent {
    NewEvent {
        event_id: u128::from(number).to_be_bytes(),
        event_type: Cow::Borrowed("thing-done"),
        metadata: b"{\"v\":1}".to_vec(),
        data: format!("{{\"number\":{number}}}").into_bytes(),
    }
}

fn append(stream: &str, expected: Expected, events: Vec<NewEvent>) -> Append {
    Append { stream: stream.into(), expected, events }
}

/// Appends one event to a stream that stands at `expected`.
fn put(store: &dyn EventStore, stream: &str, expected: Expected, number: u64) -> Appended {
    let batch = vec![append(stream, expected, vec![event(number)])];
    store.append(batch).wait_one().expect("the append succeeds")
}

fn results(store: &dyn EventStore, batch: Vec<Append>) -> AppendResults {
    store.append(batch).wait()
}

fn head(store: &dyn EventStore) -> u64 {
    store.head().expect("the head can be read")
}

/// A whole stream in one direction, page by page: revision and data of each event.
fn whole(
    store: &dyn EventStore,
    stream: &str,
    direction: Direction,
    limit: usize,
) -> Vec<(u64, Vec<u8>)> {
    let mut from = match direction {
        Direction::Forwards => 0,
        Direction::Backwards => u64::MAX,
    };
    let mut seen = Vec::new();
    loop {
        let page =
            store.read_stream(stream, from, direction, limit).expect("the stream can be read");
        assert!(page.len() <= limit, "a page of {} for a limit of {limit}", page.len());
        seen.extend(read(&page).into_iter().map(|(_, name, revision, data)| {
            assert_eq!(name, stream, "an event of another stream");
            (revision, data)
        }));
        match page.next_revision() {
            Some(next) => from = next,
            None => return seen,
        }
    }
}

/// Entry, stream, revision and data of each record of a page.
fn read(page: &Page) -> Vec<(u64, String, u64, Vec<u8>)> {
    let records = page.records().map(|record| record.expect("the record is valid"));
    records.map(|r| (r.entry, r.stream.to_owned(), r.revision, r.data.to_vec())).collect()
}

/// The whole log through `read_all` with pages of `max_bytes`.
fn log(store: &dyn EventStore, max_bytes: usize) -> Vec<(u64, String, u64, Vec<u8>)> {
    let mut seen = Vec::new();
    let mut from = 0;
    loop {
        let page = store.read_all(from, max_bytes).expect("the log can be read");
        if page.is_empty() {
            assert_eq!(page.next_entry(), from, "an empty page stays where it is");
            return seen;
        }
        seen.extend(read(&page));
        from = page.next_entry();
    }
}

fn refusal(result: Option<Result<Appended, AppendError>>) -> AppendError {
    result.expect("a result for each append").expect_err("the append is refused")
}
