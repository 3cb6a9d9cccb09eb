//! Refunds: what comes back, from whom, to where.

use souk_journal::account::DifferenceClass;

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace};
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::tariff::events::{Fee, FeeKind, FeeRule, OnRefund, Scope};

mod refusals;

/// Goods 100.00 and shipping 20.00 of merchant 1007, paid.
fn paid(market: &Market) -> Given<'_, Order> {
    market.order().after(place([line("1", "1007", "100.00", "20.00")])).after(pay("p1", "120.00"))
}

/// Goods 33.33 with a platform coupon of 10.00, paid and completed; the channel gives fees back.
fn with_coupon(market: &Market) -> Given<'_, Order> {
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "33.33", "0") };
    let paid = market.order().after(place([line])).after(pay("p1", "23.33"));
    paid.after(returning_channel_fee("p1", "0.0101")).after(complete("1007"))
}

#[test]
fn before_completion_a_refund_comes_from_escrow() {
    let market = Market::usual();
    paid(&market)
        .when(refund("r1", &[("1", "10.00", "5.00")]))
        .posts(&["Dr OrderEscrow 15.00", "Cr RefundsInTransit 15.00"]);
}

#[test]
fn after_completion_a_refund_comes_from_the_merchant_and_returns_its_commission() {
    let market = Market::usual();
    let lines = [
        "Dr MerchantPayable 10.00",
        "Dr MerchantPayable 5.00",
        "Cr RefundsInTransit 15.00",
        "Cr MerchantPayable 0.80",
        "Cr MerchantPayable 0.05",
        "Dr Commission 0.80",
        "Dr OutputVat 0.05",
    ];
    let sale = paid(&market).after(complete("1007"));
    sale.when(refund("r1", &[("1", "10.00", "5.00")])).posts(&lines);
}

#[test]
fn a_refund_before_the_sale_is_due_falls_due_with_the_sale() {
    let market = Market::usual();
    let sale = paid(&market).after(complete("1007")).at("2026-03-05T04:00:00.000000Z");
    sale.when(refund("r1", &[("1", "10.00", "0")])).items(&[
        "1007 refund.principal -10.00 due 2026-03-09",
        "1007 commission.returned 0.80 due 2026-03-09",
        "1007 commission.tax_returned 0.05 due 2026-03-09",
    ]);
}

#[test]
fn a_refund_after_the_sale_was_due_falls_due_on_its_own_date() {
    let market = Market::usual();
    let sale = paid(&market).after(complete("1007")).at("2026-03-20T04:00:00.000000Z");
    sale.when(refund("r1", &[("1", "10.00", "0")])).effective_on("2026-03-20").items(&[
        "1007 refund.principal -10.00 due 2026-03-20",
        "1007 commission.returned 0.80 due 2026-03-20",
        "1007 commission.tax_returned 0.05 due 2026-03-20",
    ]);
}

#[test]
fn a_refund_after_completion_takes_the_platform_coupon_back() {
    let market = Market::usual();
    with_coupon(&market)
        .when(refund("r1", &[("1", "7.00", "0")]))
        .says("refund-issued", r#""subsidy":"3.00","funding":"platform-subsidy""#)
        .leaves("PlatformSubsidy", "7.00");
}

#[test]
fn partial_refunds_return_every_cent_of_commission_tax_subsidy_and_channel_fee() {
    let market = Market::usual();
    let parts = with_coupon(&market)
        .after(refund("r1", &[("1", "7.77", "0")]))
        .after(refund("r2", &[("1", "0.01", "0")]))
        .after(refund("r3", &[("1", "10.10", "0")]));
    parts
        .when(everything("r4"))
        .leaves("Commission", "0.00")
        .leaves("OutputVat", "0.00")
        .leaves("PlatformSubsidy", "0.00")
        .leaves("ChannelFees", "0.00")
        .leaves("MerchantPayable", "0.00")
        .leaves("RefundsInTransit", "-23.33");
}

#[test]
fn a_channel_that_keeps_its_fee_returns_nothing() {
    let market = Market::usual();
    let sale = paid(&market).after(channel_fee("p1", "0.006"));
    sale.when(everything("r1")).happens(&["refund-issued"]).leaves("ChannelFees", "0.72");
}

#[test]
fn a_channel_returns_its_fee_in_proportion_to_the_payment() {
    let market = Market::usual();
    let sale = paid(&market).after(returning_channel_fee("p1", "0.006"));
    sale.when(refund("r1", &[("1", "60.00", "0")]))
        .happens(&["refund-issued", "channel-fee-returned"])
        .leaves("ChannelFees", "0.36");
}

#[test]
fn a_fee_that_is_kept_is_not_returned() {
    let rules = vec![rule("all", None, "0.08")];
    let kept = Fee { on_refund: OnRefund::Kept, ..fee(FeeKind::Commission, rules) };
    let market = Market::charging(vec![kept]);
    let sale = paid(&market).after(complete("1007"));
    sale.when(everything("r1")).happens(&["refund-issued"]).leaves("Commission", "-8.00");
}

#[test]
fn shipping_alone_returns_no_commission_on_goods() {
    let market = Market::usual();
    let sale = paid(&market).after(complete("1007"));
    sale.when(refund("r1", &[("1", "0", "20.00")])).happens(&["refund-issued"]);
}

#[test]
fn an_order_fee_returns_in_proportion_to_what_was_sold_not_to_what_was_refunded_before() {
    let fixed = FeeRule { fixed: Some(amount("5.00")), ..rule("order", None, "0") };
    let order_fee = Fee { scope: Scope::Order, ..fee(FeeKind::OrderFee, vec![fixed]) };
    let market = Market::charging(vec![order_fee]);
    let placed = [line("1", "1007", "50.00", "0"), line("2", "1007", "50.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "100.00"));
    let sale = paid.after(refund("r1", &[("1", "50.00", "0")])).after(complete("1007"));
    sale.when(refund("r2", &[("2", "10.00", "0")])).leaves("PlatformUsage", "-4.00");
}

#[test]
fn refunding_everything_before_completion_empties_escrow() {
    let market = Market::usual();
    paid(&market)
        .when(everything("r1"))
        .leaves("OrderEscrow", "0.00")
        .leaves("RefundsInTransit", "-120.00");
}

#[test]
fn refunding_everything_returns_the_instalment_interest_too() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "123.05")).after(differ(DifferenceClass::InstalmentInterest));
    let sale = paid.after(complete("1007")).after(refund("r1", &[("1", "30.00", "0")]));
    sale.when(everything("r2"))
        .leaves("OrderDifferences{instalment_interest}", "0.00")
        .leaves("RefundsInTransit", "-123.05");
}

#[test]
fn refunding_everything_returns_only_what_the_buyer_paid() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "111.01")).after(differ(DifferenceClass::UntrackedDiscount));
    paid.when(everything("r1")).posts(&[
        "Dr OrderEscrow 120.00",
        "Cr OrderDifferences{untracked_discount} 8.99",
        "Cr RefundsInTransit 111.01",
    ]);
}

#[test]
fn a_payment_without_items_is_refunded_from_the_difference() {
    let market = Market::usual();
    let paid = market.order().after(place([])).after(pay("p1", "77.73"));
    let lines = ["Dr OrderDifferences{paid_without_items} 77.73", "Cr RefundsInTransit 77.73"];
    let booked = paid.after(differ(DifferenceClass::PaidWithoutItems));
    booked.when(everything("r1")).posts(&lines);
}

#[test]
fn an_unpaid_order_is_undone_without_paying_anyone() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "143.46", "0")]));
    let lines = ["Dr OrderEscrow 143.46", "Cr OrderDifferences{no_payment} 143.46"];
    placed.after(differ(DifferenceClass::NoPayment)).when(everything("r1")).posts(&lines);
}

#[test]
fn a_voucher_is_refunded_as_buyer_credit() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(voucher("v1", "20.00")).after(pay("p1", "100.00"));
    let lines = ["Dr OrderEscrow 120.00", "Cr BuyerCredit 20.00", "Cr RefundsInTransit 100.00"];
    paid.when(everything("r1")).posts(&lines);
}

#[test]
fn a_refund_goes_to_the_payments_that_the_command_names() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let paid = placed.after(pay("p1", "20.00")).after(pay("p2", "100.00"));
    paid.when(refund_to("r1", &[("1", "30.00", "0")], &[("p2", "25.00"), ("p1", "5.00")])).says(
        "refund-issued",
        r#""to":[{"payment":"p2","amount":"25.00"},{"payment":"p1","amount":"5.00"}]"#,
    );
}

#[test]
fn a_refund_of_two_merchants_takes_each_ones_part_where_it_is() {
    let market = Market::usual();
    let placed = [line("1", "1007", "75.00", "0"), line("2", "1008", "25.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "100.00"));
    paid.after(complete("1008")).when(everything("r1")).posts(&[
        "Dr OrderEscrow 75.00",
        "Dr MerchantPayable 25.00",
        "Cr RefundsInTransit 100.00",
        "Cr MerchantPayable 2.00",
        "Cr MerchantPayable 0.12",
        "Dr Commission 2.00",
        "Dr OutputVat 0.12",
    ]);
}

#[test]
fn a_line_that_cost_the_buyer_nothing_gives_its_coupon_and_commission_back() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "0") };
    let sale = market.order().after(place([line])).after(complete("1007"));
    sale.when(gift_back("r1", "1"))
        .leaves("PlatformSubsidy", "0.00")
        .leaves("Commission", "0.00")
        .leaves("MerchantPayable", "0.00");
}

#[test]
fn a_cancelled_order_is_refunded() {
    let market = Market::usual();
    paid(&market).after(cancel()).when(everything("r1")).leaves("OrderEscrow", "0.00");
}

#[test]
fn a_gift_given_back_before_completion_owes_no_minimum_for_its_shipping() {
    let minimum = FeeRule { minimum: Some(amount("1.00")), ..rule("all", None, "0.08") };
    let market = Market::charging(vec![fee(FeeKind::Commission, vec![minimum])]);
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let gift =
        LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "5.00") };
    let placed = market.order().after(place([gift, line("2", "1007", "50.00", "0")]));
    let given_back = placed.after(pay("p1", "55.00")).after(gift_back("r1", "1"));
    let sale = given_back.after(complete("1007"));
    sale.when(refund("r2", &[("2", "10.00", "0")])).leaves("Commission", "-3.20");
}

#[test]
fn the_shipping_of_a_gift_comes_back_without_the_gift() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let gift =
        LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "5.00") };
    let sale = market.order().after(place([gift])).after(pay("p1", "5.00")).after(complete("1007"));
    sale.when(refund("r1", &[("1", "0", "5.00")])).leaves("PlatformSubsidy", "10.00");
}
