//! Rates of exchange from a file, and a statement in another currency than its orders.

use serde_json::json;

use crate::common::list;
use crate::contract::check_statement;
use crate::market::{Market, line, sale};

const RATES: &str =
    "pair,date,rate,source\nUSD.CNY,2024-01-02,7.10,SAFE\nUSD.CNY,2024-01-20,7.20,SAFE\n";

#[test]
fn rates_are_recorded_once_however_often_the_file_comes() {
    let market = Market::new();
    let path = market.file("rates.csv", RATES);
    let first = market.souk(&["import", "rates", &path]).done();
    assert!(first.err.contains("2 rates recorded, 0 known already"), "{}", first.err);
    let before = market.log();
    let again = market.souk(&["import", "rates", &path]).done();
    assert!(again.err.contains("0 rates recorded, 2 known already"), "{}", again.err);
    assert_eq!(before, market.log());
}

#[test]
fn every_bad_row_is_listed_and_nothing_is_written() {
    let market = Market::new();
    let path = market.file("rates.csv", RATES);
    market.souk(&["import", "rates", &path]).done();
    let rows =
        "USDCNY,2024-01-32,0,SAFE\nUSD.CNY,2024-01-02,7.3,SAFE\nEUR.CNY,2024-01-02,7.8,ECB\n";
    let bad = market.file("bad.csv", format!("pair,date,rate,source\n{rows}"));
    let said = market.refuses(&["import", "rates", &bad], 4, "BadRows");
    for place in ["bad.csv:2:1", "bad.csv:2:2", "bad.csv:2:3", "bad.csv:3:3"] {
        assert!(said.contains(place), "{place} is not in {said}");
    }
    assert!(said.contains("the ledger has 7.1 of that day"), "{said}");
    let none = market.file("none.csv", "pair,rate\n");
    market.refuses(&["import", "rates", &none], 4, "BadRatesFile");
}

#[test]
fn a_converted_line_says_what_it_was_and_at_which_rate_of_which_day() {
    let market = Market::new();
    market.souk(&["import", "rates", &market.file("rates.csv", RATES)]).done();
    let agreed = json!({ "merchant": "1008", "currency": "CNY", "effective_on": "2024-01-01" });
    let at = "2024-01-05T10:00:00+08:00";
    market.apply(&line("agree-settlement-currency", "settled", at, &agreed)).done();
    market.apply(&sale("usd-1", "1008", "USD", 25, "100.00")).done();
    market.souk(&["close", "--through", "2024-02-04"]).done();
    let of = market.json(&["statement", "1008", "2024-W05"]);
    check_statement(&of);
    let mine = |of: &&serde_json::Value| of["order"] == "usd-1" && of["kind"] == "sale.principal";
    let sold = list(&of["lines"]).iter().find(mine).unwrap();
    assert_eq!(sold["amount"], "720.00");
    let expected = json!({ "currency": "USD", "amount": "100.00", "pair": "USD.CNY",
        "rate": "7.2", "rate_on": "2024-01-20" });
    assert_eq!(sold["conversion"], expected);
    let text = market.souk(&["statement", "1008", "2024-W05"]).done().out;
    assert!(text.contains("USD 100.00 at 7.2 (2024-01-20)"), "{text}");
    let csv = market.souk(&["statement", "1008", "2024-W05", "--format", "csv"]).done().out;
    assert!(csv.contains(",USD,100.00,USD.CNY,7.2,2024-01-20"), "{csv}");
}
