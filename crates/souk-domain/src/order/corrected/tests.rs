//! A refund of an order whose commission was corrected: together they give back what was charged, and no more.

use crate::given::*;
use crate::order::decide::Order;
use crate::tariff::events::{FeeKind, OnRefund};

/// Goods of 100.00 with a commission of 8.00 and tax of 0.48, completed.
fn sold(market: &Market) -> Given<'_, Order> {
    let order = market.order().after(place([line("1", "1007", "100.00", "0")]));
    order.after(pay("p1", "100.00")).after(complete("1007"))
}

/// Corrections have given back so many minor units of commission and tax.
fn market(fee: i64, tax: i64) -> Market {
    let market = Market::usual().corrected(FeeKind::Commission, false, fee);
    market.corrected(FeeKind::Commission, true, tax)
}

#[test]
fn a_refund_of_everything_gives_back_what_a_correction_has_left() {
    let market = market(500, 30);
    sold(&market)
        .when(everything("r1"))
        .posts(&[
            "Dr MerchantPayable 100.00",
            "Cr RefundsInTransit 100.00",
            "Cr MerchantPayable 3.00",
            "Cr MerchantPayable 0.18",
            "Dr Commission 3.00",
            "Dr OutputVat 0.18",
        ])
        .leaves("Commission", "-5.00")
        .leaves("OutputVat", "-0.30");
}

#[test]
fn a_refund_of_a_part_gives_back_the_same_part_of_what_is_left() {
    let market = market(500, 0);
    sold(&market)
        .when(refund("r1", &[("1", "50.00", "0")]))
        .leaves("Commission", "-6.50")
        .leaves("OutputVat", "-0.24");
}

#[test]
fn a_charge_that_was_corrected_whole_is_not_given_back_again() {
    let market = market(800, 48);
    sold(&market).when(everything("r1")).happens(&["refund-issued"]);
}

#[test]
fn what_came_back_before_a_correction_stays_with_the_merchant() {
    let (before, after) = (Market::usual(), market(300, 0));
    let half = sold(&before).after(refund("r1", &[("1", "50.00", "0")]));
    // 4.00 came back with the half, 3.00 by the correction: 1.00 is left.
    half.turned::<Order>(after.context())
        .when(everything("r2"))
        .leaves("Commission", "-3.00")
        .leaves("OutputVat", "0.00");
}

#[test]
fn any_sequence_of_refunds_gives_back_what_one_of_everything_does() {
    for fee in [0, 1, 250, 333, 799, 800] {
        for parts in [["0.01", "33.33"], ["50.00", "49.99"], ["99.98", "0.01"]] {
            let market = market(fee, fee * 6 / 100);
            let [first, second] = parts;
            let left = souk_journal::money::minor_text(
                i128::from(-fee),
                souk_journal::money::Currency::from_code("CNY").unwrap(),
            );
            sold(&market)
                .after(refund("r1", &[("1", first, "0")]))
                .after(refund("r2", &[("1", second, "0")]))
                .when(everything("r3"))
                .leaves("Commission", &left);
        }
    }
}

#[test]
fn a_fee_that_is_kept_stays_kept() {
    let rules = vec![rule("all", None, "0.08")];
    let kept =
        crate::tariff::events::Fee { on_refund: OnRefund::Kept, ..fee(FeeKind::Commission, rules) };
    let market = Market::charging(vec![kept]).corrected(FeeKind::Commission, false, 500);
    sold(&market).when(everything("r1")).happens(&["refund-issued"]);
}

#[test]
fn a_correction_of_another_line_or_fee_changes_nothing() {
    let market = Market::usual().corrected(FeeKind::OrderFee, false, 500);
    sold(&market).when(everything("r1")).leaves("Commission", "0.00").leaves("OutputVat", "0.00");
}
