//! Holds, objections and months of the books, from outside.

use serde_json::{Value, json};
use souk_domain::business_time::Zone;
use souk_ledger::clock::Clock;

use crate::market::{Market, line};

const AT: &str = "2024-01-30T10:00:00+08:00";

/// The posting of a line of a statement, as an objection names it.
fn line_of(statement: &Value, order: &str, kind: &str) -> Value {
    let lines = statement["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["order"] == order && line["kind"] == kind).unwrap();
    json!({ "entry": line["entry"], "posting": line["posting"] })
}

#[test]
fn what_is_on_hold_stands_in_the_merchants_account_with_its_reason() {
    let market = Market::new();
    market.apply(&crate::market::sale("o9", "1007", "CNY", 28, "80.00")).done();
    let hold = json!({ "order": "o9", "hold": "h-1", "line": "1", "amount": "40.00",
        "reason": "suspected-fraud", "note": "card reported as stolen" });
    market.apply(&line("place-hold", "h", AT, &hold)).done();
    let account = market.json(&["merchant", "show", "1007"]);
    let held = &account["holds"][0];
    let found = (&held["order"], &held["amount"], &held["reason"], &held["since"]);
    assert_eq!(
        found,
        (&json!("o9"), &json!("40.00"), &json!("suspected-fraud"), &json!("2024-01-30"))
    );
    let shown = market.souk(&["merchant", "show", "1007"]).done();
    let said = "on hold  40.00 CNY of order o9 since 2024-01-30: suspected-fraud (h-1)";
    assert!(shown.err.contains(said), "{}", shown.err);
    let life = market.souk(&["order", "o9"]).done();
    assert!(life.out.contains("CNY 40.00 of line 1 put on hold h-1"), "{}", life.out);
    let release = json!({ "order": "o9", "hold": "h-1" });
    market.apply(&line("release-hold", "r", AT, &release)).done();
    assert_eq!(market.json(&["merchant", "show", "1007"])["holds"], json!([]));
    market.souk(&["replay"]).done();
}

/// The seventh day from today in the merchant's zone.
fn in_a_week() -> String {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    zone.date(Clock::System.now()).plus_days(7).to_string()
}

#[test]
fn an_objection_is_listed_with_its_deadline_and_its_correction_names_the_line() {
    let market = Market::new();
    let statement = market.json(&["statement", "1007", "2024-W02", "--currency", "CNY"]);
    let commission = line_of(&statement, "o3", "commission");
    let of = json!({ "merchant": "1007", "currency": "CNY", "cycle": "2024-W02",
        "objection": "ob-1", "lines": [commission], "reason": "wrong-rate" });
    let before = in_a_week();
    market.apply(&line("raise-objection", "o", AT, &of)).done();
    let after = in_a_week();
    let listed = market.json(&["objections"]);
    let row = &listed["rows"][0];
    // The market closed its weeks when the test made it, so the objection is in time; whatever day it is dated, the days to
    // answer it count from the one on which it is recorded.
    assert_eq!(row["objection"], "ob-1");
    assert!([json!(before), json!(after)].contains(&row["answer_by"]), "{row}");
    let found = (&row["standing"], &row["time_zone"]);
    assert_eq!(found, (&json!("open"), &json!("Asia/Shanghai")));
    let correct = json!({ "correction": "c-1", "line": commission, "amount": "1.00",
        "against": [{ "account": "Commission", "amount": "1.00" }], "due_on": "2024-01-30" });
    let answer = json!({ "merchant": "1007", "currency": "CNY", "objection": "ob-1",
        "outcome": "partly", "explanation": "half a mistake", "corrections": [correct],
        "approved_by": ["Li", "Wang"] });
    market.apply(&line("answer-objection", "a", AT, &answer)).done();
    assert_eq!(market.json(&["objections", "--open"])["rows"], json!([]));
    let confirm = json!({ "merchant": "1007", "currency": "CNY", "cycle": "2024-W02",
        "confirmed_by": "person-7" });
    market.apply(&line("confirm-statement", "c", AT, &confirm)).done();
    let shown = market.souk(&["objections", "1007"]).done();
    assert!(shown.out.contains("Asia/Shanghai") && shown.out.contains("partly"), "{}", shown.out);
    assert!(shown.err.contains("confirmed  S-1007-2024W02-CNY by person-7"), "{}", shown.err);
    market.souk(&["close", "--through", "2024-W05"]).done();
    let next = market.json(&["statement", "1007", "2024-W05", "--currency", "CNY"]);
    let lines = next["lines"].as_array().unwrap();
    let correction = lines.iter().find(|line| line["kind"] == "correction").unwrap();
    let original = statement["lines"].as_array().unwrap();
    let of_o3 = |line: &&Value| line["order"] == "o3" && line["kind"] == "commission";
    let original = original.iter().find(of_o3).unwrap();
    let named = format!("{}@{}", original["stream"].as_str().unwrap(), original["revision"]);
    assert_eq!(correction["corrects"], json!(named));
    assert_eq!(correction["amount"], "1.00");
    market.souk(&["replay"]).done();
}

/// The line of commission in January.
fn january(market: &Market) -> Value {
    let report = market.json(&["revenue", "--as-reported", "--currency", "CNY"]);
    let rows = report["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["line"] == "Commission" && row["month"] == "2024-01");
    row.unwrap().clone()
}

#[test]
fn a_month_closes_at_an_entry_and_what_comes_later_is_an_adjustment() {
    let market = Market::new();
    let before = market.log();
    let dry = market.json(&["close-month", "2024-01", "--by", "Li", "--by", "Wang", "--dry-run"]);
    assert!(before == market.log(), "a dry run writes nothing");
    market.refuses(&["close-month", "2024-01", "--by", "Li"], 1, "ApprovalMissing");
    let closed = market.json(&["close-month", "2024-01", "--by", "Li", "--by", "Wang"]);
    assert_eq!(dry["rows"], closed["rows"]);
    let again = market.json(&["close-month", "2024-01", "--by", "Li", "--by", "Wang"]);
    assert_eq!(again["closed_before"], true);
    let reported = january(&market);
    assert!(reported["closed_at"].is_u64());
    assert_eq!(
        (&reported["adjustments"], &reported["known"]),
        (&json!("0.00"), &reported["reported"])
    );
    let refund = json!({ "order": "o3", "refund": "late", "everything": true });
    market.apply(&line("issue-refund", "late", AT, &refund)).done();
    let known = january(&market);
    assert_eq!(known["reported"], reported["reported"], "what was reported stands");
    assert_eq!(known["adjustments"], "-1.67", "5 % of 33.33");
    let table = market.souk(&["revenue", "--as-reported"]).done();
    assert!(table.out.contains("for_earlier"), "{}", table.out);
    market.souk(&["replay"]).done();
}
