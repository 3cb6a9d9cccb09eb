//! Closing cycles: the posting manual's C1, C2 and C3 without a deposit, and what is refused.

use souk_journal::ids::{MerchantId, RunId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::statement_lines::{Claim, KindTotal};

use crate::business_time::Zone;
use crate::calendar::CycleRule;
use crate::given::{Given, given};
use crate::merchant::events::{Recovery, ReserveBase, ReserveTerms};
use crate::merchant::state::Terms;
use crate::settlement::commands::CloseCycle;
use crate::settlement::decide::{Settlement, SettlementContext};

pub(in crate::settlement) fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

/// Weekly, 10 % of gross sales in reserve for 90 days.
pub(in crate::settlement) fn terms(recovery: Vec<Recovery>) -> Terms {
    let base = ReserveBase::GrossSales;
    Terms {
        tier: None,
        business: None,
        version: 1,
        effective_on: "2026-01-01".parse().unwrap(),
        cycle: CycleRule::Weekly,
        time_zone: "Asia/Shanghai".into(),
        zone: Zone::named("Asia/Shanghai").unwrap(),
        cut_off_hour: 0,
        hold_days: 7,
        tariff: souk_journal::ids::TariffId::new("std").unwrap(),
        reserve: Some(ReserveTerms { rate: "0.10".parse().unwrap(), base, days: 90 }),
        minimum_payouts: Vec::new(),
        recovery,
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    }
}

pub(in crate::settlement) fn reserve_first() -> Terms {
    terms(vec![Recovery::Reserve, Recovery::Carry])
}

pub(in crate::settlement) fn carry_first() -> Terms {
    terms(vec![Recovery::Carry, Recovery::Reserve])
}

/// Closes the week of a date over sales and all lines (cents), at a claim point.
pub(in crate::settlement) fn week(
    date: &str,
    entry: u64,
    opening: i64,
    sales: i64,
    lines: i64,
) -> CloseCycle {
    let totals = vec![
        KindTotal { kind: LineKind::SalePrincipal, lines: 1, amount: sales },
        KindTotal { kind: LineKind::Commission, lines: 1, amount: lines - sales },
    ];
    CloseCycle {
        merchant: MerchantId::new("1007").unwrap(),
        currency: cny(),
        cycle: CycleRule::Weekly.cycle_of(date.parse().unwrap()),
        run: RunId::new("run-1").unwrap(),
        entry,
        claim: Claim { opening, lines, count: 2, late: 0, totals, digest: [0; 32] },
        wind_down_to: None,
        deposit: Default::default(),
        digest: "0".repeat(64),
        number: "S-1007-2026W10-CNY".to_owned(),
    }
}

/// 1,000 sold, 53 taken.
pub(in crate::settlement) fn c1() -> CloseCycle {
    week("2026-03-02", 100, 0, 100_000, 94_700)
}

/// 200 − 10.60 − 400 + 21.20.
pub(in crate::settlement) fn c2() -> CloseCycle {
    week("2026-03-09", 200, 0, 20_000, -18_940)
}

/// 500 − 26.50.
pub(in crate::settlement) fn c3(opening: i64) -> CloseCycle {
    week("2026-03-16", 300, opening, 50_000, 47_350)
}

/// On 30 March, all three weeks have ended.
pub(in crate::settlement) fn under(terms: &Terms) -> Given<'_, Settlement> {
    given::<Settlement>(SettlementContext { terms }).at("2026-03-30T04:00:00.000000Z")
}

pub(in crate::settlement) fn empty(date: &str, opening: i64) -> CloseCycle {
    let mut close = week(date, 900, opening, 0, 0);
    close.claim.count = 0;
    close.claim.totals.clear();
    close
}

mod refusals;

#[test]
pub(in crate::settlement) fn c1_withholds_100_and_pays_847() {
    under(&reserve_first()).when(c1()).posts(&[
        "Dr MerchantPayable 947.00",
        "Cr MerchantReserve 100.00",
        "Cr PayoutsDue 847.00",
    ]);
}

#[test]
fn a_close_is_dated_on_the_last_day_of_its_cycle() {
    under(&reserve_first()).when(c1()).effective_on("2026-03-08");
}

#[test]
fn a_statement_is_numbered_by_merchant_cycle_and_currency() {
    let close = under(&reserve_first()).when(c1());
    close.says("cycle-closed", r#""number":"S-1007-2026W10-CNY""#);
}

#[test]
fn c2_reserve_first_takes_the_reserve_and_carries_the_rest() {
    under(&reserve_first()).after(c1()).when(c2()).posts(&[
        "Cr MerchantPayable 189.40",
        "Dr MerchantReserve 100.00",
        "Dr MerchantPayable 89.40",
    ]);
}

#[test]
fn c3_reserve_first_pays_334_10() {
    let terms = reserve_first();
    let c2 = under(&terms).after(c1()).after(c2());
    c2.when(c3(-8_940)).says("cycle-closed", r#""payout":"334.10","carried":"0.00""#);
}

#[test]
fn c2_carry_first_carries_189_40_and_leaves_the_reserve() {
    let c2 = under(&carry_first()).after(c1()).when(c2());
    c2.says("cycle-closed", r#""carried":"-189.40""#).leaves("MerchantReserve", "-100.00");
}

#[test]
fn c3_carry_first_pays_234_10() {
    let terms = carry_first();
    let c2 = under(&terms).after(c1()).after(c2());
    c2.when(c3(-18_940)).says("cycle-closed", r#""payout":"234.10","carried":"0.00""#);
}

#[test]
fn both_orders_of_recovery_leave_the_merchant_the_same_money() {
    let reserve = under(&reserve_first()).after(c1()).after(c2()).after(c3(-8_940)).books();
    let carry = under(&carry_first()).after(c1()).after(c2()).after(c3(-18_940)).books();
    let all =
        |books: &crate::given::Books| books.minor("PayoutsDue") + books.minor("MerchantReserve");
    assert_eq!((all(&reserve), all(&carry)), (-123_110, -123_110));
}

#[test]
fn a_carried_balance_is_an_item_of_the_next_cycle() {
    let c2 = under(&carry_first()).after(c1()).when(c2());
    c2.items(&["1007 carried -189.40 due 2026-03-16"]);
}

#[test]
fn the_reserve_is_capped_at_what_the_merchant_has() {
    let terms = reserve_first();
    let close = under(&terms).when(week("2026-03-02", 100, 0, 100_000, 6_000));
    close.posts(&["Dr MerchantPayable 60.00", "Cr MerchantReserve 60.00"]);
}

#[test]
fn the_reserve_may_be_a_share_of_the_net_lines() {
    let mut terms = reserve_first();
    terms.reserve = terms.reserve.map(|of| ReserveTerms { base: ReserveBase::NetLines, ..of });
    under(&terms).when(c1()).leaves("MerchantReserve", "-94.70");
}

/// A week of 1,000 sold and 53 taken, with lines of other kinds beside them.
fn c1_with(beside: &[(LineKind, i64)]) -> CloseCycle {
    let mut close = c1();
    for (kind, amount) in beside {
        close.claim.lines += amount;
        close.claim.count += 1;
        close.claim.totals.push(KindTotal { kind: *kind, lines: 1, amount: *amount });
    }
    close
}

fn net_lines() -> Terms {
    let of_net = |of: ReserveTerms| ReserveTerms { base: ReserveBase::NetLines, ..of };
    Terms { reserve: reserve_first().reserve.map(of_net), ..reserve_first() }
}

#[test]
fn a_payout_that_came_back_is_not_withheld_from_again() {
    let close = under(&net_lines()).when(c1_with(&[(LineKind::PayoutReturned, 85_500)]));
    close.posts(&[
        "Dr MerchantPayable 1802.00",
        "Cr MerchantReserve 94.70",
        "Cr PayoutsDue 1707.30",
    ]);
    let alone = {
        let mut close = empty("2026-03-02", 0);
        (close.claim.lines, close.claim.count) = (85_500, 1);
        close.claim.totals =
            vec![KindTotal { kind: LineKind::PayoutReturned, lines: 1, amount: 85_500 }];
        close
    };
    let terms = net_lines();
    let close = under(&terms).when(alone);
    close.posts(&["Dr MerchantPayable 855.00", "Cr PayoutsDue 855.00"]);
}

#[test]
fn of_a_loan_nothing_is_withheld() {
    let close = under(&net_lines()).when(c1_with(&[(LineKind::LoanGranted, 100_000)]));
    close.leaves("MerchantReserve", "-94.70");
}

#[test]
fn a_hold_lowers_no_reserve_and_its_release_raises_none() {
    let placed = under(&net_lines()).when(c1_with(&[(LineKind::HoldPlaced, -50_000)]));
    placed.leaves("MerchantReserve", "-94.70");
    let released = under(&net_lines()).when(c1_with(&[(LineKind::HoldReleased, 50_000)]));
    released.leaves("MerchantReserve", "-94.70");
}

#[test]
fn what_was_earned_is_withheld_from_only_as_far_as_the_merchant_has_it() {
    let close = under(&net_lines()).when(c1_with(&[(LineKind::HoldPlaced, -90_000)]));
    close.posts(&["Dr MerchantPayable 47.00", "Cr MerchantReserve 47.00"]);
}

#[test]
fn terms_without_a_reserve_withhold_nothing() {
    let terms = Terms { reserve: None, ..reserve_first() };
    under(&terms).when(c1()).posts(&["Dr MerchantPayable 947.00", "Cr PayoutsDue 947.00"]);
}

#[test]
fn a_tranche_is_released_by_the_first_close_after_its_date() {
    let terms = reserve_first();
    let june = under(&terms).after(c1()).at("2026-06-30T04:00:00.000000Z");
    june.when(empty("2026-06-07", 0)).posts(&["Dr MerchantReserve 100.00", "Cr PayoutsDue 100.00"]);
}

#[test]
fn a_tranche_is_kept_until_its_date_has_passed() {
    let terms = reserve_first();
    let june = under(&terms).after(c1()).at("2026-06-30T04:00:00.000000Z");
    june.when(week("2026-05-31", 900, 0, 0, 100)).leaves("MerchantReserve", "-100.00");
}

#[test]
fn recovery_takes_the_oldest_tranche_first() {
    let terms = reserve_first();
    let two = under(&terms).after(c1()).after(week("2026-03-09", 200, 0, 100_000, 94_700));
    let third = two.when(week("2026-03-16", 300, 0, 0, -12_000));
    third.says(
        "cycle-closed",
        concat!(
            r#""released":[{"cycle":"2026-W10","amount":"100.00","reason":"recovery","#,
            r#""release_on":"2026-06-07"},{"cycle":"2026-W11","amount":"20.00","#
        ),
    );
}

#[test]
fn below_the_minimum_payout_the_balance_is_carried() {
    let terms = Terms { minimum_payouts: vec![(cny(), 84_701)], ..reserve_first() };
    let close = under(&terms).when(c1());
    close.says("cycle-closed", r#""closing":"847.00","payout":"0.00","carried":"847.00""#);
}

#[test]
fn the_minimum_payout_itself_is_paid() {
    let terms = Terms { minimum_payouts: vec![(cny(), 84_700)], ..reserve_first() };
    under(&terms).when(c1()).says("cycle-closed", r#""payout":"847.00""#);
}
