//! Random orders with collected and withheld tax: whatever the order of refunds and completions, everything back leaves
//! nothing, and never more goes back than there was.

use proptest::prelude::*;

use crate::given::*;
use crate::order::commands::{LineToPlace, OrderCommand};
use crate::order::decide::Order;
use crate::order::state::OrderState;
use crate::tariff::events::{Base, BaseTax, Fee, FeeKind};

const MERCHANTS: [&str; 2] = ["1007", "1008"];

/// Merchant, price and shipping in cents, millionths of two jurisdictions, whether within the price.
type RandomLine = (usize, i64, i64, u32, u32, bool);

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn to_place(index: usize, of: &RandomLine) -> LineToPlace<'static> {
    let (merchant, price, shipping, first, second, within) = *of;
    let mut taxes =
        [tax("US-CA", &format!("0.{first:06}")), tax("US-CA.LA", &format!("0.{second:06}"))];
    if within {
        taxes = taxes.map(|of| crate::order::commands::TaxToPlace {
            mode: crate::tariff::events::TaxMode::Inclusive,
            ..of
        });
    }
    taxed(line(&index.to_string(), MERCHANTS[merchant], &cents(price), &cents(shipping)), &taxes)
}

fn random_line() -> impl Strategy<Value = RandomLine> {
    (0_usize..2, 0_i64..20_000, 0_i64..900, 0_u32..300_000, 0_u32..50_000, any::<bool>())
}

/// A refund (line, thousandths of goods and shipping left), or the completion of a merchant.
fn steps() -> impl Strategy<Value = Vec<(usize, u16, u16, bool)>> {
    prop::collection::vec(
        (0_usize..4, 0_u16..=1000, 0_u16..=1000, prop::bool::weighted(0.3)),
        0..12,
    )
}

fn step<'a>(
    state: &OrderState,
    number: usize,
    of: (usize, u16, u16, bool),
) -> Option<OrderCommand<'a>> {
    let (index, goods, shipping, completes) = of;
    if completes {
        return Some(complete(MERCHANTS[index % 2]));
    }
    let OrderState::Placed(order) = state else { return None };
    let line = order.lines.get(index)?;
    let goods = cents(line.goods_left() * i64::from(goods) / 1000);
    let shipping = cents(line.shipping_left() * i64::from(shipping) / 1000);
    Some(refund(&format!("r{number}"), &[(line.line.as_str(), &goods, &shipping)]))
}

fn paid<'m>(market: &'m Market, lines: &[RandomLine]) -> Option<Given<'m, Order>> {
    let lines: Vec<_> = lines.iter().enumerate().map(|(n, of)| to_place(n, of)).collect();
    let mut order = market.order();
    // A price that tax within it would eat up is refused.
    order.attempt(&place(lines)).ok()?;
    let OrderState::Placed(placed) = order.state() else { return None };
    let owed = placed.owed_in_all();
    let (first, second) = (cents(owed / 3), cents(owed - owed / 3));
    Some(order.after(voucher("p1", &first)).after(pay("p2", &second)))
}

fn market() -> Market {
    let after = BaseTax::After;
    let commission = Fee {
        base: Base::ItemsAndShipping,
        base_tax: after,
        ..fee(FeeKind::Commission, vec![rule("all", None, "0.1325")])
    };
    let payment = fee(FeeKind::PaymentFee, vec![rule("all", None, "0.006")]);
    Market::charging(vec![commission, payment])
        .in_currency("CNY")
        .withholding("IN", "0.010001", Base::ItemPriceLessDiscount, "2026-01-01")
        .withholding("IN-KA", "0.005", Base::ItemsAndShipping, "2026-01-01")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_order_of_refunds_no_tax_is_left_once_everything_went_back(
        lines in prop::collection::vec(random_line(), 1..4),
        steps in steps(),
    ) {
        let market = market();
        let Some(mut order) = paid(&market, &lines) else { return Ok(()) };
        for (number, of) in steps.iter().enumerate() {
            if let Some(command) = step(order.state(), number, *of) {
                let _ = order.attempt(&command);
            }
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            for tax in &state.taxes {
                prop_assert!((0..=tax.goods).contains(&tax.goods_returned));
                prop_assert!((0..=tax.shipping).contains(&tax.shipping_returned));
            }
            for withheld in &state.withheld {
                prop_assert!((0..=withheld.amount).contains(&withheld.returned));
            }
            for payment in &state.payments {
                prop_assert!((0..=payment.amount).contains(&payment.refunded));
            }
        }
        let _ = order.attempt(&everything("last"));
        let books = order.books();
        for account in [
            "CollectedTax", "WithholdingTax", "OrderEscrow", "MerchantPayable", "Commission",
            "PaymentServices", "OutputVat",
        ] {
            prop_assert_eq!(books.minor(account), 0, "{}", account);
        }
        let (cash, credit) = (books.minor("PspClearing"), books.minor("BuyerCredit"));
        prop_assert_eq!(cash + credit + books.minor("RefundsInTransit"), 0);
    }

    #[test]
    fn what_is_collected_is_what_the_buyer_paid_beyond_goods_and_freight(
        lines in prop::collection::vec(random_line(), 1..4),
    ) {
        let market = market();
        let Some(mut order) = paid(&market, &lines) else { return Ok(()) };
        for merchant in MERCHANTS {
            let _ = order.attempt(&complete(merchant));
        }
        let OrderState::Placed(state) = order.state() else { unreachable!() };
        let sold: i64 = state.lines.iter().map(|line| line.cash() + line.shipping).sum();
        let books = order.books();
        prop_assert_eq!(-books.minor("CollectedTax"), i128::from(state.paid() - sold));
        prop_assert_eq!(books.minor("OrderEscrow"), 0);
        // Tax within a price: the buyer pays the price that was asked, to the cent.
        let asked: i64 = lines.iter().map(|of| of.1 + of.2).sum();
        if lines.iter().all(|of| of.5) {
            prop_assert_eq!(state.paid(), asked);
        }
    }
}
