//! Random weeks of one merchant: no cent is lost between lines, reserve, payouts and carried balance.

use proptest::prelude::*;
use souk_journal::ids::{MerchantId, RunId, TariffId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::statement_lines::{Claim, KindTotal};

use crate::business_time::Zone;
use crate::calendar::CycleRule;
use crate::given::given;
use crate::merchant::events::{Recovery, ReserveBase, ReserveTerms};
use crate::merchant::state::Terms;
use crate::settlement::commands::CloseCycle;
use crate::settlement::decide::{Settlement, SettlementContext};

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn terms(percent: u8, days: u16, least: i64, reserve_first: bool) -> Terms {
    let rate = format!("0.{percent:02}").parse().unwrap();
    let mut recovery = vec![Recovery::Carry, Recovery::Reserve];
    if reserve_first {
        recovery.reverse();
    }
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
        tariff: TariffId::new("std").unwrap(),
        reserve: Some(ReserveTerms { rate, base: ReserveBase::GrossSales, days }),
        minimum_payouts: vec![(cny(), least)],
        recovery,
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    }
}

/// Closes a week over sales and what was taken of them, in cents.
fn close(week: usize, opening: i64, sales: i64, taken: i64) -> CloseCycle {
    let monday: souk_journal::dates::Date = "2026-01-05".parse().unwrap();
    let total = |kind, amount| KindTotal { kind, lines: 1, amount };
    let totals = vec![total(LineKind::SalePrincipal, sales), total(LineKind::Commission, -taken)];
    CloseCycle {
        merchant: MerchantId::new("1007").unwrap(),
        currency: cny(),
        cycle: CycleRule::Weekly.cycle_of(monday.plus_days(7 * week as i32)),
        run: RunId::new("run").unwrap(),
        entry: week as u64 + 1,
        claim: Claim { opening, lines: sales - taken, count: 2, late: 0, totals, digest: [0; 32] },
        digest: "0".repeat(64),
        wind_down_to: None,
        deposit: Default::default(),
        number: "S-1007-2026W10-CNY".to_owned(),
    }
}

proptest! {
    #[test]
    fn lines_are_paid_withheld_or_carried_to_the_cent(
        weeks in prop::collection::vec((0_i64..200_000, 0_i64..250_000), 1..20),
        percent in 0_u8..60,
        days in 0_u16..60,
        least in 0_i64..50_000,
        reserve_first in any::<bool>(),
    ) {
        let terms = terms(percent, days, least, reserve_first);
        let context = SettlementContext { terms: &terms };
        let mut settlement = given::<Settlement>(context).at("2027-01-01T00:00:00.000000Z");
        let mut lines = 0;
        for (week, (sales, taken)) in weeks.into_iter().enumerate() {
            let carried = settlement.state().last.as_ref().map_or(0, |last| last.carried);
            settlement.attempt(&close(week, carried, sales, taken)).unwrap();
            lines += sales - taken;
            let state = settlement.state();
            let reserve: i64 = state.reserve.iter().map(|tranche| tranche.amount).sum();
            let paid: i64 = state.payouts.values().sum();
            let carried = state.last.as_ref().map_or(0, |last| last.carried);
            prop_assert_eq!(lines, paid + reserve + carried);
            prop_assert!(state.reserve.iter().all(|tranche| tranche.amount > 0));
            let negative_beside_reserve = reserve_first && carried < 0 && reserve > 0;
            prop_assert!(!negative_beside_reserve, "carried {} beside {}", carried, reserve);
        }
        let books = settlement.books();
        let paid = -books.minor("PayoutsDue") - books.minor("MerchantReserve");
        let carried = settlement.state().last.as_ref().map_or(0, |last| last.carried);
        prop_assert_eq!(paid, i128::from(lines - carried));
    }
}
