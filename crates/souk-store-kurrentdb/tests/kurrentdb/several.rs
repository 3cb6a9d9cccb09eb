//! Several adapters on one ledger.

use crate::common::{Plain, all, append, event, fresh_name, open, put};
use souk_store::{Append, AppendError, EventStore, Expected, NewEvent};
use std::collections::HashSet;
use std::thread;

#[test]
fn two_writers_share_a_ledger() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let stores = [open(&plain.url(), &ledger), open(&plain.url(), &ledger)];
    thread::scope(|scope| {
        for (writer, store) in (0_u64..).zip(&stores) {
            scope.spawn(move || {
                let mut won = 0;
                while won < 40 {
                    let last = store.stream_revision("hot-1").unwrap();
                    let append = Append {
                        stream: "hot-1".into(),
                        expected: Expected::after(last),
                        events: vec![event(writer * 1000 + won)],
                    };
                    match store.append(vec![append]).wait_one() {
                        Ok(done) => {
                            assert_eq!(
                                Some(done.first_revision),
                                last.map_or(Some(0), |l| Some(l + 1))
                            );
                            let entry = done.first_entry.unwrap();
                            let page = store.read_all(entry, 1).unwrap();
                            let record = page.record(0).unwrap().unwrap();
                            assert_eq!(record.event_id, event(writer * 1000 + won).event_id);
                            won += 1;
                        }
                        Err(AppendError::WrongExpectedRevision { .. }) => {}
                        Err(other) => panic!("{other}"),
                    }
                    put(store, &format!("own-{writer}-{won}-{last:?}"), 0);
                }
            });
        }
    });
    let records = all(&stores[0]);
    assert_eq!(records, all(&stores[1]));
    assert_eq!(records.iter().collect::<HashSet<_>>().len(), records.len());
}

#[test]
fn what_one_appended_the_other_follows() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let (writer, reader) = (open(&plain.url(), &ledger), open(&plain.url(), &ledger));
    let mut subscription = reader.subscribe(0);
    for revision in 0..50 {
        put(&writer, "order-1", revision);
        assert_eq!(reader.head().unwrap(), revision + 1, "the head is never old");
    }
    let mut seen = 0;
    while seen < 50 {
        seen += subscription.next_page(None).unwrap().unwrap().len();
    }
}

/// A server calls an append with known ids a success; the adapter looks at the contents.
#[test]
fn the_same_ids_with_another_content_are_a_conflict_for_every_writer() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let (one, two) = (open(&plain.url(), &ledger), open(&plain.url(), &ledger));
    for round in 0..20 {
        let stream = format!("order-{round}");
        let of = |data: &str| Append {
            stream: stream.as_str().into(),
            expected: Expected::NoStream,
            events: vec![NewEvent { data: data.into(), ..event(round) }],
        };
        let (a, b) = thread::scope(|scope| {
            let a = scope.spawn(|| one.append(vec![of("{\"amount\":\"1.00\"}")]).wait_one());
            let b = scope.spawn(|| two.append(vec![of("{\"amount\":\"9.00\"}")]).wait_one());
            (a.join().unwrap(), b.join().unwrap())
        });
        let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
        won.unwrap();
        let lost = lost.unwrap_err();
        assert!(
            matches!(lost, AppendError::WrongExpectedRevision { actual: Some(0), .. }),
            "{lost}"
        );
    }
}

/// A server answers a repeated append as the first time; the ledger is to learn that it had been there.
#[test]
fn a_repeated_append_is_refused_as_by_every_store() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let (one, two) = (open(&plain.url(), &ledger), open(&plain.url(), &ledger));
    put(&one, "order-1", 0);
    put(&one, "order-1", 1);
    assert_eq!(two.head().unwrap(), 2);
    for store in [&one, &two] {
        for revision in [0, 1] {
            let again = store.append(vec![append("order-1", revision, revision)]).wait_one();
            let error = again.unwrap_err();
            assert!(
                matches!(error, AppendError::WrongExpectedRevision { actual: Some(1), .. }),
                "{error}"
            );
        }
    }
    assert_eq!(one.head().unwrap(), 2);
}

/// One that the server does not take is not an outage: what comes behind it is sent.
#[test]
fn an_append_the_server_does_not_take_leaves_the_others() {
    let (plain, ledger) = (Plain::memory(), fresh_name());
    let store = open(&plain.url(), &ledger);
    // More than the server takes at once; a store of ours would.
    let large: Vec<NewEvent> =
        (0..30).map(|n| NewEvent { data: vec![7; 60_000], ..event(n) }).collect();
    let refused = Append { stream: "large-1".into(), expected: Expected::NoStream, events: large };
    let results = store.append(vec![refused, append("order-1", 0, 1)]).wait();
    let error = results[0].as_ref().unwrap_err().to_string();
    assert!(
        error.contains("refused to append to the stream") && error.contains("large-1"),
        "{error}"
    );
    assert_eq!(results[1].as_ref().unwrap().first_entry, Some(0));
}
