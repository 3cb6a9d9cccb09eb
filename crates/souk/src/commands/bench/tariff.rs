//! `souk bench tariff`: choosing the rule for an order line and computing its fee, on one core.

use std::time::Duration;

use souk_domain::rate::Rate;
use souk_domain::tariff::assess::{CompiledFee, Facts};
use souk_domain::tariff::events::{
    Base, BaseTax, Fee, FeeKind, FeeRule, Measure, OnRefund, Role, Rounding, Scope, Step, Stepping,
    TaxMode, Tiers, When,
};
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency};

use super::figures::{Aim, Figure};
use crate::cli::{BenchTariff, Format, Global};
use crate::demo::random::Random;
use crate::fail::{Exit, Failure};
use crate::measure::timed;
use crate::show::{self, Rows};

/// Categories at each of three levels: 6 + 36 + 216 paths, and further rules for gold merchants.
const WIDTH: u64 = 6;
/// What a line may cost, in nanoseconds.
const ALLOWED: u64 = 300;
/// Lines that are measured again and again.
const LINES: u64 = 4_096;

fn bug(what: impl ToString) -> Failure {
    Failure::new(Exit::Bug, "Bug", what.to_string())
}

/// Measures.
pub(super) fn run(global: &Global, of: &BenchTariff) -> Result<(), Failure> {
    let currency = Currency::from_code("CNY").map_err(bug)?;
    let fee = fee(of.rules)?;
    let compiled = CompiledFee::of(&fee, Some(currency)).map_err(bug)?;
    let mut random = Random::new(11);
    let lines: Vec<(String, i64)> =
        (0..LINES).map(|_| (path(&mut random, true), 1 + random.below(100_000) as i64)).collect();
    let rounds = of.lines.div_ceil(LINES).max(1);
    let mut sum = 0_i64;
    let mut failed = 0_u64;
    let ((), took) = timed(|| {
        for _ in 0..rounds {
            for (category, base) in &lines {
                let facts = Facts { category: Some(category), base: *base, units: 1, ..gold() };
                let rule = compiled.rule_for(std::hint::black_box(&facts));
                match rule.map(|rule| compiled.assess(rule, &facts, currency)) {
                    Some(Ok(of)) => sum = sum.wrapping_add(of.amount + of.tax),
                    Some(Err(_)) | None => failed += 1,
                }
            }
        }
    });
    std::hint::black_box(sum);
    if failed > 0 {
        return Err(bug(format!("{failed} lines were not assessed")));
    }
    let (bare, bare_took) = timed(|| bare(&lines, rounds));
    std::hint::black_box(bare);
    let nanos = |took: Duration| {
        u64::try_from(took.as_nanos() / u128::from(rounds * LINES)).unwrap_or(u64::MAX)
    };
    let name = format!("a fee of one order line, {} rules", fee.rules.len());
    let figures = vec![
        Figure::new(name.clone(), (nanos(took), "ns"), (ALLOWED, "ns allowed"), Aim::AtMost(100)),
        Figure::new(
            name,
            (nanos(took), "ns"),
            (nanos(bare_took), "ns, two percentages alone"),
            Aim::None,
        ),
    ];
    if global.format() == Format::Json {
        return show::json(global, &figures);
    }
    let (columns, numeric) = Figure::columns();
    let rows = figures.into_iter().map(Figure::cells).collect();
    show::rows(global, &Rows { columns, numeric, rows })
}

fn gold() -> Facts<'static> {
    Facts { tier: Some("gold"), region: Some("east"), method: Some("card"), ..Facts::default() }
}

/// A path of a category, or of what lies below one.
fn path(random: &mut Random, below: bool) -> String {
    let mut part = |name: &str| format!("{name}-{}", random.below(WIDTH));
    let path = format!("{}/{}/{}", part("department"), part("section"), part("shelf"));
    if below { format!("{path}/things") } else { path }
}

fn rule(name: String, category: Option<String>, millionths: u64) -> Result<FeeRule, Failure> {
    let rate: Rate = format!("0.{millionths:06}").parse().map_err(bug)?;
    Ok(FeeRule {
        rule: RuleId::new(&name).map_err(bug)?,
        category: category.map(String::into_boxed_str),
        when: When::default(),
        closed: false,
        percent: rate,
        parts: Vec::new(),
        tiers: None,
        minimum: Some(Amount::from(rust_decimal::Decimal::new(30, 2))),
        maximum: None,
        fixed: None,
    })
}

/// A fee with so many rules: for every category three levels deep, every third by steps, and more for gold merchants.
fn fee(rules: u32) -> Result<Fee, Failure> {
    let mut made = vec![rule("default".to_owned(), None, 50_000)?];
    let paths = (0..WIDTH).flat_map(|a| {
        let department = format!("department-{a}");
        let sections = (0..WIDTH).flat_map({
            let department = department.clone();
            move |b| {
                let section = format!("{department}/section-{b}");
                let shelves = (0..WIDTH).map({
                    let section = section.clone();
                    move |c| format!("{section}/shelf-{c}")
                });
                std::iter::once(section).chain(shelves).collect::<Vec<_>>()
            }
        });
        std::iter::once(department).chain(sections).collect::<Vec<_>>()
    });
    for (index, path) in (0..).zip(paths.collect::<Vec<_>>()) {
        let index: u64 = index;
        let mut of = rule(format!("r{index}"), Some(path.clone()), 10_000 + index * 100)?;
        if index.is_multiple_of(3) {
            of.tiers = Some(steps(of.percent));
            of.percent = Rate::ZERO;
        }
        made.push(of);
        if index.is_multiple_of(5) {
            let mut of = rule(format!("g{index}"), Some(path), 9_000 + index * 100)?;
            of.when.tier = Some("gold".into());
            made.push(of);
        }
    }
    // Further ones that no line meets.
    let more = u64::from(rules).saturating_sub(made.len() as u64);
    for index in 0..more {
        made.push(rule(format!("x{index}"), Some(format!("elsewhere/{index}")), 10_000)?);
    }
    made.truncate(rules as usize);
    Ok(Fee {
        kind: FeeKind::Commission,
        scope: Scope::Line,
        base: Base::ItemPrice,
        base_tax: BaseTax::Before,
        tax: "0.06".parse().map_err(bug)?,
        tax_mode: TaxMode::Exclusive,
        on_refund: OnRefund::Proportional,
        retained: None,
        rounding: Rounding::HalfUp,
        role: Role::Principal,
        rules: made,
    })
}

fn steps(percent: Rate) -> Tiers {
    let step =
        |above: i64| Step { above: Amount::from(rust_decimal::Decimal::from(above)), percent };
    Tiers {
        by: Measure::Price,
        stepping: Stepping::Marginal,
        steps: vec![step(0), step(10), step(500)],
    }
}

/// The least that any tariff must do: two percentages, each rounded half up.
fn bare(lines: &[(String, i64)], rounds: u64) -> i64 {
    let percent = |of: i64, millionths: i128| {
        ((2 * i128::from(of) * millionths + 1_000_000) / 2_000_000) as i64
    };
    let mut sum = 0_i64;
    for _ in 0..rounds {
        for (_, base) in lines {
            let fee = percent(std::hint::black_box(*base), 50_000);
            sum = sum.wrapping_add(fee + percent(fee, 60_000));
        }
    }
    sum
}
