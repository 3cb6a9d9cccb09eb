//! Refunds that are refused.

use souk_journal::account::DifferenceClass;

use super::{paid, with_coupon};
use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace};
use crate::order::events::Funding;

#[test]
fn a_refund_is_issued_once() {
    let market = Market::usual();
    let refunded = paid(&market).after(refund("r1", &[("1", "1.00", "0")]));
    refunded.when(refund("r1", &[("1", "1.00", "0")])).refused("RefundIssuedAlready");
}

#[test]
fn a_refund_of_nothing_is_refused() {
    let market = Market::usual();
    paid(&market).when(refund("r1", &[("1", "0", "0")])).refused("NothingToRefund");
}

#[test]
fn everything_is_refunded_once() {
    let market = Market::usual();
    paid(&market).after(everything("r1")).when(everything("r2")).refused("NothingToRefund");
}

#[test]
fn a_gift_is_given_back_once() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::Partner };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "0") };
    let sale = market.order().after(place([line])).after(complete("1007"));
    let given_back = sale.after(gift_back("r1", "1"));
    given_back.when(gift_back("r2", "1")).refused("NothingToRefund");
}

#[test]
fn a_negative_refund_is_refused() {
    let market = Market::usual();
    paid(&market).when(refund("r1", &[("1", "-1.00", "0")])).refused("NegativeAmount");
}

#[test]
fn a_refund_of_a_tenth_of_a_cent_is_refused() {
    let market = Market::usual();
    paid(&market).when(refund("r1", &[("1", "0.001", "0")])).refused("TooManyDecimals");
}

#[test]
fn a_refund_of_a_line_that_was_not_ordered_is_refused() {
    let market = Market::usual();
    paid(&market).when(refund("r1", &[("9", "1.00", "0")])).refused("UnknownLine");
}

#[test]
fn a_refund_names_each_line_once() {
    let market = Market::usual();
    let twice = refund("r1", &[("1", "1.00", "0"), ("1", "1.00", "0")]);
    paid(&market).when(twice).refused("LineTwice");
}

#[test]
fn a_refund_above_what_is_left_of_the_line_is_refused() {
    let market = Market::usual();
    let refunded = paid(&market).after(refund("r1", &[("1", "99.99", "0")]));
    refunded.when(refund("r2", &[("1", "0.02", "0")])).refused("RefundExceedsLeft");
}

#[test]
fn a_refund_above_the_shipping_is_refused() {
    let market = Market::usual();
    paid(&market).when(refund("r1", &[("1", "0", "20.01")])).refused("RefundExceedsLeft");
}

#[test]
fn a_coupon_is_not_refunded_to_the_buyer() {
    let market = Market::usual();
    with_coupon(&market).when(refund("r1", &[("1", "33.33", "0")])).refused("RefundExceedsLeft");
}

#[test]
fn a_refund_of_everything_names_no_lines() {
    let market = Market::usual();
    let command = everything_and("r1", &[("1", "1.00", "0")]);
    paid(&market).when(command).refused("EverythingNamesNoLines");
}

#[test]
fn everything_is_refunded_only_after_the_difference_is_booked() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    placed.after(pay("p1", "123.05")).when(everything("r1")).refused("DifferenceNotBooked");
}

#[test]
fn a_refund_before_completion_needs_the_money_in_escrow() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "50.00"));
    paid.when(refund("r1", &[("1", "50.01", "0")])).refused("EscrowShort");
}

#[test]
fn a_refund_above_what_is_left_of_a_named_payment_is_refused() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "20.00")).after(pay("p2", "100.00"));
    let twice = [("p1", "15.00"), ("p1", "15.00")];
    paid.when(refund_to("r1", &[("1", "30.00", "0")], &twice)).refused("RefundExceedsPayment");
}

#[test]
fn a_refund_above_what_the_buyer_paid_is_refused() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "111.01")).after(differ(DifferenceClass::UntrackedDiscount));
    let all = refund("r1", &[("1", "100.00", "20.00")]);
    paid.after(complete("1007")).when(all).refused("RefundExceedsPayments");
}

#[test]
fn named_payments_sum_to_the_refund() {
    let market = Market::usual();
    let named = refund_to("r1", &[("1", "30.00", "0")], &[("p1", "29.99")]);
    paid(&market).when(named).refused("RefundTargetsDiffer");
}

#[test]
fn a_refund_goes_to_payments_of_the_order_only() {
    let market = Market::usual();
    let named = refund_to("r1", &[("1", "30.00", "0")], &[("p9", "30.00")]);
    paid(&market).when(named).refused("UnknownPayment");
}
