//! Months close once, in order, after they have ended in the book's zone.

use souk_journal::ids::{BookId, Id, MembershipId};
use souk_journal::money::Currency;

use crate::book::commands::{BookCommand, BookProvision, CloseMonth, OpenBook, ReverseProvision};
use crate::book::decide::{Book, BookContext, BookRefusal};
use crate::given::{Given, amount, given};

fn context<'a>(unrecognised: &'a [MembershipId], unrevalued: &'a [Currency]) -> BookContext<'a> {
    BookContext { entry: 4711, unrecognised, unrevalued }
}

fn book() -> Given<'static, Book> {
    given::<Book>(context(&[], &[]))
}

fn open<'a>(time_zone: &'a str) -> BookCommand<'a> {
    BookCommand::Open(OpenBook {
        book: BookId::new("main").unwrap(),
        first_month: "2026-01-17".parse().unwrap(),
        time_zone: time_zone.into(),
    })
}

fn close<'a>(month: &str) -> BookCommand<'a> {
    let month = month.parse().unwrap();
    let (book, approved_by) = (BookId::new("main").unwrap(), vec!["Li".into(), "Wang".into()]);
    BookCommand::CloseMonth(CloseMonth { book, month, approved_by })
}

fn opened() -> Given<'static, Book> {
    book().after(open("Asia/Shanghai"))
}

#[test]
fn a_book_begins_with_the_first_day_of_its_first_month() {
    book().when(open("Asia/Shanghai")).says("book-opened", r#""first_month":"2026-01-01""#);
}

#[test]
fn a_month_closes_at_the_last_entry_of_the_ledger() {
    let text = r#"{"month":"2026-01-01","entry":4711,"approved_by":["Li","Wang"]}"#;
    opened().when(close("2026-01-31")).says("month-closed", text).effective_on("2026-01-31");
}

#[test]
fn months_close_one_after_the_other() {
    opened().after(close("2026-01-01")).when(close("2026-02-01")).happens(&["month-closed"]);
}

#[test]
fn a_month_ends_at_midnight_in_the_books_zone() {
    let begun = opened().at("2026-01-31T16:00:00.000000Z");
    begun.when(close("2026-01-01")).happens(&["month-closed"]);
}

#[test]
fn a_month_that_runs_on_stays_open() {
    let last = opened().at("2026-01-31T15:59:59.999999Z");
    last.when(close("2026-01-01")).refused("MonthStillOpen");
}

#[test]
fn a_month_closes_once() {
    opened().after(close("2026-01-01")).when(close("2026-01-01")).refused("MonthAlreadyClosed");
}

#[test]
fn no_month_is_left_out() {
    opened().when(close("2026-02-01")).refused("MonthNotNext");
}

#[test]
fn a_book_opens_once() {
    opened().when(open("Asia/Shanghai")).refused("BookOpenedAlready");
}

#[test]
fn a_book_that_is_not_open_closes_no_month() {
    book().when(close("2026-01-01")).refused("UnknownBook");
}

#[test]
fn a_book_needs_a_zone_of_the_iana_database() {
    book().when(open("Mars/Olympus")).refused("UnknownTimeZone");
}

#[test]
fn a_book_refuses_in_19_ways() {
    assert_eq!(BookRefusal::CODES.len(), 19);
}

#[test]
fn two_persons_close_a_month() {
    let mut alone = close("2026-01-01");
    if let BookCommand::CloseMonth(of) = &mut alone {
        of.approved_by = vec!["Li".into(), "li".into()];
    }
    opened().when(alone).refused("ApprovalMissing");
}

#[test]
fn a_month_does_not_close_before_its_terms_are_recognised_and_its_positions_revalued() {
    let gold = Vec::leak(vec![MembershipId::new("gold-1").unwrap()]);
    let usd = Vec::leak(vec![Currency::from_code("USD").unwrap()]);
    let due = opened().under(context(gold, &[]));
    due.when(close("2026-01-01")).refused("RevenueNotRecognised");
    let held = opened().under(context(&[], usd));
    held.when(close("2026-01-01")).refused("PositionNotRevalued");
}

fn provide<'a>(account: &'a str, of: &str) -> BookProvision<'a> {
    BookProvision {
        book: BookId::new("main").unwrap(),
        provision: Id::new("p-1").unwrap(),
        month: "2026-01-31".parse().unwrap(),
        account: account.into(),
        currency: "CNY".into(),
        amount: amount(of),
        explanation: "returns of the last week".into(),
        approved_by: vec!["Li".into(), "Wang".into()],
    }
}

fn reverse<'a>() -> BookCommand<'a> {
    let (book, provision) = (BookId::new("main").unwrap(), Id::new("p-1").unwrap());
    BookCommand::ReverseProvision(ReverseProvision { book, provision })
}

fn booked<'a>(account: &'a str, of: &str) -> BookCommand<'a> {
    BookCommand::BookProvision(provide(account, of))
}

#[test]
fn what_is_expected_to_go_back_stands_against_its_line_at_the_months_end() {
    opened()
        .when(booked("Commission", "5.00"))
        .posts(&["Dr Commission 5.00", "Cr RefundLiability 5.00"])
        .effective_on("2026-01-31");
    opened().when(booked("BadDebt", "7.00")).posts(&["Dr BadDebt 7.00", "Cr DebtAllowance 7.00"]);
}

#[test]
fn a_provision_is_reversed_once_after_its_month_has_closed() {
    let open = || opened().after(booked("Commission", "5.00"));
    open().when(reverse()).refused("ProvisionMonthOpen");
    let closed = || open().after(close("2026-01-01"));
    closed()
        .when(reverse())
        .posts(&["Cr Commission 5.00", "Dr RefundLiability 5.00"])
        .effective_on("2026-01-31")
        .leaves("RefundLiability", "0.00");
    closed().after(reverse()).when(reverse()).refused("ProvisionReversedAlready");
    opened().when(reverse()).refused("UnknownProvision");
}

#[test]
fn the_next_month_closes_when_the_provisions_of_the_last_are_reversed() {
    let closed = || opened().after(booked("Commission", "5.00")).after(close("2026-01-01"));
    closed().when(close("2026-02-01")).refused("ProvisionNotReversed");
    closed().after(reverse()).when(close("2026-02-01")).happens(&["month-closed"]);
}

#[test]
fn a_provision_needs_an_open_month_that_has_ended_an_account_an_amount_and_two_persons() {
    let closed = opened().after(close("2026-01-01"));
    closed.when(booked("Commission", "5.00")).refused("MonthAlreadyClosed");
    let running = opened().at("2026-01-31T15:59:59.999999Z");
    running.when(booked("Commission", "5.00")).refused("MonthStillOpen");
    let twice = opened().after(booked("Commission", "5.00"));
    twice.when(booked("Commission", "5.00")).refused("ProvisionBookedAlready");
    for account in ["MerchantPayable", "PlatformSubsidy", "commission", "ChannelFees"] {
        opened().when(booked(account, "5.00")).refused("CannotProvideFor");
    }
    opened().when(booked("Commission", "0.00")).refused("AmountNotPositive");
    opened().when(booked("Commission", "0.001")).refused("UnusableAmount");
    let other = |change: fn(&mut BookProvision<'_>)| {
        let mut of = provide("Commission", "5.00");
        change(&mut of);
        BookCommand::BookProvision(of)
    };
    opened().when(other(|of| of.currency = "XXY".into())).refused("UnknownCurrency");
    opened().when(other(|of| of.explanation = "".into())).refused("UnusableLabel");
    opened().when(other(|of| of.approved_by.truncate(1))).refused("ApprovalMissing");
}
