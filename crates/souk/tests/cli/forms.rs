//! Statements in the forms of others: a reader that knows only the form adds every amount again and finds the payout.

use std::process::{Command, Stdio};

use crate::common::souk;
use crate::demo::demonstration;
use crate::market::Market;

/// Adds up what stands in a file of either form: per statement, the total that is said and the sum of its amounts.
const READER: &str = r#"
import csv, decimal, sys
from collections import defaultdict
form, name = sys.argv[1:]
said, found, count = {}, defaultdict(decimal.Decimal), 0
with open(name, encoding="utf-8", newline="") as file:
    text = file.read()
assert "\r" not in text and text.endswith("\n")
for row in csv.DictReader(text.split("\n"), delimiter="\t" if form == "tsv" else ","):
    assert None not in row and None not in row.values(), row
    count += 1
    if form == "tsv":
        if row["total-amount"]:
            assert row["settlement-id"] not in said and not row["amount"]
            said[row["settlement-id"]] = decimal.Decimal(row["total-amount"])
        else:
            assert row["transaction-type"] and row["amount-type"] and row["amount-description"], row
            found[row["settlement-id"]] += decimal.Decimal(row["amount"])
    else:
        names = list(row)
        behind = sum(decimal.Decimal(row[name]) for name in names[names.index("支出合计") + 1:])
        income, outcome = decimal.Decimal(row["收入合计"]), decimal.Decimal(row["支出合计"])
        assert income >= 0 >= outcome and income + outcome == behind == decimal.Decimal(row["商家实收"]), row
        payout = decimal.Decimal(row["打款金额"])
        assert said.setdefault(row["结算单号"], payout) == payout
        found[row["结算单号"]] += behind
for number, total in sorted(said.items()):
    assert found[number] == total, (number, found[number], total)
    print(number, total)
assert set(found) <= set(said)
"#;

#[test]
fn every_statement_of_the_demonstration_foots_to_its_payout_in_each_form() {
    if Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no python3");
        return;
    }
    let market = Market::new();
    let demo = ["--data", demonstration(), "-q", "--format"];
    let balances = souk(&[["balances"].as_slice(), &demo, &["json"]].concat()).done().json();
    let rows = balances["rows"].as_array().unwrap();
    let mut merchants: Vec<&str> =
        rows.iter().map(|row| row["merchant"].as_str().unwrap()).collect();
    merchants.dedup();
    assert!(merchants.len() >= 20, "{merchants:?}");
    let mut checked = 0;
    for merchant in merchants {
        let of = |format: &str| {
            souk(&[["statement", merchant, "--all"].as_slice(), &demo, &[format]].concat()).done()
        };
        let mut wanted: Vec<String> = Vec::new();
        let answers = of("json").json();
        for of in answers.as_array().unwrap() {
            let (number, payout) = (of["number"].as_str().unwrap(), of["payout"].as_str().unwrap());
            wanted.push(format!("{number} {payout}"));
        }
        wanted.sort_unstable();
        checked += wanted.len();
        for form in ["tsv", "settlement-zh"] {
            let file = market.file("form", of(form).out);
            let ran = Command::new("python3").args(["-c", READER, form, &file]).output().unwrap();
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{merchant} {form}: {said}");
            let out = String::from_utf8(ran.stdout).unwrap();
            assert_eq!(out.lines().collect::<Vec<_>>(), wanted, "{merchant} {form}");
        }
    }
    assert!(checked > 100, "{checked} statements");
}

#[test]
fn only_statements_have_these_forms() {
    let market = Market::new();
    for form in ["tsv", "settlement-zh"] {
        for args in [
            ["balances"].as_slice(),
            &["trial-balance"],
            &["order", "o1"],
            &["replay"],
            &["log", "verify"],
        ] {
            let ran = market.souk(&[args, &["--format", form]].concat());
            assert!(ran.exit == 2 && ran.out.is_empty(), "{args:?}: {}", ran.out);
            assert!(ran.err.contains("[FormatNotSupported, exit 2]"), "{}", ran.err);
            assert!(ran.err.contains("table, json and csv"), "{}", ran.err);
        }
    }
    let ran = market.souk(&["balances", "--output", &market.file("b.tsv", "")]);
    assert_eq!(ran.exit, 2, "{}", ran.err);
    let out = market.souk(&["statement", "1008", "2024-W02", "--format", "tsv"]).done().out;
    assert!(out.starts_with("settlement-id\tsettlement-start-date\t"), "{out}");
    assert!(out.contains("\nS-1008-2024W02-CNY\t2024-01-08\t2024-01-14\t\t"), "{out}");
}
