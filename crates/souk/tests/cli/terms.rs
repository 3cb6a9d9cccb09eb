//! Terms, services and penalties from outside: applied, recognised month by month, on statement and in revenue.

use serde_json::{Value, json};

use crate::market::{Market, line, terms};

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

#[test]
fn a_tick_charges_the_periods_that_have_begun_each_once_at_the_plan_agreed_before_it_began() {
    let market = Market::new();
    let term = json!({ "membership": "M-1", "holder": { "merchant": "1007" }, "plan": "gold",
        "currency": "CNY", "from": "2024-01-01", "to": "2024-01-31", "gross": "30.00",
        "tax_rate": "0.06" });
    let gold = json!({ "membership": "M-1", "plan": "gold", "gross": "30.00", "months": 1 });
    let silver = json!({ "membership": "M-1", "plan": "silver", "gross": "20.00", "months": 1 });
    let lines = line("charge-membership", "g", "2024-01-01T10:00:00+08:00", &term)
        + &line("agree-renewal", "a", "2024-01-02T10:00:00+08:00", &gold)
        + &line("agree-renewal", "s", "2024-02-10T10:00:00+08:00", &silver);
    market.apply(&lines).done();
    let before = market.log();
    let dry = market.json(&["tick", "--through", "2024-04-15", "--dry-run"]);
    assert!(before == market.log(), "a dry run writes nothing");
    let tick = market.json(&["tick", "--through", "2024-04-15"]);
    let periods: Vec<Value> = tick["renewed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| json!([of["membership"], of["plan"], of["from"], of["to"], of["gross"]]))
        .collect();
    assert_eq!(dry["renewed"], tick["renewed"]);
    assert_eq!(
        periods,
        [
            json!(["M-1:2", "gold", "2024-02-01", "2024-02-29", "30.00"]),
            json!(["M-1:3", "silver", "2024-03-01", "2024-03-31", "20.00"]),
            json!(["M-1:4", "silver", "2024-04-01", "2024-04-30", "20.00"]),
        ]
    );
    // Through the last whole month, March: three months of revenue.
    assert_eq!(tick["bookings"], 3);
    let after = market.log();
    let again = market.json(&["tick", "--through", "2024-04-15"]);
    assert_eq!((&again["renewed"], after == market.log()), (&json!([]), true));
    let end = json!({ "membership": "M-1" });
    market.apply(&line("end-renewal", "e", "2024-04-20T10:00:00+08:00", &end)).done();
    assert_eq!(market.json(&["tick", "--through", "2024-12"])["renewed"], json!([]));
    market.souk(&["replay"]).done();
}

#[test]
fn a_tick_reverses_the_credit_whose_last_day_is_over() {
    let market = Market::new();
    let grant = json!({ "merchant": "1007", "currency": "CNY", "grant": "G1", "credit": "free",
        "amount": "100.00", "expires_on": "2024-03-31" });
    market.apply(&line("grant-ad-credit", "g", "2024-03-01T10:00:00+08:00", &grant)).done();
    assert_eq!(market.json(&["tick", "--through", "2024-03-30"])["credit_expired"], 0);
    assert_eq!(market.json(&["tick", "--through", "2024-03-31"])["credit_expired"], 1);
    let after = market.log();
    assert_eq!(market.json(&["tick", "--through", "2024-05"])["credit_expired"], 0);
    assert!(after == market.log(), "it expires once");
    market.souk(&["replay"]).done();
}

#[test]
fn an_early_payout_is_paid_once_within_what_falls_due_later_and_a_dry_run_writes_nothing() {
    let market = Market::new();
    // The clock is that of the machine, so a sale that falls due later than today has a long hold.
    let at = "2024-01-05T10:00:00+08:00";
    let mut long = terms("1077", "2024-01-01");
    long["hold_days"] = json!(36_500);
    let lines = json!([{ "line": "1", "merchant": "1077", "price": "400.00" }]);
    let order = json!({ "order": "e1", "currency": "CNY", "lines": lines });
    let payment = json!({ "order": "e1", "payment": "p1", "method": "card", "amount": "400.00" });
    let sale =
        line("enrol-merchant", "em", "2024-01-01T09:00:00+08:00", &json!({ "merchant": "1077" }))
            + &line("agree-terms", "et", "2024-01-01T09:00:00+08:00", &long)
            + &line("place-order", "e1", at, &order)
            + &line("pay-order", "e2", at, &payment)
            + &line("complete-order", "e3", at, &json!({ "order": "e1", "merchant": "1077" }));
    market.apply(&sale).done();
    let ask = [
        "early-payout",
        "1077",
        "E1",
        "--through",
        "2123-12-12",
        "--amount",
        "300.00",
        "--rate",
        "1%",
        "--tax",
        "6%",
        "--transfer",
        "TR-1",
    ];
    let before = market.log();
    let dry = market.json(&[&ask[..], &["--dry-run"]].concat());
    assert!(before == market.log(), "a dry run writes nothing");
    let paid = market.json(&ask);
    assert_eq!(
        (&paid["paid"], &paid["fee"], &paid["tax"]),
        (&json!("296.82"), &json!("3.00"), &json!("0.18"))
    );
    assert_eq!(paid["days"], dry["days"]);
    assert_eq!(
        paid["days"],
        json!([{ "due_on": "2123-12-12", "paid_early": "296.82", "fee_and_tax": "3.18" }])
    );
    let after = market.log();
    assert_eq!(market.json(&ask)["paid"], "296.82");
    assert!(after == market.log(), "it is paid once");
    market.refuses(
        &[
            "early-payout",
            "1077",
            "E2",
            "--through",
            "2123-12-12",
            "--amount",
            "100.00",
            "--transfer",
            "TR-2",
        ],
        1,
        "EarlyPayoutExceedsDue",
    );
    market.refuses(
        &[
            "early-payout",
            "1077",
            "E2",
            "--through",
            "2123-12-12",
            "--rate",
            "one",
            "--transfer",
            "TR-2",
        ],
        2,
        "InvalidValue",
    );
    market.souk(&["replay"]).done();
}
