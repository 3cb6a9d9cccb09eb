//! Months close once, in order, after they have ended in the book's zone.

use souk_journal::ids::BookId;

use crate::book::commands::{BookCommand, CloseMonth, OpenBook};
use crate::book::decide::{Book, BookContext, BookRefusal};
use crate::given::{Given, given};

fn book() -> Given<'static, Book> {
    given::<Book>(BookContext { entry: 4711 })
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
    BookCommand::CloseMonth(CloseMonth { book: BookId::new("main").unwrap(), month })
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
    let text = r#"{"month":"2026-01-01","entry":4711}"#;
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
fn a_book_refuses_in_6_ways() {
    assert_eq!(BookRefusal::CODES.len(), 6);
}
