//! Summarised journals: each balances, together they are the trial balance, and a merchant's are its statements.

use std::collections::BTreeMap;

use souk_books::summary_journal::{JournalBy, SummaryJournal};

use crate::market::Market;

/// Debits less credits per currency and account of all journals together.
fn sums(journals: &[SummaryJournal]) -> BTreeMap<(&'static str, String), i128> {
    let mut sums = BTreeMap::new();
    for journal in journals {
        assert!(journal.difference().is_zero(), "{}: {}", journal.name, journal.difference());
        assert!(!journal.lines.is_empty(), "{}", journal.name);
        for line in &journal.lines {
            assert!(line.debits.minor >= 0 && line.credits.minor >= 0, "{}", journal.name);
            let key = (journal.currency.code(), line.shown.clone());
            *sums.entry(key).or_default() += line.debits.minor - line.credits.minor;
        }
    }
    sums
}

fn names(journals: &[SummaryJournal]) -> Vec<String> {
    journals.iter().map(|of| format!("{} {} {}", of.name, of.on, of.currency.code())).collect()
}

#[test]
fn every_journal_balances_and_all_of_them_are_the_trial_balance() {
    let market = Market::march();
    let mut wanted = BTreeMap::new();
    for row in market.books.trial_balance().rows {
        let sum = wanted.entry((row.currency.code(), row.account)).or_insert(0);
        *sum += row.balance.minor;
    }
    assert!(wanted.len() > 8, "{wanted:?}");
    for by in [JournalBy::Cycle, JournalBy::Day, JournalBy::Month] {
        let journals = market.books.summary_journals(by).unwrap();
        assert_eq!(sums(&journals), wanted, "{by:?}");
    }
}

#[test]
fn a_journal_is_named_by_its_month_its_day_or_the_close_that_ends_it() {
    let market = Market::march();
    let of = |by| names(&market.books.summary_journals(by).unwrap());
    assert_eq!(of(JournalBy::Month), ["2026-03 2026-03-31 CNY", "2026-03 2026-03-31 USD"]);
    let wanted = [
        "close-2026-03-08 2026-03-08 CNY",
        "close-2026-03-08 2026-03-08 USD",
        "close-2026-03-15 2026-03-15 CNY",
        "open 2026-03-17 CNY",
    ];
    assert_eq!(of(JournalBy::Cycle), wanted);
    let days = of(JournalBy::Day);
    assert_eq!(days[0], "2026-03-03 2026-03-03 CNY");
    assert!(days.contains(&"2026-03-12 2026-03-12 CNY".to_owned()), "the payout's day: {days:?}");
}

#[test]
fn a_merchants_journals_are_its_statements_and_balance_too() {
    let market = Market::march();
    let journals = market.books.merchant_journals("1007").unwrap();
    let wanted = [
        "S-1007-2026W10-CNY 2026-03-08 CNY",
        "S-1007-2026W10-USD 2026-03-08 USD",
        "S-1007-2026W11-CNY 2026-03-15 CNY",
    ];
    assert_eq!(names(&journals), wanted);
    sums(&journals);
    for (journal, statement) in journals.iter().zip(["2026-W10", "", "2026-W11"]) {
        if statement.is_empty() {
            continue;
        }
        let statement = market.books.statement("1007", Some(statement), Some(journal.currency));
        let statement = statement.unwrap();
        let side = |name: &str| {
            let line = journal.lines.iter().find(|line| line.name == name);
            line.map_or((0, 0), |line| (line.debits.minor, line.credits.minor))
        };
        assert_eq!(side("payout"), (statement.payout.minor, 0));
        assert_eq!(side("reserve.withheld"), (statement.reserve_withheld.minor, 0));
        for total in &statement.subtotals {
            let (debits, credits) = side(total.kind.text());
            assert_eq!(credits - debits, total.amount.minor, "{}", total.kind);
        }
        // What was carried in goes out, what is carried on comes in.
        let (debits, credits) = side("carried");
        assert_eq!(debits - credits, statement.carried.minor - statement.opening.minor);
    }
    let error = market.books.merchant_journals("10007").unwrap_err();
    assert_eq!(error.code(), "UnknownMerchant");
}
