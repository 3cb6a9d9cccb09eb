//! `souk statement --compare`: each figure beside that of the statement it is compared with.

use serde_json::Value;

use crate::common::{Ran, amount, list, souk};
use crate::demo::demonstration;
use crate::market::Market;

fn compared(cycle: &str, with: &str, format: &str) -> Ran {
    souk(&[
        "statement",
        "1007",
        cycle,
        "--compare",
        with,
        "--data",
        demonstration(),
        "--format",
        format,
    ])
}

fn statement(cycle: &str) -> Value {
    let args = ["statement", "1007", cycle, "--data", demonstration(), "--format", "json"];
    souk(&args).done().json()
}

/// A figure of a statement as the comparison names it.
fn figure(of: &Value, row: &str) -> rust_decimal::Decimal {
    match row {
        "opening" | "payout" | "carried" | "reserve_released" | "deposit_used" | "earned" => {
            amount(&of[row])
        }
        "reserve_withheld" | "deposit_topped_up" => -amount(&of[row]),
        kind => {
            let mut own = list(&of["lines"]).iter().filter(|line| line["kind"] == kind).peekable();
            own.by_ref().map(|line| amount(&line["amount"])).sum()
        }
    }
}

#[test]
fn each_row_has_the_figures_of_both_statements() {
    let answer = compared("2026-W11", "previous", "json").done().json();
    assert_eq!(answer["number"], "S-1007-2026W11-CNY");
    assert_eq!(answer["compared"], serde_json::json!(["S-1007-2026W10-CNY"]));
    assert_eq!((&answer["days"], &answer["compared_days"]), (&7.into(), &7.into()));
    let (now, before) = (statement("2026-W11"), statement("2026-W10"));
    let rows = list(&answer["rows"]);
    assert!(rows.len() > 15, "{rows:?}");
    for row in rows.iter().filter(|row| row["row"] != "order_value") {
        let name = row["row"].as_str().unwrap();
        assert_eq!(amount(&row["amount"]), figure(&now, name), "{name}");
        assert_eq!(amount(&row["before"]), figure(&before, name), "{name}");
        let change = amount(&row["amount"]) - amount(&row["before"]);
        assert_eq!(amount(&row["change"]), change, "{name}");
    }
    let table = compared("2026-W11", "previous", "table").done();
    assert!(table.err.contains("beside S-1007-2026W10-CNY (2026-03-02 to 2026-03-08)"));
    assert!(table.out.contains("You earned"), "{}", table.out);
    let csv = compared("2026-W11", "previous", "csv").done().out;
    assert!(csv.starts_with("row,label,currency,amount,before,change,percent\n"), "{csv}");
    assert_eq!(csv.lines().count(), rows.len() + 1);
    let said = [&["statement", "1007", "2026-W11", "--compare", "previous", "--lang", "zh"][..]];
    let zh = souk(&[said.concat().as_slice(), &["--data", demonstration()]].concat()).done().out;
    assert!(zh.contains("本期所得") && zh.contains("结转下期"), "{zh}");
}

#[test]
fn days_name_every_statement_within_them_and_unequal_lengths_are_said() {
    let ran = compared("2026-W11", "2026-01..2026-02", "json").done();
    let answer = ran.json();
    // January begins on a Thursday and February ends on a Saturday: weeks 2 to 8 are whole.
    assert_eq!(list(&answer["compared"]).len(), 7);
    assert_eq!(answer["compared"][0], "S-1007-2026W02-CNY");
    assert_eq!((&answer["days"], &answer["compared_days"]), (&7.into(), &49.into()));
    assert!(ran.err.contains("the periods have 7 and 49 days"), "{}", ran.err);
    let of = |row: &Value| row["row"] == "payout";
    let payout = list(&answer["rows"]).iter().find(|row| of(row)).unwrap();
    let each = (2..=8).map(|week| amount(&statement(&format!("2026-W0{week}"))["payout"]));
    assert_eq!(amount(&payout["before"]), each.sum());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    // The demonstration is four months old.
    let year = compared("2026-W11", "year", "json");
    assert!(year.exit == 2 && year.out.is_empty(), "{}", year.out);
    assert_eq!(year.problem()["title"], "NothingToCompare");
    let word = compared("2026-W11", "yesterday", "table");
    assert!(word.err.contains("is not previous, year or FROM..TO   [NotAComparison, exit 2]"));
    let reversed = compared("2026-W11", "2026-02-28..2026-02-01", "table");
    assert!(reversed.err.contains("[RangeReversed, exit 2]"), "{}", reversed.err);
    let market = Market::new();
    let all = market.souk(&["statement", "1007", "--all", "--compare", "previous"]);
    assert!(all.err.contains("[ConflictingArguments, exit 2]"), "{}", all.err);
}
