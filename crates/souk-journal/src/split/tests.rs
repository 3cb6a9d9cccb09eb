//! Splits conserve cents, refunds sum to the charge.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn the_parts_sum_to_the_total(
        total in -1_000_000_000_i64..1_000_000_000,
        weights in prop::collection::vec(0_i64..1_000_000, 1..12),
    ) {
        prop_assert_eq!(largest_remainder(total, &weights).iter().sum::<i64>(), total);
    }

    #[test]
    fn any_sequence_of_partial_refunds_sums_to_the_charge(
        charged in 0_i64..1_000_000,
        steps in prop::collection::vec(1_i64..10_000, 1..20),
    ) {
        let base: i64 = steps.iter().sum();
        let (mut refunded, mut before, mut sum) = (0, 0, 0);
        for step in steps {
            refunded += step;
            let now = returned(charged, refunded, base);
            prop_assert!(now >= before);
            sum += now - before;
            before = now;
        }
        prop_assert_eq!(sum, charged);
    }
}

#[test]
fn ties_go_to_the_earlier_part() {
    assert_eq!(largest_remainder(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(largest_remainder(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(largest_remainder(5, &[0, 0]), [5, 0]);
}

#[test]
fn half_a_cent_rounds_up() {
    let cny = Currency::from_code("CNY").unwrap();
    assert_eq!(percentage(Decimal::new(5, 2), 8850, cny), Ok(443));
    assert_eq!(returned(5, 1, 2), 3);
    assert_eq!(returned(-5, 1, 2), -3);
}

#[test]
fn what_comes_back_in_turn_sums_exactly_stays_within_its_part_and_never_falls() {
    for weights in [&[100, 1, 19][..], &[1, 1, 1], &[0, 94, 6], &[3], &[50, 50], &[7, 0, 0]] {
        let all: i64 = weights.iter().sum();
        let mut before = vec![0; weights.len()];
        for refunded in 0..=all {
            let parts = returned_in_turn(refunded, weights);
            assert_eq!(parts.iter().sum::<i64>(), refunded);
            for ((part, weight), before) in parts.iter().zip(weights).zip(&before) {
                assert!(part <= weight && part >= before, "{refunded} of {weights:?}: {parts:?}");
            }
            before = parts;
        }
        assert_eq!(before, weights);
    }
}
