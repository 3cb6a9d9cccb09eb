//! Positions gain and lose what was received less what was given, in whichever parts.

use proptest::collection::vec;
use proptest::prelude::*;

use super::Position;

fn of(amount: i64, cost: i64) -> Position {
    Position { amount, cost }
}

#[test]
fn a_position_that_is_sold_for_less_than_it_cost_loses_the_difference() {
    let mut position = of(10_000, 71_000);
    assert_eq!(position.add(of(-10_000, -70_500)), -500);
    assert_eq!(position, of(0, 0));
}

#[test]
fn a_position_that_is_owed_gains_when_it_is_bought_for_less() {
    let mut position = Position::default();
    assert_eq!(position.add(of(-10_000, -71_000)), 0);
    assert_eq!(position.add(of(10_000, 70_000)), 1_000);
    assert_eq!(position, of(0, 0));
}

#[test]
fn what_is_sold_beyond_the_position_opens_one_the_other_way() {
    let mut position = of(10_000, 71_000);
    assert_eq!(position.add(of(-15_000, -105_000)), -1_000);
    assert_eq!(position, of(-5_000, -35_000));
}

#[test]
fn a_sale_and_a_refund_at_other_rates_leave_a_gain_and_no_position() {
    let mut position = Position::default();
    assert_eq!(position.add(of(0, 1_000)), -1_000, "nothing of a currency costs nothing");
    assert_eq!(position, of(0, 0));
}

proptest! {
    /// Whatever comes and goes: gains are what was received less what was given and less what is still carried.
    #[test]
    fn gains_are_what_came_in_less_what_went_out(
        steps in vec((-1_000_000_i64..1_000_000, -9_000_000_i64..9_000_000), 1..40),
    ) {
        let mut position = Position::default();
        let (mut gains, mut costs, mut amounts) = (0, 0, 0);
        for (amount, cost) in steps {
            gains += position.add(of(amount, cost));
            (costs, amounts) = (costs + cost, amounts + amount);
            prop_assert_eq!(position.cost, costs + gains);
            prop_assert_eq!(position.amount, amounts);
            prop_assert!(position.amount != 0 || position.cost == 0);
        }
    }

    /// A position is sold in any parts, for any prices: the gain of all is that of one sale for all of it.
    #[test]
    fn in_parts_or_at_once_the_gain_is_the_same(
        cost in 1_i64..90_000_000,
        parts in vec((1_i64..1_000_000, 1_i64..9_000_000), 1..20),
    ) {
        let amount = parts.iter().map(|(amount, _)| amount).sum();
        let received: i64 = parts.iter().map(|(_, received)| received).sum();
        let mut once = of(amount, cost);
        let at_once = once.add(of(-amount, -received));
        let mut position = of(amount, cost);
        let sell = |(amount, received): &(i64, i64)| position.add(of(-amount, -received));
        let in_parts: i64 = parts.iter().map(sell).sum();
        prop_assert_eq!(in_parts, at_once);
        prop_assert_eq!(at_once, received - cost);
        prop_assert_eq!(position, of(0, 0));
    }
}
