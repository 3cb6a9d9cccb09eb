//! Checks that every store must pass, each on a new, empty store.
//!
//! A store's tests call [`run`], or loop over [`CASES`] to give each case its own directory.

mod appends;
mod reads;
mod together;

use crate::{
    Append, AppendError, AppendResults, Appended, Direction, EventStore, Expected, NewEvent, Page,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A check: panics with what it saw if the store does not do what the port says.
pub type Case = fn(&dyn EventStore);

/// All checks, each named by a sentence about behaviour.
pub const CASES: &[(&str, Case)] = &[
    ("what is appended is read back forwards and backwards", reads::both_directions),
    ("a backwards read honours its limit and says where to read on", reads::backwards_with_limit),
    ("an unknown stream is told apart from the end of a stream", reads::unknown_stream),
    ("a stream of 10,000 events is read in pages from anywhere", reads::long_stream),
    ("20,000 streams are kept apart", reads::many_streams),
    ("read_all returns all entries densely in the order appended", reads::all_in_order),
    ("a page of read_all holds whole records within its limit, or one", reads::all_in_pages),
    ("a page can be read into again", reads::page_again),
    ("a new stream is refused where one exists", appends::no_stream_on_existing),
    ("a wrong revision is refused naming the expected and the actual one", appends::wrong_revision),
    ("a refused append in a batch leaves the others", appends::independent),
    ("an append sees those before it in its batch", appends::same_stream_twice),
    ("a refused append of several events writes none of them", appends::atomic),
    ("the largest record is kept and one byte more refused", appends::largest_record),
    ("an append without events is refused", appends::empty_append),
    ("an empty batch is answered with no result", appends::empty_batch),
    ("invalid stream ids and event types are refused", appends::invalid_names),
    ("stream ids may be any UTF-8 of 1 to 250 bytes", appends::unicode_ids),
    ("stream ids are compared bytewise", appends::bytewise_ids),
    ("empty metadata and data and any bytes in them are kept", appends::any_bytes),
    ("of concurrent appends to one stream exactly one wins each revision", together::one_winner),
    ("concurrent appends to many streams give dense entries", together::dense),
    ("a subscription catches up and goes on live without gap or repetition", together::catch_up),
    ("a subscription from the head waits, then sees the next entry", together::from_head),
    ("a ticket can be awaited", together::awaited),
];

/// Runs every check, each on a new store; panics naming the first check that fails.
///
/// # Panics
/// If a check fails.
pub fn run(make: &dyn Fn() -> Arc<dyn EventStore>) {
    for (name, case) in CASES {
        let store = make();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&*store)));
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
