//! Taxes from outside: commands in, and what every report then says.

use serde_json::{Value, json};

use crate::common::list;
use crate::contract::check_statement;
use crate::market::{Market, line, tariff, terms};

/// 1009 sells for 100.00 and 20.00 of shipping, 7.25 % of `US-CA` on top, 1 % of `IN` withheld; commission 5.00 + 0.30 is
/// invoiced, half of the goods come back, and January's tax is paid in February.
fn story() -> String {
    let at = |month: u32, day: u32| format!("2024-{month:02}-{day:02}T12:00:00+08:00");
    let mut terms = terms("1009", "2024-01-01");
    terms["hold_days"] = json!(0);
    let taxes = json!([{ "jurisdiction": "US-CA", "rate": "0.0725" }]);
    let lines = json!([{ "line": "1", "merchant": "1009", "price": "100.00", "shipping": "20.00",
        "taxes": taxes }]);
    let of_fee = json!({ "order": "t1", "merchant": "1009", "fee": "commission" });
    let with = |field: &str, value: &str| {
        let mut data = of_fee.clone();
        data[field] = json!(value);
        data
    };
    let remit = |jurisdiction: &str, reference: &str, account: &str, amount: &str| {
        let mut data = json!({ "jurisdiction": jurisdiction, "currency": "CNY",
            "period": "2024-01-31", "reference": reference });
        data[account] = json!(amount);
        data
    };
    let mut text = String::new();
    for (command, (month, day), data) in [
        ("publish-tariff", (1, 1), tariff("std", "2024-01-01")),
        ("enrol-merchant", (1, 1), json!({ "merchant": "1009" })),
        ("agree-terms", (1, 1), terms),
        (
            "agree-withholding",
            (1, 1),
            json!({ "merchant": "1009", "jurisdiction": "IN", "rate": "0.01",
                "of": "item-price-less-discount", "effective_on": "2024-01-01" }),
        ),
        ("place-order", (1, 8), json!({ "order": "t1", "currency": "CNY", "lines": lines })),
        (
            "pay-order",
            (1, 8),
            json!({ "order": "t1", "payment": "p1", "method": "card", "amount": "128.70" }),
        ),
        ("complete-order", (1, 9), json!({ "order": "t1", "merchant": "1009" })),
        ("invoice-fee", (1, 31), with("invoice", "I-1")),
        (
            "issue-refund",
            (2, 1),
            json!({ "order": "t1", "refund": "r1",
                "lines": [{ "line": "1", "principal": "50.00" }] }),
        ),
        ("remit-tax", (2, 10), remit("US-CA", "TR-1", "collected", "8.70")),
        ("remit-tax", (2, 11), remit("IN", "TR-2", "withheld", "0.40")),
    ] {
        text += &line(command, &format!("{command} {day}"), &at(month, day), &data);
    }
    text
}

fn market() -> Market {
    let market = Market::empty();
    let ran = market.apply(&story()).done();
    assert!(ran.json_lines().iter().all(|line| line["status"] == "applied"), "{}", ran.out);
    market
}

fn rows(report: &Value) -> Vec<String> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let row = |row: &Value| {
        let names = ["account", "jurisdiction", "month", "arisen", "returned", "remitted", "open"];
        names.map(|name| text(row, name)).join(" ")
    };
    list(&report["rows"]).iter().map(row).collect()
}

#[test]
fn what_is_owed_stands_by_account_jurisdiction_and_month() {
    let market = market();
    let report = market.json(&["taxes"]);
    assert_eq!(
        rows(&report),
        [
            "OutputVat - 2024-01 0.30 0.00 0.00 0.30",
            "OutputVat - 2024-02 0.00 -0.15 0.00 -0.15",
            "CollectedTax US-CA 2024-01 8.70 0.00 -8.70 0.00",
            "CollectedTax US-CA 2024-02 0.00 -3.63 0.00 -3.63",
            "WithholdingTax IN 2024-01 1.00 0.00 -0.40 0.60",
            "WithholdingTax IN 2024-02 0.00 -0.50 0.00 -0.50",
        ]
    );
    assert_eq!(report["totals"][0]["open"], "-3.38");
    assert_eq!(report["totals"][0]["pending_red_letter"], "0.15");
    let january = market.json(&["taxes", "--from", "2024-01", "--to", "2024-01"]);
    assert_eq!(list(&january["rows"]).len(), 3);
    let csv = market.souk(&["taxes", "--format", "csv"]).done();
    assert!(csv.out.contains("WithholdingTax,IN,2024-01,CNY,1.00,0.00,-0.40,0.60"), "{}", csv.out);
}

#[test]
fn a_returned_fees_tax_waits_for_its_red_letter() {
    let market = market();
    let status = || {
        let report = market.json(&["taxes", "--red-letters"]);
        let row = &report["returned_fee_tax"][0];
        (row["status"].clone(), row["tax"].clone(), row["red_letter"].clone())
    };
    assert_eq!(status(), (json!("pending"), json!("0.15"), Value::Null));
    let data = json!({ "order": "t1", "merchant": "1009", "fee": "commission",
        "red_letter": "R-1", "tax": "0.15" });
    market.apply(&line("issue-red-letter", "red", "2024-02-12T12:00:00+08:00", &data)).done();
    assert_eq!(status(), (json!("issued"), json!("0.15"), json!("R-1")));
    let table = market.souk(&["taxes", "--red-letters"]).done();
    assert!(table.out.contains("red letter issued"), "{}", table.out);
}

#[test]
fn a_statement_has_withheld_tax_in_its_own_line_in_both_languages() {
    let market = market();
    market.souk(&["close", "--through", "2024-01-14"]).done();
    let of = market.json(&["statement", "1009", "2024-W02"]);
    check_statement(&of);
    let withheld = list(&of["subtotals"]).iter().find(|part| part["kind"] == "tax.withheld");
    assert_eq!(withheld.unwrap()["amount"], "-1.00");
    let line = list(&of["lines"]).iter().find(|line| line["kind"] == "tax.withheld").unwrap();
    assert_eq!((&line["base"], &line["rate"]), (&json!("100.00"), &json!("0.01")));
    let said = |lang: &str| market.souk(&["statement", "1009", "2024-W02", "--lang", lang]).done();
    assert!(said("en").out.contains("Tax withheld"), "{}", said("en").out);
    assert!(said("zh").out.contains("代扣税款"), "{}", said("zh").out);
    market.souk(&["replay"]).done();
}

#[test]
fn the_returned_tax_of_a_service_and_of_a_term_waits_for_its_red_letter_too() {
    let market = Market::new();
    let of = json!({ "merchant": "1007", "currency": "CNY", "charge": "F1" });
    let support = json!({ "of": of, "service": "technical-support",
        "price": { "fixed": { "amount": "200.00" } }, "tax_rate": "0.06" });
    let term = json!({ "membership": "GOLD-1", "holder": { "merchant": "1007" }, "plan": "gold",
        "currency": "CNY", "from": "2024-01-01", "to": "2024-12-30", "gross": "360.00",
        "tax_rate": "0.06" });
    let at = "2024-02-01T10:00:00+08:00";
    let lines = line("charge-service-fee", "f", at, &support)
        + &line("charge-membership", "g", at, &term)
        + &line("invoice-service-fee", "i", at, &json!({ "of": of, "invoice": "I-1" }))
        + &line(
            "invoice-membership",
            "j",
            at,
            &json!({ "membership": "GOLD-1", "invoice": "I-2" }),
        )
        + &line("return-service-fee", "b", at, &json!({ "of": of, "amount": "53.00" }))
        + &line(
            "cancel-membership",
            "c",
            "2024-04-09T15:00:00+08:00",
            &json!({ "membership": "GOLD-1", "on": "2024-04-09" }),
        );
    market.apply(&lines).done();
    let rows = || {
        let report = market.json(&["taxes", "--red-letters"]);
        let rows = report["returned_fee_tax"].as_array().unwrap().iter();
        // The market has returned the fee of an order before.
        let rows = rows.filter(|row| row["order"].is_null());
        let named = |row: &Value| {
            json!([row["charge"], row["term"], row["fee"], row["tax"], row["status"]])
        };
        (rows.map(named).collect::<Vec<_>>(), report["totals"][0]["pending_red_letter"].clone())
    };
    let (found, pending) = rows();
    assert_eq!(
        found,
        [
            json!(["F1", null, "technical_support", "3.00", "pending"]),
            json!([null, "GOLD-1", "membership", "14.80", "pending"]),
        ]
    );
    assert_eq!(pending, "17.80");
    let late = "2024-04-10T10:00:00+08:00";
    let letters =
        line("issue-service-red-letter", "r", late, &json!({ "of": of, "red_letter": "R-1" }))
            + &line(
                "issue-membership-red-letter",
                "s",
                late,
                &json!({ "membership": "GOLD-1", "red_letter": "R-2", "tax": "14.80" }),
            );
    market.apply(&letters).done();
    let (found, pending) = rows();
    assert!(found.iter().all(|row| row[4] == "issued"), "{found:?}");
    assert_eq!(pending, "0.00");
    market.souk(&["replay"]).done();
}

#[test]
fn the_returned_tax_of_partners_commission_waits_for_its_red_letter_too() {
    let market = market();
    let at = |day: u32| format!("2024-03-{day:02}T12:00:00+08:00");
    let mut terms = terms("2001", "2024-01-01");
    terms["hold_days"] = json!(0);
    let sold = json!([{ "line": "1", "merchant": "1009", "price": "300.00" }]);
    let brought = json!({ "order": "t2", "partner": "2001", "kind": "affiliate", "rate": "0.2",
        "base": "item-price-less-discount", "platform_share": "0.1", "tax_rate": "0.06" });
    let mut invoice = json!({ "order": "t2", "merchant": "1009", "fee": "affiliate_commission",
        "invoice": "I-9" });
    let back = json!({ "order": "t2", "refund": "r2",
        "lines": [{ "line": "1", "principal": "100.00" }] });
    let lines = [
        ("enrol-merchant", 1, json!({ "merchant": "2001", "kind": "partner" })),
        ("agree-terms", 1, terms),
        ("place-order", 2, json!({ "order": "t2", "currency": "CNY", "lines": sold })),
        ("attribute-order", 2, brought),
        (
            "pay-order",
            2,
            json!({ "order": "t2", "payment": "p2", "method": "card", "amount": "300.00" }),
        ),
        ("complete-order", 3, json!({ "order": "t2", "merchant": "1009" })),
        ("invoice-fee", 4, invoice.clone()),
        ("issue-refund", 5, back),
    ];
    let text: String =
        lines.iter().map(|(name, day, data)| line(name, name, &at(*day), data)).collect();
    market.apply(&text).done();
    let row = || {
        let report = market.json(&["taxes", "--red-letters"]);
        let found = list(&report["returned_fee_tax"]).iter();
        let mut found = found.filter(|row| row["fee"] == "affiliate_commission");
        let row = found.next().unwrap().clone();
        assert!(found.next().is_none());
        let pending = report["totals"][0]["pending_red_letter"].clone();
        (
            json!([row["order"], row["merchant"], row["tax"], row["status"], row["red_letter"]]),
            pending,
        )
    };
    // 60.00 for the affiliate, of it 5.66 + 0.34 the platform's; a third of 0.34 is 0.11. The other order waits with 0.15.
    assert_eq!(row(), (json!(["t2", "1009", "0.11", "pending", null]), json!("0.26").clone()));
    invoice.as_object_mut().unwrap().remove("invoice");
    invoice["red_letter"] = json!("R-9");
    market.apply(&line("issue-red-letter", "red 9", &at(6), &invoice)).done();
    assert_eq!(row().0, json!(["t2", "1009", "0.11", "issued", "R-9"]));
    let said = market.souk(&["order", "t2"]).done();
    assert!(
        said.out.contains("Affiliate commission of 1009 stands on invoice I-9"),
        "{}",
        said.out
    );
    market.souk(&["replay"]).done();
    invoice["fee"] = json!("postage");
    let refused = market.apply(&line("issue-red-letter", "red 10", &at(6), &invoice));
    assert!(refused.err.contains("technical_service") || refused.out.contains("technical_service"));
}

#[test]
fn fee_tax_that_a_correction_gave_back_waits_for_its_red_letter_too() {
    let market = market();
    market.souk(&["close", "--through", "2024-01-14"]).done();
    let statement = market.json(&["statement", "1009", "2024-W02"]);
    let tax = list(&statement["lines"]).iter().find(|line| line["kind"] == "commission.tax");
    let tax = tax.unwrap();
    let correct = json!({ "correction": "c-1", "amount": "0.10", "due_on": "2024-02-15",
        "line": { "entry": tax["entry"], "posting": tax["posting"] },
        "against": [{ "account": "OutputVat", "amount": "0.10" }] });
    let book = json!({ "merchant": "1009", "currency": "CNY", "correct": correct,
        "approved_by": ["Li", "Wang"], "reason": "the rate was mistyped" });
    let late = "2024-02-15T12:00:00+08:00";
    market.apply(&line("book-correction", "c", late, &book)).done();
    let rows = || {
        let report = market.json(&["taxes", "--red-letters"]);
        let of = |row: &Value| {
            json!([row["order"], row["fee"], row["tax"], row["status"], row["red_letter"]])
        };
        list(&report["returned_fee_tax"]).iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(
        rows(),
        [
            json!(["t1", "commission", "0.15", "pending", null]),
            json!(["t1", "commission.tax", "0.10", "pending", null]),
        ]
    );
    // One red letter is for both.
    let letter = json!({ "order": "t1", "merchant": "1009", "fee": "commission",
        "red_letter": "R-1", "tax": "0.25" });
    market.apply(&line("issue-red-letter", "r", late, &letter)).done();
    assert!(rows().iter().all(|row| row[3] == "issued" && row[4] == "R-1"), "{:?}", rows());
    market.souk(&["replay"]).done();
}
