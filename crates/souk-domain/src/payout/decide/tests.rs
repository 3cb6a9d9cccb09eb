//! The life of a payout: 847.00 for cycle 2026-W10.

use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::{Currency, MoneyError};

use crate::decider::Refusal as _;
use crate::given::{Given, given};
use crate::payee::events::Means;
use crate::payee::state::PayeeToday;
use crate::payout::commands::{
    AcceptPayout, ApprovePayout, ConfirmPayout, FailPayout, HoldPayout, InstructPayout, OfCycle,
    PayoutCommand, RecallPayout, ReleasePayout, ReturnPayout,
};
use crate::payout::decide::{Payout, PayoutContext, PayoutRefusal};

fn context(closed: Option<i64>) -> PayoutContext {
    PayoutContext {
        currency: Currency::from_code("CNY").unwrap(),
        closed,
        today: "2026-03-10".parse().unwrap(),
        approval_above: None,
        payee: PayeeToday::None,
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
    instruct_by(None)
}

fn instruct_by<'a>(by: Option<&'a str>) -> PayoutCommand<'a> {
    let (payee, file, by) = (None, None, by.map(Into::into));
    PayoutCommand::Instruct(InstructPayout { of: of(), payee, file, by })
}

fn approve<'a>(by: &'a str) -> PayoutCommand<'a> {
    PayoutCommand::Approve(ApprovePayout { of: of(), by: by.into() })
}

fn hold<'a>() -> PayoutCommand<'a> {
    let (by, reason) = ("Li".into(), "counterfeits are being checked".into());
    PayoutCommand::Hold(HoldPayout { of: of(), by, reason })
}

fn release<'a>() -> PayoutCommand<'a> {
    let (by, reason) = ("Wang".into(), "checked".into());
    PayoutCommand::Release(ReleasePayout { of: of(), by, reason })
}

fn accept<'a>() -> PayoutCommand<'a> {
    PayoutCommand::Accept(AcceptPayout { of: of(), status: Id::new("ACSP").unwrap() })
}

fn recall<'a>() -> PayoutCommand<'a> {
    let (by, reason) = ("Li".into(), "file withdrawn".into());
    PayoutCommand::Recall(RecallPayout { of: of(), by, reason })
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
fn a_payout_refuses_in_17_ways() {
    assert_eq!(PayoutRefusal::CODES.len(), 17);
}

#[test]
fn a_held_payout_is_not_instructed_until_it_is_released() {
    let held = payout().after(hold());
    held.when(instruct()).refused("PayoutIsHeld");
    payout().after(hold()).when(hold()).refused("PayoutHeldAlready");
    payout().when(release()).refused("PayoutNotHeld");
    let released = payout().after(hold()).after(release()).when(instruct());
    released.happens(&["payout-instructed"]).leaves("PayoutsInTransit", "-847.00");
}

#[test]
fn what_is_with_the_bank_is_not_held() {
    payout().after(instruct()).when(hold()).refused("PayoutInstructedAlready");
    payout().after(instruct()).when(approve("Wang")).refused("PayoutInstructedAlready");
}

#[test]
fn above_the_limit_two_persons_are_needed_and_who_instructs_is_one() {
    let limited = || {
        let context = PayoutContext { approval_above: Some(50_000), ..context(Some(84_700)) };
        given::<Payout>(context)
    };
    limited().when(instruct_by(Some("Li"))).refused("PayoutNeedsApproval");
    limited().after(approve("Li")).when(instruct_by(Some("li "))).refused("PayoutNeedsApproval");
    limited().after(approve("Wang")).when(instruct()).refused("PayoutNeedsApproval");
    limited().after(approve("Wang")).when(instruct_by(Some("Li"))).happens(&["payout-instructed"]);
    let two = limited().after(approve("Wang")).after(approve("Li"));
    two.when(instruct()).happens(&["payout-instructed"]);
    limited().after(approve("Wang")).when(approve("wang")).refused("PayoutApprovedAlready");
}

#[test]
fn up_to_the_limit_one_person_is_enough() {
    let context = PayoutContext { approval_above: Some(84_700), ..context(Some(84_700)) };
    given::<Payout>(context).when(instruct()).happens(&["payout-instructed"]);
}

#[test]
fn a_payout_goes_to_the_payee_in_force_or_waits() {
    let under = |payee| PayoutContext { payee, ..context(Some(84_700)) };
    let id = |text| Id::new(text).unwrap();
    let until = "2026-03-13".parse().unwrap();
    for nowhere in [
        PayeeToday::Proposed(id("A2")),
        PayeeToday::Cooling(id("A2"), until),
        PayeeToday::Withdrawn,
    ] {
        given::<Payout>(under(nowhere)).when(instruct()).refused("PayeeNotInForce");
    }
    let in_force = under(PayeeToday::InForce(id("A1"), Means::Bank));
    let instructed = given::<Payout>(in_force).when(instruct());
    instructed.says("payout-instructed", "\"payee\":\"A1\"");
    let (payee, file) = (Some(id("A2")), None);
    let other = PayoutCommand::Instruct(InstructPayout { of: of(), payee, file, by: None });
    given::<Payout>(in_force).when(other).refused("AnotherPayeeInForce");
}

#[test]
fn a_payout_that_the_bank_accepted_is_paid_or_fails() {
    payout().when(accept()).refused("PayoutNotInstructed");
    let accepted = payout().after(instruct()).after(accept());
    accepted.when(confirm()).happens(&["payout-paid"]);
    payout().after(instruct()).after(accept()).when(fail()).happens(&["payout-failed"]);
    payout().after(instruct()).after(accept()).when(accept()).refused("PayoutAcceptedAlready");
}

#[test]
fn a_recalled_payout_is_due_again_and_needs_its_approvals_again() {
    let recalled = payout().after(instruct()).when(recall());
    recalled.posts(&["Dr PayoutsInTransit 847.00", "Cr PayoutsDue 847.00"]);
    let again = payout().after(instruct()).after(recall()).when(instruct());
    again.leaves("PayoutsInTransit", "-847.00");
    payout().after(instruct()).after(accept()).when(recall()).refused("PayoutAcceptedAlready");
    payout().after(instruct()).after(confirm()).when(recall()).refused("PayoutPaidAlready");
    payout().when(recall()).refused("PayoutNotInstructed");
}

#[test]
fn who_acts_and_why_are_said() {
    let (by, reason) = ("".into(), "x".into());
    let hold = PayoutCommand::Hold(HoldPayout { of: of(), by, reason });
    payout().when(hold).refused("UnusableLabel");
}
