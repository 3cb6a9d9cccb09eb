//! `souk apply`: a story line by line, the same story again, and the published schema of a line.

use serde_json::{Value, json};

use crate::common::{fixture, souk};
use crate::market::{Market, line, opening, payout};

const AT: &str = "2024-02-01T10:00:00+08:00";

#[test]
fn a_story_is_carried_out_once_however_often_it_is_applied() {
    let market = Market::empty();
    let first = market.apply(&opening()).done();
    let lines = first.json_lines();
    assert!(lines.iter().all(|line| line["status"] == "applied"), "{}", first.out);
    let complete = lines.iter().find(|line| line["command"] == "complete-order").unwrap();
    assert_eq!(complete["events"], json!(["order-completed", "commission-charged"]));
    assert_eq!((&complete["first_revision"], &complete["last_revision"]), (&json!(5), &json!(6)));
    let before = market.log();
    let again = market.apply(&opening()).done();
    assert!(again.json_lines().iter().all(|line| line["status"] == "replayed"), "{}", again.out);
    assert_eq!(before, market.log());
    for (one, two) in lines.iter().zip(again.json_lines()) {
        for field in ["line", "command", "stream", "first_revision", "last_revision"] {
            assert_eq!(one[field], two[field], "a replayed line says where it was carried out");
        }
    }
}

#[test]
fn a_line_without_a_key_is_its_own_key() {
    let market = Market::empty();
    let line =
        json!({ "command": "enrol-merchant", "at": AT, "data": { "merchant": "m" } }).to_string();
    let status = |ran: crate::common::Ran| ran.done().json_lines()[0]["status"].clone();
    assert_eq!(status(market.apply(&line)), "applied");
    assert_eq!(status(market.apply(&line)), "replayed");
}

#[test]
fn a_refused_line_does_not_stop_the_others() {
    let market = Market::new();
    let enrol =
        |merchant: &str| line("enrol-merchant", merchant, AT, &json!({ "merchant": merchant }));
    let ran = market.apply(&(enrol("1007") + "\n" + &enrol("1009")));
    assert_eq!(ran.exit, 1);
    let lines = ran.json_lines();
    assert_eq!(
        (&lines[0]["status"], &lines[0]["code"]),
        (&json!("refused"), &json!("MerchantEnrolledAlready"))
    );
    assert_eq!((&lines[1]["line"], &lines[1]["status"]), (&json!(3), &json!("applied")));
    assert_eq!(ran.problem()["title"], "MerchantEnrolledAlready");
}

#[test]
fn line_ends_blank_lines_and_a_byte_order_mark_are_no_mistakes() {
    let market = Market::empty();
    let text = format!(
        "\u{feff}{}\r\n\r\n",
        line("enrol-merchant", "k", AT, &json!({ "merchant": "m" })).trim()
    );
    market.apply(&text).done();
    let nothing = market.apply("").done();
    assert_eq!(nothing.out, "");
}

#[test]
fn malformed_lines_can_be_left_out() {
    let market = Market::empty();
    let text = format!("{{\n{}", line("enrol-merchant", "k", AT, &json!({ "merchant": "m" })));
    let ran = market.reads(&["apply", "-", "--skip-bad", "--format", "json"], &text).done();
    assert_eq!(ran.json_lines()[0]["status"], "applied");
    assert!(ran.err.contains("-:1:1  EOF") && ran.err.contains("[MalformedLine]"), "{}", ran.err);
}

#[test]
fn a_payout_goes_out_comes_back_and_is_paid_with_the_next_cycle() {
    let market = Market::new();
    let mut back = payout("1007", "2024-W02");
    back["reason"] = json!("account closed");
    market.apply(&line("return-payout", "back", "2024-01-30T10:00:00+08:00", &back)).done();
    let close = json!({ "book": "main", "month": "2024-01-31", "approved_by": ["Li", "Wang"] });
    market.apply(&line("close-month", "january", AT, &close)).done();
    market.souk(&["close", "--through", "2024-W05"]).done();
    let of = market.json(&["statement", "1007", "2024-W05", "--currency", "CNY"]);
    let line = &of["lines"][0];
    assert_eq!((&line["kind"], &line["order"]), (&json!("payout.returned"), &Value::Null));
    market.souk(&["replay"]).done();
}

#[test]
fn the_published_schema_is_that_of_the_binary() {
    let path = fixture("schemas/apply.schema.json");
    let printed = souk(&["apply", "--schema"]).done().out;
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &printed).unwrap();
        return;
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == printed, "{path} is not what is printed; UPDATE_EXPECT=1 rewrites it");
}

#[test]
fn the_schema_names_every_command_with_its_data() {
    let schema = souk(&["apply", "--schema"]).done().json();
    let names = schema["properties"]["command"]["enum"].as_array().unwrap();
    let variants = schema["oneOf"].as_array().unwrap();
    assert_eq!(names.len(), variants.len());
    for (name, variant) in names.iter().zip(variants) {
        assert_eq!(variant["properties"]["command"]["const"], *name);
        let data = &variant["properties"]["data"];
        assert_eq!(data["additionalProperties"], false, "{name}: unknown fields are refused");
        assert!(!data["properties"].as_object().unwrap().is_empty());
    }
    // An unknown command is told all of them.
    let market = Market::empty();
    let said = market.refuses_line(&line("xyz", "k", AT, &json!({})), 4, "UnknownCommand");
    assert!(names.iter().all(|name| said.contains(name.as_str().unwrap())), "{said}");
}
