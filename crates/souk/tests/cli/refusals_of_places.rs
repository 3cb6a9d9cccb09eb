//! Where the ledger is, or is not: missing, there already, a demonstration, in use, damaged; and
//! command lines that are not understood.

use std::fs;

use souk_store_log::{Kind, LogStore, Options};

use crate::common::{files, fixture, souk};
use crate::market::Market;

#[test]
fn there_is_no_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let none = dir.path().join("none");
    for verb in ["balances", "replay", "trial-balance", "revenue"] {
        let ran = souk(&[verb, "--data", none.to_str().unwrap()]);
        assert_eq!(ran.exit, 5);
        assert!(
            ran.err.contains("[NoLedger, exit 5]") && ran.err.contains("souk init"),
            "{}",
            ran.err
        );
    }
    assert!(!none.exists());
}

#[test]
fn a_ledger_is_not_created_over_another() {
    Market::new().refuses(&["init"], 1, "LedgerExists");
}

#[test]
fn a_ledger_that_would_be_refused_leaves_no_directory() {
    let dir = tempfile::tempdir().unwrap();
    let tariff = fs::read_to_string(fixture("tariffs/standard.toml")).unwrap();
    let late = dir.path().join("late.toml");
    fs::write(
        &late,
        tariff.replace("announced_on = \"2000-01-01\"", "announced_on = \"2000-02-01\""),
    )
    .unwrap();
    let zone = dir.path().join("zone.toml");
    fs::write(&zone, tariff.replace("Etc/UTC", "Mars/Olympus")).unwrap();
    let broken = dir.path().join("broken.toml");
    fs::write(&broken, "tariff = 1").unwrap();
    let (late, zone) = (late.to_str().unwrap(), zone.to_str().unwrap());
    for (flags, exit, code) in [
        (["--currency", "XXQ"], 1, "UnknownCurrency"),
        (["--time-zone", "Mars/Olympus"], 1, "UnknownTimeZone"),
        (["--language", "fr"], 1, "UnknownLanguage"),
        (["--platform", ""], 1, "UnusableName"),
        (["--tariff", late], 4, "BadTariffFile"),
        (["--tariff", zone], 4, "BadTariffFile"),
        (["--tariff", broken.to_str().unwrap()], 4, "BadTariffFile"),
        (["--tariff", "/nowhere/tariff.toml"], 4, "FileNotReadable"),
    ] {
        let data = dir.path().join("new");
        let ran = souk(&["init", "--data", data.to_str().unwrap(), flags[0], flags[1]]);
        assert!(ran.err.contains(&format!("[{code}, exit {exit}]")), "{flags:?}: {}", ran.err);
        assert_eq!(ran.exit, exit);
        assert!(!data.exists(), "{flags:?} left a directory");
    }
    // The same of an import that creates its ledger.
    let data = dir.path().join("olist");
    let mini = fixture("olist-mini");
    for (from, tariff, code) in [
        (mini.as_str(), late, "BadTariffFile"),
        (dir.path().to_str().unwrap(), fixture("tariffs/olist.toml").as_str(), "BadOlistDirectory"),
        ("/nowhere", fixture("tariffs/olist.toml").as_str(), "BadOlistDirectory"),
    ] {
        let ran =
            souk(&["import", "olist", from, "--tariff", tariff, "--data", data.to_str().unwrap()]);
        assert!(ran.err.contains(&format!("[{code}, ")), "{}", ran.err);
        assert!(!data.exists());
    }
}

#[test]
fn a_directory_that_cannot_be_made_or_written_is_out_of_reach() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    let inside = file.join("ledger");
    let ran = souk(&["init", "--data", inside.to_str().unwrap()]);
    assert!(ran.err.contains("[OutputNotWritable, exit 5]"), "{}", ran.err);
    assert_eq!(ran.exit, 5);
    let answer = file.join("answer.txt");
    Market::new().refuses(
        &["balances", "--output", answer.to_str().unwrap()],
        5,
        "OutputNotWritable",
    );
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn a_ledger_in_use_is_not_written_and_can_be_read() {
    let market = Market::new();
    let held = LogStore::open(market.data(), Kind::Ledger, Options::default()).unwrap();
    market.refuses_line("", 5, "LedgerInUse");
    market.refuses(&["close", "--through", "2024-W06"], 5, "LedgerInUse");
    market.souk(&["balances"]).done();
    market.souk(&["replay"]).done();
    market.souk(&["close", "--through", "2024-W06", "--dry-run"]).done();
    let (csv, map) = (fixture("import/lines.csv"), fixture("import/lines-map.toml"));
    let check = ["import", "orders", &csv, "--map", &map, "--check", "--enrol-missing"];
    market.souk(&check).done();
    drop(held);
    market.apply("").done();
}

#[test]
fn a_damaged_log_is_neither_read_nor_written() {
    let market = Market::new();
    let (name, mut bytes) = market.log().remove(0);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(market.data().join("log").join(name), bytes).unwrap();
    fs::remove_dir_all(market.data().join("projections")).unwrap_or_default();
    for args in [
        ["balances"].as_slice(),
        &["replay"],
        &["statement", "1007"],
        &["apply", "-"],
        &["close", "--through", "2024-W06"],
    ] {
        market.refuses(args, 6, "DamagedLog");
    }
}

#[test]
fn a_log_that_lost_what_was_acknowledged_is_damaged() {
    let market = Market::new();
    let (name, mut bytes) = market.log().remove(0);
    bytes.truncate(bytes.len() - 10);
    fs::write(market.data().join("log").join(name), bytes).unwrap();
    market.refuses(&["balances"], 6, "DamagedLog");
    market.refuses(&["apply", "-"], 6, "DamagedLog");
}

#[test]
fn derived_files_that_are_damaged_are_made_again() {
    let market = Market::new();
    let good = market.souk(&["balances", "--format", "json"]).done().out;
    let derived = market.data().join("projections");
    fs::create_dir_all(&derived).unwrap();
    for name in files(&derived).into_keys() {
        fs::write(derived.join(name), "junk").unwrap();
    }
    assert_eq!(market.souk(&["balances", "--format", "json"]).done().out, good);
    fs::remove_dir_all(&derived).unwrap();
    fs::write(&derived, "in the way").unwrap();
    assert_eq!(market.souk(&["balances", "--format", "json"]).done().out, good);
}

#[test]
fn a_command_line_that_is_not_understood_is_wrong_usage() {
    let market = Market::new();
    for (args, code) in [
        (["balances", "--nothing"].as_slice(), "UnknownFlag"),
        (&["balance"], "UnknownVerb"),
        (&["balances", "--effective", "2024-02-30"], "InvalidValue"),
        (&["balances", "--limit", "-1"], "UnknownFlag"),
        (&["statement"], "MissingArgument"),
        (&["import", "orders", "file.csv"], "MissingArgument"),
        (&["statement", "1007", "2024-W02", "--all"], "ConflictingArguments"),
        (&["balances", "--fields", "merchant,colour", "--output", "/dev/stdout"], "UnknownColumn"),
        (&["close", "--through", "tomorrow"], "NotADate"),
        (&["close", "--through", "2023-W53"], "NotADate"),
        (&["revenue", "--from", "spring"], "NotADate"),
    ] {
        if code == "UnknownColumn" {
            // JSON has no columns.
            let ran = market.souk(args);
            assert_eq!((ran.exit, ran.out.as_str()), (2, ""));
            assert!(ran.err.contains("[UnknownColumn, exit 2]"), "{}", ran.err);
            continue;
        }
        market.refuses(args, 2, code);
    }
    let ran = market.souk(&["balances", "--output", "x.xlsx"]);
    assert!(ran.err.contains("[FormatNotSupported, exit 2]"), "{}", ran.err);
    let ran = souk(&["balances", "--store", "kurrentdb://localhost"]);
    assert!(ran.err.contains("[BadStoreAddress, exit 2]"), "{}", ran.err);
}

#[test]
fn what_a_creation_cut_short_left_behind_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("ledger");
    fs::create_dir_all(data.join(".creating-abc123/log")).unwrap();
    souk(&["init", "--data", data.to_str().unwrap()]).done();
    let names: Vec<_> = files(&data).into_keys().collect();
    assert!(!data.join(".creating-abc123").exists(), "{names:?}");
    souk(&["replay", "--data", data.to_str().unwrap()]).done();
}
