//! Looking into the log's files, verifying them, and copying them, also while somebody writes.

use std::fs;

use crate::common::{files, fixture, souk};
use crate::market::{Market, sale};
use souk_store_log::{Kind, LogStore, Options};

#[test]
fn the_log_can_be_looked_into_and_verified_beside_a_writer() {
    let market = Market::new();
    let data = market.data();
    let before = files(&data.join("log"));
    let held = LogStore::open(&data, Kind::Ledger, Options::default()).unwrap();
    let files_of = market.json(&["log", "inspect"]);
    let verified = market.json(&["log", "verify"]);
    for of in [&files_of, &verified] {
        assert_eq!((&of["kind"], &of["entries"]), (&"a ledger".into(), &of["acknowledged"]));
    }
    assert!(files_of["writer"] == true && verified["root"].as_str().unwrap().len() == 64);
    let entry = market.json(&["log", "inspect", "--entry", "0"]);
    assert_eq!(
        (&entry["event_type"], &entry["stream"]),
        (&"ledger-created".into(), &"ledger-main".into())
    );
    let frames = market.souk(&["log", "inspect", "--stream", "order-o1"]).done();
    assert!(frames.out.contains("00000000000000000000.seg"), "{}", frames.out);
    market.souk(&["balances"]).done();
    drop(held);
    assert!(market.json(&["log", "inspect"])["writer"] == false);
    market.refuses(&["log", "inspect", "--entry", "999999"], 2, "UnknownEntry");
    market.refuses(&["log", "inspect", "--stream", "order-none"], 2, "UnknownStream");
    assert!(files(&data.join("log")) == before, "looking changes nothing");
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_is_found_and_named() {
    let market = Market::new();
    let path = market.data().join("log/00000000000000000000.seg");
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 12) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(&path, bytes).unwrap();
        let said = market.refuses(&["log", "verify"], 6, "DamagedLog");
        assert!(said.contains("00000000000000000000.seg") && said.contains("at byte"), "{said}");
    }
}

#[test]
fn a_lost_watermark_halts_and_can_be_renewed_for_a_whole_log() {
    let market = Market::new();
    let entries = market.json(&["log", "verify"])["entries"].clone();
    fs::remove_file(market.data().join("WATERMARK")).unwrap();
    let said = market.refuses(&["balances"], 6, "DamagedWatermark");
    assert!(said.contains("--renew-watermark"), "{said}");
    let ran = market.souk(&["log", "verify"]);
    assert!(ran.exit == 6 && ran.err.contains("[DamagedWatermark, exit 6]"), "{}", ran.err);
    let renewed = market.json(&["log", "verify", "--renew-watermark"]);
    assert_eq!(renewed["acknowledged"], entries);
    market.souk(&["replay"]).done();
    market.refuses(&["log", "verify", "--renew-watermark"], 5, "StoreUnavailable");
}

#[test]
fn a_backup_made_while_somebody_writes_restores_to_the_same_figures() {
    let market = Market::new();
    let (backup, restored) = (market.dir.path().join("backup"), market.dir.path().join("again"));
    let (to, back) = (backup.to_str().unwrap(), restored.to_str().unwrap());
    let held = LogStore::open(market.data(), Kind::Ledger, Options::default()).unwrap();
    let copied = market.json(&["backup", to]);
    drop(held);
    let figures = |data: &str| {
        let ran = souk(&["balances", "--format", "json", "--data", data]).done();
        let trial = souk(&["trial-balance", "--format", "json", "--data", data]).done();
        (ran.out, trial.out)
    };
    let then = figures(market.data().to_str().unwrap());
    market.apply(&sale("o9", "1007", "CNY", 20, "44.00")).done();
    assert_eq!(figures(to), then, "a backup is a ledger");
    let again = souk(&["restore", to, "--data", back, "--format", "json"]).done().json();
    assert_eq!(again["root"], copied["root"]);
    assert_eq!(figures(back), then);
    souk(&["replay", "--data", back]).done();
    let refused = souk(&["restore", to, "--data", back]);
    assert!(refused.exit == 1 && refused.err.contains("[LedgerExists, exit 1]"), "{}", refused.err);
    market.refuses(&["backup", to], 2, "NotEmpty");
    let nowhere =
        souk(&["backup", "x", "--data", market.dir.path().join("none").to_str().unwrap()]);
    assert!(nowhere.err.contains("[NoLedger, exit 5]"), "{}", nowhere.err);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let market = Market::new();
    let backup = market.dir.path().join("backup");
    market.souk(&["backup", backup.to_str().unwrap()]).done();
    let path = backup.join("log/00000000000000000000.seg");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let to = market.dir.path().join("again");
    let ran = souk(&["restore", backup.to_str().unwrap(), "--data", to.to_str().unwrap()]);
    assert!(ran.exit == 6 && ran.err.contains("[DamagedLog, exit 6]"), "{}", ran.err);
    assert!(!to.join("log").exists(), "half a copy is no ledger");
}

#[test]
fn a_copy_goes_neither_into_its_source_nor_over_anything_and_takes_files_only() {
    let market = Market::new();
    let data = market.data();
    let inside = |name: &str| data.join(name).to_str().unwrap().to_owned();
    for to in ["backup", "log/x", "."] {
        market.refuses(&["backup", &inside(to)], 2, "OneWithinTheOther");
        let args = ["store", "copy", "--from", data.to_str().unwrap(), "--to", &inside(to)];
        let ran = souk(&args);
        assert!(ran.exit == 2 || ran.err.contains("[LedgerExists, exit 1]"), "{}", ran.err);
    }
    let full = market.dir.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("terms.toml"), "mine").unwrap();
    let (from, to) = (data.to_str().unwrap(), full.to_str().unwrap());
    let ran = souk(&["store", "copy", "--from", from, "--to", to]);
    assert!(ran.err.contains("[NotEmpty, exit 2]"), "{}", ran.err);
    assert_eq!(fs::read(full.join("terms.toml")).unwrap(), b"mine");
    std::os::unix::fs::symlink("/", data.join("root")).unwrap();
    let target = market.dir.path().join("target");
    let said = market.refuses(&["backup", target.to_str().unwrap()], 5, "StoreUnavailable");
    assert!(said.contains("root is neither a file nor a directory"), "{said}");
    fs::remove_file(data.join("root")).unwrap();
    // What a copy that was cut short left behind is no obstacle.
    fs::create_dir_all(target.join(".creating-x/log")).unwrap();
    market.souk(&["backup", target.to_str().unwrap()]).done();
    assert!(!target.join(".creating-x").exists());
    market.refuses(&["log", "verify", "--as-of", "3"], 2, "FlagNotForVerb");
    market.refuses(&["backup", "y", "--as-of", "3"], 2, "FlagNotForVerb");
    let ran = market.souk(&["log", "verify", "--format", "csv"]);
    assert!(ran.err.contains("[FormatNotSupported, exit 2]"), "{}", ran.err);
}

#[test]
fn a_plain_store_is_no_ledger_and_a_ledger_no_plain_store() {
    let market = Market::new();
    let plain = market.dir.path().join("plain");
    let id = [3; 16];
    drop(LogStore::create(&plain, Kind::Plain, id, Options::default()).unwrap());
    for verb in [&["balances"][..], &["replay"], &["close", "--through", "2024-W05"]] {
        let ran = souk(&[verb, &["--data", plain.to_str().unwrap()]].concat());
        assert_eq!(ran.exit, 2, "{}", ran.err);
        assert!(ran.err.contains("holds a plain event store, not a ledger"), "{}", ran.err);
    }
    let said = market.refuses(&["store", "serve", "127.0.0.1:0"], 2, "OtherKind");
    assert!(said.contains("holds a ledger, not a plain event store"), "{said}");
    souk(&["log", "verify", "--data", plain.to_str().unwrap()]).done();
}

#[test]
fn a_copy_into_another_directory_has_the_same_root_and_the_same_projections() {
    let market = Market::new();
    let to = market.dir.path().join("copy");
    let (from, to) = (market.data().to_str().unwrap().to_owned(), to.to_str().unwrap().to_owned());
    let copied = souk(&["store", "copy", "--from", &from, "--to", &to, "--format", "json"]);
    let copied = copied.done().json();
    assert_eq!(copied["root"], market.json(&["log", "verify"])["root"]);
    assert_eq!(copied["projections"], 7);
    let terms = fs::read(market.data().join("terms.toml")).unwrap();
    assert_eq!(fs::read(market.dir.path().join("copy/terms.toml")).unwrap(), terms);
    let again = souk(&["store", "copy", "--from", &from, "--to", &to]);
    assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
    let none = souk(&["store", "copy", "--from", &fixture("none"), "--to", &to]);
    assert!(none.err.contains("[NoLedger, exit 5]"), "{}", none.err);
}
