//! Terms, services and penalties from outside: applied, recognised month by month, on statement and in revenue.

use serde_json::{Value, json};

use crate::market::{Market, line};

const PROVIDER: &str = r#"[{"source":"provider","reference":"pay-1"}]"#;

/// A membership of a year for 360.00, tax included, held by 1007 from 1 January 2024; and a premium for an insurer.
fn sold() -> Market {
    let market = Market::new();
    let from: Value = serde_json::from_str(PROVIDER).unwrap();
    let membership = json!({ "membership": "GOLD-1", "holder": { "merchant": "1007" }, "plan": "gold",
        "currency": "CNY", "from": "2024-01-01", "to": "2024-12-30", "gross": "360.00",
        "tax_rate": "0.06", "settled_from": from });
    let premium = json!({ "of": { "merchant": "1007", "currency": "CNY", "charge": "I1" },
        "service": "freight-insurance", "price": { "fixed": { "amount": "1.20" } },
        "tax_rate": "0.06", "tax_included": true,
        "supplier": { "supplier": "insurer-1", "amount": "1.00" } });
    let penalty = json!({ "of": { "merchant": "1007", "currency": "CNY", "charge": "X1" },
        "amount": "30.00", "reason": "late shipment" });
    let at = "2024-01-30T10:00:00+08:00";
    let lines = line("charge-membership", "g", at, &membership)
        + &line("charge-service-fee", "i", at, &premium)
        + &line("impose-penalty", "x", at, &penalty);
    market.apply(&lines).done();
    market
}

fn line_of(revenue: &Value, line: &str) -> String {
    let rows = revenue["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["line"] == line && row["currency"] == "CNY");
    row.map_or("none", |row| row["net"].as_str().unwrap()).to_owned()
}

#[test]
fn a_tick_books_every_month_once_and_goes_on_later() {
    let market = sold();
    let before = market.log();
    let dry = market.json(&["tick", "--through", "2024-02", "--dry-run"]);
    assert!(before == market.log(), "a dry run writes nothing");
    let tick = market.json(&["tick", "--through", "2024-02"]);
    assert_eq!(dry["rows"], tick["rows"]);
    // 365 days: 339.62 × 31 / 365, then × 60 / 365 less that; 2024 has a 29 February.
    let amounts: Vec<&Value> =
        tick["rows"].as_array().unwrap().iter().map(|row| &row["amount"]).collect();
    assert_eq!(amounts, ["28.84", "26.99"]);
    let after = market.log();
    let again = market.json(&["tick", "--through", "2024-02"]);
    assert_eq!((&again["bookings"], after == market.log()), (&json!(0), true));
    assert_eq!(market.json(&["tick", "--through", "2024-03-30"])["bookings"], 0);
    assert_eq!(market.json(&["tick", "--through", "2024-04-30"])["bookings"], 2);
    let whole = market.json(&["tick", "--through", "2025-12"]);
    assert_eq!(whole["bookings"], 8);
    let revenue = market.json(&["revenue", "--by", "line"]);
    assert_eq!(line_of(&revenue, "Membership"), "339.62");
    market.souk(&["replay"]).done();
}

#[test]
fn a_month_that_runs_is_not_recognised() {
    sold().refuses(&["tick", "--through", "9999-01"], 1, "MonthStillOpen");
}

#[test]
fn a_cancelled_term_ends_its_deferral_and_the_tick() {
    let market = sold();
    market.souk(&["tick", "--through", "2024-03"]).done();
    let revenue = market.json(&["revenue"]);
    assert_eq!(
        revenue["deferred"],
        json!([{ "fee": "membership", "currency": "CNY", "amount": "254.95" }])
    );
    let cancel = json!({ "membership": "GOLD-1", "on": "2024-04-09" });
    market.apply(&line("cancel-membership", "c", "2024-04-09T15:00:00+08:00", &cancel)).done();
    let revenue = market.json(&["revenue", "--by", "line"]);
    // Day 100.
    assert_eq!(line_of(&revenue, "Membership"), "93.05");
    assert_eq!(line_of(&revenue, "ValueAdded"), "0.19");
    assert_eq!(line_of(&revenue, "Penalties"), "none", "a penalty is no revenue");
    assert_eq!(revenue["deferred"][0]["amount"], "0.00");
    assert_eq!(market.json(&["tick", "--through", "2024-12"])["bookings"], 0);
    market.souk(&["close", "--through", "2024-W05"]).done();
    let of = market.json(&["statement", "1007", "2024-W05", "--currency", "CNY"]);
    let lines: Vec<(&Value, &Value)> = of["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["kind"], &line["amount"]))
        .collect();
    let (premium, penalty) = (json!("freight_insurance"), json!("penalty"));
    assert_eq!(lines, [(&premium, &json!("-1.20")), (&penalty, &json!("-30.00"))]);
    market.souk(&["replay"]).done();
}
