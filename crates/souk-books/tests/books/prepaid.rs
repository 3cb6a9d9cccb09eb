//! What merchants pay ahead, as the books show it: balances, the bridge, revenue, control totals, client money.

use std::sync::Arc;
use std::time::Duration;

use souk_books::bridge::render_text;
use souk_books::{Books, By};

use crate::market::{LEDGER, Market};

/// 1007 sells for 400.00 in week 10. Its wallet gets 500.00 at the provider and a bonus of 100.00, and 100.00 of its
/// payable; ads cost 806.00, of which the payable bears 106.00. A deposit of 300.00 comes by bank, 50.00 of it are used.
fn market() -> Market {
    let mut market = Market::open();
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"category":"tea","price":"400.00"}"#);
    let at = "2026-03-04T04:00:00.000000Z";
    let mut run = |name: &str, data: &str| {
        market.run(at, name, &format!(r#"{{"merchant":"1007","currency":"CNY",{data}}}"#));
    };
    run("agree-ad-terms", r#""overdraft":"payable""#);
    run("top-up-wallet", r#""amount":"500.00","from":[{"source":"provider","reference":"pay-1"}]"#);
    run("grant-ad-credit", r#""grant":"g1","credit":"bonus","amount":"100.00""#);
    run("top-up-wallet", r#""amount":"100.00","from":[{"source":"payable"}]"#);
    run(
        "charge-ads",
        r#""campaign":"spring","from":"2026-03-01","to":"2026-03-03","amount":"806.00",
            "pricing":{"model":"placement","quantity":1},"tax_rate":"0.06""#,
    );
    run("top-up-wallet", r#""amount":"20.00","from":[{"source":"bank","reference":"TR-1"}]"#);
    run("refund-wallet", r#""refund":"WR1","amount":"5.00""#);
    run("pay-deposit", r#""amount":"300.00","from":[{"source":"bank","reference":"TR-2"}]"#);
    run("use-deposit", r#""amount":"50.00","reason":"owed""#);
    market.catch_up();
    market
}

#[test]
fn wallet_and_deposit_are_states_of_the_merchants_money() {
    let market = market();
    let report = market.books.balances(None, Some("1007"), None).unwrap();
    let row = &report.rows[0];
    assert_eq!(row.ad_wallet.to_string(), "15.00");
    assert_eq!(row.deposit.to_string(), "250.00");
    let states: i128 = row.states().iter().map(|(_, figure)| figure.minor).sum();
    assert_eq!(states, row.total.minor);
}

#[test]
fn every_control_total_holds_and_client_money_has_its_causes() {
    let market = market();
    let control = market.books.control_totals();
    assert!(control.holds, "{control:#?}");
    let money = &control.client_money[0];
    let causes: i128 = money.causes.iter().map(|cause| cause.amount.minor).sum();
    assert_eq!(causes, money.surplus.minor, "{money:#?}");
    let names: Vec<&str> = money.causes.iter().map(|cause| cause.account.as_str()).collect();
    assert!(names.contains(&"Advertising"), "{names:?}");
    assert!(!names.contains(&"AdCredit"), "credit is memorandum: {names:?}");
}

#[test]
fn advertising_is_gross_revenue_without_tax_and_without_credit() {
    let market = market();
    let report = market.books.revenue(None, None, &[By::Line]).unwrap();
    let row = report.rows.iter().find(|row| row.line == "Advertising").unwrap();
    // 600.00 of the wallet and 106.00 of the payable, over 1.06.
    assert_eq!(row.gross.to_string(), "666.04");
    assert_eq!(row.returned.to_string(), "0.00");
    assert_eq!(row.net, row.gross);
}

#[test]
fn what_the_payable_bears_is_taken_and_what_the_wallet_bears_is_not() {
    let mut market = market();
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    market.catch_up();
    let statement = market.books.statement("1007", Some("2026-W10"), None).unwrap();
    let bridge = market.books.bridge(&statement);
    let rows = |title: &str| -> Vec<(String, String)> {
        let block = bridge.blocks.iter().find(|block| block.title == title).unwrap();
        block.rows.iter().map(|row| (row.label.to_string(), row.amount.to_string())).collect()
    };
    // Money that went into the wallet or came from the deposit moved; only what was spent was taken.
    for (title, label, amount) in [
        ("What was taken", "Advertising", "-100.00"),
        ("What was taken", "Tax on advertising", "-6.00"),
        ("What was kept or carried", "Advertising wallet topped up", "-100.00"),
        ("What was kept or carried", "Deposit used", "50.00"),
    ] {
        let (row, rows) = ((label.to_owned(), amount.to_owned()), rows(title));
        assert!(rows.contains(&row), "{row:?} is not in {rows:?}");
    }
    let text = render_text(&bridge);
    assert!(text.contains("6 % of 100.00"), "the tax has its base:\n{text}");
    assert!(bridge.check.holds);
}

#[test]
fn reading_everything_again_gives_the_same() {
    let mut market = market();
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    market.catch_up();
    let mut again = Books::for_replay(Arc::clone(market.books.store()), LEDGER);
    let pass = again.catch_up(None).unwrap();
    assert_eq!(again.all_as_json().unwrap(), market.books.all_as_json().unwrap());
    assert!(again.replay_report(pass, Duration::from_secs(1)).holds());
}
