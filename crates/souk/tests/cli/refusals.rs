//! Bad input, one refusal each: a stable code, the exit code that belongs to it, nothing written.

use serde_json::{Value, json};

use crate::market::{Market, line, payout, sale, tariff, terms};

const AT: &str = "2024-02-01T10:00:00+08:00";

/// One line with a key of its own, refused by a rule.
#[track_caller]
fn rule(command: &str, data: &Value, code: &str) {
    Market::new().refuses_line(&line(command, "asked", AT, data), 1, code);
}

fn order(currency: &str, part: &Value) -> Value {
    let mut one = json!({ "line": "1", "merchant": "1007", "category": "tea", "price": "10.00" });
    let given = part.as_object().unwrap().iter();
    one.as_object_mut().unwrap().extend(given.map(|(key, value)| (key.clone(), value.clone())));
    json!({ "order": "new", "currency": currency, "lines": [one] })
}

fn refund(order: &str, principal: &str) -> Value {
    let lines = json!([{ "line": "1", "principal": principal }]);
    json!({ "order": order, "refund": "r9", "lines": lines })
}

#[test]
fn an_unknown_merchant_sells_nothing() {
    rule("place-order", &order("CNY", &json!({ "merchant": "9999" })), "UnknownMerchant");
}

#[test]
fn an_unknown_merchant_has_no_terms() {
    rule("agree-terms", &terms("9999", "2024-01-01"), "UnknownMerchant");
}

#[test]
fn an_unknown_currency_buys_nothing() {
    rule("place-order", &order("XXQ", &json!({})), "UnknownCurrency");
}

#[test]
fn an_amount_has_no_more_decimals_than_its_currency() {
    rule("place-order", &order("CNY", &json!({ "price": "1.005" })), "TooManyDecimals");
    rule("place-order", &order("JPY", &json!({ "price": "1.5" })), "TooManyDecimals");
}

#[test]
fn an_amount_beyond_every_posting_is_refused() {
    let most = json!({ "price": "92233720368547758.07", "shipping": "0.01" });
    rule("place-order", &order("CNY", &most), "AmountOutOfRange");
}

#[test]
fn a_negative_price_is_refused() {
    rule("place-order", &order("CNY", &json!({ "price": "-0.01" })), "NegativeAmount");
}

#[test]
fn a_negative_refund_is_refused() {
    rule("issue-refund", &refund("o3", "-1.00"), "NegativeAmount");
}

#[test]
fn a_refund_above_what_is_left_is_refused() {
    rule("issue-refund", &refund("o3", "33.34"), "RefundExceedsLeft");
}

#[test]
fn an_order_that_nobody_placed_is_not_paid() {
    let pay = json!({ "order": "none", "payment": "p", "method": "card", "amount": "1.00" });
    rule("pay-order", &pay, "UnknownOrder");
}

#[test]
fn an_order_is_placed_once() {
    let mut again = order("CNY", &json!({}));
    again["order"] = json!("o1");
    rule("place-order", &again, "OrderPlacedAlready");
}

#[test]
fn a_merchant_completes_an_order_once() {
    let data = json!({ "order": "o1", "merchant": "1007" });
    rule("complete-order", &data, "CompletedAlready");
}

#[test]
fn an_order_that_is_not_paid_is_not_completed() {
    let market = Market::new();
    let sale = sale("o9", "1007", "CNY", 20, "10.00");
    let lines: Vec<&str> = sale.lines().collect();
    market.apply(lines[0]).done();
    market.refuses_line(lines[2], 1, "EscrowShort");
}

#[test]
fn an_oversized_order_is_refused() {
    let one =
        |number: usize| json!({ "line": number.to_string(), "merchant": "1007", "price": "1.00" });
    let lines: Vec<Value> = (0..251).map(one).collect();
    let data = json!({ "order": "large", "currency": "CNY", "lines": lines });
    rule("place-order", &data, "OrderTooLarge");
}

#[test]
fn a_fact_of_the_future_is_refused() {
    let line = line(
        "ship-order",
        "s",
        "9999-01-01T00:00:00Z",
        &json!({ "order": "o4", "merchant": "1007" }),
    );
    Market::new().refuses_line(&line, 1, "OccursInFuture");
}

#[test]
fn a_key_is_not_used_for_another_request() {
    let market = Market::new();
    // `o1 5` shipped 1007's part.
    let other = json!({ "order": "o1", "merchant": "1008" });
    let said =
        market.refuses_line(&line("ship-order", "o1 5", AT, &other), 1, "KeyReusedWithAnotherBody");
    assert!(said.contains("1 line was refused"), "{said}");
}

#[test]
fn a_key_is_not_used_twice_in_a_file_even_for_different_streams() {
    let market = Market::empty();
    let enrol =
        |merchant: &str| line("enrol-merchant", "same", AT, &json!({ "merchant": merchant }));
    let ran = market.apply(&(enrol("1") + &enrol("2")));
    assert_eq!((ran.exit, ran.problem()["title"].as_str()), (1, Some("KeyReusedWithAnotherBody")));
    let lines = ran.json_lines();
    assert_eq!((&lines[0]["status"], &lines[1]["status"]), (&json!("applied"), &json!("refused")));
}

#[test]
fn terms_name_a_tariff_that_is_published() {
    let mut of = terms("1007", "2024-02-05");
    of["tariff"] = json!("none");
    rule("agree-terms", &of, "UnknownTariff");
}

#[test]
fn terms_do_not_cut_a_cycle() {
    rule("agree-terms", &terms("1007", "2024-02-07"), "TermsCutACycle");
}

#[test]
fn tariff_versions_do_not_overlap() {
    rule("publish-tariff", &tariff("std", "2024-01-01"), "TariffVersionsOverlap");
}

#[test]
fn an_open_cycle_is_not_paid_out() {
    rule("instruct-payout", &payout("1007", "2024-W09"), "CycleNotClosed");
}

#[test]
fn a_payout_is_instructed_once() {
    rule("instruct-payout", &payout("1007", "2024-W02"), "PayoutInstructedAlready");
}

#[test]
fn a_payout_that_is_not_instructed_is_not_confirmed() {
    rule("confirm-payout", &payout("1008", "2024-W02"), "PayoutNotInstructed");
}

#[test]
fn months_close_in_order() {
    let data = json!({ "book": "main", "month": "2024-03-01", "approved_by": ["Li", "Wang"] });
    rule("close-month", &data, "MonthNotNext");
}

#[test]
fn a_cycle_is_not_closed_twice() {
    Market::new().refuses(&["close", "--through", "2024-W04"], 1, "CycleAlreadyClosed");
}

#[test]
fn the_future_is_not_closed() {
    Market::new().refuses(&["close", "--through", "9999-01"], 1, "CycleStillOpen");
}

#[test]
fn a_dry_run_is_refused_as_the_run_is_and_writes_nothing() {
    let market = Market::new();
    market.refuses(&["close", "--through", "2024-W04", "--dry-run"], 1, "CycleAlreadyClosed");
    market.apply(&sale("o9", "1007", "CNY", 29, "10.00")).done();
    let before = market.log();
    let dry = market.json(&["close", "--through", "2024-W06", "--dry-run"]);
    assert!(dry["dry_run"] == true && dry["closed"].as_u64() > Some(0), "{dry}");
    assert_eq!(before, market.log());
    let mut real = market.json(&["close", "--through", "2024-W06"]);
    real["dry_run"] = json!(true);
    assert_eq!(dry, real, "a dry run shows what the run does");
}

#[test]
fn malformed_lines_are_listed_with_line_and_column_and_nothing_is_carried_out() {
    let market = Market::new();
    let good = line("enrol-merchant", "k", AT, &json!({ "merchant": "1009" }));
    let said =
        market.refuses_line(&format!("{good}{{\"command\": \n\nnothing\n"), 4, "MalformedLine");
    assert!(said.contains("-:2:12  EOF") && said.contains("-:4:2  expected ident"), "{said}");
    assert!(said.contains("2 of 3 lines are malformed, 0 written"), "{said}");
    market.refuses_reading(
        &["apply", "-"],
        [b"{}\n\xff".as_slice(), good.as_bytes()].concat(),
        4,
        "MalformedLine",
    );
}

#[test]
fn an_unknown_command_is_told_a_known_one() {
    let said = Market::new().refuses_line(&line("place", "k", AT, &json!({})), 4, "UnknownCommand");
    assert!(said.contains("did you mean place-order?"), "{said}");
}

#[test]
fn data_that_do_not_fit_the_schema_are_refused_where_they_go_wrong() {
    let market = Market::new();
    let text =
        line("ship-order", "k", AT, &json!({ "order": "o4", "merchant": "1007", "weight": 3 }));
    let said = market.refuses_line(&text, 4, "MalformedData");
    let column = text.find("\"weight\"").unwrap() + "\"weight\"".len();
    assert!(
        said.starts_with(&format!("-:1:{column}  data of ship-order: unknown field `weight`")),
        "{said}"
    );
    for price in [json!(10.5), json!("1e3"), json!("1,000.00"), json!(" 1.00")] {
        let data = order("CNY", &json!({ "price": price }));
        market.refuses_line(&line("place-order", "k", AT, &data), 4, "MalformedData");
    }
}

#[test]
fn a_time_before_the_year_1_is_refused_and_not_stored_as_another() {
    let data = json!({ "order": "o4", "merchant": "1007" });
    let line = line("ship-order", "k", "0000-01-01T00:00:00Z", &data);
    Market::new().refuses_line(&line, 4, "MalformedTime");
}

#[test]
fn a_time_without_its_offset_is_refused() {
    let line = line(
        "ship-order",
        "k",
        "2024-02-01T10:00:00",
        &json!({ "order": "o4", "merchant": "1007" }),
    );
    Market::new().refuses_line(&line, 4, "MalformedTime");
}

#[test]
fn an_unknown_cycle_of_a_merchant_is_told_the_known_ones() {
    let said = Market::new().refuses(&["statement", "1008", "2024-13"], 2, "UnknownCycle");
    assert!(said.contains("souk statement 1008 2024-W03"), "{said}");
}

#[test]
fn a_statement_in_two_currencies_is_a_choice() {
    let said = Market::new().refuses(&["statement", "1007", "2024-W02"], 2, "AmbiguousStatement");
    assert!(said.contains("souk statement 1007 2024-W02 --currency CNY"), "{said}");
    assert!(said.contains("souk statement 1007 2024-W02 --currency USD"), "{said}");
}

#[test]
fn what_is_not_there_is_not_shown() {
    let market = Market::new();
    let said = market.refuses(&["statement", "107"], 2, "UnknownMerchant");
    assert!(said.contains("did you mean 1007?"), "{said}");
    market.refuses(&["balances", "9999"], 2, "UnknownMerchant");
    market.refuses(&["order", "o99"], 2, "UnknownOrder");
    market.refuses(&["balances", "--currency", "XXQ"], 2, "UnknownCurrency");
    market.refuses(&["balances", "--as-of", "999999"], 2, "UnknownEntry");
    market.refuses(&["balances", "--as-of", "yesterday"], 2, "NotATime");
    market.refuses(&["revenue", "--by", "day"], 2, "UnknownDivision");
    market.refuses(&["revenue", "--from", "2024-03", "--to", "2024-02"], 2, "RangeReversed");
}
