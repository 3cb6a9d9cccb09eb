//! A merchant that is settled in another currency: converted at completion, given back at the same rate.

mod with_others;

use proptest::prelude::*;

use crate::given::*;
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::order::state::OrderState;
use crate::tariff::events::{FeeKind, FeeRule};

/// Merchant 1007 is settled in yuan; a dollar costs 7.10 on 2 March, on which it is noon.
fn market() -> Market {
    Market::usual().settling("1007", "CNY").rated("USD.CNY", "2026-03-02", "7.10")
}

fn paid(market: &Market) -> Given<'_, Order> {
    market
        .order()
        .after(place_in_usd([line("1", "1007", "100.00", "0")]))
        .after(pay("P1", "100.00"))
}

#[test]
fn a_completion_has_two_legs_and_each_balances() {
    let market = market();
    paid(&market)
        .when(complete("1007"))
        .happens(&["order-completed", "commission-charged"])
        .says(
            "order-completed",
            r#""conversion":{"currency":"CNY","pair":"USD.CNY","rate":"7.1","rate_on":"2026-03-02","position":"USD"}"#,
        )
        .says("order-completed", r#""principal":"100.00","shipping":"0.00","settled":{"principal":"710.00""#)
        .posts(&[
            "Dr OrderEscrow 100.00",
            "Cr FxPosition 100.00",
            "Dr FxPosition 710.00",
            "Cr MerchantPayable 710.00",
            // 8 % of 710.00, and 6 % of that.
            "Dr MerchantPayable 56.80",
            "Dr MerchantPayable 3.41",
            "Cr Commission 56.80",
            "Cr OutputVat 3.41",
        ]);
}

#[test]
fn a_fee_is_assessed_in_the_currency_of_the_settlement() {
    let fixed = FeeRule { fixed: Some(amount("0.50")), ..rule("all", None, "0.10") };
    let market = Market::charging(vec![fee(FeeKind::Commission, vec![fixed])])
        .in_currency("CNY")
        .settling("1007", "CNY")
        .rated("USD.CNY", "2026-03-02", "7.10");
    paid(&market)
        .when(complete("1007"))
        .says("commission-charged", r#""currency":"CNY""#)
        .says("commission-charged", r#""base":"710.00""#)
        .says("commission-charged", r#""amount":"71.50""#);
}

#[test]
fn the_latest_rate_up_to_the_day_of_completion_counts_and_its_day_is_recorded() {
    let market = Market::usual()
        .settling("1007", "CNY")
        .rated("USD.CNY", "2026-02-27", "7.05")
        .rated("USD.CNY", "2026-03-03", "7.20");
    paid(&market)
        .when(complete("1007"))
        .says("order-completed", r#""rate":"7.05","rate_on":"2026-02-27""#);
}

#[test]
fn without_a_rate_nothing_is_converted() {
    let market = Market::usual().settling("1007", "CNY").rated("USD.CNY", "2026-03-03", "7.20");
    paid(&market).when(complete("1007")).refused("RateUnknown");
    let market = Market::usual().settling("1007", "EUR").rated("USD.EUR", "2026-03-02", "0.92");
    paid(&market).when(complete("1007")).refused("NeitherIsThePlatformCurrency");
}

#[test]
fn an_order_in_the_currency_of_the_settlement_is_not_converted() {
    let market = market();
    market
        .order()
        .after(place([line("1", "1007", "100.00", "0")]))
        .after(pay("P1", "100.00"))
        .when(complete("1007"))
        .leaves("FxPosition", "0.00")
        .leaves("MerchantPayable", "-91.52");
}

#[test]
fn each_merchant_of_an_order_is_settled_in_its_own_currency() {
    let market = market();
    let two = [line("1", "1007", "100.00", "0"), line("2", "1008", "50.00", "0")];
    market
        .order()
        .after(place_in_usd(two))
        .after(pay("P1", "150.00"))
        .after(complete("1007"))
        .when(complete("1008"))
        .posts(&[
            "Cr MerchantPayable 50.00",
            "Dr OrderEscrow 50.00",
            "Dr MerchantPayable 4.00",
            "Dr MerchantPayable 0.24",
            "Cr Commission 4.00",
            "Cr OutputVat 0.24",
        ]);
}

#[test]
fn a_merchant_in_dollars_sells_for_yuan_and_the_reverse_of_the_pair_converts() {
    let market = Market::usual().settling("1007", "USD").rated("USD.CNY", "2026-03-02", "7.10");
    market
        .order()
        .after(place([line("1", "1007", "100.00", "0")]))
        .after(pay("P1", "100.00"))
        .when(complete("1007"))
        .says("order-completed", r#""currency":"USD","pair":"USD.CNY""#)
        .says("order-completed", r#""position":"USD""#)
        // 100 / 7.1 = 14.0845…; 8 % of it 1.1264, 6 % of that.
        .posts(&[
            "Dr OrderEscrow 100.00",
            "Cr FxPosition 100.00",
            "Dr FxPosition 14.08",
            "Cr MerchantPayable 14.08",
            "Dr MerchantPayable 1.13",
            "Dr MerchantPayable 0.07",
            "Cr Commission 1.13",
            "Cr OutputVat 0.07",
        ]);
}

#[test]
fn a_refund_reverses_the_merchant_at_the_rate_of_its_sale() {
    let completed = market();
    let later = Market::usual()
        .settling("1007", "CNY")
        .rated("USD.CNY", "2026-03-02", "7.10")
        .rated("USD.CNY", "2026-03-05", "7.00");
    paid(&completed)
        .after(complete("1007"))
        .under(later.context())
        .at("2026-03-05T04:00:00.000000Z")
        .when(everything("R1"))
        .happens(&["refund-issued", "fee-returned"])
        .says("refund-issued", r#""settled":{"principal":"710.00","shipping":"0.00"}"#)
        .says(
            "refund-issued",
            r#""conversions":[{"merchant":"1007","conversion":{"currency":"CNY""#,
        )
        .says("fee-returned", r#""currency":"CNY""#)
        .posts(&[
            "Dr MerchantPayable 710.00",
            "Cr FxPosition 710.00",
            "Dr FxPosition 100.00",
            "Cr RefundsInTransit 100.00",
            "Cr MerchantPayable 56.80",
            "Cr MerchantPayable 3.41",
            "Dr Commission 56.80",
            "Dr OutputVat 3.41",
        ]);
}

#[test]
fn before_completion_nothing_was_converted_and_nothing_is() {
    let market = market();
    paid(&market)
        .when(refund("R1", &[("1", "40.00", "0")]))
        .happens(&["refund-issued"])
        .posts(&["Dr OrderEscrow 40.00", "Cr RefundsInTransit 40.00"]);
    paid(&market)
        .after(refund("R1", &[("1", "40.00", "0")]))
        .when(complete("1007"))
        .says("order-completed", r#""settled":{"principal":"426.00""#);
}

#[test]
fn rounding_between_price_and_discount_stays_in_the_discount() {
    let market = market();
    let mut coupon = line("1", "1007", "10.05", "0.03");
    coupon.merchant_discount = amount("3.33");
    // 71.355, 3.33 × 7.1 = 23.643, 6.72 × 7.1 = 47.712: 71.36 − 23.65 = 47.71.
    market
        .order()
        .after(place_in_usd([coupon]))
        .after(pay("P1", "6.75"))
        .when(complete("1007"))
        .says(
            "order-completed",
            r#""settled":{"principal":"71.36","shipping":"0.21","merchant_discount":"23.65"}"#,
        );
}

/// Price, the merchant's and the platform's discount in thousandths, shipping.
type RandomLine = (i64, i64, i64, i64);

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

proptest! {
    /// Whatever is refunded in whichever parts, everything refunded is everything given back, in both currencies.
    #[test]
    fn refunds_of_everything_give_back_every_cent_of_both_currencies(
        lines in proptest::collection::vec((1_i64..20_000, 0_i64..500, 0_i64..500, 0_i64..900), 1..4),
        parts in proptest::collection::vec((0_usize..4, 0_i64..=1_000, 0_i64..=1_000), 0..8),
        rate in 1_i64..200_000,
    ) {
        let rate = format!("{}.{:04}", rate / 10_000, rate % 10_000);
        let market = Market::usual().settling("1007", "CNY").rated("USD.CNY", "2026-03-01", &rate);
        let mut owed = 0;
        let names = ["1", "2", "3", "4"];
        let of = |(name, (price, own, other, shipping)): (&&'static str, &RandomLine)| {
            let (own, other) = (price * own / 1_000, price * other / 1_000);
            owed += price - own - other + shipping;
            let mut line = line(name, "1007", &cents(*price), &cents(*shipping));
            line.merchant_discount = amount(&cents(own));
            line.platform_discount = Some(crate::order::commands::FundedDiscount {
                amount: amount(&cents(other)),
                funding: Funding::PlatformSubsidy,
            });
            line
        };
        let placed: Vec<_> = names.iter().zip(&lines).map(of).collect();
        let mut order = market
            .order()
            .after(place_in_usd(placed))
            .after(pay("P1", &cents(owed)))
            .after(complete("1007"));
        for (number, (index, goods, shipping)) in parts.iter().enumerate() {
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            let of = &state.lines[index % lines.len()];
            let goods = cents(of.goods_left() * goods / 1_000);
            let shipping = cents(of.shipping_left() * shipping / 1_000);
            let name = of.line.to_string();
            // A refund of nothing is refused, and nothing changes.
            let _ = order.attempt(&refund(&format!("R{number}"), &[(&name, &goods, &shipping)]));
        }
        let _ = order.attempt(&everything("R9"));
        let books = order.books();
        let zero = ["OrderEscrow", "FxPosition", "MerchantPayable", "Commission", "OutputVat", "PlatformSubsidy"];
        for account in zero {
            prop_assert_eq!(books.in_each_currency(account), vec![], "{}", account);
        }
    }
}
