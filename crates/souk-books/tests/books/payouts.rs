//! A payout that waits says what it waits for.

use souk_books::payouts::{PayoutRow, PayoutStanding};

use crate::market::Market;

fn only(market: &mut Market) -> PayoutRow {
    let today = "2026-03-10".parse().unwrap();
    let mut rows = market.catch_up().payouts(today, false, Some("1007")).unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

#[test]
fn above_the_limit_a_payout_says_that_a_second_person_has_to_approve_it() {
    let mut market = Market::open();
    market.run(
        "2026-02-01T03:00:00.000000Z",
        "agree-payout-terms",
        r#"{"merchant":"1007","effective_on":"2026-02-02","cooling_days":0,
            "approval_above":[{"currency":"CNY","amount":"100.00"}]}"#,
    );
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    let waits = |row: PayoutRow| (row.standing, row.reason.unwrap_or_default());
    let no_payee = "no payee is known; ";
    assert_eq!(
        waits(only(&mut market)),
        (PayoutStanding::Due, format!("{no_payee}above 100.00: a second person has to approve it"))
    );
    let of = r#""of":{"merchant":"1007","currency":"CNY","cycle":"2026-W10"}"#;
    market.run(
        "2026-03-09T02:00:00.000000Z",
        "approve-payout",
        &format!(r#"{{{of},"by":"Wang"}}"#),
    );
    let wanted = format!("{no_payee}above 100.00: approved by Wang, another person instructs it");
    assert_eq!(waits(only(&mut market)), (PayoutStanding::Due, wanted));
    market.run("2026-03-09T03:00:00.000000Z", "instruct-payout", &format!(r#"{{{of},"by":"Li"}}"#));
    assert_eq!(waits(only(&mut market)), (PayoutStanding::Instructed, String::new()));
}

#[test]
fn up_to_the_limit_nobody_has_to_approve_it() {
    let mut market = Market::open();
    market.run(
        "2026-02-01T03:00:00.000000Z",
        "agree-payout-terms",
        r#"{"merchant":"1007","effective_on":"2026-02-02","cooling_days":0,
            "approval_above":[{"currency":"CNY","amount":"1000.00"}]}"#,
    );
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    assert_eq!(only(&mut market).reason.as_deref(), Some("no payee is known"));
}
