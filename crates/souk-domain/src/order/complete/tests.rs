//! Completion: the sale becomes payable, the fees are charged.

use souk_journal::account::DifferenceClass;

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace};
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::tariff::events::{Base, ChosenBy, Fee, FeeKind, FeeRule, Scope};

mod refusals;
mod segments;

/// Goods 100.00 and shipping 20.00 of merchant 1007, paid.
fn paid(market: &Market) -> Given<'_, Order> {
    market.order().after(place([line("1", "1007", "100.00", "20.00")])).after(pay("p1", "120.00"))
}

/// Goods 100.00 with a coupon of 10.00, funded so; the buyer paid 90.00.
fn with_coupon(market: &Market, funding: Funding) -> Given<'_, Order> {
    let coupon = FundedDiscount { amount: amount("10.00"), funding };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "100.00", "0") };
    market.order().after(place([line])).after(pay("p1", "90.00"))
}

#[test]
fn a_plain_sale_moves_escrow_to_the_merchant_and_charges_commission_and_tax() {
    let market = Market::usual();
    paid(&market).when(complete("1007")).posts(&[
        "Cr MerchantPayable 100.00",
        "Cr MerchantPayable 20.00",
        "Dr OrderEscrow 120.00",
        "Dr MerchantPayable 8.00",
        "Dr MerchantPayable 0.48",
        "Cr Commission 8.00",
        "Cr OutputVat 0.48",
    ]);
}

#[test]
fn a_sale_and_its_fees_fall_due_after_the_hold_days() {
    let market = Market::usual();
    paid(&market).when(complete("1007")).items(&[
        "1007 sale.principal 100.00 due 2026-03-09",
        "1007 sale.shipping 20.00 due 2026-03-09",
        "1007 commission -8.00 due 2026-03-09",
        "1007 commission.tax -0.48 due 2026-03-09",
    ]);
}

#[test]
fn a_completion_after_the_cut_off_hour_belongs_to_the_next_day() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1012", "10.00", "0")]));
    let evening = placed.after(pay("p1", "10.00")).at("2026-03-02T10:00:00.000000Z");
    evening.when(complete("1012")).effective_on("2026-03-03");
}

#[test]
fn a_merchants_own_coupon_is_a_negative_line_beside_the_list_price() {
    let market = Market::usual();
    let line = LineToPlace { merchant_discount: amount("5"), ..line("1", "1007", "100.00", "0") };
    let paid = market.order().after(place([line])).after(pay("p1", "95.00"));
    paid.when(complete("1007")).items(&[
        "1007 sale.principal 100.00 due 2026-03-09",
        "1007 discount.merchant -5.00 due 2026-03-09",
        "1007 commission -7.60 due 2026-03-09",
        "1007 commission.tax -0.46 due 2026-03-09",
    ]);
}

#[test]
fn a_platform_coupon_reduces_revenue() {
    let market = Market::usual();
    let sale = with_coupon(&market, Funding::PlatformSubsidy).when(complete("1007"));
    sale.leaves("PlatformSubsidy", "10.00").leaves("OrderEscrow", "0.00");
}

#[test]
fn a_coupon_may_be_a_marketing_expense() {
    let market = Market::usual();
    let sale = with_coupon(&market, Funding::BuyerIncentives).when(complete("1007"));
    sale.leaves("BuyerIncentives", "10.00");
}

#[test]
fn a_partners_coupon_is_owed_by_the_partner() {
    let market = Market::usual();
    let sale = with_coupon(&market, Funding::Partner).when(complete("1007"));
    sale.leaves("PartnerReceivable", "10.00");
}

#[test]
fn the_merchant_earns_the_list_price_whoever_funds_the_coupon() {
    let market = Market::usual();
    let sale = with_coupon(&market, Funding::Partner).when(complete("1007"));
    sale.leaves("MerchantPayable", "-91.52");
}

#[test]
fn a_line_that_a_coupon_pays_in_full_needs_no_escrow() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "10.00", "0") };
    let sale = market.order().after(place([line])).when(complete("1007"));
    sale.leaves("PlatformSubsidy", "10.00").leaves("MerchantPayable", "-9.15");
}

#[test]
fn each_merchant_completes_its_own_part() {
    let market = Market::usual();
    let placed = [line("1", "1007", "75.00", "0"), line("2", "1008", "25.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "100.00"));
    paid.when(complete("1008")).leaves("OrderEscrow", "-75.00");
}

#[test]
fn a_sale_after_a_partial_refund_is_of_what_is_left() {
    let market = Market::usual();
    let refunded = paid(&market).after(refund("r1", &[("1", "40.00", "0")]));
    refunded.when(complete("1007")).items(&[
        "1007 sale.principal 60.00 due 2026-03-09",
        "1007 sale.shipping 20.00 due 2026-03-09",
        "1007 commission -4.80 due 2026-03-09",
        "1007 commission.tax -0.29 due 2026-03-09",
    ]);
}

#[test]
fn a_coupon_shrinks_with_a_refund_before_completion() {
    let market = Market::usual();
    let sale = with_coupon(&market, Funding::PlatformSubsidy);
    let half = sale.after(refund("r1", &[("1", "45.00", "0")]));
    half.when(complete("1007")).leaves("PlatformSubsidy", "5.00");
}

#[test]
fn a_line_refunded_before_completion_is_not_sold() {
    let market = Market::usual();
    let placed = [line("1", "1007", "75.00", "0"), line("2", "1007", "25.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "100.00"));
    let refunded = paid.after(refund("r1", &[("1", "75.00", "0")]));
    refunded.when(complete("1007")).leaves("Commission", "-2.00");
}

#[test]
fn the_most_specific_category_sets_the_commission() {
    let rules = vec![
        rule("all", None, "0.08"),
        rule("shoes", Some("fashion/shoes"), "0.05"),
        rule("fashion", Some("fashion"), "0.06"),
    ];
    let market = Market::charging(vec![fee(FeeKind::Commission, rules)]);
    let line =
        LineToPlace { category: Some("fashion/shoes".into()), ..line("1", "1007", "100", "0") };
    let paid = market.order().after(place([line])).after(pay("p1", "100"));
    paid.when(complete("1007")).says("commission-charged", r#""rule":"shoes""#);
}

#[test]
fn a_fee_per_order_is_charged_once_for_all_lines_of_the_merchant() {
    let fixed = FeeRule { fixed: Some(amount("1.50")), ..rule("order", None, "0") };
    let order_fee = Fee { scope: Scope::Order, ..fee(FeeKind::OrderFee, vec![fixed]) };
    let market = Market::charging(vec![order_fee]);
    let placed = [line("1", "1007", "75.00", "0"), line("2", "1007", "25.00", "0")];
    let paid = market.order().after(place(placed)).after(pay("p1", "100.00"));
    let lines = paid.when(complete("1007")).happens(&["order-completed", "fee-charged"]);
    lines.leaves("PlatformUsage", "-1.50").leaves("OutputVat", "-0.09");
}

#[test]
fn a_payment_fee_is_a_share_of_what_the_buyer_paid() {
    let rules = vec![rule("pay", None, "0.006")];
    let fee = Fee { base: Base::Paid, ..fee(FeeKind::PaymentFee, rules) };
    let market = Market::charging(vec![fee]);
    with_coupon(&market, Funding::Partner)
        .when(complete("1007"))
        .leaves("PaymentServices", "-0.54");
}

#[test]
fn a_fee_on_the_list_price_ignores_discounts() {
    let rules = vec![rule("all", None, "0.08")];
    let market =
        Market::charging(vec![Fee { base: Base::ItemPrice, ..fee(FeeKind::Commission, rules) }]);
    let line = LineToPlace { merchant_discount: amount("50"), ..line("1", "1007", "100.00", "0") };
    let paid = market.order().after(place([line])).after(pay("p1", "50.00"));
    paid.when(complete("1007")).leaves("Commission", "-8.00");
}

#[test]
fn a_fee_on_items_and_shipping_counts_both() {
    let rules = vec![rule("all", None, "0.10")];
    let base = Base::ItemsAndShipping;
    let market = Market::charging(vec![Fee { base, ..fee(FeeKind::Commission, rules) }]);
    paid(&market).when(complete("1007")).leaves("Commission", "-12.00");
}

#[test]
fn a_tariff_without_a_fee_charges_nothing() {
    let market = Market::charging(vec![fee(FeeKind::Commission, vec![rule("all", None, "0")])]);
    paid(&market).when(complete("1007")).happens(&["order-completed"]);
}

#[test]
fn a_later_version_of_the_tariff_holds_for_later_completions() {
    let dearer = vec![fee(FeeKind::Commission, vec![rule("all", None, "0.10")])];
    let market = Market::usual().later("2026-03-02", ChosenBy::CompletionDate, dearer);
    paid(&market).when(complete("1007")).leaves("Commission", "-10.00");
}

#[test]
fn a_version_chosen_by_order_date_leaves_earlier_orders_alone() {
    let dearer = vec![fee(FeeKind::Commission, vec![rule("all", None, "0.10")])];
    let market = Market::usual().later("2026-03-03", ChosenBy::OrderDate, dearer);
    let later = paid(&market).at("2026-03-20T04:00:00.000000Z");
    later.when(complete("1007")).leaves("Commission", "-8.00");
}

#[test]
fn a_charge_names_tariff_version_and_rule() {
    let market = Market::usual();
    let text = r#""tariff":"std","version":1,"scope":"line","base":"item-price-less-discount""#;
    let charged = paid(&market).when(complete("1007")).says("commission-charged", text);
    charged.says("commission-charged", r#""tax_rate":"0.06""#);
}

#[test]
fn an_instalment_buyer_overpaying_does_not_enrich_the_merchant() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let booked =
        placed.after(pay("p1", "123.05")).after(differ(DifferenceClass::InstalmentInterest));
    booked
        .when(complete("1007"))
        .leaves("OrderEscrow", "0.00")
        .leaves("MerchantPayable", "-111.52");
}
