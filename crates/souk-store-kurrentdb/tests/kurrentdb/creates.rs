//! Ledgers created by several at once, and the terms that are kept before a ledger is there.

use crate::common::{Plain, all, fresh_name, open, put};
use souk_domain::ledger::commands::CreateLedger;
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::create::create;
use souk_ledger::ledger::identity;
use souk_store::EventStore;
use souk_store_kurrentdb::KurrentStore;
use std::thread;
use uuid::Uuid;

fn command(ledger: Uuid, platform: &str) -> CreateLedger {
    CreateLedger {
        ledger: Id::new(&ledger.simple().to_string()).unwrap(),
        platform: platform.to_owned(),
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        language: "en".to_owned(),
        demonstration: None,
    }
}

fn creates(store: &KurrentStore, ledger: Uuid, platform: &str) -> Result<Uuid, &'static str> {
    let result = create(store, &command(ledger, platform), Clock::System);
    result.map(|()| ledger).map_err(|error| error.code())
}

#[test]
fn of_two_that_create_one_ledger_at_once_one_does() {
    let plain = Plain::memory();
    for _ in 0..20 {
        let name = fresh_name();
        let stores = [open(&plain.url(), &name), open(&plain.url(), &name)];
        let ids = [Uuid::new_v4(), Uuid::new_v4()];
        let results = thread::scope(|scope| {
            let one = scope.spawn(|| creates(&stores[0], ids[0], "One"));
            let two = scope.spawn(|| creates(&stores[1], ids[1], "Two"));
            [one.join().unwrap(), two.join().unwrap()]
        });
        let won: Vec<Uuid> = results.iter().filter_map(|result| result.ok()).collect();
        assert_eq!(won.len(), 1, "{results:?}");
        assert!(results.contains(&Err("LedgerExists")), "{results:?}");
        assert_eq!(identity(&stores[0]).unwrap().ledger, won[0]);
        // One alone, of the same size as any.
        let alone = souk_store::MemoryStore::new();
        create(&alone, &command(won[0], "One"), Clock::System).unwrap();
        assert_eq!(all(&stores[1]).len(), all(&alone).len());
        assert_eq!(stores[0].head().unwrap(), alone.head().unwrap());
    }
}

#[test]
fn terms_of_a_creation_that_came_to_nothing_are_in_nobodys_way() {
    let plain = Plain::memory();
    let store = open(&plain.url(), &fresh_name());
    let (one, two) = (Uuid::new_v4(), Uuid::new_v4());
    assert_eq!(store.kept_terms(one).unwrap(), None);
    store.keep_terms(one, "first").unwrap();
    store.keep_terms(two, "second").unwrap();
    store.keep_terms(one, "third").unwrap();
    assert_eq!(store.kept_terms(one).unwrap().as_deref(), Some("third"), "the last one counts");
    assert_eq!(store.kept_terms(two).unwrap().as_deref(), Some("second"));
    assert_eq!(store.kept_terms(Uuid::new_v4()).unwrap(), None);
    // Once there are entries the terms stay.
    put(&store, "order-1", 0);
    let error = store.keep_terms(one, "fourth").unwrap_err().to_string();
    assert!(error.contains("other terms of this ledger"), "{error}");
    store.keep_terms(one, "third").unwrap();
    assert_eq!(store.kept_terms(one).unwrap().as_deref(), Some("third"));
}

#[test]
fn terms_kept_for_any_ledger_are_those_of_the_one_that_comes() {
    let plain = Plain::memory();
    let store = open(&plain.url(), &fresh_name());
    store.keep_terms(Uuid::nil(), "of a copy").unwrap();
    store.keep_terms(Uuid::nil(), "of another copy").unwrap();
    let any = store.kept_terms(Uuid::new_v4()).unwrap();
    assert_eq!(any.as_deref(), Some("of another copy"));
    let own = Uuid::new_v4();
    store.keep_terms(own, "its own").unwrap();
    assert_eq!(store.kept_terms(own).unwrap().as_deref(), Some("its own"));
}
