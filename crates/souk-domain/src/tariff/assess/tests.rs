//! The arithmetic of a fee.

use souk_journal::money::Currency;

use crate::given::{amount, fee, rule};
use crate::tariff::assess::{Assessed, assess, rule_for};
use crate::tariff::events::{Fee, FeeKind, FeeRule};

fn assessed(rule: FeeRule, base: i64) -> (i64, i64) {
    let fee = fee(FeeKind::Commission, vec![rule]);
    let currency = Currency::from_code("CNY").unwrap();
    let Assessed { amount, tax } = assess(&fee, &fee.rules[0], base, currency).unwrap();
    (amount, tax)
}

fn by_category() -> Fee {
    let rules = vec![
        rule("all", None, "0.08"),
        rule("fashion", Some("fashion"), "0.06"),
        rule("shoes", Some("fashion/shoes"), "0.05"),
    ];
    fee(FeeKind::Commission, rules)
}

fn rule_of(category: Option<&str>) -> String {
    rule_for(&by_category(), category).unwrap().rule.to_string()
}

#[test]
fn the_deepest_category_wins() {
    assert_eq!(rule_of(Some("fashion/shoes/boots")), "shoes");
}

#[test]
fn a_category_covers_what_is_below_it() {
    assert_eq!(rule_of(Some("fashion/hats")), "fashion");
}

#[test]
fn a_category_does_not_cover_its_namesakes() {
    assert_eq!(rule_of(Some("fashionable")), "all");
}

#[test]
fn a_line_without_a_category_takes_the_default() {
    assert_eq!(rule_of(None), "all");
}

#[test]
fn without_a_default_an_unknown_category_is_not_open() {
    let fee = fee(FeeKind::Commission, vec![rule("books", Some("books"), "0.05")]);
    assert_eq!(rule_for(&fee, Some("toys")), None);
}

#[test]
fn a_share_and_its_tax_are_each_rounded_half_up() {
    assert_eq!(assessed(rule("all", None, "0.05"), 990), (50, 3));
}

#[test]
fn the_minimum_holds_when_the_share_is_less() {
    let minimum = FeeRule { minimum: Some(amount("2.00")), ..rule("all", None, "0.08") };
    assert_eq!(assessed(minimum, 1000), (200, 12));
}

#[test]
fn the_minimum_is_silent_when_the_share_is_more() {
    let minimum = FeeRule { minimum: Some(amount("2.00")), ..rule("all", None, "0.08") };
    assert_eq!(assessed(minimum, 10_000), (800, 48));
}

#[test]
fn the_fixed_amount_comes_on_top_of_the_minimum() {
    let both = FeeRule {
        minimum: Some(amount("2.00")),
        fixed: Some(amount("0.50")),
        ..rule("all", None, "0.08")
    };
    assert_eq!(assessed(both, 1000), (250, 15));
}

#[test]
fn a_fee_beyond_a_posting_is_an_error() {
    let huge = Some(amount("92233720368547758.07"));
    let rule = FeeRule { minimum: huge, fixed: huge, ..rule("all", None, "0") };
    let fee = fee(FeeKind::Commission, vec![rule]);
    let currency = Currency::from_code("CNY").unwrap();
    assert!(assess(&fee, &fee.rules[0], 100, currency).is_err());
}
