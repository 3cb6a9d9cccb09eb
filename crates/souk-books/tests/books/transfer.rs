//! What becomes known of a payout after the close, and the reserve as pairs with a release date.

use souk_books::bridge::{Language, render_text_in};
use souk_books::payouts::PayoutStanding;
use souk_books::statement::forms::{Sheet, settlement_v2, settlement_zh};
use souk_books::{Statement, render_text};
use souk_journal::money::Currency;

use crate::market::Market;

fn of(market: &mut Market, cycle: &str) -> Statement {
    let cny = Currency::from_code("CNY").ok();
    market.catch_up().statement("1007", Some(cycle), cny).unwrap()
}

/// A week of 1007, closed, with a payee in force.
fn week() -> Market {
    let mut market = Market::open();
    let payee = r#""merchant":"1007","currency":"CNY","payee":"p-1""#;
    let commitment = "ab".repeat(32);
    market.run(
        "2026-03-01T01:00:00.000000Z",
        "propose-payee",
        &format!(
            r#"{{{payee},"means":"bank","commitment":"{commitment}","tail":"6621","by":"ann"}}"#
        ),
    );
    market.run(
        "2026-03-01T02:00:00.000000Z",
        "approve-payee",
        &format!(r#"{{{payee},"by":"bo"}}"#),
    );
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    market
}

fn payout(market: &mut Market, day: &str, command: &str, more: &str) {
    let of = r#""of":{"merchant":"1007","currency":"CNY","cycle":"2026-W10"}"#;
    market.run(&format!("{day}T03:00:00.000000Z"), command, &format!("{{{of}{more}}}"));
}

fn cells(sheet: &Sheet, columns: &[&str]) -> Vec<Vec<String>> {
    let place = |name: &str| sheet.columns.iter().position(|of| *of == name).unwrap();
    let places: Vec<usize> = columns.iter().map(|name| place(name)).collect();
    sheet.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect()
}

#[test]
fn a_paid_statement_names_the_banks_reference_and_the_tail_of_the_account() {
    let mut market = week();
    let before = of(&mut market, "2026-W10");
    let due = before.transfer.clone().unwrap();
    assert_eq!((due.standing, due.since, due.payee_tail), (PayoutStanding::Due, None, None));
    payout(&mut market, "2026-03-10", "instruct-payout", r#","payee":"p-1""#);
    let instructed = of(&mut market, "2026-W10");
    let text = render_text(&market.books.bridge(&instructed));
    assert!(text.contains("instructed 10 Mar 2026 · bank account ••6621\n"), "{text}");
    payout(&mut market, "2026-03-12", "confirm-payout", r#","bank_reference":"20260312-7741""#);
    let paid = of(&mut market, "2026-W10");
    let bridge = market.books.bridge(&paid);
    let text = render_text(&bridge);
    assert!(text.contains("= Payout on 12 Mar 2026"), "{text}");
    assert!(text.contains("bank reference 20260312-7741 · bank account ••6621\n"), "{text}");
    let text = render_text_in(&bridge, Language::Chinese, false);
    assert!(
        text.contains("2026年3月12日 · 银行流水号 20260312-7741 · 银行账户 ••6621\n"),
        "{text}"
    );
    let json = serde_json::to_value(&paid).unwrap();
    assert_eq!(json["transfer"]["payee_tail"], "6621");
    assert_eq!(json["transfer"]["bank_reference"], "20260312-7741");
    assert_eq!(json["transfer"]["since"], "2026-03-12");
    let sheet = settlement_zh(std::slice::from_ref(&paid));
    let found = cells(&sheet, &["打款日期", "银行流水号", "收款账户尾号"]);
    assert_eq!(found[0], ["2026-03-12", "20260312-7741", "6621"]);
    let sheet = settlement_v2(std::slice::from_ref(&paid));
    assert_eq!(cells(&sheet, &["deposit-date"])[0], ["2026-03-12"]);
    // All but this is frozen.
    assert_eq!(Statement { transfer: None, ..paid }, Statement { transfer: None, ..before });
}

#[test]
fn a_payout_that_came_back_says_so_and_still_where_it_went() {
    let mut market = week();
    payout(&mut market, "2026-03-10", "instruct-payout", r#","payee":"p-1""#);
    payout(&mut market, "2026-03-12", "confirm-payout", r#","bank_reference":"20260312-7741""#);
    payout(&mut market, "2026-03-13", "return-payout", r#","reason":"account closed""#);
    let returned = of(&mut market, "2026-W10");
    let transfer = returned.transfer.clone().unwrap();
    assert_eq!(transfer.standing, PayoutStanding::Returned);
    assert_eq!((transfer.paid_on(), transfer.reason.as_deref()), (None, Some("account closed")));
    let text = render_text(&market.books.bridge(&returned));
    let wanted = "returned 13 Mar 2026: account closed · bank account ••6621\n";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_one_statement_withholds_another_releases_with_the_same_date() {
    let mut market = week();
    let withheld = of(&mut market, "2026-W10").reserves;
    let [out] = withheld.as_slice() else { panic!("{withheld:?}") };
    assert_eq!(out.withheld_in.as_deref(), Some("S-1007-2026W10-CNY"));
    // Withheld for 91 days from the cut-off.
    assert_eq!(out.release_on, Some("2026-06-08".parse().unwrap()));
    market.close("2026-06-14", "2026-06-15T01:00:00.000000Z");
    let later = of(&mut market, "2026-W24");
    let [back] = later.reserves.as_slice() else { panic!("{:?}", later.reserves) };
    assert_eq!((&back.withheld_in, back.release_on), (&out.withheld_in, out.release_on));
    assert_eq!(back.amount.minor, -out.amount.minor);
    let bridge = market.books.bridge(&later);
    let text = render_text(&bridge);
    let row = "released, withheld in   S-1007-2026W10-CNY   9.15   release date 8 Jun 2026\n";
    assert!(text.contains(row), "{text}");
    let text = render_text_in(&bridge, Language::Chinese, false);
    let row = "释放，冻结于   S-1007-2026W10-CNY   9.15   释放日期 2026年6月8日\n";
    assert!(text.contains(row), "{text}");
    assert!(text.contains(" 复核：0.00 + 0.00 − 0.00 + 9.15 = 9.15 = 打款 "), "{text}");
    let sheet = settlement_zh(std::slice::from_ref(&later));
    let found = cells(&sheet, &["结算类型", "预留结算单号", "释放日期", "商家实收"]);
    assert_eq!(found[0], ["预留与结转", "S-1007-2026W10-CNY", "2026-06-08", "9.15"]);
    let sheet = settlement_v2(std::slice::from_ref(&later));
    let found = cells(&sheet, &["adjustment-id", "posted-date", "amount"]);
    assert_eq!(found[1], ["S-1007-2026W10-CNY", "2026-06-14", "9.15"]);
    assert_eq!(later.reserves_text(), "S-1007-2026W10-CNY 9.15 2026-06-08");
}
