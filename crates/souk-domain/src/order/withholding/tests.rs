//! Tax withheld from merchants: at completion, at the rate in force, and back with refunds.

use crate::given::*;
use crate::order::decide::Order;
use crate::tariff::events::Base;

/// 1 % of goods after the merchant's discount, as India's TCS is of net supplies.
fn india() -> Market {
    Market::usual().withholding("IN", "0.01", Base::ItemPriceLessDiscount, "2026-01-01")
}

fn paid(market: &Market) -> Given<'_, Order> {
    let line = taxed(line("1", "1007", "99.99", "20.00"), &[tax("IN-GST", "0.18")]);
    market.order().after(place([line])).after(pay("p1", "141.59"))
}

#[test]
fn tax_is_withheld_at_completion_from_what_is_sold_without_collected_tax() {
    let market = india();
    paid(&market)
        .when(complete("1007"))
        .happens(&["order-completed", "tax-collected", "commission-charged", "tax-withheld"])
        .says("tax-withheld", r#""rate":"0.01","of":"item-price-less-discount","base":"99.99""#)
        .leaves("WithholdingTax", "-1.00")
        .leaves("CollectedTax", "-21.60");
}

#[test]
fn withheld_tax_is_the_merchants_line_due_with_its_sale() {
    let market = india();
    paid(&market).when(complete("1007")).items(&[
        "1007 sale.principal 99.99 due 2026-03-09",
        "1007 sale.shipping 20.00 due 2026-03-09",
        "1007 commission -8.00 due 2026-03-09",
        "1007 commission.tax -0.48 due 2026-03-09",
        "1007 tax.withheld -1.00 due 2026-03-09",
    ]);
}

#[test]
fn withheld_tax_is_no_revenue() {
    let market = india();
    paid(&market).when(complete("1007")).leaves("Commission", "-8.00").leaves("OutputVat", "-0.48");
}

#[test]
fn a_refund_gives_withheld_tax_back_on_the_cumulative_refund() {
    let market = india();
    let sale = paid(&market).after(complete("1007")).at("2026-03-20T04:00:00.000000Z");
    let sale = sale.after(refund("r1", &[("1", "33.33", "0")]));
    // 1.00 × 66.66 / 99.99 = 0.67, of which 0.33 is back: 0.34.
    sale.when(refund("r2", &[("1", "33.33", "0")]))
        .says(
            "withholding-returned",
            r#""due_on":"2026-03-20","jurisdiction":"IN","amount":"0.34""#,
        )
        .leaves("WithholdingTax", "-0.33");
}

#[test]
fn a_refund_before_completion_leaves_less_to_withhold_from() {
    let market = india();
    let order = paid(&market).after(refund("r1", &[("1", "49.99", "0")]));
    order.when(complete("1007")).says("tax-withheld", r#""base":"50.00","amount":"0.50""#);
}

#[test]
fn shipping_counts_only_where_the_base_has_it() {
    let market = Market::usual().withholding("MX", "0.105", Base::ItemsAndShipping, "2026-01-01");
    let sale = paid(&market).after(complete("1007"));
    // 10.5 % of 119.99 = 12.59895; 12.60 × 20.00 / 119.99 = 2.10.
    sale.when(refund("r1", &[("1", "0", "20.00")]))
        .says("withholding-returned", r#""amount":"2.10""#);
}

#[test]
fn the_latest_agreement_that_has_begun_is_in_force() {
    let later = |market: Market| market.withholding("IN", "0.005", Base::ItemPrice, "2026-03-02");
    let today = later(india());
    paid(&today).when(complete("1007")).says("tax-withheld", r#""rate":"0.005""#);
    paid(&today)
        .at("2026-03-01T04:00:00.000000Z")
        .when(complete("1007"))
        .says("tax-withheld", r#""rate":"0.01""#);
}

#[test]
fn a_rate_of_nothing_withholds_nothing() {
    let market = india().withholding("IN", "0", Base::ItemPrice, "2026-02-01");
    paid(&market).when(complete("1007")).happens(&[
        "order-completed",
        "tax-collected",
        "commission-charged",
    ]);
}

#[test]
fn each_jurisdiction_withholds_its_own() {
    let market = india().withholding("IN-KA", "0.000001", Base::ItemPrice, "2026-01-01");
    let market = market.withholding("IN-MH", "0.02", Base::ItemPrice, "2026-01-01");
    // 0.0001 % of 99.99 is less than half a cent: nothing.
    paid(&market).when(complete("1007")).happens(&[
        "order-completed",
        "tax-collected",
        "commission-charged",
        "tax-withheld",
        "tax-withheld",
    ]);
}
