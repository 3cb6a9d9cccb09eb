//! A yearly membership of 360.00, 6 % tax included, from 1 January 2026: 339.62 are deferred over 365 days.

mod any_days;
mod by_tariff;
mod invoices;
mod refusals;
mod renewals;
mod tiers;

use souk_journal::dates::Date;
use souk_journal::ids::{Id, MembershipId, MerchantId};

use crate::given::{Given, amount, given};
use crate::membership::commands::{
    CancelMembership, ChargeMembership, ConfirmMembershipRefund, MembershipCommand,
    RecogniseRevenue, UpgradeMembership,
};
use crate::membership::decide::{Membership, MembershipContext};
use crate::membership::events::{Holder, UnusedRest};
use crate::service_kind::ServiceKind;
use crate::settled_from::{Source, TakeFrom};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn id() -> MembershipId {
    MembershipId::new("gold-1").unwrap()
}

fn on(today: &str) -> MembershipContext<'static> {
    let today = date(today);
    MembershipContext {
        today,
        platform_today: today,
        merchant_known: true,
        tier: None,
        period: None,
        corrected: (0, 0),
    }
}

fn term() -> Given<'static, Membership> {
    given::<Membership>(on("2026-01-01"))
}

fn provider(reference: &'static str) -> TakeFrom<'static> {
    let (source, reference) = (Source::Provider, Some(reference.into()));
    TakeFrom { source, amount: None, due_on: None, reference }
}

fn payable(of: Option<&str>) -> TakeFrom<'static> {
    TakeFrom { source: Source::Payable, amount: of.map(amount), due_on: None, reference: None }
}

fn sale(from: Vec<TakeFrom<'static>>) -> ChargeMembership<'static> {
    ChargeMembership {
        membership: id(),
        holder: Holder::Merchant(MerchantId::new("1007").unwrap()),
        service: ServiceKind::Membership,
        plan: "gold".into(),
        currency: "CNY".into(),
        from: date("2026-01-01"),
        to: date("2026-12-31"),
        gross: Some(amount("360.00")),
        tax_rate: "0.06".parse().unwrap(),
        by_tariff: None,
        unused_rest: UnusedRest::Returned,
        settled_from: from,
    }
}

fn charge(from: Vec<TakeFrom<'static>>) -> MembershipCommand<'static> {
    MembershipCommand::Charge(sale(from))
}

fn recognise(through: &str) -> MembershipCommand<'static> {
    MembershipCommand::Recognise(RecogniseRevenue { membership: id(), through: date(through) })
}

fn cancel(on: &str) -> MembershipCommand<'static> {
    cancel_with(on, None)
}

fn cancel_with(on: &str, unused_rest: Option<UnusedRest>) -> MembershipCommand<'static> {
    let (on, reason) = (date(on), Some("closing the shop".into()));
    MembershipCommand::Cancel(CancelMembership { membership: id(), on, unused_rest, reason })
}

fn upgrade(on: &str, gross: &str, from: Vec<TakeFrom<'static>>) -> MembershipCommand<'static> {
    MembershipCommand::Upgrade(UpgradeMembership {
        membership: id(),
        on: date(on),
        to: None,
        plan: "platinum".into(),
        gross: amount(gross),
        tax_rate: None,
        settled_from: from,
    })
}

fn confirm() -> MembershipCommand<'static> {
    MembershipCommand::ConfirmRefund(ConfirmMembershipRefund { membership: id() })
}

/// Sold, and recognised through March.
fn three_months(from: Vec<TakeFrom<'static>>) -> Given<'static, Membership> {
    let sold = term().after(charge(from)).under(on("2026-04-10"));
    let january = sold.after(recognise("2026-01-31"));
    january.after(recognise("2026-02-28")).after(recognise("2026-03-31"))
}

#[test]
fn a_term_is_deferred_net_of_its_tax() {
    term().when(charge(vec![provider("pay-1")])).posts(&[
        "Dr PspClearing 360.00",
        "Cr DeferredRevenue 339.62",
        "Cr OutputVat 20.38",
    ]);
}

#[test]
fn taken_from_the_payable_it_is_two_lines_of_the_next_statement() {
    term()
        .when(charge(Vec::new()))
        .items(&[
            "1007 membership -339.62 due 2026-01-01",
            "1007 membership.tax -20.38 due 2026-01-01",
        ])
        .effective_on("2026-01-01");
}

#[test]
fn a_part_of_the_payable_and_the_rest_outside() {
    let from = vec![provider("pay-1"), payable(Some("60.00"))];
    term().when(charge(from)).posts(&[
        "Dr PspClearing 300.00",
        "Dr MerchantPayable 56.60",
        "Dr MerchantPayable 3.40",
        "Cr DeferredRevenue 339.62",
        "Cr OutputVat 20.38",
    ]);
}

#[test]
fn a_buyer_pays_outside_and_has_no_lines() {
    let buyer = Holder::Buyer(Id::new("b-77").unwrap());
    let sale = ChargeMembership { holder: buyer, ..sale(vec![provider("pay-1")]) };
    term().when(MembershipCommand::Charge(sale)).items(&[]).posts(&[
        "Dr PspClearing 360.00",
        "Cr DeferredRevenue 339.62",
        "Cr OutputVat 20.38",
    ]);
}

#[test]
fn every_kind_of_term_goes_to_its_own_line_of_revenue() {
    for (service, line) in [
        (ServiceKind::PlatformUsage, "PlatformUsage"),
        (ServiceKind::TechnicalSupport, "TechnicalServices"),
        (ServiceKind::ValueAdded, "ValueAdded"),
        (ServiceKind::Storage, "Logistics"),
        (ServiceKind::InstalmentInterest, "FinancialServices"),
    ] {
        let sale = ChargeMembership { service, ..sale(Vec::new()) };
        let sold = term().after(MembershipCommand::Charge(sale)).under(on("2026-02-01"));
        let cr = format!("Cr {line} 28.84");
        sold.when(recognise("2026-01-31")).posts(&["Dr DeferredRevenue 28.84", &cr]);
    }
}

#[test]
fn revenue_is_the_share_of_the_days_less_what_was_recognised() {
    let sold = term().after(charge(Vec::new())).under(on("2026-04-10"));
    let (january, amount) = (recognise("2026-01-31"), "Cr Membership 28.84");
    sold.when(january)
        .posts(&["Dr DeferredRevenue 28.84", amount])
        .effective_on("2026-01-31")
        .says("revenue-recognised", r#""earned":"28.84","amount":"28.84""#);
    let sold = term().after(charge(Vec::new())).under(on("2026-04-10"));
    let february = sold.after(recognise("2026-01-31")).when(recognise("2026-02-28"));
    february.posts(&["Dr DeferredRevenue 26.06", "Cr Membership 26.06"]);
    let sold = term().after(charge(Vec::new())).under(on("2026-04-10"));
    let until_march = sold.after(recognise("2026-01-31")).after(recognise("2026-02-28"));
    until_march
        .when(recognise("2026-03-31"))
        .posts(&["Dr DeferredRevenue 28.84", "Cr Membership 28.84"]);
}

#[test]
fn a_month_that_was_left_out_comes_with_the_next() {
    let sold = term().after(charge(Vec::new())).under(on("2026-04-10"));
    sold.when(recognise("2026-03-31")).posts(&["Dr DeferredRevenue 83.74", "Cr Membership 83.74"]);
}

#[test]
fn beyond_the_last_day_everything_is_earned_and_nothing_more() {
    let sold = three_months(Vec::new()).under(on("2027-02-01"));
    sold.when(recognise("2027-01-31"))
        .says("revenue-recognised", r#""through":"2026-12-31""#)
        .effective_on("2026-12-31")
        .leaves("DeferredRevenue", "0.00")
        .leaves("Membership", "-339.62");
}

#[test]
fn a_cancelled_term_is_earned_by_the_day_and_the_rest_goes_back_with_its_tax() {
    three_months(vec![provider("pay-1")])
        .when(cancel("2026-04-10"))
        .posts(&[
            "Dr DeferredRevenue 9.31",
            "Dr DeferredRevenue 246.57",
            "Dr OutputVat 14.80",
            "Cr Membership 9.31",
            "Cr RefundsInTransit 261.37",
        ])
        .leaves("Membership", "-93.05")
        .leaves("DeferredRevenue", "0.00")
        .leaves("OutputVat", "-5.58");
}

#[test]
fn what_the_payable_bore_comes_back_as_lines() {
    three_months(Vec::new()).when(cancel("2026-04-10")).items(&[
        "1007 membership.returned 246.57 due 2026-04-10",
        "1007 membership.tax_returned 14.80 due 2026-04-10",
    ]);
}

#[test]
fn what_goes_back_goes_to_those_who_paid_by_what_they_paid() {
    let from = vec![provider("pay-1"), payable(Some("60.00"))];
    three_months(from)
        .when(cancel("2026-04-10"))
        .items(&[
            "1007 membership.returned 41.09 due 2026-04-10",
            "1007 membership.tax_returned 2.47 due 2026-04-10",
        ])
        .leaves("RefundsInTransit", "-217.81");
}

#[test]
fn a_forfeited_rest_is_revenue_and_its_tax_stays() {
    let rest = Some(UnusedRest::Forfeited);
    three_months(vec![provider("pay-1")])
        .when(cancel_with("2026-04-10", rest))
        .posts(&[
            "Dr DeferredRevenue 9.31",
            "Dr DeferredRevenue 246.57",
            "Cr Membership 9.31",
            "Cr Membership 246.57",
        ])
        .leaves("Membership", "-339.62")
        .leaves("OutputVat", "-20.38");
}

#[test]
fn a_term_sold_without_a_return_forfeits_by_itself() {
    let sale = ChargeMembership { unused_rest: UnusedRest::Forfeited, ..sale(Vec::new()) };
    let sold = term().after(MembershipCommand::Charge(sale)).under(on("2026-04-10"));
    sold.when(cancel("2026-04-10")).items(&[]).leaves("Membership", "-339.62");
}

#[test]
fn cancelled_before_its_first_day_everything_goes_back() {
    let sold = term().after(charge(vec![provider("pay-1")]));
    sold.when(cancel("2025-12-31"))
        .leaves("RefundsInTransit", "-360.00")
        .leaves("OutputVat", "0.00")
        .leaves("Membership", "0.00");
}

#[test]
fn a_cancellation_dated_back_takes_back_what_was_recognised_beyond_it() {
    three_months(Vec::new())
        .when(cancel("2026-02-28"))
        .says("membership-cancelled", r#""catch_up":"-28.84""#)
        .leaves("Membership", "-54.90")
        .leaves("DeferredRevenue", "0.00");
}

#[test]
fn a_refund_outside_waits_until_it_is_paid() {
    let cancelled = three_months(vec![provider("pay-1")]).after(cancel("2026-04-10"));
    let paid = cancelled.when(confirm());
    paid.posts(&["Dr RefundsInTransit 261.37", "Cr PspClearing 261.37"])
        .leaves("RefundsInTransit", "0.00");
}

#[test]
fn an_upgrade_credits_the_unused_rest_against_the_new_price() {
    // 90 days used: 255.88 and 15.35 are left of the old plan. The new one costs 540.00 = 509.43 + 30.57.
    three_months(Vec::new())
        .under(on("2026-04-01"))
        .when(upgrade("2026-04-01", "540.00", vec![provider("pay-2")]))
        .posts(&[
            "Dr DeferredRevenue 255.88",
            "Dr OutputVat 15.35",
            "Dr PspClearing 268.77",
            "Cr DeferredRevenue 509.43",
            "Cr OutputVat 30.57",
        ])
        .leaves("DeferredRevenue", "-509.43")
        .leaves("Membership", "-83.74");
}

#[test]
fn an_upgrade_within_a_month_first_earns_what_was_used() {
    three_months(Vec::new()).when(upgrade("2026-04-10", "540.00", Vec::new())).posts(&[
        "Dr DeferredRevenue 8.38",
        "Dr DeferredRevenue 247.50",
        "Dr OutputVat 14.85",
        "Dr MerchantPayable 261.93",
        "Dr MerchantPayable 15.72",
        "Cr Membership 8.38",
        "Cr DeferredRevenue 509.43",
        "Cr OutputVat 30.57",
    ]);
}

#[test]
fn the_new_plan_is_earned_over_its_own_days() {
    let upgraded = three_months(Vec::new()).after(upgrade("2026-04-01", "540.00", Vec::new()));
    // 509.43 over 275 days; 30 of them are April.
    let may = upgraded.under(on("2026-05-01"));
    may.when(recognise("2026-04-30")).posts(&["Dr DeferredRevenue 55.57", "Cr Membership 55.57"]);
}

#[test]
fn a_refund_of_an_upgraded_term_goes_to_those_who_paid_for_either_plan() {
    let upgraded = three_months(vec![provider("pay-1")]).after(upgrade(
        "2026-04-01",
        "540.00",
        vec![provider("pay-2")],
    ));
    upgraded
        .when(cancel("2026-04-10"))
        .says("membership-cancelled", r#""reference":"pay-1""#)
        .says("membership-cancelled", r#""reference":"pay-2""#)
        .leaves("DeferredRevenue", "0.00");
}

#[test]
fn what_a_correction_gave_back_of_the_plan_does_not_go_back_again() {
    // 360.00 = 339.62 + 20.38; corrections gave back 150.00 and 9.00, so 189.62 and 11.38 are left of 246.57 and 14.80.
    let corrected = MembershipContext { corrected: (15_000, 900), ..on("2026-04-10") };
    three_months(vec![provider("pay-1")])
        .under(corrected)
        .when(cancel("2026-04-10"))
        .says(
            "membership-cancelled",
            r#""forfeited":"56.95","refunded_net":"189.62","refunded_tax":"11.38""#,
        )
        .leaves("RefundsInTransit", "-201.00")
        .leaves("DeferredRevenue", "0.00")
        .leaves("Membership", "-150.00")
        .leaves("OutputVat", "-9.00");
    // All of it was given back: an upgrade credits nothing, and the old plan is revenue that corrections have taken.
    let all = MembershipContext { corrected: (33_962, 2_038), ..on("2026-04-10") };
    three_months(Vec::new())
        .under(all)
        .when(upgrade("2026-04-10", "720.00", Vec::new()))
        .says("membership-upgraded", r#""catch_up":"255.88","credited_net":"0.00""#)
        .leaves("Membership", "-339.62");
}
