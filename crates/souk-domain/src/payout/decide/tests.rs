//! The life of a payout: 847.00 for cycle 2026-W10.

use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::{Currency, MoneyError};

use crate::decider::Refusal as _;
use crate::given::{Given, given};
use crate::payout::commands::{
    ConfirmPayout, FailPayout, InstructPayout, OfCycle, PayoutCommand, ReturnPayout,
};
use crate::payout::decide::{Payout, PayoutContext, PayoutRefusal};

fn context(closed: Option<i64>) -> PayoutContext {
    PayoutContext {
        currency: Currency::from_code("CNY").unwrap(),
        closed,
        today: "2026-03-10".parse().unwrap(),
    }
}

fn payout() -> Given<'static, Payout> {
    given::<Payout>(context(Some(84_700)))
}

fn of<'a>() -> OfCycle<'a> {
    OfCycle {
        merchant: MerchantId::new("1007").unwrap(),
        currency: "CNY".into(),
        cycle: CycleId::new("2026-W10").unwrap(),
    }
}

fn instruct<'a>() -> PayoutCommand<'a> {
    PayoutCommand::Instruct(InstructPayout { of: of() })
}

fn confirm<'a>() -> PayoutCommand<'a> {
    let bank_reference = Some(Id::new("BK-778").unwrap());
    PayoutCommand::Confirm(ConfirmPayout { of: of(), bank_reference })
}

fn fail<'a>() -> PayoutCommand<'a> {
    PayoutCommand::Fail(FailPayout { of: of(), reason: "account closed".into() })
}

fn send_back<'a>() -> PayoutCommand<'a> {
    PayoutCommand::Return(ReturnPayout { of: of(), reason: "name differs".into() })
}

#[test]
fn an_instructed_payout_is_in_transit() {
    payout().when(instruct()).posts(&["Dr PayoutsDue 847.00", "Cr PayoutsInTransit 847.00"]);
}

#[test]
fn a_paid_payout_waits_for_its_bank_line() {
    let paid = payout().after(instruct()).when(confirm());
    paid.posts(&["Dr PayoutsInTransit 847.00", "Cr BankClearing 847.00"]);
}

#[test]
fn a_payout_that_never_left_is_the_merchants_item_again() {
    let failed = payout().after(instruct()).when(fail());
    failed.items(&["1007 payout.failed 847.00 due 2026-03-10"]).leaves("PayoutsInTransit", "0.00");
}

#[test]
fn a_returned_payout_is_an_item_due_on_the_date_of_its_return() {
    let later = PayoutContext { today: "2026-03-17".parse().unwrap(), ..context(None) };
    let paid = payout().after(instruct()).after(confirm()).under(later);
    paid.when(send_back()).items(&["1007 payout.returned 847.00 due 2026-03-17"]);
}

#[test]
fn a_returned_payout_came_from_the_bank() {
    let paid = payout().after(instruct()).after(confirm());
    let lines = ["Dr BankClearing 847.00", "Cr MerchantPayable 847.00"];
    paid.when(send_back()).posts(&lines).leaves("BankClearing", "0.00");
}

#[test]
fn only_a_closed_cycle_is_paid() {
    given::<Payout>(context(None)).when(instruct()).refused("CycleNotClosed");
}

#[test]
fn a_cycle_that_pays_nothing_has_no_payout() {
    given::<Payout>(context(Some(0))).when(instruct()).refused("NothingToPay");
}

#[test]
fn a_cycle_is_paid_once() {
    payout().after(instruct()).when(instruct()).refused("PayoutInstructedAlready");
}

#[test]
fn a_failed_payout_is_not_instructed_again() {
    payout().after(instruct()).after(fail()).when(instruct()).refused("PayoutInstructedAlready");
}

#[test]
fn a_payout_is_confirmed_after_it_is_instructed() {
    payout().when(confirm()).refused("PayoutNotInstructed");
}

#[test]
fn a_payout_is_confirmed_once() {
    payout().after(instruct()).after(confirm()).when(confirm()).refused("PayoutPaidAlready");
}

#[test]
fn a_paid_payout_is_returned_instead_of_failed() {
    payout().after(instruct()).after(confirm()).when(fail()).refused("PayoutPaidAlready");
}

#[test]
fn a_payout_that_never_left_is_not_returned() {
    payout().after(instruct()).when(send_back()).refused("PayoutNotPaid");
}

#[test]
fn a_payout_is_returned_once() {
    let returned = payout().after(instruct()).after(confirm()).after(send_back());
    returned.when(send_back()).refused("PayoutUndoneAlready");
}

#[test]
fn a_currency_outside_iso_4217_has_its_own_code() {
    // The write side reads the currency before it can load the payout.
    let refusal = PayoutRefusal::UnknownCurrency(MoneyError::UnknownCurrency("XXQ".to_owned()));
    assert_eq!(refusal.code(), "UnknownCurrency");
}

#[test]
fn a_payout_refuses_in_8_ways() {
    assert_eq!(PayoutRefusal::CODES.len(), 8);
}
