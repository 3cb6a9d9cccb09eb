//! `souk demo`: twice the same bytes, at least one of everything it is there to show, and a directory
//! that is replaced only if it is a demonstration.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use souk_store::EventStore as _;
use souk_store_log::LogStore;
use tempfile::TempDir;

use crate::common::{Ran, files, fixture, souk, souk_reads};

fn make(dir: &Path, more: &[&str]) -> Ran {
    let args = ["demo", "--orders", "1500", "--data", dir.to_str().unwrap()];
    souk(&[args.as_slice(), more].concat())
}

/// A small demonstration that tests read and do not change.
pub(crate) fn demonstration() -> &'static str {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let dir = MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path(), &[]).done();
        dir
    });
    dir.path().to_str().unwrap()
}

fn read(args: &[&str]) -> Value {
    let args = [args, &["--format", "json", "--data", demonstration()]].concat();
    souk(&args).done().json()
}

/// Type and data of every event.
fn events() -> Vec<(String, Value)> {
    let store = LogStore::open_read_only(demonstration()).unwrap();
    let (mut found, mut from) = (Vec::new(), 0);
    while from < store.head().unwrap() {
        let page = store.read_all(from, 4 << 20).unwrap();
        from = page.next_entry();
        for record in page.records() {
            let record = record.unwrap();
            let data = serde_json::from_slice(record.data).unwrap();
            found.push((format!("{} {}", record.event_type, record.stream), data));
        }
    }
    found
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_replaces_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let first = make(dir.path(), &[]).done();
    let bytes = files(dir.path());
    assert_eq!(bytes, files(Path::new(demonstration())), "in another directory");
    fs::write(dir.path().join("projections/orders.snap"), "older").unwrap();
    let second = make(dir.path(), &[]).done();
    assert_eq!(bytes, files(dir.path()), "in its own place");
    assert_eq!(first.out, second.out);
    assert!(first.out.contains("seed 42, clock pinned at 2026-03-31"), "{}", first.out);
    make(dir.path(), &["--seed", "43"]).done();
    assert_ne!(bytes, files(dir.path()), "of another seed");
}

#[test]
fn any_other_directory_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let ran = make(dir.path(), &[]);
    assert!(ran.err.contains("[NotADemonstration, exit 1]"), "{}", ran.err);
    assert_eq!(ran.exit, 1);
    assert_eq!(files(dir.path()).len(), 1);

    let real = tempfile::tempdir().unwrap();
    let data = real.path().to_str().unwrap();
    souk(&["init", "--data", data]).done();
    let before = files(real.path());
    let ran = make(real.path(), &["--format", "json"]);
    assert_eq!((ran.exit, ran.problem()["title"].as_str()), (1, Some("NotADemonstration")));
    assert_eq!(before, files(real.path()));
}

#[test]
fn real_data_does_not_go_into_a_demonstration() {
    let before = files(&Path::new(demonstration()).join("log"));
    let (csv, map) = (fixture("import/lines.csv"), fixture("import/lines-map.toml"));
    let (mini, tariff) = (fixture("olist-mini"), fixture("tariffs/olist.toml"));
    for args in [
        ["apply", "-"].as_slice(),
        &["import", "orders", &csv, "--map", &map, "--enrol-missing"],
        &["import", "orders", &csv, "--map", &map, "--check"],
        &["import", "olist", &mini, "--tariff", &tariff],
        &["close", "--through", "2026-03-31"],
    ] {
        let ran = souk_reads(&[args, &["--data", demonstration()]].concat(), "");
        assert!(ran.err.contains("[DemonstrationLedger, exit 1]"), "{args:?}: {}", ran.err);
        assert_eq!(ran.exit, 1);
    }
    assert_eq!(before, files(&Path::new(demonstration()).join("log")));
}

#[test]
fn it_holds_coupons_of_both_kinds_and_orders_paid_more_than_once() {
    let events = events();
    let lines = || {
        let placed = events.iter().filter(|(name, _)| name.starts_with("order-placed "));
        placed.flat_map(|(_, data)| data["lines"].as_array().unwrap())
    };
    assert!(lines().any(|line| line["platform_discount"].is_string()), "a platform coupon");
    assert!(lines().any(|line| line["merchant_discount"].is_string()), "a merchant coupon");
    let mut paid = BTreeSet::new();
    let mut names =
        events.iter().map(|(name, _)| name).filter(|name| name.starts_with("order-paid "));
    assert!(names.any(|name| !paid.insert(name)), "several payments");
    for name in ["payout-returned ", "order-cancelled ", "month-closed ", "refund-paid "] {
        assert!(events.iter().any(|(of, _)| of.starts_with(name)), "{name}");
    }
    let totals = read(&["trial-balance"]);
    assert!(totals["totals"].as_array().unwrap().len() >= 3, "several currencies");
}

#[test]
fn its_statements_hold_everything_that_can_happen_to_a_merchant() {
    let mut missing = BTreeSet::from([
        "a late item",
        "a negative balance carried",
        "a reserve withheld",
        "a reserve released",
        "a partial refund",
        "a refund after the payout",
        "a returned payout",
        "a positive balance carried",
    ]);
    let balances = read(&["balances"]);
    let others =
        balances["rows"].as_array().unwrap().iter().map(|row| row["merchant"].as_str().unwrap());
    for merchant in ["1007", "1013", "1042"].into_iter().chain(others) {
        if missing.is_empty() {
            break;
        }
        let all = read(&["statement", merchant, "--all"]);
        let mut statements: Vec<&Value> = all.as_array().unwrap().iter().collect();
        statements.sort_by_key(|of| of["from"].as_str());
        // Orders sold on an earlier statement that paid something out.
        let mut paid: BTreeSet<&str> = BTreeSet::new();
        for of in statements {
            let minor =
                |name: &str| of[name].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
            let mut seen = |what: &str, holds: bool| holds && missing.remove(what);
            seen("a negative balance carried", minor("carried") < 0);
            seen("a positive balance carried", minor("carried") > 0);
            seen("a reserve withheld", minor("reserve_withheld") > 0);
            seen("a reserve released", minor("reserve_released") > 0);
            let mut sold = Vec::new();
            for line in of["lines"].as_array().unwrap() {
                let order = line["order"].as_str().unwrap_or_default();
                let refund = line["kind"] == "refund.principal";
                seen("a late item", line["late"] == true);
                seen("a returned payout", line["kind"] == "payout.returned");
                seen("a refund after the payout", refund && paid.contains(order));
                // The whole of a sale without coupons is its base.
                let base = line["base"].as_str().unwrap_or_default();
                let tenth = |text: &str| {
                    text.trim_start_matches('-').replace('.', "").parse::<i64>().unwrap_or(0)
                };
                let amount = tenth(line["amount"].as_str().unwrap());
                seen("a partial refund", refund && amount > 0 && amount * 10 < tenth(base) * 6);
                if line["kind"] == "sale.principal" {
                    sold.push(order);
                }
            }
            if minor("payout") > 0 {
                paid.extend(sold);
            }
        }
    }
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
fn it_prints_checks_that_hold_revenue_and_the_statement_of_one_merchant() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), &[]).done().out;
    for text in [
        "Checks   debits = credits (CNY, JPY, USD) ✓",
        "Revenue 2026-03, CNY",
        "Where did the rest go?",
        "Statement S-1007-2026W11-CNY",
    ] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    assert!(!out.contains('✗'), "{out}");
}

#[test]
fn few_orders_or_none_make_a_demonstration_too() {
    let dir = tempfile::tempdir().unwrap();
    for orders in ["0", "1"] {
        souk(&["demo", "--orders", orders, "--data", dir.path().to_str().unwrap()]).done();
    }
}
