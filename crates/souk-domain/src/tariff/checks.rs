//! What a fee must be to be published: every rule can be told apart, and every amount is one of the currency.

use rust_decimal::Decimal;
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency};

use super::decide::TariffRefusal;
use super::events::{Fee, FeeKind, FeeRule, Measure, OnRefund, Role, Scope, Tiers};
use crate::rate::Rate;

/// The fee with its amounts at the currency's scale, so that 10.5 and 10.50 are stored alike.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn checked(fee: &Fee, currency: Option<Currency>) -> Result<Fee, TariffRefusal> {
    let mut fee = fee.clone();
    whole(&mut fee, currency)?;
    for index in 0..fee.rules.len() {
        if let Some(fault) = of_rule(&mut fee, index, currency).next() {
            return Err(fault);
        }
    }
    Ok(fee)
}

/// Everything that is wrong with a fee, each with the rule it is wrong in: its place among the fee's rules.
pub fn faults(fee: &Fee, currency: Option<Currency>) -> Vec<(Option<usize>, TariffRefusal)> {
    let mut fee = fee.clone();
    let whole = whole(&mut fee, currency).err().map(|fault| (None, fault));
    let mut faults: Vec<_> = whole.into_iter().collect();
    for index in 0..fee.rules.len() {
        faults.extend(of_rule(&mut fee, index, currency).map(|fault| (Some(index), fault)));
    }
    faults
}

fn whole(fee: &mut Fee, currency: Option<Currency>) -> Result<(), TariffRefusal> {
    if fee.rules.is_empty() {
        return Err(TariffRefusal::NoRules(fee.kind));
    }
    if let Some(retained) = &mut fee.retained {
        if fee.on_refund == OnRefund::Kept {
            return Err(TariffRefusal::NothingToRetain(fee.kind));
        }
        if let Some(maximum) = &mut retained.maximum {
            let scaled = currency.and_then(|currency| maximum.at_scale(currency).ok());
            let scaled = scaled.filter(|amount| *amount >= Amount::ZERO);
            *maximum = scaled.ok_or(TariffRefusal::UnusableRetained(fee.kind))?;
        }
    }
    if fee.role == Role::PassThrough && fee.kind != FeeKind::PaymentFee {
        return Err(TariffRefusal::NothingToPassOn(fee.kind));
    }
    Ok(())
}

/// What is wrong with a rule: the first thing in each respect.
fn of_rule(
    fee: &mut Fee,
    index: usize,
    currency: Option<Currency>,
) -> impl Iterator<Item = TariffRefusal> + use<> {
    let (earlier, rest) = fee.rules.split_at_mut(index);
    let checks = rest.first_mut().map(|rule| {
        let (apart, place) = (apart(earlier, rule), place(fee.scope, rule));
        [apart, place, amounts(rule, currency), shares(fee.scope, rule)]
    });
    checks.into_iter().flatten().filter_map(Result::err)
}

/// Of two rules that can hold for one sale, one says more.
fn apart(earlier: &[FeeRule], rule: &FeeRule) -> Result<(), TariffRefusal> {
    for other in earlier {
        if other.rule == rule.rule {
            return Err(TariffRefusal::RuleTwice(rule.rule));
        }
        let as_specific = other.category == rule.category
            && other.when.conditions() == rule.when.conditions()
            && other.when.overlaps(&rule.when);
        if as_specific {
            return Err(TariffRefusal::RulesCollide(other.rule, rule.rule));
        }
    }
    Ok(())
}

fn place(scope: Scope, rule: &FeeRule) -> Result<(), TariffRefusal> {
    let of_line = rule.category.is_some() || rule.when.fulfilment.is_some();
    if scope == Scope::Order && of_line {
        return Err(TariffRefusal::CategoryOnOrderFee(rule.rule));
    }
    // Nothing asks a rule of the whole order whether a line may be sold.
    if rule.closed && (scope == Scope::Order || scope == Scope::Period) {
        return Err(TariffRefusal::ClosedWithoutLines(rule.rule));
    }
    match &rule.category {
        Some(path) if path.split('/').any(|part| part.trim().is_empty()) => {
            Err(TariffRefusal::NotACategory(rule.rule, path.clone()))
        }
        Some(_) | None => Ok(()),
    }
}

fn amounts(rule: &mut FeeRule, currency: Option<Currency>) -> Result<(), TariffRefusal> {
    let name = rule.rule;
    let FeeRule { minimum, maximum, fixed, tiers, .. } = rule;
    let steps = tiers.iter_mut().flat_map(|of| &mut of.steps).map(|step| &mut step.above);
    for amount in [&mut *minimum, &mut *maximum, fixed].into_iter().flatten().chain(steps) {
        if currency.is_none() && amount.is_zero() {
            continue;
        }
        let currency = currency.ok_or(TariffRefusal::CurrencyNeeded(name))?;
        let scaled = amount.at_scale(currency).ok().filter(|amount| *amount >= Amount::ZERO);
        *amount = scaled.ok_or(TariffRefusal::UnusableAmount(name))?;
    }
    match (*minimum, *maximum) {
        (Some(least), Some(most)) if least > most => {
            Err(TariffRefusal::LeastAboveMost(name, least, most))
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

fn shares(scope: Scope, rule: &FeeRule) -> Result<(), TariffRefusal> {
    let name = rule.rule;
    let takes_a_share =
        rule.percent != Rate::ZERO || rule.tiers.is_some() || rule.minimum.is_some();
    if rule.closed && (takes_a_share || rule.maximum.is_some() || rule.fixed.is_some()) {
        return Err(TariffRefusal::ClosedRuleCharges(name));
    }
    if scope == Scope::Period && (takes_a_share || rule.maximum.is_some()) {
        return Err(TariffRefusal::PeriodFeeOfSales(name));
    }
    if let Some(tiers) = &rule.tiers {
        if rule.percent != Rate::ZERO || !rule.parts.is_empty() {
            return Err(TariffRefusal::PercentAndSteps(name));
        }
        steps(name, tiers)?;
        if scope == Scope::Unit && tiers.by != Measure::Price {
            return Err(TariffRefusal::VolumePerUnit(name));
        }
    }
    parts(rule)
}

fn steps(rule: RuleId, tiers: &Tiers) -> Result<(), TariffRefusal> {
    let Some(first) = tiers.steps.first() else { return Err(TariffRefusal::NoSteps(rule)) };
    if !first.above.is_zero() {
        return Err(TariffRefusal::FirstStepNotAtZero(rule, first.above));
    }
    let falls = tiers.steps.windows(2).find(|pair| pair[0].above >= pair[1].above);
    falls.map_or(Ok(()), |pair| Err(TariffRefusal::StepsNotRising(rule, pair[1].above)))
}

fn parts(rule: &FeeRule) -> Result<(), TariffRefusal> {
    if rule.parts.is_empty() {
        return Ok(());
    }
    for (index, part) in rule.parts.iter().enumerate() {
        if rule.parts[..index].iter().any(|other| other.name == part.name) {
            return Err(TariffRefusal::PartTwice(rule.rule, part.name));
        }
    }
    let sum: Decimal = rule.parts.iter().map(|part| part.percent.decimal()).sum();
    if sum == rule.percent.decimal() {
        return Ok(());
    }
    Err(TariffRefusal::PartsDiffer(rule.rule, sum, rule.percent))
}
