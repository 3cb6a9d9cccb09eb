//! Final settlements: everything is claimed, nothing is kept back, and what is below zero is a debt.

use souk_journal::money::Currency;

use crate::given::{Given, amount};
use crate::merchant::state::Terms;
use crate::settlement::commands::CloseCycle;
use crate::settlement::debts::commands::{DebtCommand, SetDebtAllowance};
use crate::settlement::debts::decide::{Debt, DebtContext};
use crate::settlement::decide::Settlement;
use crate::settlement::decide::tests::{c1, carry_first, empty, reserve_first, under, week};

/// The last week of a merchant whose wind-down ended on 15 March.
fn at_last(opening: i64, sales: i64, lines: i64) -> CloseCycle {
    let wind_down_to = Some("2026-03-15".parse().unwrap());
    CloseCycle { wind_down_to, ..week("2026-03-09", 200, opening, sales, lines) }
}

fn later(close: CloseCycle) -> CloseCycle {
    CloseCycle { wind_down_to: Some("2026-03-15".parse().unwrap()), ..close }
}

#[test]
fn the_final_settlement_withholds_nothing_and_releases_the_whole_reserve() {
    let terms = reserve_first();
    let last = under(&terms).after(c1()).when(at_last(0, 20_000, 18_940));
    last.happens(&["account-settled"])
        .effective_on("2026-03-15")
        .posts(&["Dr MerchantPayable 189.40", "Dr MerchantReserve 100.00", "Cr PayoutsDue 289.40"])
        .leaves("MerchantReserve", "0.00");
}

#[test]
fn no_least_payout_holds_at_last() {
    let cny = Currency::from_code("CNY").unwrap();
    let terms = Terms { minimum_payouts: vec![(cny, 100_000)], ..reserve_first() };
    under(&terms).when(at_last(0, 1, 1)).says("account-settled", r#""payout":"0.01""#);
}

#[test]
fn what_is_below_zero_at_last_is_a_debt_after_the_reserve_whatever_the_order_of_the_terms() {
    for terms in [reserve_first(), carry_first()] {
        let last = under(&terms).after(c1()).when(at_last(0, 20_000, -18_940));
        last.posts(&[
            "Cr MerchantPayable 189.40",
            "Dr MerchantReserve 100.00",
            "Dr MerchantDebt 89.40",
        ])
        .items(&[]);
    }
}

#[test]
fn a_reserve_alone_is_settled_at_last() {
    let terms = reserve_first();
    let nothing = later(empty("2026-03-09", 0));
    let last = under(&terms).after(c1()).when(nothing);
    last.posts(&["Dr MerchantReserve 100.00", "Cr PayoutsDue 100.00"]);
}

#[test]
fn an_account_that_is_empty_needs_no_final_settlement() {
    let terms = reserve_first();
    under(&terms).when(later(empty("2026-03-09", 0))).refused("NothingToClose");
}

fn settled(terms: &Terms) -> Given<'_, Settlement> {
    under(terms).after(at_last(0, 20_000, -18_940))
}

#[test]
fn what_comes_after_the_final_settlement_is_settled_in_turn_and_pays_the_debt_first() {
    let terms = reserve_first();
    let mut next = later(week("2026-03-16", 300, 0, 0, 10_000));
    next.claim.totals.clear();
    let part = settled(&terms).when(next);
    part.posts(&["Dr MerchantPayable 100.00", "Cr MerchantDebt 100.00"]);
    let more = later(week("2026-03-16", 300, 0, 0, 20_000));
    let all = settled(&terms).when(more);
    all.posts(&["Dr MerchantPayable 200.00", "Cr PayoutsDue 10.60", "Cr MerchantDebt 189.40"])
        .leaves("MerchantDebt", "0.00");
}

#[test]
fn a_debt_that_is_paid_at_last_needs_no_allowance() {
    let terms = reserve_first();
    let settled = settled(&terms);
    let state = settled.state().clone();
    assert_eq!((state.debt, state.allowance), (18_940, 0));
    let allowance = DebtCommand::SetAllowance(SetDebtAllowance {
        merchant: c1().merchant,
        currency: "CNY".into(),
        allowance: amount("150.00"),
        reason: "gone".into(),
    });
    let cny = Currency::from_code("CNY").unwrap();
    let today = "2026-03-20".parse().unwrap();
    let context = DebtContext { merchant_known: true, currency: cny, today };
    let provided = settled.turned::<Debt>(context).after(allowance);
    let context = crate::settlement::decide::SettlementContext { terms: &terms };
    let next = provided.turned::<Settlement>(context);
    let next = next.when(later(week("2026-03-16", 300, 0, 0, 10_000)));
    next.says("account-settled", r#""allowance_released":"60.60""#)
        .leaves("DebtAllowance", "-89.40")
        .leaves("BadDebt", "89.40");
}
