//! `souk export statements`: every statement, its lines as they are printed one by one, and nothing left out unseen.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{Ran, amount, list, souk};
use crate::demo::demonstration;
use crate::market::{Market, line, payout};

fn exported(data: &str, dir: &Path, with: &[&str]) -> Ran {
    souk(&[&["export", "statements", dir.to_str().unwrap(), "--data", data, "-q"], with].concat())
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap()
}

#[test]
fn the_lines_are_those_of_each_statement_and_the_index_has_every_statement() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("all");
    let manifest = exported(demonstration(), &dir, &["--format", "json"]).done();
    assert_eq!(manifest.out, read(&dir, "manifest.json"));
    let manifest = manifest.json();
    let (lines, index) = (read(&dir, "statement-lines.csv"), read(&dir, "statements.csv"));
    let mut of_merchants = 0;
    for merchant in ["1004", "1007", "1013", "1042"] {
        let printed = |format: &str| {
            let of = ["statement", merchant, "--all", "-q", "--data", demonstration()];
            souk(&[&of, ["--format", format].as_slice()].concat()).done()
        };
        let csv = printed("csv").out;
        let (head, rows) = csv.split_once('\n').unwrap();
        assert!(lines.starts_with(head), "the columns are those of one statement");
        assert!(lines.contains(rows), "the lines of {merchant} stand together, as printed");
        of_merchants += rows.lines().count();
        for of in list(&printed("json").json()) {
            let number = of["number"].as_str().unwrap();
            let row = index.lines().find(|row| row.starts_with(&format!("{number},"))).unwrap();
            let digest = of["digest"].as_str().unwrap();
            assert!(row.ends_with(digest), "{row}");
            let count = format!(",{},", list(&of["lines"]).len());
            assert!(row.contains(&count), "{row} has not {count}");
        }
    }
    let known = ["S-1004-", "S-1007-", "S-1013-", "S-1042-"];
    let found = lines.lines().filter(|row| known.iter().any(|of| row.starts_with(of))).count();
    assert_eq!(found, of_merchants, "no line of them is anywhere else");
    assert_eq!(manifest["statements"], index.lines().count() - 1);
    assert_eq!(manifest["lines"], lines.lines().count() - 1);
    for of in list(&manifest["totals"]) {
        let figure = |name: &str| amount(&of[name]);
        let reserve = figure("withheld") - figure("released");
        let kept = reserve + figure("topped_up") - figure("used");
        // Everything that was claimed: what was earned, and what only moved, such as payouts that came back.
        let claimed = figure("opening") + figure("earned") + figure("moved");
        assert!(!figure("payouts_returned").is_zero() || of["currency"] != "CNY");
        assert_eq!(figure("payouts") + figure("carried") + kept - figure("debts"), claimed);
    }
}

#[test]
fn one_currency_is_a_part_of_all() {
    let place = tempfile::tempdir().unwrap();
    let (all, part) = (place.path().join("all"), place.path().join("part"));
    exported(demonstration(), &all, &[]).done();
    let manifest = exported(demonstration(), &part, &["--currency", "JPY", "--format", "json"]);
    let totals = &manifest.done().json()["totals"];
    assert_eq!((list(totals).len(), &totals[0]["currency"]), (1, &"JPY".into()));
    let all = read(&all, "statements.csv");
    let mut rows = 0;
    for row in read(&part, "statements.csv").lines() {
        assert!(all.contains(row), "{row}");
        rows += 1;
    }
    assert!(rows > 1);
}

#[test]
fn a_directory_that_holds_something_is_left_alone_and_an_export_cut_short_is_made_again() {
    let market = Market::new();
    let data = market.data().to_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("deep").join("all");
    exported(&data, &dir, &[]).done();
    let (manifest, index) = (read(&dir, "manifest.json"), read(&dir, "statements.csv"));
    let ran = exported(&data, &dir, &[]);
    assert!(ran.exit == 2 && ran.err.contains("[NotEmpty, exit 2]"), "{}", ran.err);
    // Killed while it was moved into place: the manifest is beside still, and has the digests of what was moved.
    let beside = dir.join(".creating-x");
    fs::create_dir(&beside).unwrap();
    fs::rename(dir.join("manifest.json"), beside.join("manifest.json")).unwrap();
    fs::rename(dir.join("statement-lines.csv"), beside.join("statement-lines.csv")).unwrap();
    fs::write(dir.join("statements.csv"), "mine").unwrap();
    assert_eq!(exported(&data, &dir, &[]).exit, 2);
    assert_eq!(read(&dir, "statements.csv"), "mine", "a name alone proves nothing");
    fs::write(dir.join("statements.csv"), &index).unwrap();
    exported(&data, &dir, &[]).done();
    assert_eq!((read(&dir, "manifest.json"), read(&dir, "statements.csv")), (manifest, index));
    assert!(!beside.exists());
    fs::write(dir.join("mine.txt"), "mine").unwrap();
    fs::remove_file(dir.join("manifest.json")).unwrap();
    assert_eq!(exported(&data, &dir, &[]).exit, 2);
    assert_eq!(read(&dir, "mine.txt"), "mine");
    let ran = exported(&data, &place.path().join("x"), &["--format", "tsv"]);
    assert!(ran.exit == 2 && !place.path().join("x").exists(), "{}", ran.err);
}

#[test]
fn files_of_others_with_the_names_of_an_export_are_never_written_over() {
    let market = Market::new();
    let data = market.data().to_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    for name in ["statements.csv", "statement-lines.csv", "manifest.json"] {
        let dir = place.path().join(format!("of-{name}"));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join(name), "mine").unwrap();
        let ran = exported(&data, &dir, &[]);
        assert!(ran.exit == 2 && ran.err.contains("[NotEmpty, exit 2]"), "{name}: {}", ran.err);
        assert_eq!(read(&dir, name), "mine");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "{name}");
    }
    let (dir, precious) = (place.path().join("linked"), place.path().join("precious.txt"));
    fs::create_dir(&dir).unwrap();
    fs::write(&precious, "mine").unwrap();
    std::os::unix::fs::symlink("../precious.txt", dir.join("statements.csv")).unwrap();
    assert_eq!(exported(&data, &dir, &[]).exit, 2);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    for part in [["--from", "2024-01-01"], ["--limit", "1"]] {
        assert_eq!(exported(&data, &place.path().join("part"), &part).exit, 2);
    }
}

#[test]
fn an_export_of_one_currency_is_verified_as_such_and_a_payout_that_goes_later_is_no_difference() {
    let market = Market::new();
    let data = market.data().to_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    let verify = |dir: &Path| {
        souk(&["statement", "verify", dir.to_str().unwrap(), "--data", &data]).done().out
    };
    let (all, part) = (place.path().join("all"), place.path().join("part"));
    exported(&data, &all, &[]).done();
    exported(&data, &part, &["--currency", "USD"]).done();
    assert!(verify(&part).contains("partial: the export has USD alone"));
    assert!(!verify(&all).contains("partial"));
    // A part that says it is the whole is none.
    let manifest = read(&part, "manifest.json");
    let whole = manifest.replace("  \"currency\": \"USD\",\n  \"merchants\"", "  \"merchants\"");
    assert!(whole != manifest, "{manifest}");
    fs::write(part.join("manifest.json"), whole).unwrap();
    assert_eq!(souk(&["statement", "verify", part.to_str().unwrap(), "--data", &data]).exit, 3);
    // One payout is paid after the export.
    let due = market.json(&["payouts"]);
    let is_due = |row: &&serde_json::Value| row["standing"] == "due" && row["currency"] == "CNY";
    let due = list(&due["rows"]).iter().find(is_due).unwrap();
    let [merchant, cycle] = ["merchant", "cycle"].map(|name| due[name].as_str().unwrap());
    let mut of = payout(merchant, cycle);
    let mut lines = line("instruct-payout", "i", "2024-03-01T10:00:00+08:00", &of);
    of["bank_reference"] = "BK-1".into();
    lines += &line("confirm-payout", "c", "2024-03-02T10:00:00+08:00", &of);
    let file = market.file("paid.ndjson", lines);
    market.souk(&["apply", &file]).done();
    verify(&all);
    let text =
        market.souk(&["statement", merchant, cycle, "--currency", "CNY", "--format", "csv"]).done();
    assert!(text.out.contains("BK-1"), "the payout is on the statement now");
}

#[test]
fn a_ledger_without_a_close_has_an_export_without_statements() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("ledger").to_str().unwrap().to_owned();
    let init = ["init", "--platform", "P", "--platform-currency", "CNY", "--time-zone"];
    souk(
        &[&init, ["Asia/Shanghai", "--language", "en", "--yes", "--data", &data].as_slice()]
            .concat(),
    )
    .done();
    let dir = place.path().join("all");
    let manifest = exported(&data, &dir, &["--format", "json"]).done().json();
    assert_eq!((&manifest["statements"], list(&manifest["totals"]).len()), (&0.into(), 0));
    assert_eq!(read(&dir, "statements.csv").lines().count(), 1, "the header");
    assert_eq!(read(&dir, "statement-lines.csv").lines().count(), 1, "the header");
}

#[test]
fn an_export_is_verified_against_its_ledger_and_what_was_changed_is_named() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("all");
    exported(demonstration(), &dir, &[]).done();
    let verify =
        |data: &str| souk(&["statement", "verify", dir.to_str().unwrap(), "--data", data, "-q"]);
    let manifest = read(&dir, "manifest.json");
    let of: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let whole = format!(
        "{} statements with {} lines verified against the ledger, 0 differences",
        of["statements"], of["lines"]
    );
    let out = verify(demonstration()).done().out;
    assert!(out.contains(&whole), "{out}");
    // The second line of a statement in the middle, and all that can be done to it.
    let lines = read(&dir, "statement-lines.csv");
    let middle = lines.lines().filter(|row| row.starts_with("S-1007-")).nth(40).unwrap();
    let number = middle.split(',').next().unwrap();
    let rows: Vec<&str> =
        lines.lines().filter(|row| row.starts_with(&format!("{number},"))).collect();
    let index = read(&dir, "statements.csv");
    let row = index.lines().find(|row| row.starts_with(&format!("{number},"))).unwrap();
    let without = |text: &str, rows: &[&str]| {
        let kept = text.lines().filter(|row| !rows.contains(row));
        kept.map(|row| format!("{row}\n")).collect::<String>()
    };
    let first = rows[0];
    let (dearer, cents) = (first.replacen(".", ".9", 1), "the file has ");
    let added = format!("{lines}{}", first.replace(number, "S-X") + "\n");
    let changed = [
        (lines.replace(first, &dearer), index.clone(), format!("{number}: line 1, ")),
        (lines.replace(first, &dearer), index.clone(), cents.to_owned()),
        (
            without(&lines, &[rows[rows.len() - 1]]),
            index.clone(),
            format!("line {}: it is in", rows.len()),
        ),
        (without(&lines, &rows), index.clone(), format!("{number}: line 1: it is in the ledger")),
        (
            without(&lines, &rows),
            without(&index, &[row]),
            format!("{number}: it is in the ledger and not in the index"),
        ),
        (
            lines.clone(),
            format!("{index}{row}\n"),
            format!("{number}: it stands in the index twice"),
        ),
        (
            added.clone(),
            index.clone() + &row.replace(number, "S-X") + "\n",
            "S-X: the ledger has no such lines".to_owned(),
        ),
        (added, index.clone(), "S-X: its lines are there".to_owned()),
        (lines.clone() + first + "\n", index.clone(), format!("{number}: lines of it stand apart")),
    ];
    for (lines, index, wanted) in changed {
        fs::write(dir.join("statement-lines.csv"), lines).unwrap();
        fs::write(dir.join("statements.csv"), index).unwrap();
        let ran = verify(demonstration());
        assert_eq!(ran.exit, 3, "{wanted}: {}", ran.err);
        assert!(ran.err.contains(&wanted), "{wanted}: {}", ran.err);
        // One thing is wrong and the seal with it, and nothing else.
        assert!(ran.out.lines().count() <= 6, "{}", ran.out);
    }
    // Another ledger, no ledger, no manifest.
    fs::write(dir.join("statement-lines.csv"), &lines).unwrap();
    fs::write(dir.join("statements.csv"), &index).unwrap();
    assert_eq!(verify(Market::new().data().to_str().unwrap()).exit, 3);
    let ran = souk(&["statement", "verify", dir.to_str().unwrap()]);
    assert!(ran.exit == 2 && ran.err.contains("[NoDigest, exit 2]"), "{}", ran.err);
    for (text, code) in [("{", "BadStatementFile"), ("{}", "BadStatementFile")] {
        fs::write(dir.join("manifest.json"), text).unwrap();
        let ran = verify(demonstration());
        assert!(ran.exit == 4 && ran.err.contains(code), "{}", ran.err);
    }
    fs::remove_file(dir.join("manifest.json")).unwrap();
    assert_eq!(verify(demonstration()).exit, 4);
}

#[test]
fn the_script_adds_an_export_up_and_says_what_it_cannot_read() {
    if Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no python3");
        return;
    }
    let market = Market::new();
    let data = market.data().to_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/readd_statements.py");
    let python = |dir: &Path| {
        let ran = Command::new("python3").arg(&script).arg(dir).output().unwrap();
        let (out, err) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr));
        assert_eq!(err.unwrap(), "", "no traceback");
        (ran.status.code().unwrap(), out)
    };
    let (all, part) = (place.path().join("all"), place.path().join("part"));
    exported(&data, &all, &[]).done();
    exported(&data, &part, &["--currency", "USD"]).done();
    let (exit, out) = python(&all);
    assert!(exit == 0 && !out.contains("partial"), "{out}");
    assert!(out.contains("a digest covers the lines and the opening"), "{out}");
    let (exit, out) = python(&part);
    assert!(exit == 0 && out.contains("partial: currency USD"), "{out}");
    let manifest = read(&all, "manifest.json");
    let parsed: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut without_files = parsed.clone();
    without_files["files"] = serde_json::json!([]);
    let index = read(&all, "statements.csv");
    for (name, text) in [
        ("statements.csv", String::new()),
        ("statement-lines.csv", String::new()),
        ("manifest.json", "[".repeat(100_000)),
        ("manifest.json", "[]".to_owned()),
        ("manifest.json", without_files.to_string()),
        ("statements.csv", index.replace(".00,", ".0_0,")),
        ("statements.csv", index.replacen("number,merchant", "number,number", 1)),
    ] {
        let was = read(&all, name);
        fs::write(all.join(name), &text).unwrap();
        let (exit, out) = python(&all);
        assert!(exit == 4 && out.contains("cannot be read"), "{name}: {exit} {out}");
        fs::write(all.join(name), was).unwrap();
    }
    fs::write(all.join("manifest.json"), format!("\u{feff}{manifest}")).unwrap();
    assert_eq!(python(&all).0, 0, "a byte order mark is passed over");
    fs::write(all.join("statements.csv"), format!("\u{feff}{index}")).unwrap();
    let (exit, out) = python(&all);
    assert!(exit == 3 && out.contains("has the digest"), "the bytes are others: {out}");
    assert!(out.contains("1 differences"), "{out}");
}

#[test]
fn what_is_closed_after_an_export_is_no_difference() {
    let market = Market::new();
    let data = market.data().to_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("all");
    exported(&data, &dir, &[]).done();
    let closed = souk(&["close", "--through", "2024-03-31", "--data", &data, "--format", "json"]);
    assert!(closed.done().json()["closed"].as_u64() > Some(0));
    let verify = ["statement", "verify", dir.to_str().unwrap(), "--data", &data];
    souk(&verify).done();
    // An export as of then is the same one.
    let entry = serde_json::from_str::<serde_json::Value>(&read(&dir, "manifest.json")).unwrap();
    let again = place.path().join("again");
    exported(&data, &again, &["--as-of", &entry["entry"].to_string()]).done();
    for name in ["manifest.json", "statements.csv", "statement-lines.csv"] {
        assert_eq!(read(&again, name), read(&dir, name));
    }
}
