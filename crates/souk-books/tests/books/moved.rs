//! Money that only moves, and what fills a deposit: apart from what was earned and from the reserve, in every form.

use souk_books::Statement;
use souk_books::bridge::{Bridge, Language, render_text, render_text_in};
use souk_books::every_statement::StatementSums;
use souk_books::statement::forms::{Sheet, settlement_v2, settlement_zh};
use souk_journal::money::Currency;

use crate::market::Market;

/// Merchant 1010 in New York, whose days end at 18:00: W10 sells 1,000 and fills the deposit; in W11 its payout comes back
/// and a part of a sale is put on hold.
fn market() -> Market {
    let mut market = Market::open();
    market.run("2026-02-01T01:00:00.000000Z", "enrol-merchant", r#"{"merchant":"1010"}"#);
    market.run(
        "2026-02-01T02:00:00.000000Z",
        "agree-terms",
        r#"{"merchant":"1010","effective_on":"2026-02-02","cycle":"weekly","time_zone":"America/New_York",
            "cut_off_hour":18,"hold_days":2,"tariff":"std","reserve":{"rate":"0.10","base":"net-lines","days":91},
            "deposits":[{"currency":"CNY","amount":"500.00"}]}"#,
    );
    market.sale("B-1", "1010", "2026-03-03", "CNY", r#"{"price":"1000.00"}"#);
    market.close("2026-03-08", "2026-03-09T06:00:00.000000Z");
    let of = r#""of":{"merchant":"1010","currency":"CNY","cycle":"2026-W10"}"#;
    market.run("2026-03-09T07:00:00.000000Z", "instruct-payout", &format!("{{{of}}}"));
    let paid = format!(r#"{{{of},"bank_reference":"BK-1"}}"#);
    market.run("2026-03-10T02:00:00.000000Z", "confirm-payout", &paid);
    market.sale("B-2", "1010", "2026-03-10", "CNY", r#"{"price":"100.00"}"#);
    let hold = r#"{"order":"B-2","hold":"H1","line":"1","amount":"20.00","reason":"complaint"}"#;
    market.run("2026-03-11T02:00:00.000000Z", "place-hold", hold);
    let back = format!(r#"{{{of},"reason":"account closed"}}"#);
    market.run("2026-03-11T03:00:00.000000Z", "return-payout", &back);
    market.close("2026-03-15", "2026-03-16T06:00:00.000000Z");
    market.catch_up();
    market
}

fn of(market: &Market, cycle: &str) -> (Statement, Bridge) {
    let cny = Currency::from_code("CNY").ok();
    let statement = market.books.statement("1010", Some(cycle), cny).unwrap();
    assert!(statement.adds_up());
    let bridge = market.books.bridge(&statement);
    (statement, bridge)
}

fn cells(sheet: &Sheet, names: &[&str]) -> Vec<Vec<String>> {
    let place = |name: &&str| sheet.columns.iter().position(|known| known == name).unwrap();
    let places: Vec<usize> = names.iter().map(place).collect();
    let row = |row: &Vec<String>| places.iter().map(|at| row[*at].clone()).collect();
    sheet.rows.iter().map(row).collect()
}

#[test]
fn what_fills_the_deposit_is_no_reserve_in_any_form() {
    let market = market();
    let (statement, bridge) = of(&market, "2026-W10");
    let json = serde_json::to_value(&statement).unwrap();
    let figures =
        ["earned", "moved", "reserve_withheld", "deposit_topped_up", "deposit_used", "payout"];
    let found = figures.map(|name| json[name].as_str().unwrap().to_owned());
    assert_eq!(found, ["915.20", "0.00", "91.52", "500.00", "0.00", "323.68"]);
    assert_eq!(json["reserves"].as_array().unwrap().len(), 1);
    let text = render_text(&bridge);
    let check = "Check: 0.00 + 915.20 − 91.52 − deposit 500.00 + 0.00 = 323.68 = payout 323.68 + carried 0.00  ✓";
    assert!(text.contains(check), "{text}");
    let explained = render_text_in(&bridge, Language::English, true);
    assert!(explained.contains("Kept to fill the deposit that your terms ask for."), "{explained}");
    let zh = settlement_zh(std::slice::from_ref(&statement));
    let rows = cells(&zh, &["业务类型", "保证金", "预留与结转"]);
    let wanted = [["预留金冻结", "0.00", "-91.52"], ["补足保证金", "-500.00", "0.00"]];
    assert_eq!(rows[rows.len() - 2..], wanted.map(|row| row.map(str::to_owned).to_vec()));
    let v2 = settlement_v2(std::slice::from_ref(&statement));
    let rows = cells(&v2, &["amount-description", "amount"]);
    let wanted = [["Current Reserve Amount", "-91.52"], ["Deposit Topped Up", "-500.00"]];
    assert_eq!(rows[rows.len() - 2..], wanted.map(|row| row.map(str::to_owned).to_vec()));
    let journal = market.books.merchant_journals("1010").unwrap().remove(0);
    let side = |name: &str| {
        let line = journal.lines.iter().find(|line| line.name == name);
        line.map(|line| line.debits.to_string())
    };
    assert_eq!(side("reserve.withheld").as_deref(), Some("91.52"));
    assert_eq!(side("deposit.topped_up").as_deref(), Some("500.00"));
}

#[test]
fn a_payout_that_came_back_and_a_hold_are_not_earned_and_no_reserve_is_kept_of_them() {
    let market = market();
    let (statement, bridge) = of(&market, "2026-W11");
    let figure = |of: souk_books::figure::Figure| of.to_string();
    assert_eq!([figure(statement.earned), figure(statement.moved)], ["91.52", "303.68"]);
    assert_eq!([figure(statement.reserve_withheld), figure(statement.payout)], ["9.15", "386.05"]);
    let last = bridge.blocks.last().unwrap();
    let rows: Vec<&str> = last.rows.iter().map(|row| &*row.label).collect();
    let wanted = [
        "Opening balance",
        "Put on hold",
        "Payout returned by the bank",
        "Reserve withheld",
        "Reserve released",
        "Payout",
        "Carried to the next statement",
    ];
    assert_eq!(rows, wanted);
    let text = render_text_in(&bridge, Language::English, true);
    assert!(text.contains("reason complaint"), "{text}");
    assert!(text.contains("10 % of 91.52"), "{text}");
    let check = "Check: 0.00 + 91.52 + moved 303.68 − 9.15 + 0.00 = 386.05 = payout 386.05";
    assert!(text.contains(check), "{text}");
    let zh = render_text_in(&bridge, Language::Chinese, true);
    assert!(zh.contains("91.52 + 划转 303.68 − 9.15") && zh.contains("原因 complaint"), "{zh}");
    let held = statement.lines.iter().find(|line| line.kind.text() == "hold.placed").unwrap();
    assert_eq!(held.reason.as_deref(), Some("complaint"));
}

#[test]
fn over_all_statements_returned_payouts_stand_apart_and_what_was_claimed_foots() {
    let market = market();
    let mut sums = StatementSums::default();
    let add = |of: &Statement| {
        sums.add(of);
        Ok::<(), souk_books::BooksError>(())
    };
    market.books.each_statement(None, add).unwrap();
    let totals = sums.totals();
    let json = serde_json::to_value(&totals[0]).unwrap();
    assert!(totals[0].adds_up());
    let figures = ["earned", "moved", "payouts_returned", "withheld", "topped_up", "payouts"];
    let found = figures.map(|name| json[name].as_str().unwrap().to_owned());
    assert_eq!(found, ["1006.72", "303.68", "323.68", "100.67", "500.00", "709.73"]);
}

#[test]
fn the_heading_says_a_cut_off_that_is_not_midnight_and_both_offsets_where_clocks_change() {
    let market = market();
    let head = |cycle: &str, language| {
        let (_, bridge) = of(&market, cycle);
        render_text_in(&bridge, language, false).lines().next().unwrap().to_owned()
    };
    let both = head("2026-W10", Language::English);
    let wanted = "2 – 8 Mar 2026, America/New_York (UTC-05:00 → UTC-04:00), cut-off 18:00   frozen";
    assert!(both.ends_with(wanted), "{both}");
    let one = head("2026-W11", Language::Chinese);
    assert!(one.contains("America/New_York (UTC-04:00), 截止时间 18:00"), "{one}");
}
