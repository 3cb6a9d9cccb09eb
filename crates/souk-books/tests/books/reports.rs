//! Trial balance, balances, revenue, control totals and replay.

use std::sync::Arc;
use std::time::Duration;

use souk_books::{Books, By, RevenueReport};

use crate::market::{LEDGER, Market};

#[test]
fn debits_meet_credits_and_every_control_total_holds() {
    let market = Market::march();
    let trial = market.books.trial_balance();
    for total in &trial.totals {
        assert_eq!(total.debits, total.credits);
    }
    assert_eq!(trial.entry, market.books.entry());
    let control = market.books.control_totals();
    assert!(control.holds, "{control:#?}");
    assert_eq!(control.events, control.entries);
    assert_eq!(control.cycles_checked, 5);
    for money in &control.client_money {
        let causes: i128 = money.causes.iter().map(|cause| cause.amount.minor).sum();
        assert_eq!(causes, money.surplus.minor, "{money:#?}");
    }
}

#[test]
fn a_balance_is_the_sum_of_its_states() {
    let market = Market::march();
    let report = market.books.balances(None, None, None).unwrap();
    assert!(!report.rows.is_empty());
    for row in &report.rows {
        let states: i128 = row.states().iter().map(|(_, figure)| figure.minor).sum();
        assert_eq!(states, row.total.minor);
    }
    let of_1008 = market.books.balances(None, Some("1008"), None).unwrap();
    assert_eq!(of_1008.rows.len(), 1);
    assert_eq!(of_1008.rows[0].address("payable"), "balance/1008/CNY/payable");
    let early = "2026-03-18".parse().ok();
    let pending = market.books.balances(early, Some("1007"), None).unwrap();
    assert_eq!(pending.rows[0].pending.to_string(), "91.51");
    let wrong = market.books.balances(None, Some("10x7"), None).unwrap_err();
    assert_eq!(wrong.code(), "UnknownMerchant");
}

#[test]
fn revenue_is_divided_as_asked_and_its_totals_stay() {
    let market = Market::march();
    let both = By::parse("month,line").unwrap();
    let report = market.books.revenue(None, None, &both).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][0]["month"], "2026-03");
    assert_eq!(json["rows"][0]["line"], "Commission");
    assert_eq!(report.rows[0].address().unwrap(), "revenue/2026-03/Commission/CNY");
    let by_line = market.books.revenue(None, None, &[By::Line]).unwrap();
    assert!(by_line.rows.iter().all(|row| row.month == "all"));
    assert_eq!(by_line.totals, report.totals);
    // A category's parts sum to their line, and have no address of their own.
    let by_category = By::parse("line,category").unwrap();
    let by_category = market.books.revenue(None, None, &by_category).unwrap();
    let commission = |of: &RevenueReport| -> i128 {
        of.rows.iter().filter(|row| row.line == "Commission").map(|row| row.net.minor).sum()
    };
    assert_eq!(commission(&by_category), commission(&by_line));
    assert!(
        by_category.rows.iter().all(|row| row.split.category.is_some() && row.address().is_none())
    );
    let empty = market.books.revenue("2030-01-01".parse().ok(), None, &both).unwrap();
    assert!(empty.rows.is_empty());
    assert_eq!(By::parse("year").unwrap_err().code(), "UnknownDivision");
    let reversed =
        market.books.revenue("2026-03-01".parse().ok(), "2026-02-01".parse().ok(), &both);
    assert_eq!(reversed.unwrap_err().code(), "RangeReversed");
}

#[test]
fn a_replay_gives_the_same_bytes_and_counts_no_mismatch() {
    let market = Market::march();
    let mut again = Books::for_replay(Arc::clone(market.books.store()), LEDGER);
    let pass = again.catch_up(None).unwrap();
    assert_eq!(again.all_as_json().unwrap(), market.books.all_as_json().unwrap());
    let report = again.replay_report(pass, Duration::from_millis(1_250));
    assert!(report.holds());
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains(r#""seconds":1.25,"#) || json.contains(r#""seconds":1.250,"#), "{json}");
    assert_eq!(report.cycles_checked, 5);
}

#[test]
fn snapshots_bring_the_books_back_to_the_same_entry() {
    let market = Market::march();
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::clone(market.books.store());
    let mut first = Books::open(Arc::clone(&store), Some(dir.path()), LEDGER).unwrap();
    assert!(first.not_restored().is_some());
    first.catch_up(None).unwrap();
    first.save_snapshots().unwrap();
    let mut second = Books::open(store, Some(dir.path()), LEDGER).unwrap();
    assert!(second.not_restored().is_none(), "{:?}", second.not_restored());
    assert_eq!(second.catch_up(None).unwrap().events, 0);
    assert_eq!(first.all_as_json().unwrap(), second.all_as_json().unwrap());
}

#[test]
fn a_term_is_deferred_where_it_is_charged_and_gross_where_it_is_recognised() {
    let mut market = Market::open();
    let at = "2026-01-01T04:00:00.000000Z";
    market.run(
        at,
        "charge-membership",
        r#"{"membership":"gold-1","holder":{"merchant":"1007"},"plan":"gold","currency":"CNY",
            "from":"2026-01-01","to":"2026-12-31","gross":"360.00","tax_rate":"0.06",
            "settled_from":[{"source":"provider","reference":"pay-1"}]}"#,
    );
    let recognise = |through: &str| format!(r#"{{"membership":"gold-1","through":"{through}"}}"#);
    market.run("2026-04-10T04:00:00.000000Z", "recognise-revenue", &recognise("2026-01-31"));
    market.run("2026-04-10T04:00:00.000000Z", "recognise-revenue", &recognise("2026-02-28"));
    market.catch_up();
    let by = By::parse("month,line,tier,currency").unwrap();
    let report = market.books.revenue(None, None, &by).unwrap();
    let rows: Vec<String> = report
        .rows
        .iter()
        .map(|row| {
            let figures = [row.gross, row.returned, row.contra, row.net, row.deferred];
            let figures = figures.map(|of| of.to_string()).join(" ");
            format!("{} {} {figures} {}", row.month, row.label(), row.recognised)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "2026-01 Membership none 28.84 0.00 0.00 28.84 339.62 28.84",
            "2026-02 Membership none 26.06 0.00 0.00 26.06 0.00 26.06",
        ]
    );
    let closing: Vec<String> =
        report.deferral.iter().map(|row| format!("{} {}", row.opening, row.closing)).collect();
    assert_eq!(closing, ["0.00 310.78", "310.78 284.72"]);
    // Over both months, and of all lines: the opening is that of the first.
    let whole = market.books.revenue(None, None, &[By::Currency]).unwrap();
    let row = &whole.deferral[0];
    assert_eq!((&*row.month, &*row.line), ("all", "all"));
    let figures = [row.opening, row.charged, row.recognised, row.closing];
    assert_eq!(figures.map(|of| of.to_string()), ["0.00", "339.62", "54.90", "284.72"]);
    assert_eq!(whole.totals[0].deferred.to_string(), "339.62");
    let later: [Option<souk_journal::dates::Date>; 2] =
        ["2026-02-01".parse().ok(), "2026-03-31".parse().ok()];
    let later = market.books.revenue(later[0], later[1], &[By::Line]).unwrap();
    let row = &later.deferral[0];
    let figures = [row.opening, row.charged, row.recognised, row.closing];
    assert_eq!(figures.map(|of| of.to_string()), ["310.78", "0.00", "26.06", "284.72"]);
}

#[test]
fn take_rates_of_lines_add_up_to_that_of_the_whole() {
    let market = Market::march();
    let of_lines = market.books.revenue(None, None, &[By::Line]).unwrap();
    let whole = market.books.revenue(None, None, &[]).unwrap();
    let ten_thousandths = |rate: &Option<String>| -> i64 {
        rate.as_deref().map_or(0, |rate| rate.replace('.', "").parse().unwrap())
    };
    for total in &whole.rows {
        let lines = of_lines.rows.iter().filter(|row| row.currency == total.currency);
        let sum: i64 = lines.clone().map(|row| ten_thousandths(&row.take_rate)).sum();
        // Each is rounded on its own.
        assert!((sum - ten_thousandths(&total.take_rate)).abs() <= lines.count() as i64);
        let same = whole.totals.iter().find(|of| of.currency == total.currency).unwrap();
        assert_eq!(same.take_rate, total.take_rate);
    }
}
