//! Going live mid-life and leaving again, as a new user does it: the sample file in, balances, a close, the end.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{Ran, list, souk, souk_reads};
use crate::market::{line, payout, sale, tariff, terms};

/// The balances of the sample stand at the end of 2023.
fn init(dir: &TempDir, file: &str, approved_by: &[&str]) -> Ran {
    let data = dir.path().join("ledger").display().to_string();
    let mut args = vec!["init", "--yes", "--quiet", "--data", &data, "--platform", "P"];
    args.extend(["--platform-currency", "CNY", "--time-zone", "Asia/Shanghai", "--language", "en"]);
    args.extend(["--opening", file, "--opening-date", "2023-12-31"]);
    for name in approved_by {
        args.extend(["--approved-by", name]);
    }
    souk(&args)
}

fn run(dir: &TempDir, args: &[&str]) -> Ran {
    let data = dir.path().join("ledger").display().to_string();
    let mut all = args.to_vec();
    all.extend(["--data", &data, "--quiet", "--format", "json"]);
    souk(&all)
}

fn apply(dir: &TempDir, text: &str) -> Ran {
    let data = dir.path().join("ledger").display().to_string();
    souk_reads(&["apply", "-", "--data", &data, "--quiet", "--format", "json"], text)
}

/// The sample, moved to the turn of the year.
fn sample(dir: &TempDir) -> String {
    let text = souk(&["init", "--opening-template"]).done().out;
    let text = text.replace("2026-03-04", "2024-01-04").replace("2026-03-01", "2024-01-01");
    let text = text.replace("2026-04-15", "2024-01-16").replace("2026-12-31", "2024-11-01");
    let path = dir.path().join("opening.csv");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn on_account(trial: &Value, account: &str) -> String {
    let rows = list(&trial["rows"]).iter().filter(|row| row["account"] == account);
    let balances: Vec<&str> = rows.map(|row| row["balance"].as_str().unwrap()).collect();
    balances.join(" ")
}

#[test]
fn balances_are_brought_forward_and_go_their_way() {
    let dir = TempDir::new().unwrap();
    let file = sample(&dir);
    let said = init(&dir, &file, &["Li", "Wang"]).done().out;
    assert!(said.contains("14 balances at the end of 2023-12-31 brought forward"), "{said}");
    let trial = run(&dir, &["trial-balance"]).done().json();
    assert_eq!(on_account(&trial, "OpeningBalances"), "0.00");
    assert_eq!(on_account(&trial, "Bank"), "4100.00");
    assert_eq!(on_account(&trial, "DeferredRevenue"), "-306.00");
    let balances = run(&dir, &["balances", "1007"]).done().json();
    let row = &list(&balances["rows"])[0];
    for (state, amount) in [
        ("pending", "1121.00"),
        ("reserved", "300.00"),
        ("deposit", "2000.00"),
        ("ad_wallet", "150.00"),
    ] {
        assert_eq!(row[state], amount, "{row}");
    }
    let mut text =
        line("publish-tariff", "t", "2024-01-01T00:00:00+08:00", &tariff("std", "2024-01-01"));
    for merchant in ["1007", "1008", "1009"] {
        let at = "2024-01-01T00:00:00+08:00";
        let enrol = json!({ "merchant": merchant });
        text += &line("enrol-merchant", &format!("e{merchant}"), at, &enrol);
        text += &line("agree-terms", &format!("t{merchant}"), at, &terms(merchant, "2024-01-01"));
    }
    text += &sale("o1", "1007", "CNY", 2, "100.00");
    let at = "2024-01-03T10:00:00+08:00";
    let back = json!({ "merchant": "1007", "currency": "CNY", "reference": "TR-9" });
    text += &line("return-deposit", "back", at, &back);
    apply(&dir, &text).done();
    run(&dir, &["close", "--through", "2024-01-07"]).done();
    let statement = run(&dir, &["statement", "1007", "2024-W01"]).done().json();
    // The items of before, at their due date; the reserve is released by the close after the 16th.
    assert_eq!(statement["payout"], "1121.00");
    assert_eq!(
        (&statement["lines"][0]["kind"], &statement["lines"][0]["order"]),
        (&json!("brought_forward"), &json!("8841"))
    );
    run(&dir, &["close", "--through", "2024-01-21"]).done();
    let statement = run(&dir, &["statement", "1007", "2024-W03"]).done().json();
    assert_eq!(statement["reserve_released"], "300.00");
    // 306 days from 1 January: 31.00 in January.
    let tick = run(&dir, &["tick", "--through", "2024-01"]).done().json();
    assert!(tick.to_string().contains("31.00"), "{tick}");
    let trial = run(&dir, &["trial-balance"]).done().json();
    assert_eq!(on_account(&trial, "DeferredRevenue"), "-275.00");
    assert_eq!(on_account(&trial, "OpeningBalances"), "0.00");
    let replay = run(&dir, &["replay"]).done().json();
    assert_eq!((&replay["balanced"], &replay["mismatches"]), (&json!(true), &json!(0)));
}

#[test]
fn a_file_with_faults_is_said_row_by_row_and_nothing_is_written() {
    let dir = TempDir::new().unwrap();
    let sample = sample(&dir);
    let text = fs::read_to_string(&sample).unwrap();
    let bad = text.replace("MerchantDeposit,1007,CNY,,2000.00", "MerchantDeposit,,CNY,,2000,0");
    let bad = bad.replace("Bank,,CNY,4100.00", "Bnk,,CNY,4100.00");
    let file = dir.path().join("bad.csv");
    fs::write(&file, bad).unwrap();
    let ran = init(&dir, file.to_str().unwrap(), &["Li", "Wang"]);
    assert_eq!(ran.exit, 4, "{}", ran.err);
    assert!(ran.err.contains("[BadOpeningBalances, exit 4]"), "{}", ran.err);
    assert!(ran.err.contains("bad.csv:33:1  account \"Bnk\" is not in the chart"), "{}", ran.err);
    assert!(ran.err.contains("bad.csv:25:11  the row has 11 fields, the header 10"), "{}", ran.err);
    let short = text.replace("Bank,,CNY,4100.00", "Bank,,CNY,4099.99");
    fs::write(&file, short).unwrap();
    let ran = init(&dir, file.to_str().unwrap(), &["Li", "Wang"]);
    assert_eq!(ran.exit, 4, "{}", ran.err);
    assert!(ran.err.contains("credits exceed debits by 0.01"), "{}", ran.err);
    // One person does not suffice, and the day and somebody must be named.
    let ran = init(&dir, &sample, &["Li"]);
    assert!(ran.exit == 1 && ran.err.contains("ApprovalMissing"), "{}", ran.err);
    assert_eq!(souk(&["init", "--opening", &sample]).exit, 2);
    assert!(!dir.path().join("ledger").exists(), "nothing is written");
}

#[test]
fn a_merchant_leaves_by_the_command_line() {
    let dir = TempDir::new().unwrap();
    let file = sample(&dir);
    init(&dir, &file, &["Li", "Wang"]).done();
    let at = |day: u32| format!("2024-01-{day:02}T09:00:00+08:00");
    let mut text = line("publish-tariff", "t", &at(1), &tariff("std", "2024-01-01"));
    text += &line("enrol-merchant", "e", &at(1), &json!({ "merchant": "1007" }));
    text += &line("agree-terms", "a", &at(1), &terms("1007", "2024-01-01"));
    let end = json!({ "merchant": "1007", "last_day": "2024-01-05", "wind_down_days": 2, "reason": "leaves" });
    text += &line("announce-closing", "end", &at(2), &end);
    apply(&dir, &text).done();
    let refused = apply(&dir, &sale("o2", "1007", "CNY", 8, "10.00"));
    assert!(refused.exit == 1 && refused.out.contains("MerchantClosing"), "{}", refused.out);
    let shown = run(&dir, &["merchant", "show", "1007"]).done().json();
    assert_eq!(
        (&shown["standing"], &shown["wind_down_to"]),
        (&json!("closing"), &json!("2024-01-07"))
    );
    run(&dir, &["close", "--through", "2024-01-07"]).done();
    let statement = run(&dir, &["statement", "1007"]).done().json();
    assert_eq!((&statement["final"], &statement["payout"]), (&json!(true), &json!("1421.00")));
    let refused = run(&dir, &["merchant", "close", "1007", "--by", "Li"]);
    assert_eq!((refused.exit, &refused.problem()["title"]), (1, &json!("AccountNotEmpty")));
    let mut text = line("instruct-payout", "i", &at(9), &payout("1007", "2024-W01"));
    text += &line("confirm-payout", "c", &at(9), &payout("1007", "2024-W01"));
    let of = json!({ "merchant": "1007", "currency": "CNY", "reference": "TR-2" });
    text += &line("return-deposit", "d", &at(9), &of);
    let of = json!({ "merchant": "1007", "currency": "CNY", "refund": "W1" });
    text += &line("refund-wallet", "w", &at(9), &of);
    apply(&dir, &text).done();
    let closed = run(&dir, &["merchant", "close", "1007", "--by", "Li"]).done().json();
    assert_eq!((&closed["standing"], list(&closed["left"]).len()), (&json!("closed"), 0));
    let again = run(&dir, &["merchant", "close", "1007", "--by", "Li"]);
    assert_eq!((again.exit, &again.problem()["title"]), (1, &json!("MerchantIsClosed")));
}
