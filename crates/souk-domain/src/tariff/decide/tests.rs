//! When a version of a tariff is published.

use souk_journal::ids::TariffId;

use crate::given::{Given, amount, fee, given, rule};
use crate::tariff::commands::PublishTariff;
use crate::tariff::decide::{Tariff, TariffRefusal};
use crate::tariff::events::{ChosenBy, Fee, FeeKind, FeeRule, Scope};

fn tariff() -> Given<'static, Tariff> {
    given::<Tariff>(())
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
    tariff().when(with(rules)).refused("RuleTwice");
}

#[test]
fn a_fee_on_the_whole_order_knows_no_category() {
    let rules = vec![rule("a", Some("books"), "0.08")];
    let order_fee = Fee { scope: Scope::Order, ..fee(FeeKind::OrderFee, rules) };
    let named = PublishTariff { fees: vec![order_fee], ..version("2026-02-01") };
    tariff().when(named).refused("CategoryOnOrderFee");
}

#[test]
fn a_fee_has_rules() {
    tariff().when(with(vec![])).refused("NoRules");
}

#[test]
fn a_tariff_refuses_in_9_ways() {
    assert_eq!(TariffRefusal::CODES.len(), 9);
}
