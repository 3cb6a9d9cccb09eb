//! Servers that are not there yet, go away, and come back.

use crate::common::{Plain, address, all, append, bind, fresh_name, put};
use crate::way::Way;
use souk_kurrentdb_server::{Mode, serve};
use souk_store::{AppendError, EventStore, MemoryStore, StoreError};
use souk_store_kurrentdb::{KurrentStore, Options};
use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

#[test]
fn a_server_that_is_not_up_yet_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let address = address(&format!("kurrentdb://{at}?tls=false"), &fresh_name());
    thread::scope(|scope| {
        let opened = scope.spawn(|| KurrentStore::open(&address, Options::default()));
        // Long enough for a first refusal; if it comes later, the server is simply there.
        thread::sleep(Duration::from_millis(100));
        let options = souk_kurrentdb_server::Options::default();
        let server = serve(Arc::new(MemoryStore::new()), Mode::Plain, bind(at), options).unwrap();
        let store = opened.join().unwrap().unwrap();
        put(&store, "order-1", 0);
        drop(server);
    });
}

#[test]
fn a_server_that_never_comes_is_said_to_be_missing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let options = Options { deadline: Duration::from_millis(200), ..Options::default() };
    let url = format!("kurrentdb://{at}?tls=false");
    let error = KurrentStore::open(&address(&url, "main"), options).unwrap_err();
    let said = error.to_string();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{said}");
    assert!(said.contains(&at.to_string()) && said.contains("check that it runs"), "{said}");
}

#[test]
fn a_server_that_comes_back_is_gone_on_with() {
    let mut plain = Plain::memory();
    let ledger = fresh_name();
    let store = Arc::new(crate::common::open(&plain.url(), &ledger));
    put(&*store, "order-1", 0);
    let mut subscription = store.subscribe(0);
    let follower = thread::spawn(move || {
        let mut seen = Vec::new();
        while seen.len() < 60 {
            let page = subscription.next_page(None);
            // While the server is away a read may be refused; the place is kept.
            let Ok(page) = page else { continue };
            seen.extend(page.unwrap().raw().map(|(entry, _)| entry));
        }
        seen
    });
    for round in 1..4 {
        plain.stop();
        let behind = Arc::clone(&store);
        let writer = thread::spawn(move || {
            for n in 0..19 {
                put(&*behind, &format!("order-{round}-{n}"), 0);
            }
        });
        thread::sleep(Duration::from_millis(30));
        plain.start();
        writer.join().unwrap();
        put(&*store, "order-1", round);
    }
    assert_eq!(store.head().unwrap(), 61);
    let seen = follower.join().unwrap();
    assert_eq!(seen, (0..seen.len() as u64).collect::<Vec<_>>());
}

#[test]
fn an_append_whose_answer_is_lost_is_there_once_and_is_answered() {
    let plain = Plain::memory();
    let way = Way::to(plain.address);
    let ledger = fresh_name();
    let url = format!("kurrentdb://{}?tls=false", way.address);
    let store = KurrentStore::open(&address(&url, &ledger), Options::default()).unwrap();
    for revision in 0..60 {
        // At every byte an answer can have, and in the midst of the next.
        way.cut_after(revision as usize * 7);
        let done = store.append(vec![append("order-1", revision, revision)]).wait_one().unwrap();
        assert_eq!((done.last_revision, done.last_entry), (revision, Some(revision)));
    }
    assert!(way.connections() > 30, "{} connections, so few were broken", way.connections());
    let records = all(&store);
    assert_eq!(records.len(), 60);
    assert_eq!(records.iter().collect::<HashSet<_>>().len(), 60);
}

#[test]
fn an_append_that_cannot_be_confirmed_says_that_it_may_be_there() {
    let mut plain = Plain::memory();
    let options = Options { deadline: Duration::from_millis(300), ..Options::default() };
    let address = address(&plain.url(), &fresh_name());
    let store = KurrentStore::open(&address, options).unwrap();
    put(&store, "order-1", 0);
    plain.stop();
    let batch = vec![append("order-1", 1, 1), append("order-2", 0, 2)];
    let results = store.append(batch).wait();
    let said: Vec<String> = results.into_iter().map(|r| r.unwrap_err().to_string()).collect();
    assert!(said[0].contains("not known") && said[0].contains("read the stream"), "{}", said[0]);
    assert!(said[1].contains("was not sent"), "{}", said[1]);
    plain.start();
    put(&store, "order-1", 1);
    put(&store, "order-2", 0);
    assert_eq!(store.head().unwrap(), 3);
}

#[test]
fn a_server_that_answers_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("kurrentdb://{}?tls=false", silent.local_addr().unwrap());
    let call = Duration::from_millis(50);
    let options = Options { call, deadline: Duration::from_millis(200), ..Options::default() };
    let error = KurrentStore::open(&address(&url, "main"), options).unwrap_err();
    assert!(error.to_string().contains("no answer within"), "{error}");
}

#[test]
fn a_closed_store_refuses_and_finishes_what_it_was_given() {
    let plain = Plain::memory();
    let ledger = fresh_name();
    let store = crate::common::open(&plain.url(), &ledger);
    let mut subscription = store.subscribe(0);
    let tickets: Vec<_> = (0..30).map(|n| store.append(vec![append("order-1", n, n)])).collect();
    drop(store);
    for ticket in tickets {
        ticket.wait_one().unwrap();
    }
    assert!(subscription.is_closed());
    while let Ok(Some(_)) = subscription.next_page(None) {}
    let again = crate::common::open(&plain.url(), &ledger);
    assert_eq!(again.head().unwrap(), 30);
    let wrong = again.append(vec![append("order-1", 3, 99)]).wait_one().unwrap_err();
    assert!(matches!(wrong, AppendError::WrongExpectedRevision { actual: Some(29), .. }));
}
