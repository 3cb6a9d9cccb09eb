//! A ledger is created by one, whole or to be gone on with: wherever it is broken off, whoever comes in between.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use souk_domain::ledger::commands::CreateLedger;
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::create::{begun, create, unfinished};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Writers, identity};
use souk_store::{
    Append, Direction, EventStore, Expected, MemoryStore, NewEvent, Page, StoreError, Subscription,
    Ticket,
};
use souk_tests::market::{LEDGER, create_in, new_store, open, start};
use uuid::Uuid;

const OTHER: &str = "50c0a1e0000040008000000000000002";

/// What is done before an append to a stream, once.
type Meanwhile = (&'static str, Box<dyn Fn(&dyn EventStore) + Send>);

/// A store that ends after so many appends, and where somebody comes in between.
struct Disturbed {
    store: Arc<dyn EventStore>,
    left: AtomicUsize,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl Disturbed {
    fn ends_after(appends: usize) -> Disturbed {
        let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        Disturbed { store, left: AtomicUsize::new(appends), meanwhile: Mutex::new(None) }
    }

    fn by(stream: &'static str, act: impl Fn(&dyn EventStore) + Send + 'static) -> Disturbed {
        let disturbed = Disturbed::ends_after(usize::MAX);
        *disturbed.meanwhile.lock().unwrap() = Some((stream, Box::new(act)));
        disturbed
    }
}

impl EventStore for Disturbed {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        let mut meanwhile = self.meanwhile.lock().unwrap();
        if meanwhile.as_ref().is_some_and(|(of, _)| batch.iter().any(|to| *to.stream == **of))
            && let Some((_, act)) = meanwhile.take()
        {
            act(self.store.as_ref());
        }
        let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(batch.len())
        });
        match left {
            Ok(_) => self.store.append(batch),
            Err(_) => Ticket::failed(batch.len(), &StoreError::closed()),
        }
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.store.read_stream(stream, from, direction, limit)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.store.stream_revision(stream)
    }

    fn read_all_into(&self, from: u64, most: usize, page: &mut Page) -> Result<(), StoreError> {
        self.store.read_all_into(from, most, page)
    }

    fn head(&self) -> Result<u64, StoreError> {
        self.store.head()
    }

    fn subscribe(&self, from: u64) -> Subscription {
        self.store.subscribe(from)
    }
}

fn command(ledger: &str, platform: &str) -> CreateLedger {
    CreateLedger {
        ledger: Id::new(ledger).unwrap(),
        platform: platform.into(),
        currency: "CNY".into(),
        time_zone: "Asia/Shanghai".into(),
        language: "en".into(),
        demonstration: None,
    }
}

fn create_as(store: &dyn EventStore, ledger: &str) -> Result<(), LedgerError> {
    create(store, &command(ledger, "Souk test"), Clock::Pinned(start()))
}

fn code<T>(result: &Result<T, LedgerError>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(error) => error.code(),
    }
}

fn records(store: &dyn EventStore) -> Vec<Vec<u8>> {
    let page = store.read_all(0, 1 << 24).unwrap();
    page.raw().map(|(_, bytes)| bytes.to_vec()).collect()
}

fn begun_as(store: &dyn EventStore, platform: &str) -> Result<Option<Uuid>, LedgerError> {
    begun(store, &command(OTHER, platform), Duration::ZERO)
}

/// A store with the first entries of another.
fn first(of: &dyn EventStore, entries: u64) -> Arc<dyn EventStore> {
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    for append in of.read_all(0, 1 << 24).unwrap().appends(entries).unwrap() {
        store.append(vec![append]).wait_one().unwrap();
    }
    assert_eq!(store.head().unwrap(), entries);
    store
}

/// Appends an event that no ledger writes.
fn foreign(store: &dyn EventStore, stream: &str) {
    let event = NewEvent {
        event_id: [7; 16],
        event_type: "thing-done".into(),
        metadata: b"{}".to_vec(),
        data: b"{}".to_vec(),
    };
    let append =
        Append { stream: stream.into(), expected: Expected::NoStream, events: vec![event] };
    store.append(vec![append]).wait_one().unwrap();
}

#[test]
fn who_comes_second_to_entry_0_has_written_nothing() {
    let store = Disturbed::by("ledger-main", |store| create_in(store).unwrap());
    assert_eq!(code(&create_as(&store, OTHER)), "LedgerExists");
    assert_eq!(records(&store), records(new_store().unwrap().as_ref()));
    assert_eq!(identity(&store).unwrap().ledger.simple().to_string(), LEDGER);
}

#[test]
fn who_registers_the_schemas_while_another_does_finds_them_there() {
    let store = Disturbed::by("schema-main", |store| {
        let half = first(store, 1);
        open(&half, start(), Writers::Several).unwrap();
        let page = half.read_all(1, 1 << 24).unwrap();
        for append in page.appends(half.head().unwrap()).unwrap() {
            store.append(vec![append]).wait_one().unwrap();
        }
    });
    create_as(&store, LEDGER).unwrap();
    assert_eq!(records(&store), records(new_store().unwrap().as_ref()));
}

#[test]
fn a_creation_that_ends_after_any_append_is_gone_on_with() {
    let whole = records(new_store().unwrap().as_ref());
    let mut ends = 0;
    loop {
        let store = Disturbed::ends_after(ends);
        let result = create_as(&store, LEDGER);
        let base = Arc::clone(&store.store);
        if ends == 0 {
            assert!(begun_as(base.as_ref(), "Souk test").unwrap().is_none());
            create_as(base.as_ref(), LEDGER).unwrap();
        } else {
            let ledger = begun_as(base.as_ref(), "Souk test").unwrap().unwrap();
            assert_eq!(ledger.simple().to_string(), LEDGER);
            open(&base, start(), Writers::Several).unwrap();
        }
        assert_eq!(records(base.as_ref()), whole, "ended after {ends}");
        if result.is_ok() {
            break;
        }
        ends += 1;
    }
    assert_eq!(ends, 2, "entry 0, then the schemas as one");
}

#[test]
fn a_ledger_with_some_of_its_schemas_gets_the_others_when_it_is_written() {
    let full = new_store().unwrap();
    let whole = records(full.as_ref());
    for entries in 1..=full.head().unwrap() {
        let store = first(full.as_ref(), entries);
        assert_eq!(unfinished(store.as_ref()).unwrap(), Some(entries));
        assert!(begun_as(store.as_ref(), "Souk test").unwrap().is_some());
        assert_eq!(code(&begun_as(store.as_ref(), "Another")), "LedgerExists");
        open(&store, start(), Writers::Sole).unwrap();
        assert_eq!(records(store.as_ref()), whole);
        open(&store, start(), Writers::Sole).unwrap();
        assert_eq!(records(store.as_ref()), whole, "nothing is there twice");
    }
}

#[test]
fn a_ledger_that_holds_anything_else_is_nobodys_to_begin_again() {
    let store = new_store().unwrap();
    foreign(store.as_ref(), "tariff-a");
    assert_eq!(unfinished(store.as_ref()).unwrap(), None);
    assert_eq!(code(&begun_as(store.as_ref(), "Souk test")), "LedgerExists");
    assert_eq!(code(&create_as(store.as_ref(), OTHER)), "LedgerExists");
}

#[test]
fn a_creation_that_another_finishes_meanwhile_is_not_gone_on_with() {
    let store = new_store().unwrap();
    std::thread::scope(|scope| {
        let same = command(OTHER, "Souk test");
        // Until it is finished: however long that takes.
        let of = store.as_ref();
        let waiting = scope.spawn(move || begun(of, &same, Duration::from_secs(600)));
        foreign(store.as_ref(), "tariff-a");
        assert_eq!(code(&waiting.join().unwrap()), "LedgerExists");
    });
}

#[test]
fn a_first_entry_of_somebody_else_is_named_by_all() {
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    foreign(store.as_ref(), "x");
    let said = [
        create_as(store.as_ref(), LEDGER).unwrap_err(),
        begun_as(store.as_ref(), "Souk test").unwrap_err(),
        identity(store.as_ref()).unwrap_err(),
        open(&store, start(), Writers::Sole).unwrap_err(),
    ];
    for error in said {
        assert_eq!(error.code(), "DamagedEvent");
        let text = error.to_string();
        assert!(text.contains("x@0") && text.contains("thing-done"), "{text}");
    }
    assert_eq!(store.head().unwrap(), 1);
}
