//! A payout that waits says what it waits for.

use souk_books::payouts::{PayoutRow, PayoutStanding, Selection, Wanted};
use souk_domain::payoutfile::events::Format;
use souk_journal::money::Currency;

use crate::market::Market;

fn only(market: &mut Market) -> PayoutRow {
    let today = "2026-03-10".parse().unwrap();
    let mut rows = market.catch_up().payouts(today, false, Some("1007")).unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// A payout of week 10 above the limit of 100.00 that 1007 has agreed.
fn above_the_limit() -> Market {
    let mut market = Market::open();
    market.run(
        "2026-02-01T03:00:00.000000Z",
        "agree-payout-terms",
        r#"{"merchant":"1007","effective_on":"2026-02-02","cooling_days":0,
            "approval_above":[{"currency":"CNY","amount":"100.00"}]}"#,
    );
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    market
}

#[test]
fn above_the_limit_a_payout_says_that_a_second_person_has_to_approve_it() {
    let mut market = above_the_limit();
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

const OF: &str = r#""merchant":"1007","currency":"CNY""#;

/// A payee of 1007 that Li proposes and Wang approves at once.
fn payee(market: &mut Market, time: &str, payee: &str) {
    let commitment = "ab".repeat(32);
    let details = format!(r#""means":"bank","commitment":"{commitment}","tail":"6621""#);
    let of = format!(r#"{{{OF},"payee":"{payee}",{details},"by":"Li"}}"#);
    market.run(time, "propose-payee", &of);
    market.run(time, "approve-payee", &format!(r#"{{{OF},"payee":"{payee}","by":"Wang"}}"#));
}

/// A step of the payout of a cycle of 1007.
fn step(market: &mut Market, time: &str, command: &str, cycle: &str, more: &str) {
    market.run(time, command, &format!(r#"{{"of":{{{OF},"cycle":"{cycle}"}}{more}}}"#));
}

fn selection(market: &mut Market, day: &str, by: &str) -> Selection {
    let at = format!("{day}T04:00:00.000000Z").parse().unwrap();
    let currency = Currency::from_code("CNY").unwrap();
    let platform = day.parse().unwrap();
    let wanted = Wanted { format: Format::Pain001, currency, at, platform, by };
    market.catch_up().payout_selection(&wanted)
}

/// 1007 sold in two weeks; the payout of the first went to A1 and came back for a reason.
fn came_back(reason: &str) -> Market {
    let mut market = Market::open();
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    payee(&mut market, "2026-03-09T01:30:00.000000Z", "A1");
    let to = r#","payee":"A1","by":"Li""#;
    step(&mut market, "2026-03-09T02:00:00.000000Z", "instruct-payout", "2026-W10", to);
    step(&mut market, "2026-03-09T03:00:00.000000Z", "confirm-payout", "2026-W10", "");
    let reason = format!(r#","reason":"{reason}""#);
    step(&mut market, "2026-03-10T03:00:00.000000Z", "return-payout", "2026-W10", &reason);
    market.sale("A-2", "1007", "2026-03-11", "CNY", r#"{"price":"300.00"}"#);
    market
}

#[test]
fn what_came_back_is_open_until_a_later_closing_claims_it() {
    let mut market = came_back("MS03: the bank gave no reason");
    let today = "2026-03-17".parse().unwrap();
    let before = market.catch_up().payouts(today, false, None).unwrap();
    assert_eq!(before.rows[0].standing, PayoutStanding::Returned);
    assert_eq!((before.rows[0].again_in.clone(), before.totals.len()), (None, 1));
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    let open = market.catch_up().payouts(today, false, None).unwrap();
    let standings: Vec<_> = open.rows.iter().map(|of| (of.cycle.as_str(), of.standing)).collect();
    assert_eq!(standings, [("2026-W11", PayoutStanding::Due)]);
    assert!(open.totals.iter().all(|of| of.standing == PayoutStanding::Due), "{:?}", open.totals);
    let all = market.catch_up().payouts(today, true, None).unwrap();
    assert_eq!(all.rows[0].again_in.as_deref(), Some("S-1007-2026W11-CNY"));
    let reason = |row: &PayoutRow| row.reason.clone().unwrap_or_default();
    assert_eq!(reason(&all.rows[0]), "MS03: the bank gave no reason; in S-1007-2026W11-CNY");
    assert!(all.totals.iter().any(|of| of.again && of.count == 1), "{:?}", all.totals);
    let to = r#","payee":"A1","by":"Li""#;
    step(&mut market, "2026-03-16T02:00:00.000000Z", "instruct-payout", "2026-W11", to);
    step(&mut market, "2026-03-17T03:00:00.000000Z", "confirm-payout", "2026-W11", "");
    let all = market.catch_up().payouts(today, true, None).unwrap();
    let paid = "MS03: the bank gave no reason; paid again in S-1007-2026W11-CNY";
    assert_eq!(reason(&all.rows[0]), paid);
}

#[test]
fn what_came_back_after_a_closing_is_not_in_it() {
    let mut market = came_back("MS03: the bank gave no reason");
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    let to = r#","payee":"A1","by":"Li""#;
    step(&mut market, "2026-03-16T02:00:00.000000Z", "instruct-payout", "2026-W11", to);
    step(&mut market, "2026-03-17T03:00:00.000000Z", "confirm-payout", "2026-W11", "");
    let reason = r#","reason":"MS03""#;
    step(&mut market, "2026-03-18T03:00:00.000000Z", "return-payout", "2026-W11", reason);
    let today = "2026-03-18".parse().unwrap();
    let open = market.catch_up().payouts(today, false, None).unwrap().rows;
    assert_eq!((open.len(), open[0].cycle.as_str()), (1, "2026-W11"));
}

#[test]
fn a_payout_that_did_not_get_to_an_account_holds_the_next_one_until_a_person_releases_it() {
    let mut market = came_back("AC04: the account is closed");
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    let out = selection(&mut market, "2026-03-16", "Li");
    assert!(out.chosen.is_empty());
    let wanted = "the payout of 2026-W10 did not arrive at A1 (2026-03-10, AC04: the account is closed): release it once \
                  the account is confirmed, or propose another payee";
    assert_eq!(out.left_out[0].reason, wanted);
    let row = only(&mut market);
    assert_eq!((row.standing, row.reason.as_deref()), (PayoutStanding::Held, Some(wanted)));
    let said = r#","by":"Wang","reason":"confirmed by telephone""#;
    step(&mut market, "2026-03-16T02:00:00.000000Z", "hold-payout", "2026-W11", said);
    step(&mut market, "2026-03-16T03:00:00.000000Z", "release-payout", "2026-W11", said);
    assert_eq!(only(&mut market).standing, PayoutStanding::Due);
    assert_eq!(selection(&mut market, "2026-03-16", "Li").chosen.len(), 1);
    // The next one waits again, until one has arrived.
    market.sale("A-3", "1007", "2026-03-17", "CNY", r#"{"price":"300.00"}"#);
    market.close("2026-03-22", "2026-03-23T01:00:00.000000Z");
    let next = selection(&mut market, "2026-03-23", "Li");
    assert_eq!((next.chosen.len(), next.left_out[0].row.cycle.as_str()), (1, "2026-W12"));
    let to = r#","payee":"A1","by":"Li""#;
    step(&mut market, "2026-03-23T02:00:00.000000Z", "instruct-payout", "2026-W11", to);
    step(&mut market, "2026-03-24T03:00:00.000000Z", "confirm-payout", "2026-W11", "");
    let after = selection(&mut market, "2026-03-24", "Li");
    assert_eq!((after.chosen.len(), after.left_out.len()), (1, 0));
}

#[test]
fn another_payee_ends_the_doubt_and_another_reason_begins_none() {
    let mut market = came_back("AC01: the account number is wrong");
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    assert!(selection(&mut market, "2026-03-16", "Li").chosen.is_empty());
    payee(&mut market, "2026-03-16T02:00:00.000000Z", "A2");
    assert_eq!(selection(&mut market, "2026-03-19", "Li").chosen[0].payee.as_str(), "A2");
    let mut market = came_back("AM04: the funds do not suffice");
    market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
    assert_eq!(selection(&mut market, "2026-03-16", "Li").chosen.len(), 1);
}

#[test]
fn a_file_and_the_list_say_the_same_of_a_payout_that_its_approver_issues() {
    let mut market = above_the_limit();
    payee(&mut market, "2026-03-09T01:30:00.000000Z", "A1");
    let by = r#","by":"Li""#;
    step(&mut market, "2026-03-09T02:00:00.000000Z", "approve-payout", "2026-W10", by);
    let wanted = "above 100.00: approved by Li, another person instructs it";
    assert_eq!(only(&mut market).reason.as_deref(), Some(wanted));
    let out = selection(&mut market, "2026-03-09", "Li").left_out;
    assert_eq!(out[0].reason, wanted);
    assert_eq!(selection(&mut market, "2026-03-09", "Wang").chosen.len(), 1);
}

#[test]
fn a_payout_says_when_it_is_due_and_a_file_which_days_are_not_worked() {
    let mut market = Market::open();
    market.run(
        "2026-02-01T03:00:00.000000Z",
        "agree-terms",
        r#"{"merchant":"1007","effective_on":"2026-03-02","cycle":"weekly","time_zone":"Asia/Shanghai","hold_days":0,
            "tariff":"std","payout":{"after":2,"counted":"working-days","calendar":"china"}}"#,
    );
    market.sale("A-1", "1007", "2026-03-03", "CNY", r#"{"price":"200.00"}"#);
    market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
    payee(&mut market, "2026-03-09T01:30:00.000000Z", "A1");
    assert_eq!(only(&mut market).pay_on, Some("2026-03-10".parse().unwrap()));
    let chosen = selection(&mut market, "2026-03-09", "Li").chosen;
    let off = |day: &str| market.books.days_off(&chosen, day.parse().unwrap());
    assert!(off("2026-03-10").is_empty());
    let saturday = off("2026-03-14");
    assert_eq!((saturday[0].calendar.name(), saturday[0].merchants), ("china", 1));
    assert_eq!(saturday[0].next, Ok("2026-03-16".parse().unwrap()));
    assert!(off("2027-03-10")[0].next.is_err(), "no year is guessed");
}
