//! A century under random rules and random changes of rule, decided as commands: no day is left out, none is shared, no
//! name comes twice, and every instant has one business date, which never goes back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{MerchantId, TariffId};

use super::rule;
use crate::business_time::Zone;
use crate::calendar::CycleRule;
use crate::given::given;
use crate::merchant::commands::{AgreeTerms, EnrolMerchant};
use crate::merchant::decide::{Merchant, MerchantCommand, MerchantContext};
use crate::merchant::events::{MerchantKind, Recovery};
use crate::merchant::state::MerchantState;

const ZONES: [&str; 8] = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
];

fn any_rule() -> impl Strategy<Value = CycleRule> {
    let day = |of: u8| {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            [usize::from(of)]
    };
    let week = prop::collection::btree_set(0_u8..7, 1..4).prop_map(move |days| {
        let days: Vec<&str> = days.into_iter().map(day).collect();
        rule(&format!(r#"{{"week-days":{}}}"#, serde_json::to_string(&days).unwrap()))
    });
    let month = prop::collection::btree_set(1_u8..29, 1..5).prop_map(|days| {
        rule(&format!(r#"{{"month-days":{}}}"#, serde_json::to_string(&days).unwrap()))
    });
    let two = (-4_000_i32..4_000).prop_map(|weeks| {
        let monday: Date = "2026-03-02".parse().unwrap();
        rule(&format!(r#"{{"bi-weekly":"{}"}}"#, monday.plus_days(7 * weeks)))
    });
    prop_oneof![
        Just(CycleRule::Daily),
        Just(CycleRule::Weekly),
        Just(CycleRule::HalfMonthly),
        Just(CycleRule::Monthly),
        two,
        week,
        month,
    ]
}

/// Rule, days until the change, zone, hour of the cut-off.
type Change = (CycleRule, i32, usize, u8);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (any_rule(), prop_oneof![1_i32..60, 1_i32..9_000], 0..ZONES.len(), 0_u8..24);
    prop::collection::vec(change, 1..9)
}

fn agree(of: &Change, effective_on: Date) -> MerchantCommand<'static> {
    MerchantCommand::AgreeTerms(AgreeTerms {
        merchant: MerchantId::new("1007").unwrap(),
        effective_on,
        cycle: of.0,
        time_zone: ZONES[of.2].into(),
        cut_off_hour: of.3,
        hold_days: 0,
        tariff: TariffId::new("std").unwrap(),
        tier: None,
        business: None,
        reserve: None,
        minimum_payouts: Vec::new(),
        recovery: vec![Recovery::Carry],
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    })
}

/// The merchant under these terms: a change that would cut a cycle is refused, and made with the next one.
fn merchant(changes: &[Change], first: Date) -> MerchantState {
    let context = MerchantContext { today: first, tariff_known: true };
    let id = MerchantId::new("1007").unwrap();
    let enrol = EnrolMerchant { merchant: id, kind: MerchantKind::Seller };
    let mut merchant = given::<Merchant>(context).after(MerchantCommand::Enrol(enrol));
    let mut on = first;
    for change in changes {
        let running = merchant.state().cycle_of(on);
        if let Some(running) = running.filter(|cycle| cycle.from != on) {
            assert!(merchant.attempt(&agree(change, on)).is_err(), "a change on {on} cuts a cycle");
            on = running.cut_off();
        }
        merchant.attempt(&agree(change, on)).unwrap();
        on = on.plus_days(change.1);
    }
    merchant.state().clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_century_is_partitioned_whatever_the_rules(changes in changes()) {
        let first: Date = "1999-12-29".parse().unwrap();
        let merchant = merchant(&changes, first);
        let mut names = BTreeSet::new();
        let mut day = first;
        while day.parts().0 < 2100 {
            let cycle = merchant.cycle_of(day).unwrap();
            prop_assert_eq!(cycle.from, day, "the first day of the next cycle");
            prop_assert!(cycle.to >= cycle.from);
            prop_assert!(names.insert(cycle.id), "{} comes twice", cycle.id);
            for days in [0, cycle.to.days_since(cycle.from) / 2, cycle.to.days_since(cycle.from)] {
                prop_assert_eq!(merchant.cycle_of(cycle.from.plus_days(days)).unwrap(), cycle);
            }
            day = cycle.cut_off();
        }
        prop_assert_eq!(merchant.cycle_of(first.plus_days(-1)), None);
    }

    #[test]
    fn an_instant_has_one_business_date_under_the_terms_in_force_and_none_is_before_an_earlier_one(
        changes in changes(),
        steps in prop::collection::vec(1_i64..40 * 3_600_000_000, 200),
        around in any::<prop::sample::Index>(),
    ) {
        let first: Date = "2009-12-31".parse().unwrap();
        let merchant = merchant(&changes, first);
        // Around a change of terms, where zones may change.
        let near = around.get(&merchant.terms).effective_on;
        let mut at = Zone::named("Asia/Shanghai").unwrap().start_of(near.plus_days(-3));
        let mut latest = None;
        for step in steps {
            if let Some((terms, date)) = merchant.business_day(at) {
                prop_assert!(latest <= Some(date), "{date} after {latest:?}");
                prop_assert_eq!(merchant.terms_on(date), Some(terms));
                latest = Some(date);
            }
            at = Micros(at.0 + step / 12);
        }
    }
}
