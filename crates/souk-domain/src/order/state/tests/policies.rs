//! The same over every fee kind, scope, base, role, way of taxing and of rounding, and every policy of returning: nothing
//! is lost between merchants, revenue, tax, suppliers and the channel, and the order of refunds does not matter.

use proptest::prelude::*;
use souk_journal::split::returned;

use super::{MERCHANTS, RandomLine, Step, cents, part_of, random_line, steps, to_place};
use crate::given::*;
use crate::order::commands::LineToPlace;
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::order::state::{Charge, OrderState};
use crate::tariff::events::{
    Base, Fee, FeeKind, FeeRule, Measure, OnRefund, Retained, Role, Rounding, Scope, Step as Tier,
    Stepping, TaxMode, Tiers,
};

const KINDS: [FeeKind; 5] = [
    FeeKind::Commission,
    FeeKind::OrderFee,
    FeeKind::PaymentFee,
    FeeKind::TechnicalService,
    FeeKind::ListingFee,
];

fn policy() -> impl Strategy<Value = (OnRefund, Option<Retained>)> {
    let retained = (0_u32..=1000, prop::option::of(0_i64..300)).prop_map(|(percent, most)| {
        let percent = format!("{}.{:03}", percent / 1000, percent % 1000).parse().unwrap();
        Some(Retained { percent, maximum: most.map(|most| amount(&cents(most))) })
    });
    prop_oneof![
        Just((OnRefund::Kept, None)),
        Just((OnRefund::Proportional, None)),
        Just((OnRefund::ReRated, None)),
        retained.clone().prop_map(|of| (OnRefund::Proportional, of)),
        retained.prop_map(|of| (OnRefund::ReRated, of)),
    ]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        2 => Just(Role::Principal),
        2 => (0_u32..=1000).prop_map(|part| Role::Agent {
            supplier: format!("{}.{:03}", part / 1000, part % 1000).parse().unwrap(),
        }),
        // Of any kind but a payment fee it is the platform's own.
        1 => Just(Role::PassThrough),
    ]
}

/// A percentage, or two steps of the price.
fn share() -> impl Strategy<Value = FeeRule> {
    let stepping = prop_oneof![Just(Stepping::Slab), Just(Stepping::Marginal)];
    let steps = (stepping, 0_i64..3000, 0_i64..3000, 1_i64..15_000);
    prop_oneof![
        (0_i64..3000).prop_map(|of| rule("all", None, &format!("0.{of:04}"))),
        steps.prop_map(|(stepping, low, high, above)| {
            let step = |above, percent: i64| Tier {
                above: amount(&cents(above)),
                percent: format!("0.{percent:04}").parse().unwrap(),
            };
            let steps = vec![step(0, low), step(above, high)];
            let tiers = Some(Tiers { by: Measure::Price, stepping, steps });
            FeeRule { tiers, ..rule("all", None, "0") }
        }),
    ]
}

fn fees() -> impl Strategy<Value = Vec<Fee>> {
    let base = prop_oneof![
        Just(Base::ItemPrice),
        Just(Base::ItemPriceLessDiscount),
        Just(Base::ItemsAndShipping),
        Just(Base::Paid)
    ];
    let scope = prop_oneof![Just(Scope::Line), Just(Scope::Unit), Just(Scope::Order)];
    let rounding = prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfEven),
        Just(Rounding::Up),
        Just(Rounding::Down)
    ];
    let tax = (0_i64..25, any::<bool>());
    let limits = (0_i64..200, prop::option::of(0_i64..800), 0_i64..100);
    let one = (base, scope, rounding, policy(), role(), share(), tax, limits);
    prop::collection::vec(one, 1..=5).prop_map(|fees| {
        let of = |(kind, one)| {
            let (base, scope, rounding, (on_refund, retained), role, share, tax, limits) = one;
            let (minimum, more, fixed): (i64, Option<i64>, i64) = limits;
            let rule = FeeRule {
                minimum: Some(amount(&cents(minimum))),
                maximum: more.map(|more| amount(&cents(minimum + more))),
                fixed: Some(amount(&cents(fixed))),
                ..share
            };
            let passed_on = role == Role::PassThrough && kind != FeeKind::PaymentFee;
            let role = if passed_on { Role::Principal } else { role };
            let (tax, within): (i64, bool) = tax;
            let tax_mode = if within { TaxMode::Inclusive } else { TaxMode::Exclusive };
            let tax = cents(tax).parse().unwrap();
            let fee = fee(kind, vec![rule]);
            Fee { base, scope, rounding, on_refund, retained, role, tax, tax_mode, ..fee }
        };
        KINDS.into_iter().zip(fees).map(of).collect()
    })
}

/// Lines of up to four units.
fn lines() -> impl Strategy<Value = Vec<(RandomLine, u32)>> {
    prop::collection::vec((random_line(), 1_u32..5), 1..5)
}

/// Placed and paid, with nothing that the channel takes: `ChannelFees` then holds what is passed on alone.
fn ordered<'m>(market: &'m Market, lines: &[(RandomLine, u32)]) -> Given<'m, Order> {
    let lines = lines
        .iter()
        .enumerate()
        .map(|(n, (of, units))| LineToPlace { units: *units, ..to_place(n, of) });
    let placed = market.order().after(place(lines.collect::<Vec<_>>()));
    let OrderState::Placed(order) = placed.state() else { unreachable!() };
    let owed = cents(order.owed_in_all());
    placed.after(pay("p1", &owed))
}

fn take(order: &mut Given<'_, Order>, named: &str, steps: &[Step]) {
    for (number, step) in steps.iter().enumerate() {
        let part = part_of(order.state(), &format!("{named}{number}"), step);
        let command = match (part, step) {
            (Some(part), _) => part,
            (None, Step::Complete(merchant)) => complete(MERCHANTS[*merchant]),
            (None, Step::Refund(..)) => continue,
        };
        // Refusals (a second completion, a refund of nothing) change nothing.
        let _ = order.attempt(&command);
    }
}

/// What the books hold of fees: own revenue, tax, suppliers' parts, what is passed on.
const FEES: [&str; 6] = [
    "Commission",
    "PlatformUsage",
    "PaymentServices",
    "TechnicalServices",
    "OutputVat",
    "SupplierPayable",
];

/// What each charge has given back, (fee, tax), in the order of completions.
fn given_back(order: &Given<'_, Order>) -> Vec<(i64, i64, i64, i64)> {
    let OrderState::Placed(state) = order.state() else { unreachable!() };
    let of = |of: &Charge| (of.amount, of.tax, of.returned, of.tax_returned);
    state.charges.iter().map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// What merchants were charged net of what came back is what revenue, VAT, suppliers and the channel hold of it, each
    /// to the cent.
    #[test]
    fn what_merchants_bear_of_fees_is_what_the_others_hold(
        lines in lines(),
        fees in fees(),
        steps in steps(),
    ) {
        let market = Market::charging(fees).in_currency("CNY");
        let mut order = ordered(&market, &lines);
        take(&mut order, "r", &steps);
        for merchant in MERCHANTS {
            let _ = order.attempt(&complete(merchant));
        }
        take(&mut order, "again", &steps);
        let OrderState::Placed(state) = order.state() else { unreachable!() };
        let (mut fee, mut tax, mut supplier, mut passed_on) = (0, 0, 0, 0);
        for of in &state.charges {
            prop_assert!((0..=of.amount).contains(&of.returned), "{of:?}");
            prop_assert!((0..=of.tax).contains(&of.tax_returned), "{of:?}");
            prop_assert!((0..=of.amount).contains(&of.supplier), "{of:?}");
            let net = i128::from(of.amount - of.returned);
            tax += i128::from(of.tax - of.tax_returned);
            match of.role {
                Role::Principal => fee += net,
                Role::PassThrough => passed_on += net,
                Role::Agent { .. } => {
                    let back = if of.supplier == 0 { 0 } else {
                        returned(of.supplier, of.returned, of.amount)
                    };
                    let part = i128::from(of.supplier - back);
                    prop_assert!(part >= 0 && part <= net, "{of:?}");
                    supplier += part;
                    fee += net - part;
                }
            }
        }
        let books = order.books();
        let own: i128 = FEES[..4].iter().map(|of| books.minor(of)).sum();
        prop_assert_eq!(own, -fee);
        prop_assert_eq!(books.minor("OutputVat"), -tax);
        prop_assert_eq!(books.minor("SupplierPayable"), -supplier);
        prop_assert_eq!(books.minor("ChannelFees"), -passed_on);
        // And the merchants' items of fees are the other side of all that.
        let borne: i128 = books.of_kinds(&["commission", "order_fee", "payment_fee",
            "technical_service", "listing_fee"]);
        prop_assert_eq!(borne, fee + tax + supplier + passed_on);
    }

    /// Completed as it was ordered, any sequence of refunds leaves what one refund of everything leaves, under every policy.
    #[test]
    fn refunds_in_any_order_leave_what_one_refund_of_everything_leaves(
        lines in lines(),
        fees in fees(),
        steps in steps(),
    ) {
        let market = Market::charging(fees).in_currency("CNY");
        let completed = || {
            let mut order = ordered(&market, &lines);
            for merchant in MERCHANTS {
                let _ = order.attempt(&complete(merchant));
            }
            order
        };
        let (mut parts, mut whole) = (completed(), completed());
        take(&mut parts, "r", &steps);
        let _ = parts.attempt(&everything("last"));
        let _ = whole.attempt(&everything("last"));
        prop_assert_eq!(given_back(&parts), given_back(&whole));
        let (parts, whole) = (parts.books(), whole.books());
        for account in FEES.into_iter().chain(["ChannelFees", "MerchantPayable"]) {
            prop_assert_eq!(parts.minor(account), whole.minor(account), "{}", account);
        }
    }
}

#[test]
fn the_orders_of_these_tests_charge_and_return_something() {
    // A property over orders that charge nothing would hold of anything.
    let market = Market::charging(vec![fee(FeeKind::Commission, vec![rule("all", None, "0.08")])]);
    let lines = [((0, 10_000, 0, 0, 0, Funding::Partner), 2)];
    let mut order = ordered(&market, &lines);
    take(&mut order, "r", &[Step::Complete(0), Step::Refund(0, 500, 0)]);
    assert_eq!(given_back(&order), [(800, 48, 400, 24)]);
}
