//! Claims for the freight of returns, and what suppliers are paid.

use souk_journal::ids::{Id, MerchantId, OrderId, PaymentId, RefundId};

use crate::given::*;
use crate::order::commands::{CollectClaim, OrderCommand, PayClaim, RemitSupplierPart};
use crate::order::decide::Order;
use crate::order::events::Cover;
use crate::tariff::events::{Fee, FeeKind, FeeRule, Role, Scope, TaxMode};

fn insurer() -> Id {
    Id::new("insurer-1").unwrap()
}

fn order_id() -> OrderId {
    OrderId::new("5001").unwrap()
}

/// 8.00 for the freight of a return to merchant 1007.
fn claim(cover: Cover) -> PayClaim {
    PayClaim {
        order: order_id(),
        claim: RefundId::new("c1").unwrap(),
        merchant: MerchantId::new("1007").unwrap(),
        amount: amount("8.00"),
        cover,
        payment: None,
    }
}

fn by_insurer() -> PayClaim {
    claim(Cover::Insurer { supplier: insurer() })
}

fn pay_claim<'a>(of: PayClaim) -> OrderCommand<'a> {
    OrderCommand::PayClaim(of)
}

fn collect<'a>(part: Option<&str>) -> OrderCommand<'a> {
    OrderCommand::CollectClaim(CollectClaim {
        order: order_id(),
        claim: RefundId::new("c1").unwrap(),
        amount: part.map(amount),
        transfer: "tr-9".into(),
    })
}

/// Goods of 100.00, completed without fees.
fn sold(market: &Market) -> Given<'_, Order> {
    let paid = market.order().after(place([line("1", "1007", "100.00", "0")]));
    paid.after(pay("p1", "100.00")).after(complete("1007"))
}

fn no_fees() -> Market {
    Market::charging(vec![])
}

#[test]
fn the_platform_pays_an_insured_claim_first_and_the_insurer_owes_it() {
    let market = no_fees();
    let posts = ["Dr InsurerReceivable 8.00", "Cr RefundsInTransit 8.00"];
    sold(&market).when(pay_claim(by_insurer())).happens(&["claim-paid"]).posts(&posts).items(&[]);
}

#[test]
fn a_claim_reaches_the_buyer_as_a_refund_does() {
    let market = no_fees();
    let claimed = sold(&market).after(pay_claim(by_insurer()));
    let posts = ["Dr RefundsInTransit 8.00", "Cr PspClearing 8.00"];
    claimed.when(confirm("c1")).posts(&posts).leaves("RefundsInTransit", "0.00");
}

#[test]
fn the_insurer_pays_later_in_any_parts_and_no_more_than_it_owes() {
    let market = no_fees();
    let claimed = || sold(&market).after(pay_claim(by_insurer()));
    claimed().when(collect(None)).posts(&["Dr BankClearing 8.00", "Cr InsurerReceivable 8.00"]);
    let part = claimed().after(collect(Some("3.00")));
    part.when(collect(Some("5.01"))).refused("CollectionExceedsClaim");
    let all = claimed().after(collect(Some("3.00")));
    all.when(collect(None)).leaves("InsurerReceivable", "0.00").leaves("BankClearing", "8.00");
    let twice = claimed().after(collect(None));
    twice.when(collect(None)).refused("NothingToCollect");
}

#[test]
fn an_insurer_that_pays_the_buyer_itself_moves_no_money_of_the_platform() {
    let market = no_fees();
    let direct = claim(Cover::InsurerDirectly { supplier: insurer() });
    let paid = sold(&market).after(pay_claim(direct));
    assert_eq!(paid.books().minor("InsurerReceivable"), 0);
    paid.when(collect(None)).refused("NothingToCollect");
    let paid = sold(&market).after(pay_claim(direct));
    paid.when(confirm("c1")).refused("UnknownRefund");
}

#[test]
fn a_guarantee_of_the_platform_is_its_own_cost_and_nobody_owes_it() {
    let market = no_fees();
    let posts = ["Dr CostOfServices 8.00", "Cr RefundsInTransit 8.00"];
    sold(&market).when(pay_claim(claim(Cover::Guarantee))).posts(&posts);
    let paid = sold(&market).after(pay_claim(claim(Cover::Guarantee)));
    paid.when(collect(None)).refused("NothingToCollect");
}

#[test]
fn all_claims_of_an_order_are_within_what_was_paid_for_it_whatever_was_refunded() {
    let market = no_fees();
    let claim = |id: &str, of: &str| {
        let id = RefundId::new(id).unwrap();
        pay_claim(PayClaim { claim: id, amount: amount(of), ..by_insurer() })
    };
    sold(&market).when(claim("c1", "100.01")).refused("ClaimExceedsPaid");
    let refunded = sold(&market).after(everything("r1")).after(claim("c1", "99.00"));
    refunded.when(claim("c2", "1.01")).refused("ClaimExceedsPaid");
    let refunded = sold(&market).after(everything("r1")).after(claim("c1", "99.00"));
    refunded.when(claim("c2", "1.00")).happens(&["claim-paid"]);
    let unpaid = market.order().after(place([line("1", "1007", "100.00", "0")]));
    unpaid.when(claim("c1", "1.00")).refused("ClaimExceedsPaid");
}

#[test]
fn a_claim_leaves_what_may_be_refunded_as_it_is() {
    let market = no_fees();
    let claimed = sold(&market).after(pay_claim(by_insurer()));
    claimed.when(everything("r1")).leaves("RefundsInTransit", "-108.00");
}

#[test]
fn a_claim_has_a_name_of_its_own_among_the_refunds() {
    let market = no_fees();
    let twice = sold(&market).after(pay_claim(by_insurer()));
    twice.when(pay_claim(by_insurer())).refused("RefundIssuedAlready");
    let refunded = sold(&market).after(refund("c1", &[("1", "1.00", "0")]));
    refunded.when(pay_claim(by_insurer())).refused("RefundIssuedAlready");
    let claimed = sold(&market).after(pay_claim(by_insurer()));
    claimed.when(everything("c1")).refused("RefundIssuedAlready");
    let direct = claim(Cover::InsurerDirectly { supplier: insurer() });
    let claimed = sold(&market).after(pay_claim(direct));
    claimed.when(everything("c1")).refused("RefundIssuedAlready");
}

#[test]
fn a_claim_goes_through_a_payment_of_the_order_in_money_where_there_is_one() {
    let market = no_fees();
    let paid = || {
        let placed = market.order().after(place([line("1", "1007", "100.00", "0")]));
        placed.after(voucher("p1", "60.00")).after(pay("p2", "40.00"))
    };
    paid().when(pay_claim(by_insurer())).says("claim-paid", r#""payment":"p2"}"#);
    let payment = |id: &str| PayClaim { payment: PaymentId::new(id).ok(), ..by_insurer() };
    let posts = ["Dr InsurerReceivable 8.00", "Cr BuyerCredit 8.00"];
    paid().when(pay_claim(payment("p1"))).posts(&posts);
    paid().when(pay_claim(payment("p9"))).refused("UnknownPayment");
}

#[test]
fn claims_of_nothing_of_others_and_of_no_name_are_refused() {
    let market = no_fees();
    let nothing = PayClaim { amount: amount("0"), ..by_insurer() };
    sold(&market).when(pay_claim(nothing)).refused("NothingClaimed");
    let other = PayClaim { merchant: MerchantId::new("1008").unwrap(), ..by_insurer() };
    sold(&market).when(pay_claim(other)).refused("NotTheirOrder");
    sold(&market).when(collect(None)).refused("UnknownRefund");
}

/// 1.20 an order, of which the insurer is owed 1.00.
fn premium() -> Fee {
    let fixed = FeeRule { fixed: Some(amount("1.20")), ..rule("all", None, "0") };
    let role = Role::Agent { supplier: "0.833333".parse().unwrap() };
    let fee = fee(FeeKind::OrderFee, vec![fixed]);
    Fee { scope: Scope::Order, role, tax_mode: TaxMode::Inclusive, ..fee }
}

fn remit<'a>() -> OrderCommand<'a> {
    OrderCommand::RemitSupplierPart(RemitSupplierPart {
        order: order_id(),
        merchant: MerchantId::new("1007").unwrap(),
        supplier: insurer(),
        transfer: "tr-1".into(),
    })
}

#[test]
fn a_supplier_is_paid_once_what_the_fees_of_the_order_have_left_for_it() {
    let market = Market::charging(vec![premium()]);
    sold(&market)
        .when(remit())
        .posts(&["Dr SupplierPayable 1.00", "Cr BankClearing 1.00"])
        .leaves("SupplierPayable", "0.00");
    let half = sold(&market).after(refund("r1", &[("1", "50.00", "0")]));
    half.when(remit()).posts(&["Dr SupplierPayable 0.50", "Cr BankClearing 0.50"]);
    sold(&market).after(remit()).when(remit()).refused("NothingToRemit");
    let back = sold(&market).after(everything("r1"));
    back.when(remit()).refused("NothingToRemit");
    let nothing = no_fees();
    sold(&nothing).when(remit()).refused("NothingToRemit");
}
