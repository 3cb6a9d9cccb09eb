//! A close is the same however little memory it has: closings, byte for byte, and what is said about them.

use std::sync::Arc;

use proptest::prelude::*;
use souk_books::{Books, CloseBooks};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::CycleId;
use souk_ledger::close_run::ClaimSource;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Account, Writers};
use souk_ledger::overlay::Overlay;
use souk_store::{EventStore, StoreError};
use souk_tests::market::{open, platform_zone, written};

use crate::sequences::config;
use crate::sequences::ops::{Op, sequence};
use crate::sequences::world::World;

fn said(error: impl ToString) -> String {
    error.to_string()
}

/// What a close wrote, or why it was refused.
#[derive(Debug, PartialEq, Eq)]
struct Wrote {
    records: Vec<Vec<u8>>,
    cycles: Vec<(Account, CycleId)>,
    refused: Option<&'static str>,
}

/// Closes over a store as it stands, without writing to it.
fn close(
    store: &Arc<dyn EventStore>,
    now: Micros,
    through: Date,
    claims: &mut dyn ClaimSource,
) -> Result<Wrote, String> {
    let head = store.head().map_err(said)?;
    let mut ledger = open(store, now, Writers::Sole).map_err(said)?;
    let (cycles, refused) = match ledger.close_through(through, claims) {
        Ok(runs) => (runs.into_iter().flat_map(|run| run.cycles).collect(), None),
        Err(error) if error.is_refusal() => (Vec::new(), Some(error.code())),
        Err(error) => return Err(error.to_string()),
    };
    claims.catch_up(store).map_err(said)?;
    let page = store.read_all(head, usize::MAX).map_err(said)?;
    let records = page.records().map(|record| Ok(record?.bytes.to_vec()));
    let records = records.collect::<Result<_, StoreError>>().map_err(said)?;
    Ok(Wrote { records, cycles, refused })
}

fn overlay(base: &Arc<dyn EventStore>) -> Result<Arc<dyn EventStore>, String> {
    Ok(Arc::new(Overlay::new(Arc::clone(base)).map_err(said)?))
}

fn carry_out(ops: &[Op]) -> Result<(), String> {
    let mut world = World::new()?;
    for op in ops {
        world.run(op)?;
    }
    let (base, now) = (world.store(), Micros(world.others.now.0 + 40 * 24 * 3_600_000_000));
    let through = platform_zone().date(now).plus_days(-2);
    let store = overlay(base)?;
    let mut books = Books::for_replay(Arc::clone(&store), "");
    let expected = close(&store, now, through, &mut books)?;
    let summary = books.close_summary(&expected.cycles);
    for memory in [0, 1 << 10, 1 << 30] {
        let (store, directory) = (overlay(base)?, tempfile::tempdir().map_err(said)?);
        let directory = directory.path().to_owned();
        let mut small = CloseBooks::open(store.as_ref(), memory, directory).map_err(said)?;
        let found = close(&store, now, through, &mut small)?;
        if found != expected {
            return Err(format!(
                "with {memory} bytes it closes otherwise: {found:?}\n{expected:?}"
            ));
        }
        if small.close_summary(&found.cycles) != summary {
            return Err(format!("with {memory} bytes it says something else"));
        }
        if memory == 0 && !expected.cycles.is_empty() && small.spilled() == 0 {
            return Err("nothing went to disk".to_owned());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(100, concat!(env!("CARGO_MANIFEST_DIR"), "/regressions/closings.txt")))]

    #[test]
    fn a_close_writes_the_same_bytes_however_little_memory_it_has(ops in sequence()) {
        carry_out(&ops).map_err(TestCaseError::fail)?;
    }
}

const MARKET: &str = "
tariff standard from=2026-01-01 commission=5% tax=6%
merchant M1 weekly hold=0 tariff=standard
2026-03-03 10:00 place O1 tea=M1:100.00
pay O1 card 100.00
complete O1 M1
";

#[test]
fn what_cannot_go_to_disk_stops_the_close_before_anything_is_written() {
    let monday = Micros(platform_zone().start_of(Date::new(2026, 3, 16).unwrap()).0);
    let store = written(MARKET, monday);
    let directory = tempfile::tempdir().unwrap();
    let taken = directory.path().join("taken");
    std::fs::write(&taken, "a file where the directory should be").unwrap();
    let mut books = CloseBooks::open(store.as_ref(), 0, taken).unwrap();
    let head = store.head().unwrap();
    let mut ledger = open(&store, monday, Writers::Sole).unwrap();
    let through = Date::new(2026, 3, 15).unwrap();
    let error = ledger.close_through(through, &mut books).unwrap_err();
    assert!(matches!(error, LedgerError::ReadSide(_)), "{error}");
    assert_eq!(store.head().unwrap(), head);
}
