//! Two persons, one cooling period: Li proposes, Wang approves, a change waits three days.

use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::Currency;

use super::*;
use crate::given::{Given, given};
use crate::payee::events::Means;
use crate::payee::state::PayeeToday;

fn context(today: &str) -> PayeeContext {
    PayeeContext {
        currency: Currency::from_code("CNY").unwrap(),
        today: today.parse().unwrap(),
        merchant_known: true,
        cooling_days: 3,
    }
}

fn payees() -> Given<'static, Payees> {
    given::<Payees>(context("2026-03-02"))
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn propose<'a>(payee: &str) -> PayeeCommand<'a> {
    PayeeCommand::Propose(ProposePayee {
        merchant: merchant(),
        currency: "CNY".into(),
        payee: id(payee),
        means: Means::Bank,
        commitment: "ab".repeat(32).into(),
        tail: "6621".into(),
        by: "Li".into(),
    })
}

fn approve<'a>(payee: &str, by: &'a str) -> PayeeCommand<'a> {
    let (merchant, currency) = (merchant(), "CNY".into());
    PayeeCommand::Approve(ApprovePayee { merchant, currency, payee: id(payee), by: by.into() })
}

fn withdraw<'a>(payee: &str) -> PayeeCommand<'a> {
    PayeeCommand::Withdraw(WithdrawPayee {
        merchant: merchant(),
        currency: "CNY".into(),
        payee: id(payee),
        by: "Li".into(),
        reason: "account closed".into(),
    })
}

fn on(given: &Given<'static, Payees>, day: &str) -> PayeeToday {
    given.state().on(day.parse().unwrap())
}

#[test]
fn a_first_payee_is_in_force_once_a_second_person_approves_it() {
    let first = payees().after(propose("A1"));
    assert_eq!(on(&first, "2026-03-02"), PayeeToday::Proposed(id("A1")));
    let first = first.after(approve("A1", "Wang"));
    assert_eq!(on(&first, "2026-03-02"), PayeeToday::InForce(id("A1"), Means::Bank));
}

#[test]
fn a_change_cools_and_holds_payouts_meanwhile() {
    let changed = payees().after(propose("A1")).after(approve("A1", "Wang"));
    let changed = changed.after(propose("A2"));
    assert_eq!(on(&changed, "2026-03-02"), PayeeToday::Proposed(id("A2")));
    let changed = changed.after(approve("A2", "Wang"));
    let until = "2026-03-05".parse().unwrap();
    assert_eq!(on(&changed, "2026-03-04"), PayeeToday::Cooling(id("A2"), until));
    assert_eq!(on(&changed, "2026-03-05"), PayeeToday::InForce(id("A2"), Means::Bank));
}

#[test]
fn a_change_says_what_it_follows_and_when_it_is_in_force() {
    let changed = payees().after(propose("A1")).after(approve("A1", "Wang"));
    let changed = changed.after(propose("A2"));
    let changed = changed.when(approve("A2", "Wang"));
    changed.says("payee-approved", "\"cooling_days\":3,\"in_force_on\":\"2026-03-05\"");
}

#[test]
fn who_proposes_a_payee_does_not_approve_it() {
    payees().after(propose("A1")).when(approve("A1", " li ")).refused("PayeeNeedsSecondPerson");
}

#[test]
fn a_payee_after_a_withdrawn_one_is_a_change_too() {
    let gone = payees().after(propose("A1")).after(approve("A1", "Wang")).after(withdraw("A1"));
    assert_eq!(on(&gone, "2026-03-02"), PayeeToday::Withdrawn);
    let next = gone.after(propose("A2")).after(approve("A2", "Wang"));
    let until = "2026-03-05".parse().unwrap();
    assert_eq!(on(&next, "2026-03-02"), PayeeToday::Cooling(id("A2"), until));
}

#[test]
fn a_change_that_is_withdrawn_leaves_the_payee_before_in_force() {
    let kept = payees().after(propose("A1")).after(approve("A1", "Wang"));
    let kept = kept.after(propose("A2")).after(withdraw("A2"));
    assert_eq!(on(&kept, "2026-03-02"), PayeeToday::InForce(id("A1"), Means::Bank));
}

#[test]
fn one_change_waits_at_a_time() {
    payees().after(propose("A1")).when(propose("A2")).refused("PayeeWaits");
}

#[test]
fn a_payee_is_proposed_and_approved_once() {
    payees().after(propose("A1")).when(propose("A1")).refused("PayeeKnownAlready");
    let approved = payees().after(propose("A1")).after(approve("A1", "Wang"));
    approved.when(approve("A1", "Zhao")).refused("PayeeApprovedAlready");
    payees().when(approve("A1", "Wang")).refused("UnknownPayee");
}

#[test]
fn a_withdrawn_payee_stays_withdrawn() {
    let gone = payees().after(propose("A1")).after(withdraw("A1"));
    gone.when(approve("A1", "Wang")).refused("PayeeWithdrawnAlready");
}

#[test]
fn what_could_hold_details_is_refused() {
    let PayeeCommand::Propose(good) = propose("A1") else { unreachable!() };
    let tail = ProposePayee { tail: "12345".into(), ..good.clone() };
    payees().when(PayeeCommand::Propose(tail)).refused("UnusableTail");
    let commitment = ProposePayee { commitment: "AB".repeat(32).into(), ..good.clone() };
    payees().when(PayeeCommand::Propose(commitment)).refused("UnusableCommitment");
    let by = ProposePayee { by: "".into(), ..good };
    payees().when(PayeeCommand::Propose(by)).refused("UnusableLabel");
}

#[test]
fn only_enrolled_merchants_have_payees() {
    let unknown = PayeeContext { merchant_known: false, ..context("2026-03-02") };
    given::<Payees>(unknown).when(propose("A1")).refused("UnknownMerchant");
}
