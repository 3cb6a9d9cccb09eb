//! Region and tier are frozen when a part completes: what follows reads them from there.

use super::*;
use crate::order::commands::{OrderCommand, PlaceOrder};

/// Goods 100.00 of merchant 1007, which is gold, to the east; paid.
fn paid_in<'m>(market: &'m Market, region: Option<&'static str>) -> Given<'m, Order> {
    let OrderCommand::Place(of) = place([line("1", "1007", "100.00", "0")]) else {
        unreachable!("an order is placed")
    };
    let placed = PlaceOrder { region: region.map(Into::into), ..of };
    market.order().after(OrderCommand::Place(placed)).after(pay("p1", "100.00"))
}

const EAST_GOLD: &str = r#""segment":{"region":"east","tier":"gold"}"#;

#[test]
fn sale_and_fees_say_the_region_of_the_order_and_the_tier_of_the_merchant() {
    let market = Market::usual().in_tier("1007", "gold");
    paid_in(&market, Some("east"))
        .when(complete("1007"))
        .says("order-completed", EAST_GOLD)
        .says("commission-charged", EAST_GOLD);
}

#[test]
fn what_is_not_known_is_not_written() {
    let market = Market::usual();
    let completed = paid_in(&market, None).when(complete("1007"));
    let without = completed.says("order-completed", r#""due_on":"2026-03-09","lines""#);
    without.says("commission-charged", r#""on_refund":"proportional","tax_rate":"0.06","lines""#);
    let gold = Market::usual().in_tier("1007", "gold");
    let of_tier = r#""segment":{"tier":"gold"}"#;
    paid_in(&gold, None).when(complete("1007")).says("commission-charged", of_tier);
}

#[test]
fn a_refund_goes_to_the_segment_of_the_sale_whatever_the_tier_is_today() {
    let (then, today) =
        (Market::usual().in_tier("1007", "gold"), Market::usual().in_tier("1007", "basic"));
    let sold = paid_in(&then, Some("east")).after(complete("1007"));
    let back = sold.under(today.context()).when(refund("r1", &[("1", "40.00", "0")]));
    back.says("refund-issued", EAST_GOLD).says("fee-returned", EAST_GOLD);
}

#[test]
fn a_refund_before_completion_has_no_segment_yet() {
    let market = Market::usual().in_tier("1007", "gold");
    let refunded = paid_in(&market, Some("east")).when(refund("r1", &[("1", "40.00", "0")]));
    refunded.says("refund-issued", r#""principal":"40.00","shipping":"0.00"}"#);
}
