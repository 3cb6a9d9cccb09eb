//! Terms that renew themselves, at the same plan or at a lower one.

use super::*;
use crate::membership::commands::{AgreeRenewal, EndRenewal};
use crate::membership::renewal::{agreed_for, charge as charge_of, last_day, period_id};
use crate::membership::state::{MembershipState, Term};

fn agree(plan: &'static str, gross: &str, months: u16) -> MembershipCommand<'static> {
    let (plan, gross) = (plan.into(), amount(gross));
    MembershipCommand::AgreeRenewal(AgreeRenewal {
        membership: id(),
        plan,
        gross,
        tax_rate: None,
        months,
    })
}

fn end() -> MembershipCommand<'static> {
    MembershipCommand::EndRenewal(EndRenewal { membership: id(), reason: None })
}

fn sold() -> Given<'static, Membership> {
    term().after(charge(Vec::new())).under(on("2026-06-01"))
}

fn running(given: &Given<'static, Membership>) -> Term {
    match given.state() {
        MembershipState::Sold(term) => (**term).clone(),
        MembershipState::Absent | MembershipState::Cancelled { .. } => panic!("not running"),
    }
}

#[test]
fn a_renewal_is_agreed_with_its_price_and_moves_no_money() {
    sold()
        .when(agree("gold", "360.00", 12))
        .says("renewal-agreed", r#""agreed_on":"2026-06-01","plan":"gold","gross":"360.00","tax_rate":"0.06","months":12"#)
        .posts(&[]);
}

#[test]
fn a_downgrade_is_the_lower_plan_from_the_next_period_on() {
    let gold = sold().after(agree("gold", "360.00", 12)).under(on("2026-10-01"));
    let silver = gold.after(agree("silver", "200.00", 12));
    assert_eq!(silver.books().minor("MerchantPayable"), 36_000, "no money moves back");
    let term = running(&silver);
    let plan = |begins: &str| agreed_for(&term.renewals, date(begins)).map(|of| &*of.plan);
    assert_eq!(plan("2027-01-01"), Some("silver"));
    // Had a period begun between the two, it would have been gold's.
    assert_eq!(plan("2026-10-01"), Some("gold"));
    assert_eq!(plan("2026-06-01"), None);
}

#[test]
fn what_is_ended_charges_no_period_that_begins_later_and_can_be_agreed_again_while_it_runs() {
    let ended = || sold().after(agree("gold", "360.00", 12)).under(on("2026-10-01")).after(end());
    assert!(agreed_for(&running(&ended()).renewals, date("2027-01-01")).is_none());
    ended().when(end()).refused("RenewalNotAgreed");
    ended().when(agree("gold", "360.00", 12)).happens(&["renewal-agreed"]);
    ended().under(on("2027-01-01")).when(agree("gold", "360.00", 12)).refused("TermEnded");
    sold().when(end()).refused("RenewalNotAgreed");
}

#[test]
fn while_renewals_run_they_can_be_changed_and_after_the_last_one_not() {
    let renewing = || sold().after(agree("gold", "360.00", 12));
    renewing()
        .under(on("2028-05-05"))
        .when(agree("silver", "200.00", 12))
        .happens(&["renewal-agreed"]);
    sold().under(on("2026-12-31")).when(agree("gold", "360.00", 12)).happens(&["renewal-agreed"]);
    sold().under(on("2027-01-01")).when(agree("gold", "360.00", 12)).refused("TermEnded");
}

#[test]
fn a_renewal_is_a_merchants_at_a_price_for_a_period() {
    let buyer = ChargeMembership {
        holder: Holder::Buyer(Id::new("b-77").unwrap()),
        ..sale(vec![provider("pay-1")])
    };
    let buyer = term().after(MembershipCommand::Charge(buyer));
    buyer.when(agree("gold", "360.00", 12)).refused("BuyerPaysOutside");
    sold().when(agree("gold", "360.00", 0)).refused("UnusablePeriod");
    sold().when(agree("gold", "360.00", 121)).refused("UnusablePeriod");
    sold().when(agree("gold", "0", 12)).refused("NothingCharged");
    sold().when(agree("go\"ld", "360.00", 12)).refused("UnusableLabel");
    sold()
        .after(cancel("2026-06-01"))
        .when(agree("gold", "360.00", 12))
        .refused("MembershipIsCancelled");
    term().when(agree("gold", "360.00", 12)).refused("UnknownMembership");
}

#[test]
fn periods_of_months_keep_the_day_on_which_the_first_one_began() {
    let mut begins = date("2026-01-31");
    let mut days = Vec::new();
    for _ in 0..4 {
        let last = last_day(begins, 1, date("2026-01-31"));
        days.push(last.to_string());
        begins = last.plus_days(1);
    }
    assert_eq!(days, ["2026-02-27", "2026-03-30", "2026-04-29", "2026-05-30"]);
    assert_eq!(last_day(date("2027-01-01"), 12, date("2027-01-01")), date("2027-12-31"));
    assert_eq!(last_day(date("2026-12-15"), 3, date("2026-12-15")), date("2027-03-14"));
}

#[test]
fn a_period_is_a_term_of_its_own_borne_by_the_payable() {
    let term = running(&sold().after(agree("silver", "200.00", 12)));
    let renewal = agreed_for(&term.renewals, date("2027-01-01")).unwrap();
    let next = period_id(id(), 2).unwrap();
    assert_eq!(next.as_str(), "gold-1:2");
    let sold = (term.holder, term.service, term.currency);
    let period = (date("2027-01-01"), date("2027-12-31"));
    let of = charge_of(next, sold, renewal, period);
    let then = given::<Membership>(on("2027-01-01"));
    then.when(MembershipCommand::Charge(of)).items(&[
        "1007 membership -188.68 due 2027-01-01",
        "1007 membership.tax -11.32 due 2027-01-01",
    ]);
}
