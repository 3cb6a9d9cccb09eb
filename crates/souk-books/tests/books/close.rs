//! What a close did, as finance reads it.

use std::sync::Arc;

use souk_books::{Books, CloseBooks};
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;

use crate::market::{LEDGER, Market};

#[test]
fn a_dry_run_shows_cycles_held_balances_and_changes_and_writes_nothing() {
    let market = Market::march();
    let base = Arc::clone(market.books.store());
    let head = base.head().unwrap();
    let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(Arc::clone(&base)).unwrap());
    let now = "2026-03-23T01:00:00.000000Z".parse().unwrap();
    let mut ledger = Ledger::open(Arc::clone(&overlay), Clock::Pinned(now), Writers::Sole).unwrap();
    let mut books = Books::open(overlay, None, LEDGER).unwrap();
    let runs = ledger.close_through("2026-03-22".parse().unwrap(), &mut books).unwrap();
    let closed: Vec<_> = runs.iter().flat_map(|run| run.cycles.iter().copied()).collect();
    let summary = books.close_summary(&closed);
    assert_eq!(base.head().unwrap(), head);
    let json = serde_json::to_value(&summary).unwrap();
    // 1007 sold; 1008 has its 15.00 less fees carried again, below the minimum of 20.00.
    assert_eq!(json["cycles"][0]["cycle"], "2026-W12");
    assert_eq!(json["cycles"][0]["merchants"], 2);
    assert_eq!(json["cycles"][0]["payouts"], 1);
    assert_eq!(json["held"][0]["merchant"], "1008");
    assert_eq!(json["held"][0]["reason"], "below the minimum of 20.00");
    assert_eq!(json["changes"][0]["merchant"], "1007");
    assert_eq!(json["changes"][0]["previous_cycle"], "2026-W11");
}

#[test]
fn a_close_names_what_is_on_hold_and_whose_payouts_wait_for_a_payee() {
    let mut market = Market::march();
    let hold = r#"{"order":"A-6","hold":"H-1","line":"1","amount":"30.00","reason":"dispute"}"#;
    market.run("2026-03-17T06:00:00.000000Z", "place-hold", hold);
    let store = Arc::clone(market.books.store());
    let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(store).unwrap());
    let now = "2026-03-23T01:00:00.000000Z".parse().unwrap();
    let mut ledger = Ledger::open(Arc::clone(&overlay), Clock::Pinned(now), Writers::Sole).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut books = CloseBooks::open(overlay.as_ref(), 0, directory.path().into()).unwrap();
    let runs = ledger.close_through("2026-03-22".parse().unwrap(), &mut books).unwrap();
    let closed: Vec<_> = runs.iter().flat_map(|run| run.cycles.iter().copied()).collect();
    let json = serde_json::to_value(books.close_summary(&closed)).unwrap();
    assert_eq!(json["on_hold"].as_array().unwrap().len(), 1);
    let held = &json["on_hold"][0];
    assert_eq!((&held["merchant"], &held["reason"]), (&"1007".into(), &"dispute".into()));
    assert_eq!((&held["holds"], &held["amount"]), (&1.into(), &"30.00".into()));
    let row = &json["holds"][0];
    assert_eq!((&row["hold"], &row["order"]), (&"H-1".into(), &"A-6".into()));
    // 99.99 less 8 % and tax less what is held, and 5 % of it in reserve; 1008 is paid nothing.
    let without = json["without_payee"].as_array().unwrap();
    assert_eq!(without.len(), 1);
    assert_eq!(without[0]["merchant"], "1007");
    assert_eq!(without[0]["payout"], json["cycles"][0]["payout"]);
}
