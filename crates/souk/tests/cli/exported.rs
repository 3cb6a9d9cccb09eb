//! `souk export statements`: every statement, its lines as they are printed one by one, and nothing left out unseen.

use std::fs;
use std::path::Path;

use crate::common::{Ran, amount, list, souk};
use crate::demo::demonstration;
use crate::market::Market;

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
        let kept = figure("withheld") - figure("released");
        let claimed = figure("opening") + figure("earned");
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
    fs::remove_file(dir.join("manifest.json")).unwrap();
    fs::write(dir.join("statements.csv"), "cut sh").unwrap();
    exported(&data, &dir, &[]).done();
    assert_eq!((read(&dir, "manifest.json"), read(&dir, "statements.csv")), (manifest, index));
    fs::write(dir.join("mine.txt"), "mine").unwrap();
    fs::remove_file(dir.join("manifest.json")).unwrap();
    assert_eq!(exported(&data, &dir, &[]).exit, 2);
    assert_eq!(read(&dir, "mine.txt"), "mine");
    let ran = exported(&data, &place.path().join("x"), &["--format", "tsv"]);
    assert!(ran.exit == 2 && !place.path().join("x").exists(), "{}", ran.err);
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
