//! Several writers on one store: one command is one event, one close of a cycle wins, and whoever
//! loses reads anew before it decides again.

use std::sync::{Arc, Barrier};
use std::thread;

use serde_json::json;
use souk_domain::settlement::commands::{CloseCycle, DepositAtClose, statement_number};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{MerchantId, OrderId, RunId};
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::{Head, hex};
use souk_ledger::close_run::ClaimSource;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Account, Ledger, Writers};
use souk_ledger::request::Outcome;
use souk_store::EventStore;
use souk_tests::audit;
use souk_tests::market::{Sent, open, platform_zone};
use souk_tests::reader::Reader;

const MARKET: &str = "
tariff standard from=2026-01-01 commission=5% tax=6%
merchant M1 weekly hold=0 tariff=standard
merchant M2 weekly hold=0 tariff=standard
2026-03-03 10:00 place O1 tea=M1:100.00 cup=M2:50.00
pay O1 card 150.00
complete O1 M1
complete O1 M2
2026-03-04 10:00 place O2 pot=M1:30.00
";

/// Monday, 9 March 2026, noon on the platform's clock: week 10 can be closed.
fn monday() -> Micros {
    Micros(platform_zone().start_of(Date::new(2026, 3, 9).unwrap()).0 + 12 * 3_600_000_000)
}

/// A store in memory with one completed order and one that is only placed.
fn store() -> Arc<dyn EventStore> {
    souk_tests::market::written(MARKET, monday())
}

fn handle(store: &Arc<dyn EventStore>) -> Ledger {
    open(store, monday(), Writers::Several).unwrap()
}

fn reader(store: &Arc<dyn EventStore>) -> Reader {
    Reader::replay(store.as_ref(), 1 << 20).unwrap()
}

fn sound(store: &Arc<dyn EventStore>) {
    audit::check(store.as_ref(), &reader(store)).unwrap();
}

fn pay(key: &str, payment: &str, amount: &str) -> Sent {
    let data = json!({ "order": "O2", "payment": payment, "method": "card", "amount": amount });
    Sent::new("pay-order", &data, key, monday())
}

/// Both at once, from two threads with a handle each.
fn race<T: Send>(
    store: &Arc<dyn EventStore>,
    work: [&(dyn Fn(&mut Ledger) -> T + Sync); 2],
) -> [T; 2] {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let both = work.map(|work| {
            let (mut ledger, barrier) = (handle(store), &barrier);
            scope.spawn(move || {
                barrier.wait();
                work(&mut ledger)
            })
        });
        both.map(|thread| thread.join().unwrap())
    })
}

fn account() -> Account {
    (MerchantId::new("M1").unwrap(), "CNY".parse().unwrap())
}

/// The close of M1's week 10 over what a reader answers now.
fn close(ledger: &mut Ledger, reader: &Reader, run: &str) -> CloseCycle {
    let (merchant, currency) = account();
    let of = ledger.merchant(merchant).unwrap();
    let cycle = of.cycle_of(Date::new(2026, 3, 8).unwrap()).unwrap();
    let head = Head {
        merchant,
        currency,
        cycle: cycle.id,
        from: cycle.from,
        cut_off: cycle.cut_off(),
        entry_limit: reader.last_entry(),
        claims: Claims::Due,
    };
    let claim = reader.claim(account(), &head).unwrap();
    let (run, entry, digest) = (RunId::new(run).unwrap(), reader.last_entry(), hex(&claim.digest));
    let number = statement_number(merchant, &cycle, currency);
    let wind_down_to = None;
    let deposit = DepositAtClose::default();
    CloseCycle {
        merchant,
        currency,
        cycle,
        run,
        entry,
        claim,
        wind_down_to,
        deposit,
        digest,
        number,
    }
}

type Closed = Result<Outcome, LedgerError>;

fn code(result: &Closed) -> &'static str {
    match result {
        Ok(outcome) if outcome.replayed => "replayed",
        Ok(_) => "closed",
        Err(error) => error.code(),
    }
}

#[test]
fn of_two_closes_of_one_cycle_at_once_one_wins() {
    for _ in 0..50 {
        let store = store();
        let reader = reader(&store);
        let mut ledger = handle(&store);
        let [one, two] = ["night", "day"].map(|run| close(&mut ledger, &reader, run));
        let results =
            race(&store, [&|ledger| ledger.close_cycle(&one), &|ledger| ledger.close_cycle(&two)]);
        let mut codes = results.each_ref().map(code);
        codes.sort_unstable();
        assert_eq!(codes, ["CycleAlreadyClosed", "closed"]);
        assert_eq!(store.stream_revision("settlement-M1~CNY").unwrap(), Some(0));
        sound(&store);
    }
}

#[test]
fn one_close_sent_twice_at_once_is_one_event() {
    for _ in 0..50 {
        let store = store();
        let reader = reader(&store);
        let same = close(&mut handle(&store), &reader, "night");
        let results = race(
            &store,
            [&|ledger| ledger.close_cycle(&same), &|ledger| ledger.close_cycle(&same)],
        );
        let mut codes = results.each_ref().map(code);
        codes.sort_unstable();
        assert_eq!(codes, ["closed", "replayed"]);
        assert_eq!(store.stream_revision("settlement-M1~CNY").unwrap(), Some(0));
        sound(&store);
    }
}

#[test]
fn two_close_runs_at_once_close_every_cycle_once() {
    let through = Date::new(2026, 3, 8).unwrap();
    for _ in 0..50 {
        let store = store();
        let run = |ledger: &mut Ledger| {
            let first = ledger.close_through(through, &mut Reader::default());
            // Whoever lost tries again, on what it has in memory.
            let again = ledger.close_through(through, &mut Reader::default());
            (first, again)
        };
        let results = race(&store, [&run, &run]);
        assert!(results.iter().any(|(first, _)| first.is_ok()));
        for (_, again) in results {
            assert!(again.is_ok() || again.is_err_and(|of| of.code() == "CycleAlreadyClosed"));
        }
        for merchant in ["M1", "M2"] {
            let stream = format!("settlement-{merchant}~CNY");
            assert_eq!(store.stream_revision(&stream).unwrap(), Some(0), "{stream}");
        }
        sound(&store);
    }
}

#[test]
fn a_close_over_a_claim_that_another_close_has_taken_is_refused() {
    let store = store();
    let before = reader(&store);
    let mut ledger = handle(&store);
    let stale = close(&mut ledger, &before, "night");
    ledger.close_through(Date::new(2026, 3, 8).unwrap(), &mut Reader::default()).unwrap();
    let head = store.head().unwrap();
    let error = handle(&store).close_cycle(&stale).unwrap_err();
    assert_eq!(error.code(), "CycleAlreadyClosed");
    assert_eq!(store.head().unwrap(), head);
}

#[test]
fn a_claim_that_is_not_what_the_entries_give_is_found_by_every_replay() {
    let store = store();
    let mut ledger = handle(&store);
    let mut wrong = close(&mut ledger, &reader(&store), "night");
    wrong.claim.lines += 1;
    ledger.close_cycle(&wrong).unwrap();
    let faults = audit::check(store.as_ref(), &reader(&store)).unwrap_err();
    assert!(faults.contains("lines of S-M1-2026W10-CNY"), "{faults}");
}

#[test]
fn the_same_command_raced_twice_is_one_event() {
    for _ in 0..100 {
        let store = store();
        let same = pay("once", "P1", "30.00");
        let results =
            race(&store, [&|ledger| same.execute(ledger), &|ledger| same.execute(ledger)]);
        let outcomes = results.map(Result::unwrap);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.replayed).count(), 1);
        assert_eq!(outcomes.each_ref().map(|outcome| outcome.first_revision), [1, 1]);
        assert_eq!(store.stream_revision("order-O2").unwrap(), Some(1));
        sound(&store);
    }
}

#[test]
fn two_commands_to_one_order_at_once_are_both_carried_out() {
    for _ in 0..100 {
        let store = store();
        let (one, two) = (pay("one", "P1", "10.00"), pay("two", "P2", "20.00"));
        let results = race(&store, [&|ledger| one.execute(ledger), &|ledger| two.execute(ledger)]);
        let mut revisions = results.map(|result| result.unwrap().first_revision);
        revisions.sort_unstable();
        assert_eq!(revisions, [1, 2]);
        sound(&store);
    }
}

#[test]
fn a_retry_gives_the_first_result() {
    let store = store();
    let mut ledger = handle(&store);
    let sent = pay("once", "P1", "30.00");
    let first = sent.execute(&mut ledger).unwrap();
    let head = store.head().unwrap();
    for mut ledger in [ledger, handle(&store)] {
        let again = sent.execute(&mut ledger).unwrap();
        assert!(again.replayed && !first.replayed);
        assert_eq!(again.stream, first.stream);
        assert_eq!(again.first_revision, first.first_revision);
        assert_eq!(again.last_revision, first.last_revision);
    }
    assert_eq!(store.head().unwrap(), head);
}

#[test]
fn a_writer_that_was_overtaken_reads_the_stream_anew() {
    let store = store();
    // It believes to be alone, so only the store tells it that it is not.
    let mut slow = open(&store, monday(), Writers::Sole).unwrap();
    slow.order(OrderId::new("O2").unwrap()).unwrap();
    pay("one", "P1", "30.00").execute(&mut handle(&store)).unwrap();
    let data = json!({ "order": "O2", "merchant": "M1" });
    let complete = Sent::new("complete-order", &data, "complete", monday());
    // What it has in memory would refuse: nothing was paid there.
    assert_eq!(complete.execute(&mut slow).unwrap_err().code(), "EscrowShort");
    // What it has in memory would accept a second payment of the same name.
    let same = pay("two", "P1", "30.00").execute(&mut slow).unwrap_err();
    assert_eq!(same.code(), "PaymentRecordedAlready");
    // Having read the stream anew, it knows.
    assert_eq!(complete.execute(&mut slow).unwrap().first_revision, 2);
    sound(&store);
}

#[test]
fn a_writer_that_was_overtaken_finds_its_own_command() {
    let store = store();
    let mut slow = open(&store, monday(), Writers::Sole).unwrap();
    slow.order(OrderId::new("O2").unwrap()).unwrap();
    let sent = pay("one", "P1", "30.00");
    sent.execute(&mut handle(&store)).unwrap();
    let outcome = sent.execute(&mut slow).unwrap();
    assert!(outcome.replayed);
    assert_eq!(outcome.first_revision, 1);
}
