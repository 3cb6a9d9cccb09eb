//! The arithmetic of a fee.

use souk_journal::money::Currency;

use crate::given::{amount, fee, rule};
use crate::tariff::assess::{CompiledFee, Facts};
use crate::tariff::events::{
    Fee, FeeKind, FeeRule, Measure, Role, Rounding, Scope, Step, Stepping, TaxMode, Tiers, When,
};

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn charged(fee: &Fee, facts: &Facts<'_>) -> (i64, i64) {
    let compiled = CompiledFee::of(fee, Some(cny())).unwrap();
    let rule = compiled.rule_for(facts).unwrap();
    let assessed = compiled.assess(rule, facts, cny()).unwrap();
    (assessed.amount, assessed.tax)
}

fn of(base: i64) -> Facts<'static> {
    Facts { base, units: 1, ..Facts::default() }
}

fn assessed(rule: FeeRule, base: i64) -> (i64, i64) {
    charged(&fee(FeeKind::Commission, vec![rule]), &of(base))
}

/// Without tax, so that the fee stands alone.
fn untaxed(rule: FeeRule) -> Fee {
    Fee { tax: "0".parse().unwrap(), ..fee(FeeKind::Commission, vec![rule]) }
}

fn tiers(by: Measure, stepping: Stepping, steps: &[(&str, &str)]) -> FeeRule {
    let step = |(above, percent): &(&str, &str)| Step {
        above: amount(above),
        percent: percent.parse().unwrap(),
    };
    let steps = steps.iter().map(step).collect();
    FeeRule { tiers: Some(Tiers { by, stepping, steps }), ..rule("all", None, "0") }
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
    let compiled = CompiledFee::of(&by_category(), None).unwrap();
    compiled.rule_for(&Facts { category, ..of(0) }).unwrap().rule.to_string()
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
    let compiled = CompiledFee::of(&fee, None).unwrap();
    assert_eq!(compiled.rule_for(&Facts { category: Some("toys"), ..of(0) }), None);
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
    let compiled = CompiledFee::of(&fee(FeeKind::Commission, vec![rule]), Some(cny()));
    let beyond = compiled.and_then(|fee| {
        let rule = fee.rule_for(&of(100)).unwrap().clone();
        fee.assess(&rule, &of(100), cny())
    });
    assert!(beyond.is_err());
}

#[test]
fn the_most_holds_when_the_share_is_more() {
    let most = FeeRule { maximum: Some(amount("5.00")), ..rule("all", None, "0.08") };
    assert_eq!(assessed(most, 10_000), (500, 30));
}

#[test]
fn a_slab_holds_for_the_whole_amount_once_it_is_passed() {
    let fee = untaxed(tiers(Measure::Price, Stepping::Slab, &[("0", "0.08"), ("10", "0.15")]));
    assert_eq!(charged(&fee, &of(1_000)), (80, 0));
    assert_eq!(charged(&fee, &of(1_001)), (150, 0));
    assert_eq!(charged(&fee, &of(0)), (0, 0));
}

#[test]
fn a_marginal_step_holds_for_what_lies_within_it() {
    let steps = [("0", "0.1325"), ("7500", "0.0235")];
    let fee = untaxed(tiers(Measure::Price, Stepping::Marginal, &steps));
    assert_eq!(charged(&fee, &of(750_000)), (99_375, 0));
    // 993.75 + 2.35 % of 2,500
    assert_eq!(charged(&fee, &of(1_000_000)), (105_250, 0));
}

#[test]
fn steps_and_amounts_are_per_unit_where_the_fee_is() {
    let slab = tiers(Measure::Price, Stepping::Slab, &[("0", "0.08"), ("10", "0.15")]);
    let rule = FeeRule { minimum: Some(amount("0.30")), fixed: Some(amount("0.20")), ..slab };
    let fee = Fee { scope: Scope::Unit, ..untaxed(rule) };
    // Three at 10.00 each stay on the first step, 0.80 each; three at 2.00 take the least.
    assert_eq!(charged(&fee, &Facts { units: 3, ..of(3_000) }), (240 + 60, 0));
    assert_eq!(charged(&fee, &Facts { units: 3, ..of(600) }), (90 + 60, 0));
    assert_eq!(charged(&fee, &of(3_000)), (450 + 20, 0));
}

#[test]
fn the_volume_of_the_month_reaches_a_step() {
    let steps = [("0", "0.05"), ("10000", "0.03")];
    let facts = |month| Facts { volumes: [month, 0, 0], ..of(10_000) };
    let slab = untaxed(tiers(Measure::VolumeOfMonth, Stepping::Slab, &steps));
    assert_eq!(charged(&slab, &facts(1_000_000)), (500, 0));
    assert_eq!(charged(&slab, &facts(1_000_001)), (300, 0));
    // Half of the sale is still below 10,000.
    let marginal = untaxed(tiers(Measure::VolumeOfMonth, Stepping::Marginal, &steps));
    assert_eq!(charged(&marginal, &facts(995_000)), (250 + 150, 0));
}

#[test]
fn of_the_rules_for_a_category_the_one_with_most_conditions_met_wins() {
    let when = |tier: Option<&str>, region: Option<&str>| When {
        tier: tier.map(Into::into),
        region: region.map(Into::into),
        ..When::default()
    };
    let rules = vec![
        rule("all", Some("tea"), "0.05"),
        FeeRule { when: when(Some("gold"), None), ..rule("gold", Some("tea"), "0.04") },
        FeeRule { when: when(Some("gold"), Some("east")), ..rule("east", Some("tea"), "0.03") },
        rule("green", Some("tea/green"), "0.06"),
    ];
    let compiled = CompiledFee::of(&fee(FeeKind::Commission, rules), None).unwrap();
    let chosen = |category, tier, region| {
        let facts = Facts { category: Some(category), tier, region, ..of(100) };
        compiled.rule_for(&facts).unwrap().rule.to_string()
    };
    assert_eq!(chosen("tea", None, Some("east")), "all");
    assert_eq!(chosen("tea/black", Some("gold"), None), "gold");
    assert_eq!(chosen("tea", Some("gold"), Some("east")), "east");
    // The deeper category wins whatever else is met.
    assert_eq!(chosen("tea/green", Some("gold"), Some("east")), "green");
}

#[test]
fn who_owns_the_remainder_is_said_by_the_rounding() {
    let by = |rounding| Fee { rounding, ..untaxed(rule("all", None, "0.005")) };
    let of_900 = |rounding| charged(&by(rounding), &of(900)).0;
    assert_eq!(of_900(Rounding::HalfUp), 5);
    assert_eq!(of_900(Rounding::HalfEven), 4);
    assert_eq!(of_900(Rounding::Up), 5);
    assert_eq!(of_900(Rounding::Down), 4);
}

#[test]
fn tax_within_a_fee_leaves_it_as_it_is_for_the_merchant() {
    let within = Fee {
        tax_mode: TaxMode::Inclusive,
        ..fee(FeeKind::Commission, vec![rule("all", None, "0.05")])
    };
    // 5.00, of which 0.28 is tax.
    assert_eq!(charged(&within, &of(10_000)), (472, 28));
}

#[test]
fn a_millionth_is_not_lost() {
    let fee = untaxed(rule("all", None, "0.000001"));
    assert_eq!(charged(&fee, &of(100_000_000)), (100, 0));
}

#[test]
fn an_agents_tax_is_on_its_margin_alone() {
    // A premium of 1.20, of which 1.00 is the insurer's: tax is within the margin of 0.20, or on it.
    let premium = |tax_mode| Fee {
        tax_mode,
        role: Role::Agent { supplier: "0.833333".parse().unwrap() },
        ..fee(
            FeeKind::OrderFee,
            vec![FeeRule { fixed: Some(amount("1.20")), ..rule("all", None, "0") }],
        )
    };
    assert_eq!(charged(&premium(TaxMode::Inclusive), &of(10_000)), (119, 1));
    assert_eq!(charged(&premium(TaxMode::Exclusive), &of(10_000)), (120, 1));
}
