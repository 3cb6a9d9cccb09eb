//! Payments, differences and channel fees.

use souk_journal::account::DifferenceClass;

use crate::given::*;
use crate::order::commands::{OrderCommand, PayOrder};
use crate::order::decide::Order;

/// Items 100.00 and freight 20.00 of one merchant.
fn order(market: &Market) -> Given<'_, Order> {
    market.order().after(place([line("1", "1007", "100.00", "20.00")]))
}

#[test]
fn a_payment_goes_into_escrow() {
    let market = Market::usual();
    let paid = order(&market).when(pay("p1", "120.00"));
    paid.posts(&["Dr PspClearing 120.00", "Cr OrderEscrow 120.00"]);
}

#[test]
fn a_voucher_is_buyer_credit_instead_of_provider_cash() {
    let market = Market::usual();
    let paid = order(&market).when(voucher("v1", "120.00"));
    paid.posts(&["Dr BuyerCredit 120.00", "Cr OrderEscrow 120.00"]);
}

#[test]
fn a_payment_of_nothing_is_recorded_and_posts_nothing() {
    let market = Market::usual();
    order(&market).when(pay("p1", "0.00")).happens(&["order-paid"]).posts(&[]);
}

#[test]
fn a_payment_is_split_by_what_each_merchant_is_owed() {
    let market = Market::usual();
    let placed = [line("1", "1007", "75.00", "0"), line("2", "1008", "20.00", "5.00")];
    let paid = market.order().after(place(placed)).when(pay("p1", "100.00"));
    paid.posts(&["Dr PspClearing 100.00", "Cr OrderEscrow 75.00", "Cr OrderEscrow 25.00"]);
}

#[test]
fn an_odd_cent_goes_to_the_larger_remainder() {
    let market = Market::usual();
    let placed = [line("1", "1007", "1.00", "0"), line("2", "1008", "2.00", "0")];
    let paid = market.order().after(place(placed)).when(pay("p1", "1.00"));
    paid.posts(&["Dr PspClearing 1.00", "Cr OrderEscrow 0.33", "Cr OrderEscrow 0.67"]);
}

#[test]
fn the_split_of_several_payments_is_that_of_their_sum() {
    let market = Market::usual();
    let placed = [line("1", "1007", "1.00", "0"), line("2", "1008", "2.00", "0")];
    let first = market.order().after(place(placed)).after(pay("p1", "1.00"));
    let second = first.after(pay("p2", "1.00")).when(pay("p3", "1.00"));
    second.posts(&["Dr PspClearing 1.00", "Cr OrderEscrow 0.33", "Cr OrderEscrow 0.67"]);
}

#[test]
fn a_payment_is_recorded_once() {
    let market = Market::usual();
    order(&market)
        .after(pay("p1", "1.00"))
        .when(pay("p1", "1.00"))
        .refused("PaymentRecordedAlready");
}

#[test]
fn an_order_takes_at_most_50_payments() {
    let market = Market::usual();
    let paid = (0..50).fold(order(&market), |order, n| order.after(pay(&format!("p{n}"), "1.00")));
    paid.when(pay("p50", "1.00")).refused("OrderTooLarge");
}

#[test]
fn a_negative_payment_is_refused() {
    let market = Market::usual();
    order(&market).when(pay("p1", "-1.00")).refused("NegativeAmount");
}

#[test]
fn payments_whose_sum_is_beyond_a_posting_are_refused() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "100000000000000.00"));
    paid.when(pay("p2", "0.01")).refused("AmountOutOfRange");
}

#[test]
fn a_method_with_a_line_break_cannot_be_stored() {
    let market = Market::usual();
    let OrderCommand::Pay(payment) = pay("p1", "1.00") else { unreachable!() };
    let payment = PayOrder { method: "card\n".into(), ..payment };
    order(&market).when(OrderCommand::Pay(payment)).refused("UnusableLabel");
}

#[test]
fn a_completed_order_takes_no_more_payments() {
    let market = Market::usual();
    let completed = order(&market).after(pay("p1", "120.00")).after(complete("1007"));
    completed.when(pay("p2", "1.00")).refused("PaymentsClosed");
}

#[test]
fn an_order_whose_difference_is_booked_takes_no_more_payments() {
    let market = Market::usual();
    let booked = order(&market).after(differ(DifferenceClass::NoPayment));
    booked.when(pay("p1", "1.00")).refused("PaymentsClosed");
}

#[test]
fn instalment_interest_of_3_05_leaves_120_in_escrow() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "123.05"));
    paid.when(differ(DifferenceClass::InstalmentInterest))
        .posts(&["Dr OrderEscrow 3.05", "Cr OrderDifferences{instalment_interest} 3.05"])
        .leaves("OrderEscrow", "-120.00")
        .leaves("PspClearing", "123.05");
}

#[test]
fn a_payment_8_99_short_is_made_whole_by_the_difference() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "111.01"));
    paid.when(differ(DifferenceClass::UntrackedDiscount))
        .posts(&["Cr OrderEscrow 8.99", "Dr OrderDifferences{untracked_discount} 8.99"])
        .leaves("OrderEscrow", "-120.00");
}

#[test]
fn a_payment_of_an_order_without_items_is_a_difference_as_a_whole() {
    let market = Market::usual();
    let paid = market.order().after(place([])).after(pay("p1", "77.73"));
    paid.when(differ(DifferenceClass::PaidWithoutItems))
        .leaves("PspClearing", "77.73")
        .leaves("OrderEscrow", "0.00")
        .leaves("OrderDifferences{paid_without_items}", "-77.73");
}

#[test]
fn an_unpaid_order_is_made_whole_by_the_difference() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "143.46", "0")]));
    let lines = ["Cr OrderEscrow 143.46", "Dr OrderDifferences{no_payment} 143.46"];
    placed.when(differ(DifferenceClass::NoPayment)).posts(&lines);
}

#[test]
fn a_difference_is_taken_from_the_escrow_of_each_merchant() {
    let market = Market::usual();
    let placed = [line("1", "1007", "1.00", "0"), line("2", "1008", "2.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "3.30"));
    paid.when(differ(DifferenceClass::InstalmentInterest))
        .says("order-difference-booked", r#"{"merchant":"1007","amount":"0.10"}"#)
        .says("order-difference-booked", r#"{"merchant":"1008","amount":"0.20"}"#);
}

#[test]
fn a_difference_is_booked_once() {
    let market = Market::usual();
    let booked = order(&market).after(differ(DifferenceClass::NoPayment));
    booked.when(differ(DifferenceClass::NoPayment)).refused("DifferenceBookedAlready");
}

#[test]
fn an_order_paid_exactly_has_no_difference() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "120.00"));
    paid.when(differ(DifferenceClass::Rounding)).refused("NoDifference");
}

#[test]
fn an_order_without_items_and_payments_has_no_difference() {
    let market = Market::usual();
    let placed = market.order().after(place([]));
    placed.when(differ(DifferenceClass::PaidWithoutItems)).refused("NoDifference");
}

#[test]
fn a_channel_fee_is_an_expense_of_the_platform() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "120.00"));
    paid.when(channel_fee("p1", "0.006")).posts(&["Dr ChannelFees 0.72", "Cr PspClearing 0.72"]);
}

#[test]
fn a_channel_fee_is_rounded_half_up() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "2.50"));
    paid.when(channel_fee("p1", "0.006")).leaves("ChannelFees", "0.02");
}

#[test]
fn a_channel_takes_its_fee_once() {
    let market = Market::usual();
    let paid = order(&market).after(pay("p1", "120.00")).after(channel_fee("p1", "0.006"));
    paid.when(channel_fee("p1", "0.006")).refused("ChannelFeeRecordedAlready");
}

#[test]
fn no_channel_takes_a_fee_of_a_voucher() {
    let market = Market::usual();
    let paid = order(&market).after(voucher("v1", "120.00"));
    paid.when(channel_fee("v1", "0.006")).refused("VoucherHasNoChannel");
}

#[test]
fn a_channel_fee_belongs_to_a_payment_of_the_order() {
    let market = Market::usual();
    order(&market).when(channel_fee("p9", "0.006")).refused("UnknownPayment");
}
