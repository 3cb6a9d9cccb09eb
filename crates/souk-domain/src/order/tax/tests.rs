//! Tax that the platform collects: in escrow until completion, then its jurisdiction's, and back with refunds.

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace, TaxToPlace};
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::tariff::events::{BaseTax, Fee, FeeKind, TaxMode};
use souk_journal::account::DifferenceClass;

mod any_refunds;

fn within(jurisdiction: &str, rate: &str) -> TaxToPlace {
    TaxToPlace { mode: TaxMode::Inclusive, ..tax(jurisdiction, rate) }
}

/// Goods 100.00 and shipping 20.00 of merchant 1007, with 7.25 % of `US-CA` on top.
fn californian() -> LineToPlace<'static> {
    taxed(line("1", "1007", "100.00", "20.00"), &[tax("US-CA", "0.0725")])
}

/// The same, paid.
fn paid(market: &Market) -> Given<'_, Order> {
    market.order().after(place([californian()])).after(pay("p1", "128.70"))
}

#[test]
fn an_order_without_collected_tax_is_placed_as_ever() {
    let market = Market::usual();
    market.order().when(place([line("1", "1007", "9.00", "0")])).happens(&["order-placed"]);
}

#[test]
fn tax_on_top_is_assessed_on_goods_and_on_shipping() {
    let market = Market::usual();
    market
        .order()
        .when(place([californian()]))
        .happens(&["order-placed", "tax-assessed"])
        .says("order-placed", r#""price":"100.00","shipping":"20.00""#)
        .says("tax-assessed", r#""rate":"0.0725","goods":"7.25","shipping":"1.45""#)
        .posts(&[]);
}

#[test]
fn tax_within_the_price_is_taken_out_of_what_the_merchant_sells_at() {
    let market = Market::usual();
    let order = place([taxed(line("1", "1007", "120.00", "6.00"), &[within("GB", "0.2")])]);
    market
        .order()
        .when(order)
        .says("order-placed", r#""price":"100.00","shipping":"5.00""#)
        .says("tax-assessed", r#""mode":"inclusive","goods":"20.00","shipping":"1.00""#);
}

#[test]
fn several_jurisdictions_share_the_tax_within_a_price_to_the_cent() {
    let market = Market::usual();
    // 100.00 / 1.09 = 91.743…: 8.26 of tax, of which 5/9 and 4/9 are 4.59 and 3.67.
    let taxes = [within("IN-C", "0.05"), within("IN-S", "0.04")];
    market
        .order()
        .when(place([taxed(line("1", "1007", "100.00", "0"), &taxes)]))
        .says("order-placed", r#""price":"91.74""#)
        .says("tax-assessed", r#""goods":"4.59""#)
        .says("tax-assessed", r#""goods":"3.67""#);
}

#[test]
fn amounts_of_a_tax_engine_are_taken_as_they_are() {
    let market = Market::usual();
    market
        .order()
        .when(place([taxed(line("1", "1007", "100.00", "0"), &[tax_of("US-NY", "8.88", "0")])]))
        .says("tax-assessed", r#"{"line":"1","jurisdiction":"US-NY","goods":"8.88"}"#);
}

#[test]
fn tax_is_on_what_the_buyer_pays_after_every_discount() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace {
        merchant_discount: amount("10"),
        platform_discount: Some(coupon),
        ..line("1", "1007", "100.00", "0")
    };
    let order = place([taxed(line, &[tax("US-CA", "0.1")])]);
    market.order().when(order).says("tax-assessed", r#""goods":"8.00""#);
}

#[test]
fn the_buyer_owes_goods_freight_and_tax() {
    let market = Market::usual();
    let short = market.order().after(place([californian()])).after(pay("p1", "120.00"));
    short.when(complete("1007")).refused("EscrowShort");
    paid(&market).when(differ(DifferenceClass::Rounding)).refused("NoDifference");
}

#[test]
fn at_completion_the_tax_leaves_escrow_for_its_jurisdiction() {
    let market = Market::usual();
    paid(&market)
        .when(complete("1007"))
        .happens(&["order-completed", "tax-collected", "commission-charged"])
        .posts(&[
            "Cr MerchantPayable 100.00",
            "Cr MerchantPayable 20.00",
            "Dr OrderEscrow 120.00",
            "Dr OrderEscrow 8.70",
            "Cr CollectedTax 8.70",
            "Dr MerchantPayable 8.00",
            "Dr MerchantPayable 0.48",
            "Cr Commission 8.00",
            "Cr OutputVat 0.48",
        ])
        .leaves("OrderEscrow", "0.00");
}

#[test]
fn collected_tax_is_no_line_of_the_merchants() {
    let market = Market::usual();
    paid(&market).when(complete("1007")).items(&[
        "1007 sale.principal 100.00 due 2026-03-09",
        "1007 sale.shipping 20.00 due 2026-03-09",
        "1007 commission -8.00 due 2026-03-09",
        "1007 commission.tax -0.48 due 2026-03-09",
    ]);
}

#[test]
fn each_merchants_tax_is_collected_when_it_completes() {
    let market = Market::usual();
    let other = taxed(line("2", "1008", "50.00", "0"), &[tax("US-TX", "0.0625")]);
    let order = market.order().after(place([californian(), other])).after(pay("p1", "181.83"));
    let order = order.after(complete("1007"));
    order.when(complete("1008")).leaves("CollectedTax", "-11.83").leaves("OrderEscrow", "0.00");
}

#[test]
fn before_completion_a_refund_takes_its_tax_out_of_escrow() {
    let market = Market::usual();
    paid(&market)
        .when(refund("r1", &[("1", "50.00", "0")]))
        .happens(&["refund-issued", "tax-refunded"])
        .posts(&[
            "Dr OrderEscrow 50.00",
            "Cr RefundsInTransit 50.00",
            "Dr OrderEscrow 3.63",
            "Cr RefundsInTransit 3.63",
        ]);
}

#[test]
fn after_completion_a_refund_takes_its_tax_from_the_jurisdiction() {
    let market = Market::usual();
    paid(&market).after(complete("1007")).when(refund("r1", &[("1", "50.00", "20.00")])).posts(&[
        "Dr MerchantPayable 50.00",
        "Dr MerchantPayable 20.00",
        "Cr RefundsInTransit 70.00",
        "Dr CollectedTax 5.08",
        "Cr RefundsInTransit 5.08",
        "Cr MerchantPayable 4.00",
        "Cr MerchantPayable 0.24",
        "Dr Commission 4.00",
        "Dr OutputVat 0.24",
    ]);
}

#[test]
fn tax_goes_back_on_the_cumulative_refund() {
    let market = Market::usual();
    // 7.25 × 1/3 = 2.4167, of 2/3 = 4.8333: 2.42, then 2.41, then the rest 2.42.
    let sale = paid(&market).after(complete("1007"));
    let sale = sale.after(refund("r1", &[("1", "33.33", "0")]));
    let second = [("1", "33.34", "0")];
    let sale = sale.after(refund("r2", &second));
    sale.when(refund("r3", &[("1", "33.33", "0")]))
        .says("tax-refunded", r#""goods":"2.42""#)
        .leaves("CollectedTax", "-1.45");
}

#[test]
fn everything_back_leaves_no_tax() {
    let market = Market::usual();
    let half = paid(&market).after(refund("r1", &[("1", "33.33", "1.11")])).after(complete("1007"));
    half.when(everything("r2"))
        .leaves("CollectedTax", "0.00")
        .leaves("OrderEscrow", "0.00")
        .leaves("RefundsInTransit", "-128.70");
}

#[test]
fn the_tax_of_a_refund_reaches_the_buyer_with_it() {
    let market = Market::usual();
    let order = paid(&market).after(refund("r1", &[("1", "50.00", "0")]));
    order.when(confirm("r1")).says("refund-paid", r#""amount":"53.63""#);
}

#[test]
fn a_refund_with_its_tax_is_never_more_than_was_paid() {
    let market = Market::usual();
    let order = paid(&market).after(pay("p2", "0"));
    let named = |of: &'static str| refund_to("r1", &[("1", "100.00", "20.00")], &[("p1", of)]);
    let order = order.after(complete("1007"));
    // The bound counts the tax: the goods alone are not the refund.
    order.when(named("120.00")).refused("RefundTargetsDiffer");
    paid(&market).after(complete("1007")).when(named("128.71")).refused("RefundExceedsPayment");
    let done = paid(&market).after(complete("1007")).after(named("128.70"));
    done.when(refund("r2", &[("1", "0.01", "0")])).refused("RefundExceedsLeft");
}

#[test]
fn a_refund_to_several_payments_pays_goods_first_and_tax_from_what_is_left() {
    let market = Market::usual();
    let order = market.order().after(place([californian()])).after(voucher("p1", "100.00"));
    let order = order.after(pay("p2", "28.70")).after(complete("1007"));
    order.when(everything("r1")).leaves("BuyerCredit", "0.00").leaves("CollectedTax", "0.00");
}

#[test]
fn an_order_that_nobody_paid_gives_nothing_back() {
    let market = Market::usual();
    let order = market.order().after(place([californian()]));
    let order = order.after(differ(DifferenceClass::NoPayment)).after(complete("1007"));
    order
        .when(everything("r1"))
        .leaves("OrderDifferences{no_payment}", "0.00")
        .leaves("CollectedTax", "0.00")
        .leaves("RefundsInTransit", "0.00");
}

#[test]
fn a_gift_that_comes_back_takes_its_tax_back() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10"), funding: Funding::PlatformSubsidy };
    let free = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "0") };
    let order = market.order().after(place([taxed(free, &[tax_of("US-CA", "0.73", "0")])]));
    let order = order.after(pay("p1", "0.73")).after(complete("1007"));
    order
        .when(gift_back("r1", "1"))
        .leaves("CollectedTax", "0.00")
        .leaves("RefundsInTransit", "-0.73");
}

#[test]
fn a_fee_on_the_total_with_tax_takes_the_tax_into_its_base() {
    // 13.25 % of 128.70 = 17.05275; without the tax it would be 13.25 % of 120.00 = 15.90.
    let with_tax = Fee {
        base: crate::tariff::events::Base::ItemsAndShipping,
        base_tax: BaseTax::After,
        ..fee(FeeKind::Commission, vec![rule("all", None, "0.1325")])
    };
    let market = Market::charging(vec![with_tax]);
    paid(&market)
        .when(complete("1007"))
        .says("commission-charged", r#""base_tax":"after""#)
        .says("commission-charged", r#""base":"128.70""#)
        .says("commission-charged", r#""amount":"17.05""#);
}

#[test]
fn a_fee_with_tax_in_its_base_comes_back_whole_with_everything() {
    let with_tax =
        Fee { base_tax: BaseTax::After, ..fee(FeeKind::Commission, vec![rule("a", None, "0.13")]) };
    let market = Market::charging(vec![with_tax]);
    let sale = paid(&market).after(complete("1007")).after(refund("r1", &[("1", "33.33", "0")]));
    sale.when(everything("r2")).leaves("Commission", "0.00").leaves("OutputVat", "0.00");
}

fn refused(line: LineToPlace<'static>, code: &str) {
    let market = Market::usual();
    market.order().when(place([line])).refused(code);
}

#[test]
fn tax_needs_a_rate_or_amounts() {
    let both = TaxToPlace { goods: Some(amount("1")), ..tax("US-CA", "0.1") };
    let none = TaxToPlace { rate: None, ..tax("US-CA", "0.1") };
    for tax in [both, none] {
        refused(taxed(line("1", "1007", "10.00", "0"), &[tax]), "TaxNeedsRateOrAmounts");
    }
}

#[test]
fn a_jurisdiction_stands_once_on_a_line() {
    let twice = [tax("US-CA", "0.1"), tax("US-CA", "0.01")];
    refused(taxed(line("1", "1007", "10.00", "0"), &twice), "TaxTwice");
}

#[test]
fn there_is_no_tax_on_nothing() {
    refused(taxed(line("1", "1007", "0", "5.00"), &[tax_of("US-CA", "1", "0")]), "TaxOnNothing");
    refused(taxed(line("1", "1007", "9.00", "0"), &[tax_of("US-CA", "1", "1")]), "TaxOnNothing");
    let all = TaxToPlace { mode: TaxMode::Inclusive, ..tax_of("GB", "9.00", "0") };
    refused(taxed(line("1", "1007", "9.00", "0"), &[all]), "TaxOnNothing");
}

#[test]
fn tax_is_not_negative() {
    refused(taxed(line("1", "1007", "9.00", "0"), &[tax_of("GB", "-1", "0")]), "NegativeAmount");
}
