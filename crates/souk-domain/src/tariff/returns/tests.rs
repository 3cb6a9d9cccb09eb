//! What refunds give back, whatever their order.

use proptest::prelude::*;
use souk_journal::money::Currency;

use super::{ReRating, Returns, RuleFacts};
use crate::given::amount;
use crate::tariff::events::{Measure, Retained, Role, Rounding, Step, Stepping, TaxMode, Tiers};

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn retained(percent: &str, most: Option<&str>) -> Option<Retained> {
    Some(Retained { percent: percent.parse().unwrap(), maximum: most.map(amount) })
}

/// 8 % of 100.00, at least 2.00, or 15 % above 50.00.
fn re_rated(slab: bool) -> Returns {
    let steps = vec![
        Step { above: amount("0"), percent: "0.08".parse().unwrap() },
        Step { above: amount("50"), percent: "0.15".parse().unwrap() },
    ];
    let tiers = Tiers { by: Measure::Price, stepping: Stepping::Slab, steps };
    let facts = RuleFacts {
        rule: souk_journal::ids::RuleId::new("all").unwrap(),
        percent: if slab { "0" } else { "0.08" }.parse().unwrap(),
        tiers: slab.then_some(&tiers),
        volume: None,
        minimum: Some(amount("2.00")),
        maximum: None,
        fixed: None,
        base: amount("100.00"),
        units: 1,
        tax_rate: "0".parse().unwrap(),
        tax_mode: TaxMode::Exclusive,
        rounding: Rounding::HalfUp,
        role: Role::Principal,
    };
    Returns::ReRated(Box::new(ReRating::of(facts, cny()).unwrap()), None)
}

fn back(returns: &Returns, charged: i64, refunded: i64) -> i64 {
    returns.in_all((charged, 0), (refunded, 10_000), (0, 0), cny()).0
}

#[test]
fn an_administration_fee_is_retained_up_to_its_most() {
    // A fifth of the commission, 5.00 at most.
    let returns = Returns::Proportional(retained("0.2", Some("5.00")));
    assert_eq!(back(&returns, 1_500, 10_000), 1_200);
    assert_eq!(back(&returns, 15_000, 10_000), 14_500);
    // Of half a refund, half is retained.
    assert_eq!(back(&returns, 1_500, 5_000), 600);
}

#[test]
fn re_rating_gives_back_what_would_not_have_been_charged() {
    // 8.00 was charged; on 30.00 that are left it is 2.40, on 10.00 the least of 2.00.
    assert_eq!(back(&re_rated(false), 800, 7_000), 560);
    assert_eq!(back(&re_rated(false), 800, 9_000), 600);
    assert_eq!(back(&re_rated(false), 800, 10_000), 800);
    // 15.00 was charged; 50.00 that are left fall into the lower step: 4.00.
    assert_eq!(back(&re_rated(true), 1_500, 5_000), 1_100);
}

#[test]
fn what_came_back_once_is_not_taken_again() {
    let steps = back(&re_rated(true), 1_500, 4_999);
    assert_eq!(re_rated(true).in_all((1_500, 0), (4_999, 10_000), (1_400, 0), cny()).0, 1_400);
    assert!(steps < 1_400);
}

fn any_returns() -> impl Strategy<Value = Returns> {
    prop_oneof![
        Just(Returns::Kept),
        Just(Returns::Proportional(None)),
        Just(Returns::Proportional(retained("0.2", Some("1.00")))),
        Just(Returns::Proportional(retained("0.137", None))),
        Just(re_rated(false)),
        Just(re_rated(true)),
    ]
}

proptest! {
    /// Whatever the parts and their order, in the end the same has come back as with one refund of everything, never
    /// more than was charged, and no step takes anything back again.
    #[test]
    fn refunds_in_any_order_sum_to_the_full_reversal(
        returns in any_returns(),
        charged in 0_i64..200_000,
        tax in 0_i64..12_000,
        mut cuts in prop::collection::vec(0_i64..=10_000, 0..8),
    ) {
        cuts.sort_unstable();
        let charge = (charged, tax);
        let whole = returns.in_all(charge, (10_000, 10_000), (0, 0), cny());
        let mut so_far = (0, 0);
        for refunded in cuts.into_iter().chain([10_000]) {
            let now = returns.in_all(charge, (refunded, 10_000), so_far, cny());
            prop_assert!(now.0 >= so_far.0 && now.1 >= so_far.1, "{now:?} after {so_far:?}");
            prop_assert!(now.0 <= charged && now.1 <= tax);
            so_far = now;
        }
        prop_assert_eq!(so_far, whole);
    }
}
