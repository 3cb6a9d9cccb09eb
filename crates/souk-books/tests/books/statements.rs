//! Statements: they add up, name their lines, and say what they cannot decide.

use souk_books::bridge::Status;
use souk_books::{BooksError, ErrorClass, Statement, render_text};
use souk_journal::money::Currency;

use crate::market::Market;

fn cny() -> Option<Currency> {
    Some(Currency::from_code("CNY").unwrap())
}

fn json(statement: &Statement) -> serde_json::Value {
    serde_json::to_value(statement).unwrap()
}

#[test]
fn a_frozen_statement_adds_up_and_has_the_recorded_digest() {
    let market = Market::march();
    let statement = market.books.statement("1007", Some("2026-W10"), cny()).unwrap();
    assert!(statement.frozen && statement.adds_up());
    assert_eq!(statement.number, "S-1007-2026W10-CNY");
    let json = json(&statement);
    // 200 − 20 + 10 + 50; commission 5 % of 180 and 8 % of 50, tax 6 % on each.
    assert_eq!(json["subtotals"][0]["kind"], "sale.principal");
    assert_eq!(json["subtotals"][0]["amount"], "250.00");
    assert_eq!(json["closing"], "214.91");
    assert_eq!(json["reserve_withheld"], "11.31");
    assert_eq!(json["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn a_line_says_what_it_was_computed_from_and_where_it_stands() {
    let market = Market::march();
    let statement = market.books.statement("1007", Some("2026-W10"), cny()).unwrap();
    let json = json(&statement);
    let lines = json["lines"].as_array().unwrap();
    let of = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap();
    let commission = of("commission");
    assert_eq!(commission["amount"], "-9.00");
    assert_eq!(commission["base"], "180.00");
    assert_eq!(commission["rate"], "0.05");
    assert_eq!(commission["tariff"]["id"], "std");
    assert_eq!(commission["tariff"]["rule"], "tea");
    assert_eq!(commission["order"], "A-1");
    assert_eq!(commission["stream"], "order-A-1");
    let number = commission["line_no"].as_u64().unwrap();
    let address = format!("statement/1007/2026-W10/CNY/lines/{number}");
    assert_eq!(commission["address"], address);
    assert_eq!(of("commission.tax")["base"], "9.00");
    assert_eq!(of("commission.tax")["rate"], "0.06");
    assert_eq!(of("commission.tax")["tariff"]["version"], 1);
    assert!(of("sale.principal")["base"].is_null());
    assert_eq!(of("sale.principal")["component"], "principal");
    assert_eq!(statement.part_address("commission"), "statement/1007/2026-W10/CNY/commission");
}

#[test]
fn a_refund_after_the_payout_names_the_sale_and_the_charge_it_gives_back() {
    let market = Market::march();
    let statement = market.books.statement("1007", None, cny()).unwrap();
    assert_eq!(statement.cycle, "2026-W11");
    let json = json(&statement);
    let lines = json["lines"].as_array().unwrap();
    let of = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap();
    assert_eq!(of("refund.principal")["amount"], "-50.00");
    assert_eq!(of("refund.principal")["base"], "200.00");
    assert_eq!(of("refund.subsidy")["base"], "30.00");
    let returned = of("commission.returned");
    assert_eq!((&returned["base"], &returned["rate"]), (&"180.00".into(), &"0.05".into()));
    let returned = of("commission.tax_returned");
    assert_eq!((&returned["base"], &returned["rate"]), (&"9.00".into(), &"0.06".into()));
    let bridge = market.books.bridge(&statement);
    let text = render_text(&bridge);
    assert!(text.contains("1 after an earlier payout"), "{text}");
    assert!(text.contains("on the refunds above"), "{text}");
}

#[test]
fn several_currencies_are_an_error_that_lists_the_choices() {
    let market = Market::march();
    let error = market.books.statement("1007", Some("2026-W10"), None).unwrap_err();
    assert_eq!(error.code(), "AmbiguousStatement");
    assert_eq!(error.class(), ErrorClass::Usage);
    assert_eq!(error.to_string(), "merchant 1007 has statements in CNY and USD for 2026-W10");
    assert_eq!(
        error.choices(),
        [
            "souk statement 1007 2026-W10 --currency CNY",
            "souk statement 1007 2026-W10 --currency USD",
        ]
    );
    let latest = market.books.statement("1007", None, None).unwrap_err();
    assert_eq!(
        latest.choices(),
        [
            "souk statement 1007 2026-W11 --currency CNY",
            "souk statement 1007 2026-W10 --currency USD",
        ]
    );
}

#[test]
fn a_cycle_without_items_and_opening_is_shown_as_zero() {
    let market = Market::march();
    for (merchant, cycle) in [("1009", "2026-W10"), ("1007", "2026-W08")] {
        let statement = market.books.statement(merchant, Some(cycle), cny()).unwrap();
        assert!(!statement.frozen && statement.adds_up() && statement.lines.is_empty());
        let json = json(&statement);
        assert_eq!(json["number"], format!("S-{merchant}-{}-CNY", cycle.replace('-', "")));
        assert_eq!(json["time_zone"], "Asia/Shanghai");
        for figure in ["opening", "closing", "payout", "carried"] {
            assert_eq!(json[figure], "0.00");
        }
        assert!(json["digest"].is_null());
        let bridge = market.books.bridge(&statement);
        assert_eq!(bridge.status, Status::Zero);
        assert!(bridge.message.unwrap().en.starts_with("Nothing was sold"));
    }
}

#[test]
fn a_cycle_that_is_not_closed_says_what_there_is_so_far() {
    let market = Market::march();
    let statement = market.books.statement("1007", Some("2026-W12"), cny()).unwrap();
    assert!(statement.is_so_far() && statement.adds_up());
    assert_eq!(statement.sum_of_lines().to_string(), "91.51");
    assert_eq!(statement.payout.to_string(), "0.00");
    assert_eq!(
        (statement.earned.to_string(), statement.moved.to_string()),
        ("91.51".into(), "0.00".into())
    );
}

#[test]
fn a_cycle_that_the_books_do_not_reach_has_no_statement() {
    let mut market = Market::march();
    let refused = market.books.statement("1007", Some("2026-W13"), cny()).unwrap_err();
    assert_eq!((refused.code(), refused.class()), ("CycleNotBegun", ErrorClass::Usage));
    let said = "2026-W13 of merchant 1007 has not begun: this cycle begins on 23 Mar 2026";
    assert_eq!(refused.to_string(), said);
    // A close through the day before reaches it.
    market.close("2026-03-22", "2026-03-23T01:00:00.000000Z");
    assert!(market.books.statement("1007", Some("2026-W13"), cny()).unwrap().lines.is_empty());
    let refused = market.books.statement("1007", Some("2027-W01"), cny()).unwrap_err();
    assert!(refused.to_string().ends_with("this cycle begins on 4 Jan 2027"), "{refused}");
}

#[test]
fn all_statements_are_an_array_by_currency_and_cycle() {
    let market = Market::march();
    let all = market.books.statements("1007", None).unwrap();
    let cycles: Vec<(&str, &str)> =
        all.iter().map(|of| (of.currency.code(), of.cycle.as_str())).collect();
    assert_eq!(cycles, [("CNY", "2026-W10"), ("CNY", "2026-W11"), ("USD", "2026-W10")]);
    assert!(market.books.statements("1009", None).unwrap().is_empty());
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let market = Market::march();
    let code = |result: Result<Statement, BooksError>| result.unwrap_err();
    let unknown = code(market.books.statement("10007", None, None));
    assert_eq!(unknown.code(), "UnknownMerchant");
    assert!(unknown.to_string().contains("did you mean 1007?"), "{unknown}");
    let cycle = code(market.books.statement("1007", Some("2026-W99"), cny()));
    assert_eq!(cycle.code(), "UnknownCycle");
    assert_eq!(cycle.choices(), ["souk statement 1007 2026-W11", "souk statement 1007 2026-W10"]);
    let eur = Some(Currency::from_code("EUR").unwrap());
    let currency = code(market.books.statement("1007", None, eur));
    assert_eq!(currency.code(), "UnknownCurrency");
    assert_eq!(code(market.books.statement("1009", None, None)).code(), "NoStatementYet");
}

#[test]
fn the_bridge_is_the_statement_in_rows() {
    let mut market = Market::march();
    market.refund("A-2", "r1", "2026-03-18", "50.00");
    market.refund("A-1", "r2", "2026-03-18", "100.00");
    market.close("2026-03-22", "2026-03-23T01:00:00.000000Z");
    let mut text = String::new();
    for (merchant, cycle) in [
        ("1007", "2026-W10"),
        ("1007", "2026-W11"),
        ("1007", "2026-W12"),
        ("1007", "2026-W13"),
        ("1008", "2026-W11"),
        ("1009", "2026-W11"),
    ] {
        let statement = market.books.statement(merchant, Some(cycle), cny()).unwrap();
        let bridge = market.books.bridge(&statement);
        assert!(bridge.check.holds);
        text.push_str(&render_text(&bridge));
        text.push('\n');
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/books/bridge.txt");
        std::fs::write(path, &text).unwrap();
    } else {
        assert_eq!(text, include_str!("bridge.txt"), "UPDATE_EXPECT=1 rewrites it");
    }
}
