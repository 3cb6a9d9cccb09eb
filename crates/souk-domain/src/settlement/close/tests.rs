//! What is kept and recovered in a close: the posting manual's C1 to C3 with a deposit, a reserve at an amount, a balance
//! that becomes a debt, the day of a payout.

use proptest::prelude::*;
use souk_journal::line_kind::LineKind;
use souk_journal::statement_lines::KindTotal;

use super::super::commands::{CloseCycle, DepositAtClose};
use super::super::decide::Settlement;
use super::super::decide::tests::{c1, c2, c3, cny, empty, terms, under, week};
use super::wanted_of_deposit;
use crate::calendar::payout_day::{Counted, PayoutDay};
use crate::calendar::working_days::WorkingDays;
use crate::given::Given;
use crate::merchant::events::Recovery;
use crate::merchant::state::Terms;

const DEPOSIT_FIRST: [Recovery; 3] = [Recovery::Deposit, Recovery::Reserve, Recovery::Carry];
const RESERVE_FIRST: [Recovery; 3] = [Recovery::Reserve, Recovery::Deposit, Recovery::Carry];

/// A deposit of 500.00 is topped up.
fn with_deposit(recovery: &[Recovery]) -> Terms {
    Terms { deposits: vec![(cny(), 50_000)], ..terms(recovery.to_vec()) }
}

fn fixed(amount: i64) -> Terms {
    let fixed_reserves = vec![(cny(), amount)];
    Terms { fixed_reserves, reserve: None, ..terms(RESERVE_FIRST.to_vec()) }
}

fn beside(close: CloseCycle, held: i64, set_aside: i64) -> CloseCycle {
    CloseCycle { deposit: DepositAtClose { held, set_aside }, ..close }
}

#[test]
fn c1_to_c3_of_the_manual_use_the_deposit_after_the_reserve_and_top_it_up_again() {
    let terms = with_deposit(&RESERVE_FIRST);
    let settlement = under(&terms).after(beside(c1(), 50_000, 0));
    let wanted = wanted_of_deposit(settlement.state(), &beside(c2(), 50_000, 0), &terms).unwrap();
    assert_eq!(wanted, 8_940);
    let second = beside(c2(), 41_060, wanted);
    let settlement = settlement.after(second.clone());
    under(&terms).after(beside(c1(), 50_000, 0)).when(second).posts(&[
        "Cr MerchantPayable 189.40",
        "Dr MerchantReserve 100.00",
        "Dr MerchantDeposit 89.40",
    ]);
    let third = settlement.when(beside(c3(0), 41_060, 0));
    third
        .says("cycle-closed", r#""deposit_topped_up":"89.40","closing":"334.10","payout":"334.10""#)
        .posts(&[
            "Dr MerchantPayable 473.50",
            "Cr MerchantReserve 50.00",
            "Cr MerchantDeposit 89.40",
            "Cr PayoutsDue 334.10",
        ]);
}

#[test]
fn in_another_order_of_terms_the_deposit_comes_before_the_reserve() {
    let terms = with_deposit(&DEPOSIT_FIRST);
    let settlement = under(&terms).after(beside(c1(), 50_000, 0));
    let wanted = wanted_of_deposit(settlement.state(), &beside(c2(), 50_000, 0), &terms).unwrap();
    assert_eq!(wanted, 18_940);
    settlement
        .when(beside(c2(), 31_060, wanted))
        .posts(&["Cr MerchantPayable 189.40", "Dr MerchantDeposit 189.40"]);
}

#[test]
fn a_deposit_that_does_not_suffice_leaves_the_rest_to_the_next_step() {
    let terms = with_deposit(&DEPOSIT_FIRST);
    let settlement = under(&terms).after(beside(c1(), 10_000, 0));
    let wanted = wanted_of_deposit(settlement.state(), &beside(c2(), 10_000, 0), &terms).unwrap();
    assert_eq!(wanted, 10_000);
    settlement.when(beside(c2(), 0, wanted)).posts(&[
        "Cr MerchantPayable 189.40",
        "Dr MerchantReserve 89.40",
        "Dr MerchantDeposit 100.00",
    ]);
}

#[test]
fn terms_that_carry_before_the_deposit_leave_it_alone() {
    let terms = with_deposit(&[Recovery::Carry, Recovery::Deposit]);
    let settlement = under(&terms).after(beside(c1(), 50_000, 0));
    let wanted = wanted_of_deposit(settlement.state(), &beside(c2(), 50_000, 0), &terms).unwrap();
    assert_eq!(wanted, 0);
}

#[test]
fn a_deposit_is_topped_up_as_far_as_the_cycle_goes() {
    let terms = Terms { deposits: vec![(cny(), 200_000)], ..terms(RESERVE_FIRST.to_vec()) };
    under(&terms).when(beside(c1(), 0, 0)).posts(&[
        "Dr MerchantPayable 947.00",
        "Cr MerchantReserve 100.00",
        "Cr MerchantDeposit 847.00",
    ]);
}

#[test]
fn a_reserve_at_an_amount_is_filled_once_and_filled_again_after_it_was_used() {
    let terms = fixed(30_000);
    let settlement = under(&terms).after(c1());
    assert_eq!(settlement.state().fixed_reserve, 30_000);
    let settlement = settlement.after(c2());
    assert_eq!(settlement.state().fixed_reserve, 11_060);
    settlement.when(c3(0)).posts(&[
        "Dr MerchantPayable 473.50",
        "Cr MerchantReserve 189.40",
        "Cr PayoutsDue 284.10",
    ]);
}

#[test]
fn a_reserve_larger_than_the_cycle_takes_all_of_it_and_no_more() {
    under(&fixed(500_000))
        .when(c1())
        .posts(&["Dr MerchantPayable 947.00", "Cr MerchantReserve 947.00"]);
}

#[test]
fn what_is_more_than_agreed_goes_back() {
    let less = fixed(10_000);
    let settlement = under(&fixed(30_000)).after(c1()).state().clone();
    assert_eq!(settlement.fixed_reserve, 30_000);
    let close = empty("2026-03-09", 0);
    let sums = super::Sums::of(&settlement, &close, &less).unwrap();
    assert_eq!((sums.fixed_released, sums.closing), (20_000, 20_000));
}

#[test]
fn a_balance_below_zero_is_carried_as_often_as_agreed_and_then_is_a_debt() {
    let terms = Terms { debt_after: Some(1), ..terms(vec![Recovery::Carry]) };
    let settlement = under(&terms).after(week("2026-03-02", 100, 0, 0, -5_000));
    assert_eq!(settlement.state().last.as_ref().unwrap().carried, -5_000);
    settlement
        .when(week("2026-03-09", 200, -5_000, 0, -1_000))
        .posts(&["Cr MerchantPayable 60.00", "Dr MerchantDebt 60.00"]);
}

#[test]
fn a_balance_above_zero_in_between_counts_from_the_beginning() {
    let terms = Terms { debt_after: Some(1), ..terms(vec![Recovery::Carry]) };
    let settlement = under(&terms)
        .after(week("2026-03-02", 100, 0, 0, -5_000))
        .after(week("2026-03-09", 200, -5_000, 6_000, 6_000))
        .after(week("2026-03-16", 300, 0, 0, -100));
    assert_eq!(settlement.state().debt, 0);
    assert_eq!(settlement.state().closes_below_zero, 1);
}

/// Owes 60.00 after two weeks below zero.
fn in_debt(terms: &Terms) -> Given<'_, Settlement> {
    under(terms).after(week("2026-03-02", 100, 0, 0, -5_000)).after(week(
        "2026-03-09",
        200,
        -5_000,
        0,
        -1_000,
    ))
}

#[test]
fn a_debt_is_paid_by_the_next_closing_above_zero_before_the_merchant_is() {
    let terms = Terms { debt_after: Some(1), ..terms(vec![Recovery::Carry]) };
    let first = week("2026-03-16", 300, 0, 0, 2_500);
    in_debt(&terms)
        .when(first.clone())
        .posts(&["Dr MerchantPayable 25.00", "Cr MerchantDebt 25.00"]);
    let second = week("2026-03-23", 400, 0, 0, 9_000);
    let settlement = in_debt(&terms).after(first);
    assert_eq!(settlement.state().debt, 3_500);
    let settlement = settlement.after(second.clone());
    assert_eq!(settlement.state().debt, 0);
    let first = week("2026-03-16", 300, 0, 0, 2_500);
    in_debt(&terms)
        .after(first)
        .when(second)
        .says("cycle-closed", r#""debt_collected":"35.00""#)
        .posts(&["Dr MerchantPayable 90.00", "Cr PayoutsDue 55.00", "Cr MerchantDebt 35.00"]);
}

#[test]
fn what_is_left_after_a_debt_is_below_the_least_payout_and_is_carried() {
    let least = vec![(cny(), 2_000)];
    let terms =
        Terms { debt_after: Some(1), minimum_payouts: least, ..terms(vec![Recovery::Carry]) };
    in_debt(&terms).when(week("2026-03-16", 300, 0, 0, 7_000)).posts(&[
        "Dr MerchantPayable 70.00",
        "Cr MerchantDebt 60.00",
        "Cr MerchantPayable 10.00",
    ]);
}

#[test]
fn terms_that_make_no_debts_leave_one_to_be_collected_by_command() {
    let by_terms = Terms { debt_after: Some(1), ..terms(vec![Recovery::Carry]) };
    let state = in_debt(&by_terms).state().clone();
    let by_command = Terms { debt_after: None, ..by_terms };
    let close = week("2026-03-16", 300, 0, 0, 7_000);
    let event = super::close(&state, &close, &by_command).unwrap();
    assert!(event.debt_collected.is_zero());
    assert_eq!(event.payout.to_string(), "70.00");
}

#[test]
fn an_allowance_that_a_collected_debt_needs_no_more_is_released() {
    let terms = Terms { debt_after: Some(1), ..terms(vec![Recovery::Carry]) };
    let mut state = in_debt(&terms).state().clone();
    state.allowance = 5_000;
    let close = week("2026-03-16", 300, 0, 0, 2_500);
    let event = super::close(&state, &close, &terms).unwrap();
    assert_eq!(event.allowance_released.to_string(), "15.00");
    state.allowance = 3_500;
    let event = super::close(&state, &close, &terms).unwrap();
    assert!(event.allowance_released.is_zero());
}

#[test]
fn a_payout_is_due_on_the_day_of_the_terms() {
    let payout = |after, counted, calendar| Terms {
        payout: Some(PayoutDay { after, counted, calendar }),
        ..terms(RESERVE_FIRST.to_vec())
    };
    let plain = payout(4, Counted::Days, None);
    under(&plain).when(c1()).says("cycle-closed", r#""pay_on":"2026-03-12""#);
    let working = payout(2, Counted::WorkingDays, Some(WorkingDays::China));
    under(&working).when(c1()).says("cycle-closed", r#""pay_on":"2026-03-10""#);
}

#[test]
fn without_a_payout_or_without_a_day_no_day_is_written() {
    let payout = Some(PayoutDay { after: 4, counted: Counted::Days, calendar: None });
    let terms = Terms { payout, ..terms(RESERVE_FIRST.to_vec()) };
    let nothing = under(&terms).when(week("2026-03-02", 100, 0, 0, -5_000));
    nothing.says("cycle-closed", r#""payout":"0.00","carried":"-50.00""#);
    let none = super::pay_on(&Terms { payout: None, ..terms }, &c1().cycle, 100);
    assert_eq!(none, None);
}

proptest! {
    #[test]
    fn lines_are_paid_kept_carried_or_owed_to_the_cent(
        weeks in prop::collection::vec((0_i64..200_000, 0_i64..250_000), 1..20),
        level in 0_i64..100_000,
        target in 0_i64..100_000,
        paid_in in 0_i64..100_000,
        order in 0_usize..6,
        debt_after in prop::option::of(0_u16..4),
    ) {
        let recovery = match order {
            0 => RESERVE_FIRST.to_vec(),
            1 => DEPOSIT_FIRST.to_vec(),
            2 => vec![Recovery::Deposit],
            3 => vec![Recovery::Carry, Recovery::Deposit],
            4 => vec![Recovery::Reserve],
            _ => Vec::new(),
        };
        let terms = Terms {
            fixed_reserves: vec![(cny(), level)],
            deposits: vec![(cny(), target)],
            debt_after,
            ..terms(recovery)
        };
        let mut settlement = under(&terms).at("2027-01-01T00:00:00.000000Z");
        let (mut lines, mut deposit) = (0, paid_in);
        for (number, (sales, taken)) in weeks.into_iter().enumerate() {
            let carried = settlement.state().last.as_ref().map_or(0, |last| last.carried);
            let monday: souk_journal::dates::Date = "2026-01-05".parse().unwrap();
            let date = monday.plus_days(7 * number as i32).to_string();
            let mut close = week(&date, number as u64 + 1, carried, sales, sales - taken);
            close.claim.totals =
                vec![KindTotal { kind: LineKind::SalePrincipal, lines: 1, amount: sales }];
            close.deposit.held = deposit;
            let wanted = wanted_of_deposit(settlement.state(), &close, &terms).unwrap();
            close.deposit = DepositAtClose { held: deposit - wanted, set_aside: wanted };
            let before = settlement.state().deposit_topped_up;
            settlement.attempt(&close).unwrap();
            lines += sales - taken;
            let state = settlement.state();
            deposit += state.deposit_topped_up - before - wanted;
            let tranches: i64 = state.reserve.iter().map(|tranche| tranche.amount).sum();
            let paid: i64 = state.payouts.values().sum();
            let carried = state.last.as_ref().map_or(0, |last| last.carried);
            let kept = tranches + state.fixed_reserve + deposit - paid_in;
            prop_assert_eq!(lines, paid + kept + carried - state.debt);
            prop_assert!(state.fixed_reserve >= 0 && state.fixed_reserve <= level.max(0));
            prop_assert!(deposit >= 0 && state.debt >= 0);
            let asked = order < 3 && carried < 0 && deposit > 0;
            prop_assert!(!asked, "carried {} beside a deposit of {}", carried, deposit);
        }
        let books = settlement.books();
        prop_assert_eq!(-books.minor("MerchantDeposit"), i128::from(deposit - paid_in));
        prop_assert_eq!(books.minor("MerchantDebt"), i128::from(settlement.state().debt));
    }
}
