//! Where answers go and in which form: tables, CSV, files; columns and rows; the past; a reader that
//! goes away.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::common::{command, souk};
use crate::demo::demonstration;
use crate::market::Market;

#[test]
fn columns_and_rows_are_those_asked_for() {
    let market = Market::new();
    let args =
        ["balances", "--format", "csv", "--fields", "total,merchant", "--limit", "1", "--quiet"];
    let ran = market.souk(&args).done();
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "total,merchant"));
    assert!(lines[1].ends_with(",1007"), "{lines:?}");
    assert_eq!(ran.err, "");
}

#[test]
fn csv_is_never_grouped_and_a_table_is() {
    let of = |format| {
        souk(&["trial-balance", "--data", demonstration(), "--format", format, "-q"]).done().out
    };
    let csv = of("csv");
    assert!(csv.starts_with("account,merchant,currency,debits,credits,balance\n"), "{csv}");
    assert!(csv.is_ascii() && !csv.contains('\r') && !csv.contains('"'));
    let table = of("table");
    assert!(table.contains("\u{2212}") && table.contains(",0") && !table.contains(" -"), "{table}");
}

#[test]
fn a_file_gets_the_form_of_its_name() {
    let market = Market::new();
    for (name, begins) in [
        ("b.json", "{"),
        ("b.csv", "merchant,currency,"),
        ("b.txt", " merchant"),
        ("b", " merchant"),
    ] {
        let path = market.dir.path().join(name);
        let ran = market.souk(&["balances", "--output", path.to_str().unwrap()]).done();
        assert_eq!(ran.out, "");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with(begins), "{name}: {text}");
    }
    // A chart and a table are one answer.
    let path = market.dir.path().join("manual.txt");
    let printed = souk(&["posting-manual"]).done().out;
    souk(&["posting-manual", "--output", path.to_str().unwrap()]).done();
    assert_eq!(std::fs::read_to_string(path).unwrap(), printed);
    assert!(printed.starts_with("Chart of accounts\n") && printed.contains("order-completed"));
}

#[test]
fn every_figure_has_an_address() {
    let market = Market::new();
    for (args, address) in [
        (["balances"].as_slice(), "balance/1007/CNY/total"),
        (&["revenue"], "revenue/2024-01/Commission/CNY"),
        (&["trial-balance"], "trial-balance/MerchantPayable/1007/CNY"),
        (&["statement", "1008", "2024-W02"], "statement/1008/2024-W02/CNY"),
        (&["order", "o1"], "order/o1"),
    ] {
        let out = market.souk(&[args, &["--addresses"]].concat()).done().out;
        assert!(out.contains(address), "{address} is not in {out}");
    }
}

#[test]
fn a_statement_in_csv_has_what_its_digest_needs() {
    let out = Market::new().souk(&["statement", "1008", "2024-W02", "--format", "csv"]).done().out;
    let header: Vec<&str> = out.lines().next().unwrap().split(',').collect();
    for name in [
        "merchant",
        "currency",
        "cycle",
        "from",
        "to",
        "entry_limit",
        "opening",
        "line_no",
        "kind",
        "order",
        "amount",
        "effective_on",
        "due_on",
        "late",
        "corrects",
        "entry",
        "posting",
    ] {
        assert!(header.contains(&name), "{name} is not in {header:?}");
    }
    assert!(out.contains("\nS-1008-2024W02-CNY,1008,2024-W02,2024-01-08,2024-01-14,"), "{out}");
}

#[test]
fn the_past_is_shown_as_it_stood() {
    let market = Market::new();
    let before = market.json(&["balances"]);
    let entry = before["entry"].to_string();
    let day = crate::market::sale("o9", "1007", "CNY", 29, "10.00");
    market.apply(&day).done();
    assert_ne!(market.json(&["balances"]), before);
    assert_eq!(market.json(&["balances", "--as-of", &entry]), before);
    let ran = market.souk(&["balances", "--as-of", &entry]).done();
    assert!(ran.err.contains("as of it, 4 entries before the head"), "{}", ran.err);
    let now = market.souk(&["balances", "--as-of", "9999-01-01T00:00:00Z"]).done();
    assert!(now.err.contains("caught up"), "{}", now.err);
    market.souk(&["replay", "--as-of", &entry]).done();
}

#[test]
fn a_reader_that_goes_away_ends_the_output_in_silence() {
    for format in ["table", "csv", "json"] {
        let args = ["statement", "1007", "--all", "--data", demonstration(), "--format", format];
        let mut child =
            command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ran = child.wait_with_output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(0), "{format}: {said}");
        assert!(!said.contains("error") && !said.contains("panicked"), "{format}: {said}");
    }
}

#[test]
fn nobody_reading_standard_error_is_no_failure() {
    for args in [
        ["balances", "--data", demonstration()].as_slice(),
        &["balances", "--data", "/nowhere"],
        &["no-verb"],
    ] {
        let mut child = command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        let exit = child.wait().unwrap().code();
        let expected = match args[0] {
            "no-verb" => 2,
            _ if args[2] == "/nowhere" => 5,
            _ => 0,
        };
        assert_eq!(exit, Some(expected), "{args:?}");
    }
}

#[test]
fn help_is_grouped_and_an_answer() {
    let help = souk(&["--help"]).done().out;
    let groups: Vec<&str> =
        help.lines().filter_map(|line| line.split_once("  ")).map(|(first, _)| first).collect();
    for group in ["Start", "Money", "Run", "Check", "Keep"] {
        assert!(groups.contains(&group), "{help}");
    }
    assert!(help.contains("Exit codes: 0 done"));
    assert!(souk(&["--version"]).done().out.starts_with("souk "));
    assert_eq!(souk(&[]).exit, 2);
}
