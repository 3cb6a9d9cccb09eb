//! Close runs that are cut off, or raced: whatever happens, the same cycles are closed over the same
//! claim point, once.

use std::sync::Arc;

use serde_json::json;
use souk_domain::event::LedgerEvent;
use souk_domain::merchant::events::Left;
use souk_domain::metadata::Metadata;
use souk_domain::service::commands::DueDay;
use souk_domain::settlement::events::SettlementEvent;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::statement_lines::{Claim, Head};
use souk_ledger::close_run::{AccountSource, ClaimSource, Run};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Account, Ledger, Writers};
use souk_store::{Append, EventStore, Expected, MemoryStore, NewEvent};
use souk_tests::audit;
use souk_tests::market::{Sent, open, platform_zone};
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

/// A reader whose projection of one merchant is wrong by a cent, as a damaged snapshot would leave it.
struct Corrupted {
    honest: Reader,
    merchant: &'static str,
}

impl ClaimSource for Corrupted {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        self.honest.catch_up(store)
    }

    fn last_entry(&self) -> u64 {
        self.honest.last_entry()
    }

    fn accounts(&self) -> Vec<Account> {
        self.honest.accounts()
    }

    fn earliest_due(&self, account: Account) -> Option<Date> {
        self.honest.earliest_due(account)
    }

    fn claim(&self, account: Account, head: &Head) -> Result<Claim, LedgerError> {
        let mut claim = self.honest.claim(account, head)?;
        if account.0.as_str() == self.merchant {
            claim.lines += 1;
            if let Some(first) = claim.totals.first_mut() {
                first.amount += 1;
            }
        }
        Ok(claim)
    }

    fn runs(&self) -> Vec<Run> {
        self.honest.runs()
    }
}

impl AccountSource for Corrupted {
    fn due_by_day(&self, account: Account, today: Date) -> Vec<DueDay> {
        self.honest.due_by_day(account, today)
    }

    fn left(&self, merchant: MerchantId) -> Vec<Left> {
        self.honest.left(merchant)
    }
}

#[test]
fn a_merchant_whose_projection_disagrees_with_the_events_is_not_paid_until_it_agrees() {
    let expected = {
        let store = market();
        close(&store).unwrap();
        statements(&store)
    };
    let store = market();
    let reader = || Reader::replay(store.as_ref(), 1 << 20).unwrap();
    let mut corrupted = Corrupted { honest: reader(), merchant: "M2" };
    let error = handle(&store).close_through(date(15), &mut corrupted).unwrap_err();
    assert_eq!(error.code(), "ClosingsDisagree");
    let LedgerError::ClosingsDisagree { run, closings } = error else { panic!("{error}") };
    assert_eq!(run.as_str(), "2026-03-08");
    let said: Vec<String> = closings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["M2 2026-W10 CNY is not paid: claimed are opening 0.00, 3 lines of 47.36; \
          the events give opening 0.00, 3 lines of 47.35"]
    );
    // The others of the run are closed, M2 is not, and the run is not finished.
    let names: Vec<String> = statements(&store).into_iter().map(|(number, ..)| number).collect();
    assert_eq!(names, ["S-M1-2026W10-CNY", "S-M3-2026W10-CNY"]);
    assert!(reader().runs().iter().all(|run| !run.finished));
    // With a projection that is right the run goes on with its claim point.
    close(&store).unwrap();
    let first_week = |all: &[(String, u64, String)]| -> Vec<(String, u64, String)> {
        all.iter().filter(|(number, ..)| number.contains("W10")).cloned().collect()
    };
    assert_eq!(first_week(&statements(&store)), first_week(&expected));
    assert_eq!(statements(&store).len(), expected.len());
    audit::check(store.as_ref(), &reader()).unwrap();
}

/// A reader that does not know the first run, as one that another writer had begun in the meantime.
struct Forgetful(Reader);

impl ClaimSource for Forgetful {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        self.0.catch_up(store)
    }

    fn last_entry(&self) -> u64 {
        self.0.last_entry()
    }

    fn accounts(&self) -> Vec<Account> {
        self.0.accounts()
    }

    fn earliest_due(&self, account: Account) -> Option<Date> {
        self.0.earliest_due(account)
    }

    fn claim(&self, account: Account, head: &Head) -> Result<Claim, LedgerError> {
        self.0.claim(account, head)
    }

    fn runs(&self) -> Vec<Run> {
        self.0.runs().into_iter().skip(1).collect()
    }
}

#[test]
fn the_raw_pass_begins_again_over_a_claim_point_that_nobody_expected() {
    let store = market();
    let reader = || Reader::replay(store.as_ref(), 1 << 20).unwrap();
    let first = handle(&store).close_through(date(8), &mut reader()).unwrap();
    assert_eq!(first[0].cycles.len(), 3);
    let mut ledger = handle(&store);
    ledger.close_through(date(9), &mut reader()).unwrap();
    let closed = ledger.close_through(date(15), &mut Forgetful(reader())).unwrap();
    assert_eq!(closed.iter().map(|run| run.cycles.len()).sum::<usize>(), 1);
    assert_eq!(statements(&store).len(), 4);
    audit::check(store.as_ref(), &reader()).unwrap();
}

/// A merchant whose close takes from its deposit, beside one that has none.
const DEPOSITS: &str = "
tariff standard from=2026-01-01 commission=5% tax=6%
merchant M1 weekly hold=0 tariff=standard keep-deposit=500.00 recovery=deposit,carry keep=10.00
merchant M2 weekly hold=0 tariff=standard
2026-03-03 10:00 deposit M1 500.00 bank=TR-1:500.00
place O1 tea=M1:100.00 cup=M2:50.00
pay O1 card 150.00
complete O1 M1
complete O1 M2
2026-03-11 10:00 refund O1 R1 tea=100.00
";

#[test]
fn a_run_cut_off_around_a_deposit_uses_what_was_set_aside_once() {
    let deposits = || souk_tests::market::written(DEPOSITS, monday());
    let whole = deposits();
    let before = whole.head().unwrap();
    let closed = close(&whole).unwrap();
    assert_eq!(closed, 3);
    let figures = |store: &Arc<dyn EventStore>| {
        let reader = Reader::replay(store.as_ref(), 1 << 20).unwrap();
        let rows = reader.trial.rows(&reader.names).into_iter();
        let mut rows: Vec<String> = rows.map(|row| format!("{row:?}")).collect();
        rows.sort();
        rows
    };
    for entries in before + 1..whole.head().unwrap() {
        let store = cut(&whole, entries);
        close(&store).unwrap();
        assert_eq!(figures(&store), figures(&whole), "cut at {entries}");
        assert_eq!(statements(&store).len(), closed);
        audit::check(store.as_ref(), &Reader::replay(store.as_ref(), 1 << 20).unwrap()).unwrap();
    }
}

#[test]
fn a_hold_that_comes_while_a_close_is_cut_off_is_claimed_once() {
    let whole = market();
    let before = whole.head().unwrap();
    close(&whole).unwrap();
    let (mut held, mut refused) = (0, 0);
    for entries in before..=whole.head().unwrap() {
        let store = cut(&whole, entries);
        let send = |name, data: serde_json::Value, at| {
            let mut ledger = open(&store, at, Writers::Several).unwrap();
            Sent::new(name, &data, name, at).execute(&mut ledger)
        };
        let hold = json!({ "order": "O1", "hold": "H1", "line": "cup", "amount": "25.00",
            "reason": "complaint" });
        let placed = send("place-hold", hold, monday());
        // Where the run went through, there is nothing to close until the next Sunday.
        let _ = close(&store);
        let next = Micros(monday().0 + 7 * 24 * 3_600_000_000);
        match placed {
            Ok(_) => {
                held += 1;
                let release = json!({ "order": "O1", "hold": "H1" });
                send("release-hold", release, next).unwrap();
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.code(), "SaleSettledAlready", "cut at {entries}");
            }
        }
        let later = Micros(next.0 + 7 * 24 * 3_600_000_000);
        let mut reader = Reader::replay(store.as_ref(), 1 << 20).unwrap();
        open(&store, later, Writers::Several)
            .unwrap()
            .close_through(date(29), &mut reader)
            .unwrap();
        let reader = Reader::replay(store.as_ref(), 1 << 20).unwrap();
        audit::check(store.as_ref(), &reader).unwrap();
        let cny = souk_journal::money::Currency::from_code("CNY").unwrap();
        let number = reader.names.find_merchant("M2".parse().unwrap()).unwrap();
        // 50.00 less 5 % and its tax, however the hold and the close met.
        let paid = reader.balances.figures(number, cny, date(31)).unwrap();
        assert_eq!((paid.due, paid.held, paid.payable), (4_735, 0, 0), "cut at {entries}");
    }
    assert!(held > 0 && refused > 0, "{held} held, {refused} refused");
}
