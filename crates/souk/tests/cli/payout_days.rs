//! The day of a payout in print: as agreed, or, beyond the years of a calendar, that it is not known and why.

use serde_json::{Value, json};

use crate::market::{Market, line, sale, tariff, terms};

/// A market whose merchant 1007 is paid so many working days of China after its cycle; closed through January.
fn paid_after(days: u16) -> Market {
    let market = Market::empty();
    let mut agreed = terms("1007", "2024-01-01");
    agreed["payout"] = json!({ "after": days, "counted": "working-days", "calendar": "china" });
    let at = "2024-01-01T00:00:00+08:00";
    let lines = line("publish-tariff", "p", at, &tariff("std", "2024-01-01"))
        + &line("enrol-merchant", "e", at, &json!({ "merchant": "1007" }))
        + &line("agree-terms", "t", at, &agreed)
        + &sale("o1", "1007", "CNY", 2, "100.00");
    market.apply(&lines).done();
    market
}

fn statement(market: &Market, lang: &str) -> String {
    market.souk(&["statement", "1007", "--lang", lang, "-q"]).done().out
}

#[test]
fn beyond_the_years_of_a_calendar_statement_and_close_say_why_there_is_no_day_and_the_payout_is_paid()
 {
    // Some eight years of working days.
    let market = paid_after(2_000);
    let dry = market.souk(&["close", "--through", "2024-01-21", "--dry-run"]).done();
    let closed = market.souk(&["close", "--through", "2024-01-21"]).done();
    for ran in [dry, closed] {
        let said = ran.err.lines().find(|line| line.contains("without a payout day")).unwrap();
        assert!(said.starts_with("1 without a payout day: the working days of 20"), "{said}");
        assert!(said.contains(" are not known: the calendar china has 2016 to 20"), "{said}");
    }
    let en = statement(&market, "en");
    assert!(en.contains("no payout day: the working days of 20"), "{en}");
    let zh = statement(&market, "zh");
    assert!(
        zh.contains("无打款日：20") && zh.contains("年的工作日未知：日历 china 只有2016年至20"),
        "{zh}"
    );
    assert!(!zh.contains("not known"), "{zh}");
    let of: Value = market.json(&["statement", "1007"]);
    assert_eq!(of["payout"], of["closing"], "it is paid all the same");
}

#[test]
fn within_the_years_the_day_is_a_working_day() {
    // Friday 19 January 2024; and over the Spring Festival, 10 to 17 February, for which Sundays 4 and 18 are worked.
    for (days, en, zh) in [
        (5, "payout on 19 Jan 2024", "2024年1月19日打款"),
        (22, "payout on 18 Feb 2024", "2024年2月18日打款"),
    ] {
        let market = paid_after(days);
        let ran = market.souk(&["close", "--through", "2024-01-14"]).done();
        assert!(!ran.err.contains("without a payout day"), "{}", ran.err);
        let (english, chinese) = (statement(&market, "en"), statement(&market, "zh"));
        assert!(english.contains(en), "{english}");
        assert!(chinese.contains(zh), "{chinese}");
    }
}
