//! Refund algebra over random orders: what was charged comes back, to the cent.

mod policies;

use proptest::prelude::*;
use souk_journal::account::Account;

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace, OrderCommand};
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::order::state::OrderState;
use crate::tariff::events::{Base, Fee, FeeKind, FeeRule, Scope};

const MERCHANTS: [&str; 3] = ["1007", "1008", "1009"];

/// Merchant, price in cents, discounts in thousandths of it, shipping in cents, funding.
type RandomLine = (usize, i64, u16, u16, i64, Funding);

/// What happens after payment: a refund (line, thousandths of goods and shipping left), or the
/// completion of a merchant.
#[derive(Debug, Clone)]
enum Step {
    Refund(usize, u16, u16),
    Complete(usize),
}

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn random_line() -> impl Strategy<Value = RandomLine> {
    let funding = prop_oneof![
        Just(Funding::PlatformSubsidy),
        Just(Funding::BuyerIncentives),
        Just(Funding::Partner)
    ];
    let share = prop_oneof![3 => Just(0_u16), 2 => 0_u16..=500, 1 => Just(500_u16)];
    (0_usize..3, 0_i64..20_000, share.clone(), share, 0_i64..900, funding)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0_usize..5, 0_u16..=1000, 0_u16..=1000).prop_map(|(l, g, s)| Step::Refund(l, g, s)),
        2 => (0_usize..3).prop_map(Step::Complete),
    ];
    prop::collection::vec(step, 0..14)
}

fn fees() -> impl Strategy<Value = Vec<Fee>> {
    let base = prop_oneof![
        Just(Base::ItemPrice),
        Just(Base::ItemPriceLessDiscount),
        Just(Base::ItemsAndShipping),
        Just(Base::Paid)
    ];
    let scope = prop_oneof![Just(Scope::Line), Just(Scope::Order)];
    let one = (base, scope, 0_i64..2000, 0_i64..200, 0_i64..200, 0_i64..25);
    let kinds = [FeeKind::Commission, FeeKind::OrderFee, FeeKind::PaymentFee];
    prop::collection::vec(one, 1..=3).prop_map(move |fees| {
        let of = |(kind, (base, scope, percent, minimum, fixed, tax))| {
            let rule = FeeRule {
                minimum: Some(amount(&cents(minimum))),
                fixed: Some(amount(&cents(fixed))),
                ..rule("all", None, &format!("0.{percent:04}"))
            };
            Fee { base, scope, tax: cents(tax).parse().unwrap(), ..fee(kind, vec![rule]) }
        };
        kinds.into_iter().zip(fees).map(of).collect()
    })
}

fn to_place(index: usize, of: &RandomLine) -> LineToPlace<'static> {
    let (merchant, price, own, coupon, shipping, funding) = *of;
    let part = |thousandths: u16| cents(price * i64::from(thousandths) / 1000);
    LineToPlace {
        merchant_discount: amount(&part(own)),
        platform_discount: Some(FundedDiscount { amount: amount(&part(coupon)), funding }),
        ..line(&index.to_string(), MERCHANTS[merchant], &cents(price), &cents(shipping))
    }
}

/// A refund of a share of what is left of a line.
fn part_of<'a>(state: &OrderState, id: &str, step: &Step) -> Option<OrderCommand<'a>> {
    let (OrderState::Placed(order), Step::Refund(index, goods, shipping)) = (state, step) else {
        return None;
    };
    let line = order.lines.get(*index)?;
    let goods = cents(line.goods_left() * i64::from(*goods) / 1000);
    let shipping = cents(line.shipping_left() * i64::from(*shipping) / 1000);
    Some(refund(id, &[(line.line.as_str(), &goods, &shipping)]))
}

/// Places and pays the order in two payments, one of them perhaps a voucher.
fn paid<'m>(market: &'m Market, lines: &[RandomLine], share: u16, v: bool) -> Given<'m, Order> {
    let lines: Vec<_> = lines.iter().enumerate().map(|(n, of)| to_place(n, of)).collect();
    let placed = market.order().after(place(lines));
    let OrderState::Placed(order) = placed.state() else { unreachable!() };
    let owed = order.owed_in_all();
    let first = owed * i64::from(share) / 1000;
    let (first, second) = (cents(first), cents(owed - first));
    let first = if v { voucher("p1", &first) } else { pay("p1", &first) };
    placed.after(first).after(pay("p2", &second)).after(returning_channel_fee("p2", "0.0123"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_order_of_refunds_nothing_is_left_once_everything_went_back(
        lines in prop::collection::vec(random_line(), 1..5),
        fees in fees(),
        steps in steps(),
        share in 0_u16..=1000,
        with_voucher in any::<bool>(),
    ) {
        let market = Market::charging(fees).in_currency("CNY");
        let mut order = paid(&market, &lines, share, with_voucher);
        for (number, step) in steps.iter().enumerate() {
            let part = part_of(order.state(), &format!("r{number}"), step);
            let command = match (part, step) {
                (Some(part), _) => part,
                (None, Step::Complete(merchant)) => complete(MERCHANTS[*merchant]),
                (None, Step::Refund(..)) => continue,
            };
            // Refusals (a second completion, a refund of nothing) change nothing.
            let _ = order.attempt(&command);
        }
        let _ = order.attempt(&everything("last"));
        let books = order.books();
        for account in [
            "Commission", "PlatformUsage", "PaymentServices", "OutputVat", "PlatformSubsidy",
            "BuyerIncentives", "PartnerReceivable", "ChannelFees", "MerchantPayable", "OrderEscrow",
        ] {
            prop_assert_eq!(books.minor(account), 0, "{}", account);
        }
        for account in [Account::MerchantPayable, Account::OrderEscrow] {
            for (merchant, balance) in books.per_merchant(account) {
                prop_assert_eq!(balance, 0, "{} of {}", account, merchant);
            }
        }
        let (cash, credit) = (books.minor("PspClearing"), books.minor("BuyerCredit"));
        prop_assert_eq!(cash + credit + books.minor("RefundsInTransit"), 0);
    }

    #[test]
    fn what_is_returned_never_exceeds_what_was_charged(
        lines in prop::collection::vec(random_line(), 1..4),
        fees in fees(),
        steps in steps(),
    ) {
        let market = Market::charging(fees).in_currency("CNY");
        let mut order = paid(&market, &lines, 300, false);
        for merchant in MERCHANTS {
            let _ = order.attempt(&complete(merchant));
        }
        for (number, step) in steps.iter().enumerate() {
            if let Some(part) = part_of(order.state(), &format!("r{number}"), step) {
                let _ = order.attempt(&part);
            }
        }
        let OrderState::Placed(state) = order.state() else { unreachable!() };
        for charge in &state.charges {
            prop_assert!((0..=charge.amount).contains(&charge.returned));
            prop_assert!((0..=charge.tax).contains(&charge.tax_returned));
        }
    }
}
