//! What a close did, as finance reads it.

use std::sync::Arc;

use souk_books::Books;
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
