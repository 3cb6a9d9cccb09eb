//! Trial balance, balances, revenue, control totals and replay.

use std::sync::Arc;
use std::time::Duration;

use souk_books::{Books, By, RevenueReport};

use crate::market::{LEDGER, Market};

#[test]
fn debits_meet_credits_and_every_control_total_holds() {
    let market = Market::march();
    let trial = market.books.trial_balance();
    for total in &trial.totals {
        assert_eq!(total.debits, total.credits);
    }
    assert_eq!(trial.entry, market.books.entry());
    let control = market.books.control_totals();
    assert!(control.holds, "{control:#?}");
    assert_eq!(control.events, control.entries);
    assert_eq!(control.cycles_checked, 5);
    for money in &control.client_money {
        let causes: i128 = money.causes.iter().map(|cause| cause.amount.minor).sum();
        assert_eq!(causes, money.surplus.minor, "{money:#?}");
    }
}

#[test]
fn a_balance_is_the_sum_of_its_states() {
    let market = Market::march();
    let report = market.books.balances(None, None, None).unwrap();
    assert!(!report.rows.is_empty());
    for row in &report.rows {
        let states: i128 = row.states().iter().map(|(_, figure)| figure.minor).sum();
        assert_eq!(states, row.total.minor);
    }
    let of_1008 = market.books.balances(None, Some("1008"), None).unwrap();
    assert_eq!(of_1008.rows.len(), 1);
    assert_eq!(of_1008.rows[0].address("payable"), "balance/1008/CNY/payable");
    let early = "2026-03-18".parse().ok();
    let pending = market.books.balances(early, Some("1007"), None).unwrap();
    assert_eq!(pending.rows[0].pending.to_string(), "91.51");
    let wrong = market.books.balances(None, Some("10x7"), None).unwrap_err();
    assert_eq!(wrong.code(), "UnknownMerchant");
}

#[test]
fn revenue_is_divided_as_asked_and_its_totals_stay() {
    let market = Market::march();
    let both = By::parse("month,line").unwrap();
    let report = market.books.revenue(None, None, &both).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][0]["month"], "2026-03");
    assert_eq!(json["rows"][0]["line"], "Commission");
    assert_eq!(report.rows[0].address().unwrap(), "revenue/2026-03/Commission/CNY");
    let by_line = market.books.revenue(None, None, &[By::Line]).unwrap();
    assert!(by_line.rows.iter().all(|row| row.month == "all"));
    assert_eq!(by_line.totals, report.totals);
    // A category's parts sum to their line, and have no address of their own.
    let by_category = By::parse("line,category").unwrap();
    let by_category = market.books.revenue(None, None, &by_category).unwrap();
    let commission = |of: &RevenueReport| -> i128 {
        of.rows.iter().filter(|row| row.line == "Commission").map(|row| row.net.minor).sum()
    };
    assert_eq!(commission(&by_category), commission(&by_line));
    assert!(by_category.rows.iter().all(|row| row.category.is_some() && row.address().is_none()));
    let empty = market.books.revenue("2030-01-01".parse().ok(), None, &both).unwrap();
    assert!(empty.rows.is_empty());
    assert_eq!(By::parse("year").unwrap_err().code(), "UnknownDivision");
    let reversed =
        market.books.revenue("2026-03-01".parse().ok(), "2026-02-01".parse().ok(), &both);
    assert_eq!(reversed.unwrap_err().code(), "RangeReversed");
}

#[test]
fn a_replay_gives_the_same_bytes_and_counts_no_mismatch() {
    let market = Market::march();
    let mut again = Books::for_replay(Arc::clone(market.books.store()), LEDGER);
    let pass = again.catch_up(None).unwrap();
    assert_eq!(again.all_as_json().unwrap(), market.books.all_as_json().unwrap());
    let report = again.replay_report(pass, Duration::from_millis(1_250));
    assert!(report.holds());
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains(r#""seconds":1.25,"#) || json.contains(r#""seconds":1.250,"#), "{json}");
    assert_eq!(report.cycles_checked, 5);
}

#[test]
fn snapshots_bring_the_books_back_to_the_same_entry() {
    let market = Market::march();
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::clone(market.books.store());
    let mut first = Books::open(Arc::clone(&store), Some(dir.path()), LEDGER).unwrap();
    assert!(first.not_restored().is_some());
    first.catch_up(None).unwrap();
    first.save_snapshots().unwrap();
    let mut second = Books::open(store, Some(dir.path()), LEDGER).unwrap();
    assert!(second.not_restored().is_none(), "{:?}", second.not_restored());
    assert_eq!(second.catch_up(None).unwrap().events, 0);
    assert_eq!(first.all_as_json().unwrap(), second.all_as_json().unwrap());
}
