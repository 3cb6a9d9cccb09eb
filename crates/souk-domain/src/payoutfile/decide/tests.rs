//! Files of the account cmb-1: the first is cmb-1-00001.

use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

use super::*;
use crate::given::{Given, given};
use crate::payoutfile::commands::WithdrawPayoutFile;
use crate::payoutfile::events::Format;

fn files() -> Given<'static, PayoutFiles> {
    given::<PayoutFiles>(PayoutFileContext { today: "2026-03-10".parse().unwrap() })
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn issued<'a>(file: &str, count: u64) -> IssuePayoutFile<'a> {
    let currency = Currency::from_code("CNY").unwrap();
    IssuePayoutFile {
        account: id("cmb-1"),
        file: id(file),
        format: Format::Pain001,
        currency,
        execute_on: "2026-03-11".parse().unwrap(),
        through_entry: 41,
        count,
        total: Amount::from_minor(84_700, currency),
        digest: "0c".repeat(32).into(),
        commitment: "1d".repeat(32).into(),
        by: "Li".into(),
    }
}

fn issue<'a>(file: &str, count: u64) -> PayoutFileCommand<'a> {
    PayoutFileCommand::Issue(Box::new(issued(file, count)))
}

fn withdraw<'a>(file: &str) -> PayoutFileCommand<'a> {
    PayoutFileCommand::Withdraw(WithdrawPayoutFile {
        account: id("cmb-1"),
        file: id(file),
        by: "Wang".into(),
        reason: "wrong day".into(),
    })
}

#[test]
fn files_are_numbered_in_order_and_withdrawn_ones_keep_their_number() {
    files().when(issue("cmb-1-00001", 1)).happens(&["payoutfile-issued"]).posts(&[]);
    let first = files().after(issue("cmb-1-00001", 1)).after(withdraw("cmb-1-00001"));
    first.when(issue("cmb-1-00002", 1)).happens(&["payoutfile-issued"]);
    files().when(issue("cmb-1-00002", 1)).refused("FileNotNext");
    files().after(issue("cmb-1-00001", 1)).when(issue("cmb-1-00001", 1)).refused("FileNotNext");
}

#[test]
fn no_bank_pays_on_a_day_before_today() {
    let on = |day: &str| {
        let execute_on = day.parse().unwrap();
        let of = IssuePayoutFile { execute_on, ..issued("cmb-1-00001", 1) };
        PayoutFileCommand::Issue(Box::new(of))
    };
    files().when(on("2026-03-09")).refused("ExecutionDayPast");
    files().when(on("2026-03-10")).happens(&["payoutfile-issued"]);
    files().when(on("2026-03-11")).happens(&["payoutfile-issued"]);
}

#[test]
fn a_file_is_withdrawn_once() {
    files().when(withdraw("cmb-1-00001")).refused("UnknownFile");
    let gone = files().after(issue("cmb-1-00001", 1)).after(withdraw("cmb-1-00001"));
    gone.when(withdraw("cmb-1-00001")).refused("FileWithdrawnAlready");
}

#[test]
fn an_empty_file_and_unusable_words_are_refused() {
    files().when(issue("cmb-1-00001", 0)).refused("NothingInFile");
    let of = issued("cmb-1-00001", 1);
    let digest = IssuePayoutFile { digest: "x".into(), ..of.clone() };
    files().when(PayoutFileCommand::Issue(Box::new(digest))).refused("UnusableDigest");
    let by = IssuePayoutFile { by: "".into(), ..of.clone() };
    files().when(PayoutFileCommand::Issue(Box::new(by))).refused("UnusableLabel");
    let account = id("an-account-with-a-very-long-id");
    let account = IssuePayoutFile { account, ..of };
    files().when(PayoutFileCommand::Issue(Box::new(account))).refused("AccountTooLong");
}
