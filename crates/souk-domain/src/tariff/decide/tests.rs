//! When a version of a tariff is published.

use souk_journal::ids::{RuleId, TariffId};

use crate::given::{Given, amount, fee, given, rule};
use crate::tariff::commands::PublishTariff;
use crate::tariff::decide::{Tariff, TariffContext, TariffRefusal};
use crate::tariff::events::{
    ChosenBy, Fee, FeeKind, FeeRule, Measure, OnRefund, PercentPart, Retained, Role, Scope, Step,
    Stepping, Tiers, When,
};

fn tariff() -> Given<'static, Tariff> {
    given::<Tariff>(TariffContext { today: "2026-01-15".parse().unwrap() })
}

fn commission(rules: Vec<FeeRule>) -> Fee {
    fee(FeeKind::Commission, rules)
}

/// A version from a day, with a minimum commission of 10.5.
fn version<'a>(from: &str) -> PublishTariff<'a> {
    let minimum = FeeRule { minimum: Some(amount("10.5")), ..rule("all", None, "0.08") };
    PublishTariff {
        tariff: TariffId::new("std").unwrap(),
        announced_on: "2026-01-01".parse().unwrap(),
        effective_on: from.parse().unwrap(),
        chosen_by: ChosenBy::CompletionDate,
        currency: Some("CNY".into()),
        source: None,
        fees: vec![commission(vec![minimum])],
        freight: Vec::new(),
    }
}

fn with(rules: Vec<FeeRule>) -> PublishTariff<'static> {
    PublishTariff { fees: vec![commission(rules)], ..version("2026-02-01") }
}

#[test]
fn a_tariff_is_in_force_from_its_own_day() {
    tariff().when(version("2026-02-01")).effective_on("2026-02-01").posts(&[]);
}

#[test]
fn versions_are_numbered_from_one() {
    let second = tariff().after(version("2026-02-01")).when(version("2026-03-01"));
    second.says("tariff-published", r#"{"version":2,"#);
}

#[test]
fn a_minimum_is_stored_at_the_scale_of_its_currency() {
    tariff().when(version("2026-02-01")).says("tariff-published", r#""minimum":"10.50""#);
}

#[test]
fn a_tariff_of_percentages_alone_needs_no_currency() {
    let percent = PublishTariff { currency: None, ..with(vec![rule("all", None, "0.08")]) };
    tariff().when(percent).happens(&["tariff-published"]);
}

#[test]
fn versions_never_overlap() {
    let first = tariff().after(version("2026-02-01"));
    first.when(version("2026-02-01")).refused("TariffVersionsOverlap");
}

#[test]
fn a_tariff_is_announced_before_it_takes_effect() {
    tariff().when(version("2025-12-31")).refused("AnnouncedAfterEffect");
}

#[test]
fn a_tariff_in_an_unknown_currency_is_refused() {
    let unknown = PublishTariff { currency: Some("XXQ".into()), ..version("2026-02-01") };
    tariff().when(unknown).refused("UnknownCurrency");
}

#[test]
fn a_minimum_needs_a_currency() {
    let none = PublishTariff { currency: None, ..version("2026-02-01") };
    tariff().when(none).refused("CurrencyNeeded");
}

#[test]
fn a_negative_fixed_amount_is_refused() {
    let negative = FeeRule { fixed: Some(amount("-1.00")), ..rule("all", None, "0") };
    tariff().when(with(vec![negative])).refused("UnusableAmount");
}

#[test]
fn a_minimum_of_a_tenth_of_a_cent_is_refused() {
    let tiny = FeeRule { minimum: Some(amount("0.001")), ..rule("all", None, "0") };
    tariff().when(with(vec![tiny])).refused("UnusableAmount");
}

#[test]
fn a_kind_of_fee_stands_once() {
    let one = commission(vec![rule("all", None, "0.08")]);
    let twice = PublishTariff { fees: vec![one.clone(), one], ..version("2026-02-01") };
    tariff().when(twice).refused("FeeTwice");
}

#[test]
fn a_rule_stands_once_by_name() {
    let rules = vec![rule("a", None, "0.08"), rule("a", Some("books"), "0.05")];
    tariff().when(with(rules)).refused("RuleTwice");
}

#[test]
fn a_category_has_one_rule() {
    let rules = vec![rule("a", Some("books"), "0.08"), rule("b", Some("books"), "0.05")];
    tariff().when(with(rules)).refused("RulesCollide");
}

#[test]
fn a_fee_on_the_whole_order_knows_no_category() {
    let rules = vec![rule("a", Some("books"), "0.08")];
    let order_fee = Fee { scope: Scope::Order, ..fee(FeeKind::OrderFee, rules) };
    let named = PublishTariff { fees: vec![order_fee], ..version("2026-02-01") };
    tariff().when(named).refused("CategoryOnOrderFee");
}

#[test]
fn only_a_fee_per_line_can_close_a_category() {
    let closed = FeeRule { closed: true, ..rule("shut", None, "0") };
    for scope in [Scope::Order, Scope::Period] {
        let order_fee = Fee { scope, ..fee(FeeKind::OrderFee, vec![closed.clone()]) };
        let named = PublishTariff { fees: vec![order_fee], ..version("2026-02-01") };
        tariff().when(named).refused("ClosedWithoutLines");
    }
}

#[test]
fn a_fee_has_rules() {
    tariff().when(with(vec![])).refused("NoRules");
}

/// A change for 1 March, announced on a day.
fn change(announced: &str) -> PublishTariff<'static> {
    PublishTariff { announced_on: announced.parse().unwrap(), ..version("2026-03-01") }
}

#[test]
fn a_change_is_announced_a_day_before_at_least() {
    let first = || tariff().after(version("2026-02-01"));
    first().when(change("2026-03-01")).refused("NoticeTooShort");
    first().when(change("2026-02-28")).happens(&["tariff-published"]);
}

#[test]
fn a_change_never_holds_for_days_that_are_past() {
    let later = TariffContext { today: "2026-03-01".parse().unwrap() };
    let first = tariff().after(version("2026-02-01")).under(later);
    first.when(change("2026-02-20")).refused("TariffRetroactive");
}

#[test]
fn rules_for_one_category_are_told_apart_by_their_conditions() {
    let tier = |name, tier: &str| FeeRule {
        when: When { tier: Some(tier.into()), ..When::default() },
        ..rule(name, Some("tea"), "0.05")
    };
    let east = FeeRule {
        when: When { region: Some("east".into()), ..When::default() },
        ..rule("east", Some("tea"), "0.05")
    };
    let rules = vec![rule("all", Some("tea"), "0.08"), tier("gold", "gold"), tier("new", "new")];
    tariff().when(with(rules)).happens(&["tariff-published"]);
    // A gold merchant who sells to the east: neither says more.
    tariff().when(with(vec![tier("gold", "gold"), east])).refused("RulesCollide");
}

#[test]
fn what_a_rule_takes_makes_sense() {
    let all = || rule("all", None, "0.08");
    let step =
        |above, percent: &str| Step { above: amount(above), percent: percent.parse().unwrap() };
    let tiers = |by, steps: Vec<Step>| FeeRule {
        tiers: Some(Tiers { by, stepping: Stepping::Slab, steps }),
        ..rule("all", None, "0")
    };
    let of_price = |steps| tiers(Measure::Price, steps);
    let part = |name, percent: &str| PercentPart {
        name: RuleId::new(name).unwrap(),
        percent: percent.parse().unwrap(),
    };
    let (two, one) = (Some(amount("2.00")), Some(amount("1.00")));
    for (rule, code) in [
        (FeeRule { minimum: two, maximum: one, ..all() }, "LeastAboveMost"),
        (FeeRule { closed: true, ..all() }, "ClosedRuleCharges"),
        (
            FeeRule { percent: "0.08".parse().unwrap(), ..of_price(vec![step("0", "0.1")]) },
            "PercentAndSteps",
        ),
        (of_price(vec![]), "NoSteps"),
        (of_price(vec![step("1", "0.1")]), "FirstStepNotAtZero"),
        (of_price(vec![step("0", "0.1"), step("5", "0.2"), step("5", "0.3")]), "StepsNotRising"),
        (FeeRule { parts: vec![part("a", "0.05"), part("b", "0.02")], ..all() }, "PartsDiffer"),
        (FeeRule { parts: vec![part("a", "0.04"), part("a", "0.04")], ..all() }, "PartTwice"),
        (rule("a", Some("books//toys"), "0.08"), "NotACategory"),
    ] {
        tariff().when(with(vec![rule])).refused(code);
    }
    let closed = FeeRule { closed: true, ..rule("shut", Some("arms"), "0") };
    tariff().when(with(vec![closed, all()])).happens(&["tariff-published"]);
    let composite = FeeRule { parts: vec![part("a", "0.06"), part("b", "0.02")], ..all() };
    tariff().when(with(vec![composite])).happens(&["tariff-published"]);
    let by_volume = tiers(Measure::VolumeOfYear, vec![step("0", "0.1")]);
    let per_unit = Fee { scope: Scope::Unit, ..commission(vec![by_volume]) };
    let named = PublishTariff { fees: vec![per_unit], ..version("2026-02-01") };
    tariff().when(named).refused("VolumePerUnit");
}

#[test]
fn what_a_fee_does_with_refunds_and_costs_makes_sense() {
    let fees = |fee| PublishTariff { fees: vec![fee], ..version("2026-02-01") };
    let commission = || commission(vec![rule("all", None, "0.08")]);
    let retained = |most: &str| {
        Some(Retained { percent: "0.2".parse().unwrap(), maximum: Some(amount(most)) })
    };
    for (fee, code) in [
        (
            Fee { on_refund: OnRefund::Kept, retained: retained("5"), ..commission() },
            "NothingToRetain",
        ),
        (Fee { retained: retained("0.001"), ..commission() }, "UnusableRetained"),
        (Fee { role: Role::PassThrough, ..commission() }, "NothingToPassOn"),
        (Fee { scope: Scope::Period, ..commission() }, "PeriodFeeOfSales"),
    ] {
        tariff().when(fees(fee)).refused(code);
    }
    tariff()
        .when(fees(Fee { retained: retained("5"), ..commission() }))
        .happens(&["tariff-published"]);
}

#[test]
fn a_tariff_refuses_in_27_ways() {
    assert_eq!(TariffRefusal::CODES.len(), 27);
}
