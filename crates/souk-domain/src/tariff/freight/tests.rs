//! Freight tables: near, a first kilogram of 8.00 and 2.00 for each further one; far, a first half kilogram of 12.00 and 5.50
//! for each further half. What is published is whole, and the price never falls with the weight.

use proptest::prelude::*;
use souk_journal::ids::TariffId;

use super::*;
use crate::decider::{Decider, Refusal as _};
use crate::given::{Given, Market, amount, fee, given, rule};
use crate::order::decide::Directory as _;
use crate::tariff::commands::PublishTariff;
use crate::tariff::decide::{Tariff, TariffContext};
use crate::tariff::events::{ChosenBy, FeeKind, TariffEvent};

fn zone(name: &str, regions: &[&str], first: (&str, &str), step: (&str, &str)) -> FreightZone {
    FreightZone {
        zone: RuleId::new(name).unwrap(),
        regions: regions.iter().map(|of| (*of).into()).collect(),
        first_kg: amount(first.0),
        first_price: amount(first.1),
        step_kg: amount(step.0),
        step_price: amount(step.1),
    }
}

fn near() -> FreightZone {
    zone("near", &["Shanghai", "Zhejiang"], ("1", "8.00"), ("1", "2"))
}

fn far() -> FreightZone {
    zone("far", &["Xinjiang"], ("0.5", "12.00"), ("0.5", "5.50"))
}

fn table(zones: Vec<FreightZone>) -> FreightTable {
    FreightTable { table: RuleId::new("express").unwrap(), zones }
}

fn version(from: &str, freight: Vec<FreightTable>) -> PublishTariff<'static> {
    PublishTariff {
        tariff: TariffId::new("std").unwrap(),
        announced_on: "2026-01-01".parse().unwrap(),
        effective_on: from.parse().unwrap(),
        chosen_by: ChosenBy::CompletionDate,
        currency: Some("CNY".into()),
        source: None,
        fees: vec![fee(FeeKind::Commission, vec![rule("all", None, "0.08")])],
        freight,
    }
}

fn tariff() -> Given<'static, Tariff> {
    given::<Tariff>(TariffContext { today: "2026-01-15".parse().unwrap() })
}

fn priced(of: &FreightZone, kg: Amount) -> (String, Amount) {
    let market = Market::charging(vec![]).shipping_by(vec![table(vec![of.clone()])]);
    let merchant = MerchantId::new("1007").unwrap();
    let day = "2026-02-01".parse().unwrap();
    let state = market.merchant(merchant).unwrap();
    let tariff = state.terms_on(day).and_then(|terms| market.tariff(terms.tariff));
    let (name, region) = (RuleId::new("express").unwrap(), (*of.regions[0]).into());
    let by = ByTable { table: name, region, weight_kg: kg };
    let cny = Currency::from_code("CNY").unwrap();
    let freight = freight(&by, (merchant, state), tariff, (cny, day)).unwrap();
    (freight.to_string(), freight.amount)
}

fn said(of: &FreightZone, kg: &str) -> String {
    let (said, price) = priced(of, amount(kg));
    format!("{said} = {price}")
}

#[test]
fn the_first_weight_is_charged_in_any_case_and_every_step_that_is_begun_is_a_whole_one() {
    assert_eq!(said(&near(), "0.001"), "0.001 kg → 1 kg: 8.00 = 8.00");
    assert_eq!(said(&near(), "1"), "1 kg → 1 kg: 8.00 = 8.00");
    assert_eq!(said(&near(), "1.000"), "1.000 kg → 1 kg: 8.00 = 8.00");
    assert_eq!(said(&near(), "1.001"), "1.001 kg → 2 kg: 8.00 + 1 × 2 = 10.00");
    assert_eq!(said(&near(), "2.4"), "2.4 kg → 3 kg: 8.00 + 2 × 2 = 12.00");
    assert_eq!(said(&far(), "0.6"), "0.6 kg → 1 kg: 12.00 + 1 × 5.50 = 17.50");
    assert_eq!(said(&far(), "2.4"), "2.4 kg → 2.5 kg: 12.00 + 4 × 5.50 = 34.00");
    // A step that is not the first weight.
    let mixed = zone("mixed", &["Tibet"], ("3", "20.00"), ("0.1", "0.80"));
    assert_eq!(said(&mixed, "3.25"), "3.25 kg → 3.3 kg: 20.00 + 3 × 0.80 = 22.40");
}

#[test]
fn tables_stand_before_their_version_and_hold_with_it_alone() {
    let mut state = TariffState::default();
    let context = TariffContext { today: "2026-01-15".parse().unwrap() };
    for (command, kinds, tables) in [
        (version("2026-02-01", vec![table(vec![near(), far()])]), 2, 1),
        (version("2026-03-01", Vec::new()), 1, 0),
    ] {
        let before = state.clone();
        let decided = Tariff::decide(&before, &command, &context, Default::default()).unwrap();
        assert_eq!(decided.events.len(), kinds);
        assert!(matches!(decided.events.last(), Some(TariffEvent::Published(_))));
        for event in &decided.events {
            Tariff::evolve(&mut state, event).unwrap();
        }
        let version = state.versions.last().unwrap();
        assert_eq!(version.freight.len(), tables);
    }
    assert!(state.tables.is_empty());
    let stored = &state.versions[0].freight[0].zones[0];
    assert_eq!(stored.step_price.to_string(), "2.00", "a price is stored at the currency's scale");
}

#[test]
fn a_table_in_which_a_parcel_would_find_no_price_or_two_is_not_published() {
    let near = |change: fn(&mut FreightZone)| {
        let mut zone = near();
        change(&mut zone);
        zone
    };
    let same = || near(|_| {});
    let twice = || vec![table(vec![same()]), table(vec![same()])];
    let cases: Vec<(&str, Vec<FreightTable>)> = vec![
        ("FreightTableTwice", twice()),
        ("NoZones", vec![table(Vec::new())]),
        ("ZoneTwice", vec![table(vec![same(), near(|of| of.regions = vec!["Tibet".into()])])]),
        ("NoRegions", vec![table(vec![near(|of| of.regions.clear())])]),
        ("UnusableRegion", vec![table(vec![near(|of| of.regions.push("".into()))])]),
        ("RegionTwice", vec![table(vec![near(|of| of.regions.push("Shanghai".into()))])]),
        (
            "RegionInTwoZones",
            vec![table(vec![same(), near(|of| of.zone = RuleId::new("other").unwrap())])],
        ),
        ("UnusableZoneWeight", vec![table(vec![near(|of| of.first_kg = amount("0"))])]),
        ("UnusableZoneWeight", vec![table(vec![near(|of| of.step_kg = amount("-1"))])]),
        ("UnusableZoneWeight", vec![table(vec![near(|of| of.step_kg = amount("0.0001"))])]),
        ("UnusableZonePrice", vec![table(vec![near(|of| of.first_price = amount("-8.00"))])]),
        ("UnusableZonePrice", vec![table(vec![near(|of| of.step_price = amount("2.001"))])]),
    ];
    for (code, tables) in cases {
        tariff().when(version("2026-02-01", tables)).refused(code);
    }
    let in_none =
        PublishTariff { currency: None, ..version("2026-02-01", vec![table(vec![same()])]) };
    tariff().when(in_none).refused("FreightNeedsCurrency");
}

#[test]
fn a_region_of_two_zones_is_named_with_both() {
    let mut other = far();
    other.regions.push("Zhejiang".into());
    let found = checks::faults(&[table(vec![near(), other])], Currency::from_code("CNY").ok());
    let [(at, fault)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*at, checks::At::Region(0, 1, 1));
    assert_eq!(fault.code(), "RegionInTwoZones");
    let said = r#"region "Zhejiang" of freight table express is in zone near and in zone far"#;
    assert_eq!(fault.to_string(), said);
}

proptest! {
    #[test]
    fn the_price_never_falls_with_the_weight_and_is_that_of_the_steps_counted_one_by_one(
        (first, step) in (1_i64..3_000, 1_i64..3_000),
        (first_price, step_price) in (0_i64..10_000, 0_i64..10_000),
        (weight, more) in (1_i64..50_000, 0_i64..5_000),
    ) {
        let cny = Currency::from_code("CNY").unwrap();
        let of = FreightZone {
            first_kg: kilograms(first),
            step_kg: kilograms(step),
            first_price: Amount::from_minor(first_price, cny),
            step_price: Amount::from_minor(step_price, cny),
            ..near()
        };
        let (mut covered, mut counted) = (first, first_price);
        while covered < weight {
            covered += step;
            counted += step_price;
        }
        let (_, charged_kg, price_here) = price(&of, kilograms(weight), cny).unwrap();
        prop_assert_eq!(price_here, Amount::from_minor(counted, cny));
        prop_assert_eq!(charged_kg, kilograms(covered));
        let (_, _, heavier) = price(&of, kilograms(weight + more), cny).unwrap();
        prop_assert!(heavier >= price_here, "{} of {}, {} of {}", price_here, weight, heavier, weight + more);
    }
}
