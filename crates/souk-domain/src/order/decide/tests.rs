//! Placing, shipping, cancelling an order, and how its refunds end.

use souk_journal::money::Amount;

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace, OrderCommand, PlaceOrder};
use crate::order::events::Funding;
use crate::order::refusal::OrderRefusal;

#[test]
fn a_placed_order_moves_no_money() {
    let market = Market::usual();
    let placed = market.order().when(place([line("1", "1007", "100", "20.5")]));
    placed.happens(&["order-placed"]).posts(&[]);
}

#[test]
fn a_placed_order_keeps_amounts_at_the_scale_of_its_currency() {
    let market = Market::usual();
    let placed = market.order().when(place([line("1", "1007", "100", "20.5")]));
    placed.says("order-placed", r#""price":"100.00","shipping":"20.50""#);
}

#[test]
fn an_order_is_placed_on_the_date_in_the_platforms_zone() {
    let market = Market::usual();
    let late = market.order().at("2026-03-02T17:00:00.000000Z");
    late.when(place([])).effective_on("2026-03-03").says("order-placed", "2026-03-03");
}

#[test]
fn a_discount_of_nothing_has_no_funder() {
    let market = Market::usual();
    let none = FundedDiscount { amount: Amount::ZERO, funding: Funding::Partner };
    let line = LineToPlace { platform_discount: Some(none), ..line("1", "1007", "9.00", "0") };
    market.order().when(place([line])).says("order-placed", r#""shipping":"0.00"}"#);
}

#[test]
fn an_order_is_placed_once() {
    let market = Market::usual();
    market.order().after(place([])).when(place([])).refused("OrderPlacedAlready");
}

#[test]
fn nothing_happens_to_an_order_that_was_not_placed() {
    let market = Market::usual();
    market.order().when(pay("p1", "10.00")).refused("UnknownOrder");
}

#[test]
fn a_currency_outside_iso_4217_is_refused() {
    let market = Market::usual();
    let OrderCommand::Place(order) = place([]) else { unreachable!() };
    let order = PlaceOrder { currency: "XXQ".into(), ..order };
    market.order().when(OrderCommand::Place(order)).refused("UnknownCurrency");
}

#[test]
fn a_tenth_of_a_cent_is_refused() {
    let market = Market::usual();
    let placed = market.order().when(place([line("1", "1007", "1.001", "0")]));
    placed.refused("TooManyDecimals");
}

#[test]
fn a_price_beyond_a_posting_is_refused() {
    let market = Market::usual();
    let placed = market.order().when(place([line("1", "1007", "92233720368547758.08", "0")]));
    placed.refused("AmountOutOfRange");
}

#[test]
fn an_order_whose_sum_is_beyond_a_posting_is_refused() {
    let market = Market::usual();
    let huge = "92233720368547758.07";
    let placed = market.order().when(place([line("1", "1007", huge, "0.01")]));
    placed.refused("AmountOutOfRange");
}

#[test]
fn a_negative_price_is_refused() {
    let market = Market::usual();
    market.order().when(place([line("1", "1007", "-1.00", "0")])).refused("NegativeAmount");
}

#[test]
fn an_order_of_251_lines_is_too_large() {
    let market = Market::usual();
    let lines: Vec<_> = (0..251).map(|n| line(&n.to_string(), "1007", "1.00", "0")).collect();
    market.order().when(place(lines)).refused("OrderTooLarge");
}

#[test]
fn an_order_of_250_lines_is_placed() {
    let market = Market::usual();
    let lines: Vec<_> = (0..250).map(|n| line(&n.to_string(), "1007", "1.00", "0")).collect();
    market.order().when(place(lines)).happens(&["order-placed"]);
}

#[test]
fn a_merchant_that_is_not_enrolled_sells_nothing() {
    let market = Market::usual();
    market.order().when(place([line("1", "9999", "1.00", "0")])).refused("UnknownMerchant");
}

#[test]
fn a_line_stands_once_in_an_order() {
    let market = Market::usual();
    let twice = [line("1", "1007", "1.00", "0"), line("1", "1008", "1.00", "0")];
    market.order().when(place(twice)).refused("LineTwice");
}

#[test]
fn a_line_is_of_one_unit_at_least() {
    let market = Market::usual();
    let none = LineToPlace { units: 0, ..line("1", "1007", "1.00", "0") };
    market.order().when(place([none])).refused("NoUnits");
}

#[test]
fn discounts_together_cannot_exceed_the_price() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("6.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace {
        merchant_discount: amount("5.00"),
        platform_discount: Some(coupon),
        ..line("1", "1007", "10.00", "3.00")
    };
    market.order().when(place([line])).refused("DiscountExceedsPrice");
}

#[test]
fn a_category_with_a_quote_cannot_be_stored() {
    let market = Market::usual();
    let line = LineToPlace { category: Some("a\"b".into()), ..line("1", "1007", "1.00", "0") };
    market.order().when(place([line])).refused("UnusableLabel");
}

#[test]
fn shipping_moves_no_money() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    placed.when(ship("1007")).happens(&["order-shipped"]).posts(&[]);
}

#[test]
fn a_merchant_ships_once() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    placed.after(ship("1007")).when(ship("1007")).refused("ShippedAlready");
}

#[test]
fn a_merchant_without_a_line_ships_nothing() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    placed.when(ship("1008")).refused("NotTheirOrder");
}

#[test]
fn a_cancelled_order_is_not_shipped() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    placed.after(cancel()).when(ship("1007")).refused("OrderIsCancelled");
}

#[test]
fn cancelling_moves_no_money() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    let cancelled = placed.after(pay("p1", "1.00")).when(cancel());
    cancelled.happens(&["order-cancelled"]).posts(&[]).leaves("OrderEscrow", "-1.00");
}

#[test]
fn an_order_is_cancelled_once() {
    let market = Market::usual();
    market.order().after(place([])).after(cancel()).when(cancel()).refused("OrderIsCancelled");
}

#[test]
fn a_completed_order_is_refunded_instead_of_cancelled() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "1.00", "0")]));
    let completed = placed.after(pay("p1", "1.00")).after(complete("1007"));
    completed.when(cancel()).refused("CompletedOrderNotCancellable");
}

#[test]
fn a_refund_that_reached_the_buyer_leaves_transit_through_the_channel() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "30.00", "0")]));
    let refunded = placed.after(pay("p1", "30.00")).after(refund("r1", &[("1", "10.00", "0")]));
    let lines = ["Dr RefundsInTransit 10.00", "Cr PspClearing 10.00"];
    refunded.when(confirm("r1")).happens(&["refund-paid"]).posts(&lines);
}

#[test]
fn a_refund_to_a_voucher_has_nothing_to_pay_out() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "30.00", "0")]));
    let refunded = placed.after(voucher("v1", "30.00")).after(everything("r1"));
    refunded.when(confirm("r1")).happens(&["refund-paid"]).posts(&[]);
}

#[test]
fn a_failed_refund_stays_owed_to_the_buyer() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "30.00", "0")]));
    let failed = placed.after(pay("p1", "30.00")).after(everything("r1")).when(fail("r1"));
    failed.happens(&["refund-failed"]).posts(&[]).leaves("RefundsInTransit", "-30.00");
}

#[test]
fn a_refund_is_paid_once() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "30.00", "0")]));
    let paid = placed.after(pay("p1", "30.00")).after(everything("r1")).after(confirm("r1"));
    paid.when(confirm("r1")).refused("RefundPaidAlready");
}

#[test]
fn a_refund_that_was_paid_cannot_fail() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "30.00", "0")]));
    let paid = placed.after(pay("p1", "30.00")).after(everything("r1")).after(confirm("r1"));
    paid.when(fail("r1")).refused("RefundPaidAlready");
}

#[test]
fn only_a_refund_of_the_order_can_be_paid() {
    let market = Market::usual();
    market.order().after(place([])).when(confirm("r9")).refused("UnknownRefund");
}

#[test]
fn only_a_refund_of_the_order_can_fail() {
    let market = Market::usual();
    market.order().after(place([])).when(fail("r9")).refused("UnknownRefund");
}

#[test]
fn an_order_refuses_in_77_ways() {
    assert_eq!(OrderRefusal::CODES.len(), 77);
}
