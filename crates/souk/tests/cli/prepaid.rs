//! Wallets and deposits from outside: commands in, and what every report then says.

use serde_json::{Value, json};

use crate::common::list;
use crate::contract::check_statement;
use crate::market::{Market, line, sale, tariff, terms};

/// 1009 sells for 1,000.00 and is due at once. 500.00 and 80.00 of its payable go into the wallet, 100.00 are free credit;
/// campaigns of 550.00 and 103.00 leave an overdraft of 53.00; a deposit of 300.00 is used, and returned in part.
fn story() -> String {
    let at = |day: u32, hour: u32| format!("2024-01-{day:02}T{hour:02}:00:00+08:00");
    let mut terms = terms("1009", "2024-01-01");
    terms["hold_days"] = json!(0);
    let mut text = line("publish-tariff", "tariff", &at(1, 0), &tariff("std", "2024-01-01"));
    text += &line("enrol-merchant", "enrol", &at(1, 0), &json!({ "merchant": "1009" }));
    text += &line("agree-terms", "terms", &at(1, 0), &terms);
    text += &sale("a1", "1009", "CNY", 8, "1000.00");
    let from =
        |source: &str, reference: &str| json!([{ "source": source, "reference": reference }]);
    let days = |from: &str, to: &str, model: &str, quantity: u32| {
        json!({ "campaign": "spring", "from": from, "to": to, "tax_rate": "0.06",
            "pricing": { "model": model, "quantity": quantity } })
    };
    let with_price = |mut data: Value| {
        data["pricing"]["unit_price"] = json!("0.25");
        data
    };
    let with_amount = |mut data: Value, amount: &str| {
        data["amount"] = json!(amount);
        data
    };
    for (command, day, mut data) in [
        ("agree-ad-terms", 8, json!({ "overdraft": "payable" })),
        ("top-up-wallet", 8, json!({ "amount": "500.00", "from": from("provider", "pay-1") })),
        ("grant-ad-credit", 8, json!({ "grant": "g1", "credit": "free", "amount": "100.00" })),
        ("charge-ads", 10, with_price(days("2024-01-08", "2024-01-09", "cpc", 2200))),
        ("charge-ads", 11, with_amount(days("2024-01-10", "2024-01-10", "placement", 1), "103.00")),
        ("top-up-wallet", 11, json!({ "amount": "80.00", "from": [{ "source": "payable" }] })),
        ("refund-wallet", 12, json!({ "refund": "WR1", "amount": "30.00" })),
        (
            "confirm-wallet-refund",
            12,
            json!({ "refund": "WR1", "through": "bank", "reference": "TR-9" }),
        ),
        ("pay-deposit", 12, json!({ "amount": "300.00", "from": from("bank", "TR-1") })),
        ("use-deposit", 12, json!({ "amount": "50.00", "reason": "goods returned" })),
        ("return-deposit", 12, json!({ "amount": "100.00", "reference": "TR-2" })),
    ] {
        (data["merchant"], data["currency"]) = (json!("1009"), json!("CNY"));
        text += &line(command, &format!("{command} {day}"), &at(day, 12), &data);
    }
    text
}

fn market() -> Market {
    let market = Market::empty();
    let ran = market.apply(&story()).done();
    assert!(ran.json_lines().iter().all(|line| line["status"] == "applied"), "{}", ran.out);
    market
}

#[test]
fn balances_show_wallet_and_deposit_and_applying_again_changes_nothing() {
    let market = market();
    let of = market.json(&["balances"]);
    let row = &of["rows"][0];
    assert_eq!((&row["ad_wallet"], &row["deposit"]), (&json!("50.00"), &json!("150.00")));
    let before = market.log();
    market.apply(&story()).done();
    assert_eq!(before, market.log());
}

#[test]
fn a_statement_has_what_the_payable_bore_and_its_digest_follows_from_its_json() {
    let market = market();
    market.souk(&["close", "--through", "2024-01-14"]).done();
    let of = market.json(&["statement", "1009", "2024-W02"]);
    check_statement(&of);
    let sums: Vec<(&str, &str)> = list(&of["subtotals"])
        .iter()
        .map(|part| (part["kind"].as_str().unwrap(), part["amount"].as_str().unwrap()))
        .collect();
    let expected = [
        ("sale.principal", "1000.00"),
        ("commission", "-50.00"),
        ("commission.tax", "-3.00"),
        ("advertising", "-50.00"),
        ("advertising.tax", "-3.00"),
        ("ad_wallet.top_up", "-80.00"),
        ("deposit.used", "50.00"),
    ];
    assert_eq!(sums, expected);
    market.souk(&["replay"]).done();
}

#[test]
fn revenue_and_trial_balance_have_advertising_without_tax_and_credit_beside_the_books() {
    let market = market();
    let of = market.json(&["revenue", "--by", "line"]);
    let row = list(&of["rows"]).iter().find(|row| row["line"] == "Advertising").unwrap();
    // 450.00 and 103.00 in money, over 1.06.
    assert_eq!((&row["gross"], &row["returned"]), (&json!("521.70"), &json!("0.00")));
    let of = market.json(&["trial-balance"]);
    let balance = |account: &str| {
        let rows = list(&of["rows"]).iter().filter(|row| row["account"] == account);
        rows.map(|row| row["balance"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(balance("AdWallet"), ["-50.00"]);
    assert_eq!(balance("AdCredit"), ["0.00"]);
    assert_eq!(balance("RefundsInTransit"), ["0.00"]);
}

#[test]
fn an_overdraft_without_terms_and_a_deposit_that_is_not_there_are_refused() {
    let market = market();
    let at = "2024-01-13T12:00:00+08:00";
    let ends = json!({ "merchant": "1009", "currency": "CNY", "overdraft": "refused" });
    market.apply(&line("agree-ad-terms", "ends", at, &ends)).done();
    let ads = json!({ "merchant": "1009", "currency": "CNY", "campaign": "summer",
        "from": "2024-01-12", "to": "2024-01-12", "amount": "50.01", "tax_rate": "0.06",
        "pricing": { "model": "cpm", "quantity": 1000 } });
    market.refuses_line(&line("charge-ads", "ads", at, &ads), 1, "WalletOverdrawn");
    let more =
        json!({ "merchant": "1009", "currency": "CNY", "amount": "150.01", "reason": "owed" });
    market.refuses_line(&line("use-deposit", "more", at, &more), 1, "DepositShort");
    let yen = json!({ "merchant": "1009", "currency": "JPY", "amount": "1", "reason": "owed" });
    market.refuses_line(&line("use-deposit", "yen", at, &yen), 1, "DepositShort");
}
