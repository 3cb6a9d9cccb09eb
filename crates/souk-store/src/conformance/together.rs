//! Several callers at once, followers and awaiting.

use super::{append, event, head, log, put, read};
use crate::{AppendError, EventStore, Expected, Subscription};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

const WRITERS: u64 = 4;

pub(super) fn one_winner(store: &dyn EventStore) {
    const EACH: u64 = 25;
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                let mut won = 0;
                while won < EACH {
                    let last = store.stream_revision("hot-1").expect("it can be asked");
                    let event = event(writer * 1000 + won);
                    let batch = vec![append("hot-1", Expected::after(last), vec![event])];
                    match store.append(batch).wait_one() {
                        Ok(done) => {
                            assert_eq!(done.first_revision, Expected::after(last).first_revision());
                            won += 1;
                        }
                        Err(AppendError::WrongExpectedRevision { .. }) => {}
                        Err(other) => panic!("another error: {other}"),
                    }
                }
            });
        }
    });
    let found = log(store, 1 << 20);
    let revisions: Vec<u64> = found.iter().map(|(_, _, revision, _)| *revision).collect();
    assert_eq!(revisions, (0..WRITERS * EACH).collect::<Vec<_>>());
    let mut data: Vec<_> = found.into_iter().map(|(.., data)| data).collect();
    data.sort();
    data.dedup();
    assert_eq!(data.len() as u64, WRITERS * EACH, "an event was written twice");
}

pub(super) fn dense(store: &dyn EventStore) {
    const EACH: u64 = 50;
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for number in 0..EACH {
                    let expected = Expected::after(number.checked_sub(1));
                    put(store, &format!("w-{writer}"), expected, number);
                }
            });
        }
    });
    let found = log(store, 1 << 20);
    let entries: Vec<u64> = found.iter().map(|(entry, ..)| *entry).collect();
    assert_eq!(entries, (0..WRITERS * EACH).collect::<Vec<_>>());
    assert_eq!(head(store), WRITERS * EACH);
    for writer in 0..WRITERS {
        let name = format!("w-{writer}");
        let of_one: Vec<u64> = found.iter().filter(|r| r.1 == name).map(|r| r.2).collect();
        assert_eq!(of_one, (0..EACH).collect::<Vec<_>>(), "the order within {name}");
    }
}

pub(super) fn nothing_lost(store: &dyn EventStore) {
    const THREADS: u64 = 8;
    const BATCHES: u64 = 12;
    // Each batch of a thread appends to a stream of its own, to a new one, and to its own again.
    let batch = |thread: u64, round: u64| {
        let own = format!("own-{thread}");
        let number = thread * 1000 + 4 * round;
        let last = (3 * round).checked_sub(1);
        vec![
            append(&own, Expected::after(last), vec![event(number)]),
            append(&format!("new-{number}"), Expected::NoStream, vec![event(number + 1)]),
            append(&own, Expected::At(3 * round), vec![event(number + 2), event(number + 3)]),
        ]
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                // All handed over before the first is waited for.
                let tickets: Vec<_> =
                    (0..BATCHES).map(|round| store.append(batch(thread, round))).collect();
                for ticket in tickets {
                    for outcome in ticket.wait() {
                        outcome.expect("the append succeeds");
                    }
                }
            });
        }
    });
    let found = log(store, 1 << 20);
    assert_eq!(found.len() as u64, THREADS * BATCHES * 4);
    let entries: Vec<u64> = found.iter().map(|(entry, ..)| *entry).collect();
    assert_eq!(entries, (0..THREADS * BATCHES * 4).collect::<Vec<_>>());
    for thread in 0..THREADS {
        let numbers = thread * 1000..thread * 1000 + 4 * BATCHES;
        let given: Vec<Vec<u8>> = numbers.map(|number| event(number).data).collect();
        let of_one = found.iter().map(|(.., data)| data).filter(|data| given.contains(data));
        assert!(of_one.eq(given.iter()), "the order in which thread {thread} gave its batches");
    }
}

pub(super) fn amid_writers(store: &dyn EventStore) {
    const EACH: u64 = 40;
    const ALL: u64 = WRITERS * EACH;
    let start = Barrier::new(usize::try_from(WRITERS).expect("a few") + 2);
    let seen = thread::scope(|scope| {
        for writer in 0..WRITERS {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for number in 0..EACH {
                    let expected = Expected::after(number.checked_sub(1));
                    put(store, &format!("w-{writer}"), expected, writer * 1000 + number);
                }
            });
        }
        let followers: Vec<_> = [0, ALL / 3]
            .map(|from| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    (from, follow(store.subscribe(from), ALL))
                })
            })
            .into();
        let joined = followers.into_iter().map(|f| f.join().expect("the follower does not panic"));
        joined.collect::<Vec<_>>()
    });
    let found = log(store, 1 << 20);
    for (from, seen) in seen {
        assert_eq!(seen, (from..ALL).collect::<Vec<_>>(), "from {from}");
    }
    assert_eq!(found.len() as u64, ALL);
}

/// Reads until entry `until`; returns the entries seen.
fn follow(mut subscription: Subscription, until: u64) -> Vec<u64> {
    let mut seen = Vec::new();
    while subscription.next_entry() < until {
        let page = subscription.next_page(None).expect("the log can be read");
        let page = page.expect("the store is open");
        seen.extend(read(&page).iter().map(|(entry, ..)| *entry));
    }
    seen
}

pub(super) fn catch_up(store: &dyn EventStore) {
    for number in 0..20 {
        put(store, &format!("a-{number}"), Expected::NoStream, number);
    }
    thread::scope(|scope| {
        let followers: Vec<_> = [0, 5, 20, 30]
            .map(|from| (from, scope.spawn(move || follow(store.subscribe(from), 60))))
            .into();
        for number in 20..60 {
            put(store, &format!("a-{number}"), Expected::NoStream, number);
        }
        for (from, follower) in followers {
            let seen = follower.join().expect("the follower does not panic");
            assert_eq!(seen, (from..60).collect::<Vec<_>>(), "from {from}");
        }
    });
}

pub(super) fn from_head(store: &dyn EventStore) {
    put(store, "a-1", Expected::NoStream, 1);
    let mut subscription = store.subscribe(1);
    let none = subscription.next_page(Some(std::time::Duration::ZERO)).expect("it can be read");
    assert!(none.is_none() && !subscription.is_closed(), "there is nothing yet");
    put(store, "a-1", Expected::At(0), 2);
    let page = subscription.next_page(None).expect("it can be read").expect("the store is open");
    assert_eq!(read(&page), [(1, "a-1".to_owned(), 1, event(2).data)]);
}

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub(super) fn awaited(store: &dyn EventStore) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut ticket = pin!(store.append(vec![append("a-1", Expected::NoStream, vec![event(1)])]));
    let results = loop {
        match ticket.as_mut().poll(&mut context) {
            Poll::Ready(results) => break results,
            Poll::Pending => thread::park(),
        }
    };
    assert!(results.len() == 1 && results[0].is_ok());
    assert_eq!(head(store), 1);
}
