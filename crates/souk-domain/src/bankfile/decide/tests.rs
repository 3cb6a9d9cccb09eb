//! Lines of a bank's statement: what they move, and that each is recorded once.

use souk_journal::ids::Id;

use crate::bankfile::commands::{BankFileCommand, RecordBankLine};
use crate::bankfile::decide::{BankFile, BankFileContext, BankFileRefusal};
use crate::bankfile::events::{BankDirection, Cleared};
use crate::given::{Given, amount, given};

const PAYOUT: &str = "5f0c2f7de1b34a5c9d8e7f6a5b4c3d2e";

fn bank() -> Given<'static, BankFile> {
    given::<BankFile>(BankFileContext { today: "2026-03-12".parse().unwrap() })
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn of(line: &str, value: &str, clears: Option<Cleared>) -> RecordBankLine<'static> {
    RecordBankLine {
        account: id("CMB-1"),
        statement: id("2026-071"),
        line: id(line),
        booked_on: "2026-03-10".parse().unwrap(),
        currency: "CNY".into(),
        amount: amount(value),
        direction: BankDirection::Sent,
        clears,
    }
}

fn sent<'a>(line: &str, value: &str, clears: Option<Cleared>) -> BankFileCommand<'a> {
    BankFileCommand::Record(of(line, value, clears))
}

fn received<'a>(line: &str, value: &str, clears: Option<Cleared>) -> BankFileCommand<'a> {
    BankFileCommand::Record(RecordBankLine {
        direction: BankDirection::Received,
        ..of(line, value, clears)
    })
}

#[test]
fn what_the_bank_sent_for_a_payout_leaves_the_bank_and_clears_it() {
    let payout = Some(Cleared::Payout(id(PAYOUT)));
    bank()
        .when(sent("L1", "847", payout))
        .says(
            "bank-line-recorded",
            r#""line":"L1","currency":"CNY","amount":"847.00","direction":"sent""#,
        )
        .posts(&["Cr Bank 847.00", "Dr BankClearing 847.00"]);
}

#[test]
fn a_payout_that_came_back_is_in_the_bank_again() {
    let payout = Some(Cleared::Payout(id(PAYOUT)));
    bank()
        .after(sent("L1", "847.00", payout))
        .when(received("L2", "847.00", payout))
        .posts(&["Dr Bank 847.00", "Cr BankClearing 847.00"])
        .leaves("Bank", "0.00")
        .leaves("BankClearing", "0.00");
}

#[test]
fn a_transfer_is_cleared_by_its_reference() {
    let transfer = Some(Cleared::Transfer(id("TR-1")));
    bank()
        .when(received("L1", "60.00", transfer))
        .posts(&["Dr Bank 60.00", "Cr BankClearing 60.00"]);
}

#[test]
fn what_nobody_can_name_is_unidentified() {
    bank()
        .when(received("L1", "12.34", None))
        .posts(&["Dr Bank 12.34", "Cr UnidentifiedReceipts 12.34"]);
    bank().when(sent("L1", "5.00", None)).posts(&["Cr Bank 5.00", "Dr UnidentifiedReceipts 5.00"]);
}

#[test]
fn a_line_is_recorded_once_whatever_it_says_the_second_time() {
    let done = || bank().after(sent("L1", "847.00", None));
    done().when(sent("L1", "847.00", None)).refused("BankLineRecordedAlready");
    done().when(received("L1", "1.00", None)).refused("BankLineRecordedAlready");
    done()
        .when(sent("L2", "847.00", None))
        .posts(&["Cr Bank 847.00", "Dr UnidentifiedReceipts 847.00"]);
}

#[test]
fn a_statement_is_in_one_currency() {
    let line = RecordBankLine { currency: "USD".into(), ..of("L2", "1.00", None) };
    bank()
        .after(sent("L1", "1.00", None))
        .when(BankFileCommand::Record(line))
        .refused("StatementInOneCurrency");
}

#[test]
fn what_is_no_line_is_refused() {
    for value in ["0.00", "-1.00"] {
        bank().when(sent("L1", value, None)).refused("NotAnAmountOfALine");
    }
    bank().when(sent("L1", "1.001", None)).refused("UnusableAmount");
    let line = RecordBankLine { currency: "XXQ".into(), ..of("L1", "1.00", None) };
    bank().when(BankFileCommand::Record(line)).refused("UnknownCurrency");
    let line =
        RecordBankLine { booked_on: "2026-03-13".parse().unwrap(), ..of("L1", "1.00", None) };
    bank().when(BankFileCommand::Record(line)).refused("BookedInTheFuture");
    for id_of in ["M1", "5F0C2F7DE1B34A5C9D8E7F6A5B4C3D2E"] {
        let payout = Some(Cleared::Payout(id(id_of)));
        bank().when(sent("L1", "1.00", payout)).refused("NotAPayout");
    }
}

#[test]
fn every_refusal_was_tested() {
    assert_eq!(BankFileRefusal::CODES.len(), 7);
}
