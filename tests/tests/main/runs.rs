//! Close runs that are cut off, or raced: whatever happens, the same cycles are closed over the same
//! claim point, once.

use std::sync::Arc;

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::settlement::events::SettlementEvent;
use souk_journal::dates::{Date, Micros};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_store::{Append, EventStore, Expected, MemoryStore, NewEvent};
use souk_tests::audit;
use souk_tests::market::{open, platform_zone};
use souk_tests::reader::Reader;

const MARKET: &str = "
tariff standard from=2026-01-01 commission=5% tax=6%
merchant M1 weekly hold=0 tariff=standard
merchant M2 weekly hold=0 tariff=standard
merchant M3 weekly hold=0 tariff=standard
2026-03-03 10:00 place O1 tea=M1:100.00 cup=M2:50.00 pot=M3:70.00
pay O1 card 220.00
complete O1 M1
complete O1 M2
complete O1 M3
2026-03-11 10:00 place O2 tea=M1:30.00
pay O2 card 30.00
complete O2 M1
";

/// Monday, 16 March 2026, noon on the platform's clock: weeks 10 and 11 can be closed.
fn monday() -> Micros {
    Micros(platform_zone().start_of(date(16)).0 + 12 * 3_600_000_000)
}

fn date(day: u32) -> Date {
    Date::new(2026, 3, day).unwrap()
}

fn market() -> Arc<dyn EventStore> {
    souk_tests::market::written(MARKET, monday())
}

fn handle(store: &Arc<dyn EventStore>) -> Ledger {
    open(store, monday(), Writers::Several).unwrap()
}

fn close(store: &Arc<dyn EventStore>) -> Result<usize, LedgerError> {
    let mut reader = Reader::replay(store.as_ref(), 1 << 20).unwrap();
    let runs = handle(store).close_through(date(15), &mut reader)?;
    Ok(runs.iter().map(|run| run.cycles.len()).sum())
}

/// The log up to an entry, as a crash would leave it.
fn cut(store: &Arc<dyn EventStore>, entries: u64) -> Arc<dyn EventStore> {
    let copy = MemoryStore::new();
    let page = store.read_all(0, usize::MAX).unwrap();
    for record in page.records().take(entries as usize) {
        let record = record.unwrap();
        let event = NewEvent {
            event_id: record.event_id,
            event_type: record.event_type.to_owned().into(),
            metadata: record.metadata.to_vec(),
            data: record.data.to_vec(),
        };
        let append = Append {
            stream: record.stream.into(),
            expected: Expected::after(record.revision.checked_sub(1)),
            events: vec![event],
        };
        copy.append(vec![append]).wait_one().unwrap();
    }
    Arc::new(copy)
}

/// Every closed cycle: statement, claim point, digest.
fn statements(store: &Arc<dyn EventStore>) -> Vec<(String, u64, String)> {
    let page = store.read_all(0, usize::MAX).unwrap();
    let mut all = Vec::new();
    for record in page.records() {
        let record = record.unwrap();
        let metadata = Metadata::parse(record.metadata).unwrap();
        let category = record.stream.split_once('-').unwrap().0;
        let event = LedgerEvent::decode(category, record.event_type, metadata.version, record.data)
            .unwrap();
        if let LedgerEvent::Settlement(SettlementEvent::CycleClosed(of)) = event {
            all.push((of.number.to_owned(), of.entry, of.digest.to_owned()));
        }
    }
    all.sort();
    all
}

#[test]
fn a_run_that_was_cut_off_anywhere_goes_on_with_its_claim_point() {
    let whole = market();
    let before = whole.head().unwrap();
    assert_eq!(close(&whole).unwrap(), 4);
    let expected = statements(&whole);
    for entries in before + 1..whole.head().unwrap() {
        let store = cut(&whole, entries);
        close(&store).unwrap();
        let found = statements(&store);
        let first_week = |all: &[(String, u64, String)]| -> Vec<(String, u64, String)> {
            all.iter().filter(|(number, _, _)| number.contains("W10")).cloned().collect()
        };
        assert_eq!(first_week(&found), first_week(&expected), "cut at {entries}");
        assert_eq!(found.len(), expected.len(), "cut at {entries}");
        audit::check(store.as_ref(), &Reader::replay(store.as_ref(), 1 << 20).unwrap()).unwrap();
        assert_eq!(close(&store).unwrap_err().code(), "CycleAlreadyClosed");
    }
}

#[test]
fn two_runs_of_one_day_at_once_close_every_cycle_once() {
    for _ in 0..30 {
        let store = market();
        let both = std::thread::scope(|scope| {
            [(); 2].map(|()| scope.spawn(|| close(&store))).map(|thread| thread.join().unwrap())
        });
        for result in both {
            if let Err(error) = result {
                assert_eq!(error.code(), "CycleAlreadyClosed", "{error}");
            }
        }
        assert_eq!(statements(&store).len(), 4);
        audit::check(store.as_ref(), &Reader::replay(store.as_ref(), 1 << 20).unwrap()).unwrap();
    }
}
