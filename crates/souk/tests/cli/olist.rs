//! The real orders: every class as published, totals to the cent, importing again adds nothing.
//!
//! The data are not in the repository; where they are absent the test says so and is done.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::Value;
use souk_store::EventStore as _;
use souk_store_log::LogStore;

use crate::common::{copy, files, fixture, souk};

/// Where the data set is, or the reason why nothing is tested.
fn olist() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/olist");
    let dir = env::var_os("SOUK_OLIST_DIR").map_or(beside, PathBuf::from);
    if dir.join("olist_order_items_dataset.csv").is_file() {
        return Some(dir);
    }
    // Past the test runner, which keeps what a passing test prints to itself.
    let said = format!("skipped: no Olist data in {}; set SOUK_OLIST_DIR\n", dir.display());
    let _ = std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes());
    None
}

fn decimal(of: &Value) -> Decimal {
    Decimal::from_str(of.as_str().unwrap()).unwrap()
}

/// Class, orders, sum of the absolute differences, as in the README of the data.
const CLASSES: [(&str, u64, &str); 8] = [
    ("matched", 98_362, "2.73"),
    ("paid_without_items", 775, "162591.95"),
    ("instalment_interest", 232, "3050.01"),
    ("rounding", 44, "1.00"),
    ("untracked_discount", 15, "123.19"),
    ("voucher_related", 7, "17.48"),
    ("unexplained", 5, "77.54"),
    ("no_payment", 1, "143.46"),
];

#[test]
fn the_real_orders_are_imported_closed_and_replayed_to_the_cent() {
    let Some(dir) = olist() else { return };
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("ledger").to_str().unwrap().to_owned();
    let run = |args: &[&str]| {
        souk(&[args, &["--data", &data, "--format", "json"]].concat()).done().json()
    };
    let tariff = fixture("tariffs/olist.toml");
    let import = ["import", "olist", dir.to_str().unwrap(), "--tariff", &tariff];

    // With little memory the rows are sorted in runs on disk; no row is defective.
    let of = run(&[import.as_slice(), &["--memory", "1", "--strict"]].concat());
    assert_eq!((&of["orders"], &of["merchants"]), (&99_441.into(), &3_095.into()));
    assert_eq!(of["rejected"], 0);
    let mut net = Decimal::ZERO;
    for (class, orders, amount) in CLASSES {
        let found = &of["differences"][class];
        assert_eq!(
            (found["orders"].as_u64(), found["amount"].as_str()),
            (Some(orders), Some(amount))
        );
        net += decimal(&found["net"]);
    }
    assert_eq!(of["differences"]["matched"]["net"], "-0.67");
    assert_eq!(net.to_string(), "165318.88");
    let events = of["events"].as_u64().unwrap();
    assert!(events > 500_000, "{events}");

    // Again, with the memory of every day: the same orders, no event.
    let again = run(&import);
    assert_eq!(again["events"], 0);
    assert_eq!(again["differences"], of["differences"]);

    let before = run(&["trial-balance"]);
    balanced(&before);
    // 16,008,872.12 were paid; of that the vouchers are credit of the buyers'.
    let paid: Decimal =
        ["PspClearing", "BuyerCredit"].iter().map(|name| side(&before, name, "debits")).sum();
    assert!(paid >= Decimal::new(1_600_887_212, 2), "{paid}");
    let differences: Decimal = rows(&before, "OrderDifferences")
        .map(|row| decimal(&row["credits"]) - decimal(&row["debits"]))
        .sum();
    // Cancelled and unavailable orders gave theirs back.
    assert!(differences > Decimal::ZERO && differences < net, "{differences}");
    let items = payable(&before);

    let closed = run(&["close", "--through", "2020-05-31"]);
    assert!(closed["closed"].as_u64() > Some(10_000), "{}", closed["closed"]);
    let after = run(&["trial-balance"]);
    balanced(&after);

    // What the closed cycles claimed is what was open: nothing is lost and nothing claimed twice.
    let (mut lines, mut open) = (Decimal::ZERO, Decimal::ZERO);
    for row in run(&["balances"])["rows"].as_array().unwrap() {
        open += decimal(&row["pending"]) + decimal(&row["payable"]);
    }
    let mut carried = BTreeMap::new();
    for data in settlements(&data) {
        lines += decimal(&data["lines"]);
        carried.insert(data["merchant"].to_string(), decimal(&data["carried"]));
    }
    let carried: Decimal = carried.values().sum();
    assert_eq!(lines + open - carried, items, "closed lines + open items = item postings");

    let replay = run(&["replay"]);
    assert_eq!((&replay["balanced"], &replay["mismatches"]), (&true.into(), &0.into()));
    assert_eq!(replay["cycles_checked"], closed["closed"]);
    assert_eq!(replay["events"], replay["entries"]);
}

fn rows<'v>(of: &'v Value, account: &'v str) -> impl Iterator<Item = &'v Value> {
    let rows = of["rows"].as_array().unwrap().iter();
    rows.filter(move |row| row["account"].as_str().unwrap().starts_with(account))
}

fn side(of: &Value, account: &str, name: &str) -> Decimal {
    rows(of, account).map(|row| decimal(&row[name])).sum()
}

/// What merchants are owed on their payable accounts.
fn payable(of: &Value) -> Decimal {
    side(of, "MerchantPayable", "credits") - side(of, "MerchantPayable", "debits")
}

#[track_caller]
fn balanced(of: &Value) {
    let totals = of["totals"].as_array().unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0]["debits"], totals[0]["credits"]);
    assert_eq!(side(of, "", "debits"), decimal(&totals[0]["debits"]));
}

/// The data of every closed cycle, from the log itself, with its merchant and the sum of its lines.
fn settlements(dir: &str) -> Vec<Value> {
    let store = LogStore::open_read_only(dir).unwrap();
    let (mut found, mut from) = (Vec::new(), 0);
    while from < store.head().unwrap() {
        let page = store.read_all(from, 4 << 20).unwrap();
        from = page.next_entry();
        for record in page.records() {
            let record = record.unwrap();
            if record.event_type == "cycle-closed" {
                found.push(serde_json::from_slice(record.data).unwrap());
            }
        }
    }
    found
}

/// Stream, type and data of every event but the ledger's own, in the order of the log.
fn content(dir: &str) -> Vec<(String, String, Vec<u8>)> {
    let store = LogStore::open_read_only(dir).unwrap();
    let page = store.read_all(0, 64 << 20).unwrap();
    assert_eq!(page.next_entry(), store.head().unwrap());
    let records = page.records().map(|record| record.unwrap());
    let others = records.filter(|record| record.stream != "ledger-main");
    others.map(|of| (of.stream.to_owned(), of.event_type.to_owned(), of.data.to_vec())).collect()
}

#[test]
fn the_memory_for_sorting_changes_nothing_that_is_written() {
    let place = tempfile::tempdir().unwrap();
    let (mini, tariff) = (fixture("olist-mini"), fixture("tariffs/olist.toml"));
    let made = |memory: &str| {
        let data = place.path().join(memory).to_str().unwrap().to_owned();
        let args =
            ["import", "olist", &mini, "--tariff", &tariff, "--memory", memory, "--data", &data];
        souk(&args).done();
        content(&data)
    };
    let with_none = made("0");
    assert!(with_none.len() > 80);
    assert_eq!(with_none, made("1"));
    assert_eq!(with_none, made("256"));
}

#[test]
fn a_defective_row_is_told_and_counted_and_strict_writes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (dir, data) = (place.path().join("files"), place.path().join("ledger"));
    copy(Path::new(&fixture("olist-mini")), &dir);
    let payments = dir.join("olist_order_payments_dataset.csv");
    let text = std::fs::read_to_string(&payments).unwrap();
    std::fs::write(&payments, format!("{text}order-01,9,credit_card,1,much\n")).unwrap();
    let number = text.lines().count() + 1;
    let tariff = fixture("tariffs/olist.toml");
    let run = |more: &[&str]| {
        let args = [
            "import",
            "olist",
            dir.to_str().unwrap(),
            "--tariff",
            &tariff,
            "--format",
            "json",
            "--data",
        ];
        souk(&[args.as_slice(), &[data.to_str().unwrap()], more].concat())
    };
    let told = format!("olist_order_payments_dataset.csv:{number}:5");
    let ran = run(&["--strict"]);
    let problem = ran.problem();
    assert_eq!((ran.exit, problem["title"].as_str()), (4, Some("BadRows")));
    assert!(problem["errors"][0].as_str().unwrap().contains(&told), "{problem}");
    assert!(!data.exists(), "not even an empty ledger");
    // The order of the row is left out whole.
    let ran = run(&[]).done();
    assert_eq!((&ran.json()["rejected"], &ran.json()["orders"]), (&1.into(), &15.into()));
    assert!(ran.err.contains(&told), "{}", ran.err);
    let log = files(&data.join("log"));
    assert_eq!(run(&["--strict"]).exit, 4);
    assert_eq!(log, files(&data.join("log")));
}
