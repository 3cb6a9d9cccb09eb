//! Partners of an order: 1007 sells, 2001 and 2002 are partners.

mod any_refunds;

use crate::given::*;
use crate::order::commands::{AttributeOrder, FundedDiscount, LineToPlace, OrderCommand};
use crate::order::decide::Order;
use crate::order::events::{Funding, PartnerKind};
use crate::tariff::events::Base;
use souk_journal::ids::LineId;

/// A fifth of the goods for an influencer, of which the platform has a tenth with 6 % tax inside.
fn brought_by(partner: &str) -> AttributeOrder {
    crate::given::brought_by(partner, PartnerKind::Influencer)
}

fn attribute<'a>(of: AttributeOrder) -> OrderCommand<'a> {
    OrderCommand::Attribute(of)
}

/// No fees of the platform; goods of 99.90 and shipping of 10.00, paid.
fn paid(market: &Market) -> Given<'_, Order> {
    market.order().after(place([line("1", "1007", "99.90", "10.00")])).after(pay("p1", "109.90"))
}

fn no_fees() -> Market {
    Market::charging(vec![]).partner("2001").partner("2002")
}

#[test]
fn attributing_is_a_fact_that_moves_no_money() {
    let market = no_fees();
    paid(&market).when(attribute(brought_by("2001"))).happens(&["order-attributed"]).posts(&[]);
}

#[test]
fn a_partner_earns_its_share_at_completion_and_the_platform_its_part_of_it() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001")));
    // 20 % of 99.90 = 19.98; of it 10 % = 1.998 -> 2.00, without tax 2.00 / 1.06 = 1.8868.
    order
        .when(complete("1007"))
        .happens(&["order-completed", "partner-commission-charged"])
        .posts(&[
            "Cr MerchantPayable 99.90",
            "Cr MerchantPayable 10.00",
            "Dr OrderEscrow 109.90",
            "Dr MerchantPayable 19.98",
            "Cr MerchantPayable 17.98",
            "Cr Commission 1.89",
            "Cr OutputVat 0.11",
        ])
        .items(&[
            "1007 sale.principal 99.90 due 2026-03-09",
            "1007 sale.shipping 10.00 due 2026-03-09",
            "1007 influencer_commission -19.98 due 2026-03-09",
            "2001 influencer_earned 17.98 due 2026-03-09",
        ]);
}

#[test]
fn an_affiliate_has_lines_of_its_own_and_may_earn_all_of_its_share() {
    let market = no_fees();
    let (zero, kind) = ("0".parse().unwrap(), PartnerKind::Affiliate);
    let of = AttributeOrder { kind, platform_share: zero, tax_rate: zero, ..brought_by("2001") };
    paid(&market).after(attribute(of)).when(complete("1007")).items(&[
        "1007 sale.principal 99.90 due 2026-03-09",
        "1007 sale.shipping 10.00 due 2026-03-09",
        "1007 affiliate_commission -19.98 due 2026-03-09",
        "2001 affiliate_earned 19.98 due 2026-03-09",
    ]);
}

#[test]
fn a_refund_takes_the_share_back_from_partner_and_platform() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001"))).after(complete("1007"));
    // A third: 6.66 of 19.98; of it 0.04 tax (0.11 × 6.66 / 19.98), then 0.63 of 1.89, then 5.99.
    order
        .at("2026-03-20T04:00:00.000000Z")
        .when(refund("r1", &[("1", "33.30", "0")]))
        .happens(&["refund-issued", "partner-commission-returned"])
        .posts(&[
            "Dr MerchantPayable 33.30",
            "Cr RefundsInTransit 33.30",
            "Cr MerchantPayable 6.66",
            "Dr MerchantPayable 5.99",
            "Dr Commission 0.63",
            "Dr OutputVat 0.04",
        ])
        .items(&[
            "1007 refund.principal -33.30 due 2026-03-20",
            "1007 influencer_commission.returned 6.66 due 2026-03-20",
            "2001 influencer_earned.returned -5.99 due 2026-03-20",
        ]);
}

#[test]
fn what_is_taken_back_before_the_sale_is_due_falls_due_with_the_sale_for_both() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001"))).after(complete("1007"));
    order.when(everything("r1")).items(&[
        "1007 refund.principal -99.90 due 2026-03-09",
        "1007 refund.shipping -10.00 due 2026-03-09",
        "1007 influencer_commission.returned 19.98 due 2026-03-09",
        "2001 influencer_earned.returned -17.98 due 2026-03-09",
    ]);
}

#[test]
fn shipping_that_goes_back_takes_nothing_of_a_share_of_the_goods() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001"))).after(complete("1007"));
    order.when(refund("r1", &[("1", "0", "10.00")])).happens(&["refund-issued"]);
}

#[test]
fn what_was_refunded_before_completion_earns_nothing() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001")));
    let half = order.after(refund("r1", &[("1", "49.90", "0")]));
    half.when(complete("1007")).says("partner-commission-charged", r#""base":"50.00""#);
}

#[test]
fn the_share_is_of_the_goods_after_the_sellers_discount_unless_it_says_otherwise() {
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace {
        merchant_discount: amount("20.00"),
        platform_discount: Some(coupon),
        ..line("1", "1007", "100.00", "5.00")
    };
    for (base, of) in [
        (Base::ItemPrice, "100.00"),
        (Base::ItemPriceLessDiscount, "80.00"),
        (Base::ItemsAndShipping, "85.00"),
        (Base::Paid, "75.00"),
    ] {
        let market = no_fees();
        let order = market.order().after(place([line.clone()])).after(pay("p1", "75.00"));
        let of_base = AttributeOrder { base, ..brought_by("2001") };
        order
            .after(attribute(of_base))
            .when(complete("1007"))
            .says("partner-commission-charged", &format!(r#""base":"{of}""#));
    }
}

#[test]
fn several_partners_of_a_line_earn_side_by_side_up_to_the_whole_sale() {
    let market = no_fees();
    let affiliate = AttributeOrder {
        kind: PartnerKind::Affiliate,
        rate: "0.8".parse().unwrap(),
        ..brought_by("2002")
    };
    let order = paid(&market).after(attribute(brought_by("2001")));
    let more = AttributeOrder { rate: "0.800001".parse().unwrap(), ..affiliate.clone() };
    order.when(attribute(more)).refused("SharesExceedSale");
    let order = paid(&market).after(attribute(brought_by("2001"))).after(attribute(affiliate));
    order
        .when(complete("1007"))
        .happens(&["order-completed", "partner-commission-charged", "partner-commission-charged"])
        .leaves("MerchantPayable", "-99.91");
}

#[test]
fn a_line_is_attributed_to_a_partner_once() {
    let market = no_fees();
    let order = paid(&market).after(attribute(brought_by("2001")));
    order.when(attribute(brought_by("2001"))).refused("AttributedAlready");
}

#[test]
fn only_a_merchant_enrolled_as_a_partner_earns() {
    let market = no_fees();
    paid(&market).when(attribute(brought_by("1008"))).refused("NotAPartner");
    paid(&market).when(attribute(brought_by("nobody"))).refused("NotAPartner");
}

#[test]
fn nothing_is_attributed_once_the_seller_has_completed() {
    let market = no_fees();
    let done = paid(&market).after(complete("1007"));
    done.when(attribute(brought_by("2001"))).refused("NothingToAttribute");
    let lines = vec![LineId::new("1").unwrap()];
    let named = AttributeOrder { lines, ..brought_by("2001") };
    paid(&market).after(complete("1007")).when(attribute(named)).refused("CompletedAlready");
}

#[test]
fn a_share_of_nothing_unknown_lines_and_lines_named_twice_are_refused() {
    let market = no_fees();
    let none = AttributeOrder { rate: "0".parse().unwrap(), ..brought_by("2001") };
    paid(&market).when(attribute(none)).refused("NothingToAttribute");
    let line = |id: &str| LineId::new(id).unwrap();
    let unknown = AttributeOrder { lines: vec![line("9")], ..brought_by("2001") };
    paid(&market).when(attribute(unknown)).refused("UnknownLine");
    let twice = AttributeOrder { lines: vec![line("1"), line("1")], ..brought_by("2001") };
    paid(&market).when(attribute(twice)).refused("LineTwice");
    paid(&market).after(cancel()).when(attribute(brought_by("2001"))).refused("OrderIsCancelled");
}

#[test]
fn each_seller_of_an_order_bears_the_commission_on_its_own_lines() {
    let market = no_fees();
    let two = place([line("1", "1007", "50.00", "0"), line("2", "1008", "30.00", "0")]);
    let order = market.order().after(two).after(pay("p1", "80.00"));
    let order = order.after(attribute(brought_by("2001")));
    order.when(complete("1008")).items(&[
        "1008 sale.principal 30.00 due 2026-03-09",
        "1008 influencer_commission -6.00 due 2026-03-09",
        "2001 influencer_earned 5.40 due 2026-03-09",
    ]);
}
