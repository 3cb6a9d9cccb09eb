//! What is paid ahead: who bears it, and that the buyer gets nothing twice.

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace};
use crate::order::decide::Order;
use crate::order::events::Funding;

/// Goods of 18.33 with a platform coupon of 2.00: the buyer pays 16.33.
fn paid(market: &Market) -> Given<'_, Order> {
    let coupon = FundedDiscount { amount: amount("2.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "18.33", "0") };
    market.order().after(place([line])).after(pay("p1", "16.33"))
}

const ALL: [(&str, &str, &str); 1] = [("1", "16.33", "0")];

#[test]
fn the_platform_pays_ahead_out_of_its_own_money() {
    let market = Market::charging(vec![]);
    let posts = ["Dr RefundAdvances 16.33", "Cr RefundsInTransit 16.33"];
    paid(&market).when(advance("a1", &ALL)).happens(&["refund-advanced"]).posts(&posts);
    let sold = paid(&market).after(complete("1007"));
    sold.when(advance("a1", &ALL)).posts(&posts).items(&[]);
}

#[test]
fn an_advance_reaches_the_buyer_as_a_refund_does() {
    let market = Market::charging(vec![]);
    let ahead = paid(&market).after(advance("a1", &ALL));
    ahead.when(confirm("a1")).posts(&["Dr RefundsInTransit 16.33", "Cr PspClearing 16.33"]);
}

#[test]
fn recovered_after_completion_the_merchant_gives_back_the_sale_and_the_subsidy() {
    let market = Market::charging(vec![]);
    let ahead = paid(&market).after(complete("1007")).after(advance("a1", &ALL));
    let posts = [
        "Dr MerchantPayable 16.33",
        "Dr MerchantPayable 2.00",
        "Cr PlatformSubsidy 2.00",
        "Cr RefundAdvances 16.33",
    ];
    let then = ahead.when(recover("a1", &[])).posts(&posts).leaves("RefundAdvances", "0.00");
    then.leaves("MerchantPayable", "0.00");
}

#[test]
fn recovered_before_completion_it_comes_out_of_escrow_without_a_subsidy() {
    let market = Market::charging(vec![]);
    let ahead = paid(&market).after(advance("a1", &ALL));
    let posts = ["Dr OrderEscrow 16.33", "Cr RefundAdvances 16.33"];
    ahead.when(recover("a1", &[])).posts(&posts).leaves("OrderEscrow", "0.00");
}

#[test]
fn paid_ahead_before_completion_and_recovered_after_it_the_merchant_bears_it() {
    let market = Market::charging(vec![]);
    let ahead = paid(&market).after(advance("a1", &ALL)).after(complete("1007"));
    assert_eq!(ahead.books().minor("MerchantPayable"), -1833);
    ahead
        .when(recover("a1", &[]))
        .leaves("MerchantPayable", "0.00")
        .leaves("RefundAdvances", "0.00");
}

#[test]
fn borne_by_the_platform_the_sale_stays_as_it_was() {
    let market = Market::charging(vec![]);
    let ahead = paid(&market).after(complete("1007")).after(advance("a1", &ALL));
    let posts = ["Dr Compensation 16.33", "Cr RefundAdvances 16.33"];
    let then = ahead.when(bear("a1")).happens(&["advance-borne"]).posts(&posts);
    then.leaves("MerchantPayable", "-18.33").leaves("PlatformSubsidy", "2.00");
}

#[test]
fn recovering_returns_of_the_fees_what_a_refund_returns_and_falls_due_with_the_sale() {
    let market = Market::usual();
    let sale = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    let sold = sale.after(pay("p1", "120.00")).after(complete("1007"));
    let ahead = sold.after(advance("a1", &[("1", "10.00", "5.00")]));
    let then = ahead.at("2026-03-05T04:00:00.000000Z").when(recover("a1", &[]));
    then.happens(&["advance-recovered", "fee-returned"]).items(&[
        "1007 refund.principal -10.00 due 2026-03-09",
        "1007 refund.shipping -5.00 due 2026-03-09",
        "1007 commission.returned 0.80 due 2026-03-09",
        "1007 commission.tax_returned 0.05 due 2026-03-09",
    ]);
}

#[test]
fn what_was_paid_ahead_cannot_be_refunded_again_open_recovered_or_borne() {
    let market = Market::charging(vec![]);
    let ahead =
        || paid(&market).after(complete("1007")).after(advance("a1", &[("1", "10.00", "0")]));
    let over = || refund("r1", &[("1", "6.34", "0")]);
    ahead().when(over()).refused("RefundExceedsLeft");
    ahead().when(advance("a2", &[("1", "6.34", "0")])).refused("RefundExceedsLeft");
    ahead().after(recover("a1", &[])).when(over()).refused("RefundExceedsLeft");
    ahead().after(bear("a1")).when(over()).refused("RefundExceedsLeft");
    ahead().after(bear("a1")).when(refund("r1", &[("1", "6.33", "0")])).happens(&["refund-issued"]);
    let rest = ahead().after(everything("r1"));
    assert_eq!(rest.books().minor("RefundsInTransit"), -1633);
    rest.when(everything("r2")).refused("NothingToRefund");
}

#[test]
fn a_part_may_be_recovered_and_the_rest_borne() {
    let market = Market::charging(vec![]);
    let ahead = || paid(&market).after(complete("1007")).after(advance("a1", &ALL));
    ahead().when(recover("a1", &[("1", "16.34", "0")])).refused("RecoveryExceedsAdvance");
    let half = ahead().after(recover("a1", &[("1", "8.00", "0")]));
    half.when(bear("a1")).posts(&["Dr Compensation 8.33", "Cr RefundAdvances 8.33"]);
    let settled = ahead().after(recover("a1", &[("1", "8.00", "0")])).after(bear("a1"));
    settled.when(recover("a1", &[])).refused("AdvanceSettledAlready");
    let settled = ahead().after(recover("a1", &[]));
    settled.when(bear("a1")).refused("AdvanceSettledAlready");
}

#[test]
fn the_channel_gives_its_fee_back_when_the_payment_goes_back_and_only_once() {
    let market = Market::charging(vec![]);
    let sold = paid(&market).after(returning_channel_fee("p1", "0.01")).after(complete("1007"));
    let ahead = sold.after(advance("a1", &ALL));
    assert_eq!(ahead.books().minor("ChannelFees"), 0);
    ahead.when(recover("a1", &[])).happens(&["advance-recovered"]);
}

#[test]
fn an_advance_names_what_the_order_knows_and_a_new_name() {
    let market = Market::charging(vec![]);
    let ahead = || paid(&market).after(advance("a1", &[("1", "1.00", "0")]));
    ahead().when(advance("a1", &[("1", "1.00", "0")])).refused("RefundIssuedAlready");
    ahead().when(refund("a1", &[("1", "1.00", "0")])).refused("RefundIssuedAlready");
    ahead().when(advance("a2", &[("2", "1.00", "0")])).refused("UnknownLine");
    ahead().when(advance("a2", &[])).refused("NothingToRefund");
    ahead().when(recover("a2", &[])).refused("UnknownAdvance");
    ahead().when(recover("a1", &[("2", "1.00", "0")])).refused("UnknownLine");
    ahead().when(recover("a1", &[("1", "0", "0")])).refused("NothingToRefund");
    ahead().when(bear("a2")).refused("UnknownAdvance");
    let unpaid = market.order().after(place([line("1", "1007", "18.33", "0")]));
    unpaid.when(advance("a1", &[("1", "1.00", "0")])).refused("RefundExceedsPayments");
}

#[test]
fn a_line_with_collected_tax_is_refunded_and_not_advanced() {
    let market = Market::charging(vec![]);
    let line = taxed(line("1", "1007", "100.00", "0"), &[tax("US-CA", "0.0725")]);
    let sale = market.order().after(place([line])).after(pay("p1", "107.25"));
    sale.when(advance("a1", &[("1", "1.00", "0")])).refused("AdvanceOfTaxedLine");
}

proptest::proptest! {
    /// Any advances, recoveries, burdens and refunds: the buyer gets at most what was paid, advances end at nothing, and
    /// the merchant gives back exactly what was recovered or refunded.
    #[test]
    fn any_order_of_advances_and_refunds_gives_the_buyer_no_more_than_was_paid(
        steps in proptest::collection::vec((0u8..5, 1i64..900), 1..12),
        sold_first in proptest::bool::ANY,
    ) {
        let market = Market::charging(vec![]);
        let mut order = paid(&market);
        if sold_first {
            order = order.after(complete("1007"));
        }
        for (index, (what, cents)) in steps.iter().enumerate() {
            let part = format!("{}.{:02}", cents / 100, cents % 100);
            let id = format!("x{index}");
            let before = format!("x{}", index / 2);
            let command = match what {
                0 => advance(&id, &[("1", &part, "0")]),
                1 => recover(&before, &[]),
                2 => bear(&before),
                3 => refund(&id, &[("1", &part, "0")]),
                _ => complete("1007"),
            };
            let _ = order.attempt(&command);
        }
        for index in 0..steps.len() {
            let _ = order.attempt(&recover(&format!("x{index}"), &[]));
        }
        let _ = order.attempt(&everything("all"));
        let books = order.books();
        proptest::prop_assert_eq!(books.minor("RefundsInTransit"), -1633);
        proptest::prop_assert_eq!(books.minor("RefundAdvances"), 0);
        // The platform bears what it said, and the merchant keeps as much of its sale.
        let (borne, escrow) = (books.minor("Compensation"), books.minor("OrderEscrow"));
        let (owed, subsidy) = (books.minor("MerchantPayable"), books.minor("PlatformSubsidy"));
        proptest::prop_assert_eq!(borne + escrow + owed + subsidy, 0);
        proptest::prop_assert!(borne >= 0 && escrow <= 0 && owed <= 0);
    }
}
