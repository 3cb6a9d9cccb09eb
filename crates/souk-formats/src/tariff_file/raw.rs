//! The form of a tariff file, and the fees made of it. Percentages are texts here, so that each is refused at its place.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use souk_domain::rate::Rate;
use souk_domain::tariff::events::{
    Base, BaseTax, ChosenBy, Fee, FeeKind, FeeRule, Measure, OnRefund, PercentPart, Retained, Role,
    Rounding, Scope, Step, Stepping, TaxMode, Tiers, When,
};
use souk_journal::dates::Date;
use souk_journal::ids::{RuleId, TariffId};
use souk_journal::money::Amount;
use toml::Spanned;

use super::deposits::RawDeposit;
use super::freight::RawFreight;
use super::places::{FeePlaces, RulePlaces};
use super::rates::{Percent, Written};
use super::role::RawRole;
use super::terms::{Channel, Terms, percent};

/// A tariff file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A tariff file of Souk")]
pub(super) struct Raw {
    /// The tariff's name.
    pub(super) tariff: TariffId,
    /// The day on which merchants hear of it.
    pub(super) announced_on: Date,
    /// The first day on which it holds.
    #[schemars(with = "Date")]
    pub(super) effective_on: Spanned<Date>,
    /// Which date of an order chooses the version.
    #[serde(default = "completion_date")]
    pub(super) chosen_by: ChosenBy,
    /// ISO 4217 code of every amount; the version holds for orders in it alone.
    #[schemars(with = "Option<String>")]
    pub(super) currency: Option<Spanned<String>>,
    /// Where the figures come from.
    pub(super) source: Option<String>,
    /// Terms for merchants enrolled with this file.
    pub(super) terms: Terms,
    /// What the payment channel takes.
    #[serde(default)]
    pub(super) channel: Channel,
    /// The fees.
    #[schemars(with = "Vec<RawFee>")]
    pub(super) fees: Vec<Spanned<RawFee>>,
    /// Deposits by kind of merchant and what it sells; instead of `deposits` under `[terms]`.
    #[serde(default)]
    #[schemars(with = "Vec<RawDeposit>")]
    pub(super) deposits: Vec<Spanned<RawDeposit>>,
    /// Freight by zone and weight.
    #[serde(default)]
    #[schemars(with = "Vec<RawFreight>")]
    pub(super) freight: Vec<Spanned<RawFreight>>,
}

fn completion_date() -> ChosenBy {
    ChosenBy::CompletionDate
}

/// A fee.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFee {
    /// What it is.
    #[schemars(with = "FeeKind")]
    kind: Spanned<FeeKind>,
    /// What it is assessed on.
    scope: Scope,
    /// Of what the percentage is.
    #[serde(default = "item_price")]
    base: Base,
    /// Whether tax that the platform collects from the buyer is in the base: `before` it or `after` it.
    #[serde(default)]
    base_tax: BaseTax,
    /// Tax on the fee.
    #[serde(default, deserialize_with = "percent")]
    #[schemars(with = "String")]
    tax: Rate,
    /// Whether the tax comes on top.
    #[serde(default)]
    tax_mode: TaxMode,
    /// What a refund gives back.
    on_refund: OnRefund,
    /// What is retained of that.
    #[serde(default)]
    #[schemars(with = "Option<RawRetained>")]
    retained: Option<Spanned<RawRetained>>,
    /// How shares are rounded.
    #[serde(default)]
    rounding: Rounding,
    /// In whose name it is taken.
    #[schemars(with = "Option<RawRole>")]
    role: Option<Spanned<RawRole>>,
    /// The percentage where no category holds: `8 %`, `0.08`, `6 % + 2 %` or `closed`.
    #[schemars(with = "Option<String>")]
    default: Option<Spanned<Written>>,
    /// Percentages by category path.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    categories: BTreeMap<String, Spanned<Written>>,
    /// Rules that say more.
    #[serde(default)]
    #[schemars(with = "Vec<RawRule>")]
    rules: Vec<Spanned<RawRule>>,
}

fn item_price() -> Base {
    Base::ItemPrice
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawRetained {
    /// Of what would be given back.
    #[serde(deserialize_with = "percent")]
    #[schemars(with = "String")]
    percent: Rate,
    /// The most that is retained of one charge.
    maximum: Option<Amount>,
}

/// A rule of a fee.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    /// Its name, unique in the fee.
    #[schemars(with = "RuleId")]
    rule: Spanned<RuleId>,
    /// Category path it holds for, with everything below.
    #[schemars(with = "Option<Box<str>>")]
    category: Option<Spanned<Box<str>>>,
    /// Further conditions.
    #[schemars(with = "Option<When>")]
    when: Option<Spanned<When>>,
    /// Nothing may be sold under it.
    #[schemars(with = "Option<bool>")]
    closed: Option<Spanned<bool>>,
    /// The percentage: `8 %`, `0.08`, or the sum `6 % + 2 %`.
    #[schemars(with = "Option<String>")]
    percent: Option<Spanned<Written>>,
    /// The parts of a composite, with names.
    #[serde(default)]
    #[schemars(with = "Vec<RawPart>")]
    parts: Vec<Spanned<RawPart>>,
    /// Percentages by steps.
    #[schemars(with = "Option<RawTiers>")]
    tiers: Option<Spanned<RawTiers>>,
    /// The least that the percentage gives.
    #[schemars(with = "Option<Amount>")]
    minimum: Option<Spanned<Amount>>,
    /// The most that it gives.
    #[schemars(with = "Option<Amount>")]
    maximum: Option<Spanned<Amount>>,
    /// Added to it.
    #[schemars(with = "Option<Amount>")]
    fixed: Option<Spanned<Amount>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawPart {
    /// What it is for.
    name: RuleId,
    /// The percentage.
    #[serde(deserialize_with = "percent")]
    #[schemars(with = "String")]
    percent: Rate,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawTiers {
    /// What the steps are measured by.
    by: Measure,
    /// How they work.
    stepping: Stepping,
    /// The steps.
    #[schemars(with = "Vec<RawStep>")]
    steps: Vec<Spanned<RawStep>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawStep {
    /// Reached by more than this.
    above: Amount,
    /// The percentage.
    #[serde(deserialize_with = "percent")]
    #[schemars(with = "String")]
    percent: Rate,
}

/// A rule of one percentage.
fn plain(rule: RuleId, category: Option<Box<str>>) -> FeeRule {
    FeeRule {
        rule,
        category,
        when: When::default(),
        closed: false,
        percent: Rate::ZERO,
        parts: Vec::new(),
        tiers: None,
        minimum: None,
        maximum: None,
        fixed: None,
    }
}

/// Sets a percentage as it is written.
fn set(rule: &mut FeeRule, text: &str) -> Result<(), String> {
    match Percent::parse(text)? {
        Percent::One(rate) => rule.percent = rate,
        Percent::Closed => rule.closed = true,
        Percent::Sum(rates) => {
            let sum: Decimal = rates.iter().map(|rate| rate.decimal()).sum();
            rule.percent =
                Rate::try_from(sum).map_err(|_| format!("{text:?} is more than 100 %"))?;
            for (number, percent) in (1..).zip(rates) {
                let name: i32 = number;
                let name =
                    RuleId::new(&format!("part-{name}")).map_err(|error| error.to_string())?;
                rule.parts.push(PercentPart { name, percent });
            }
        }
    }
    Ok(())
}

/// A fee with its rules, and where each part of it stands. What is wrong with a percentage is said beside.
pub(super) fn read_fee(raw: Spanned<RawFee>, wrong: &mut Vec<(usize, String)>) -> (Fee, FeePlaces) {
    let whole = raw.span().start;
    let raw = raw.into_inner();
    let mut places = FeePlaces {
        whole,
        kind: raw.kind.span().start,
        retained: place(&raw.retained),
        role: place(&raw.role),
        ..FeePlaces::default()
    };
    let mut rules = Vec::new();
    for of in raw.rules {
        let (rule, at) = read_rule(of, wrong);
        rules.push(rule);
        places.rules.push(at);
    }
    for (category, percent) in raw.categories {
        let at = percent.span().start;
        // The rule of a category is named by it; a longer path than an id holds needs a rule.
        match RuleId::new(&category.replace('/', ".")) {
            Ok(name) => {
                let mut rule = plain(name, Some(category.into_boxed_str()));
                if let Err(what) = set(&mut rule, &percent.get_ref().0) {
                    wrong.push((at, what));
                }
                rules.push(rule);
                places.rules.push(RulePlaces::line(at));
            }
            Err(_) => {
                places.unread = true;
                wrong.push((
                    at,
                    format!("category {category:?} needs a rule of its own under [[fees.rules]], with a name of up to 40 letters, digits and . _ : -"),
                ));
            }
        }
    }
    if let Some(percent) = raw.default {
        let at = percent.span().start;
        if let Ok(name) = RuleId::new("default") {
            let mut rule = plain(name, None);
            if let Err(what) = set(&mut rule, &percent.get_ref().0) {
                wrong.push((at, what));
            }
            rules.push(rule);
            places.rules.push(RulePlaces::line(at));
        }
    }
    let retained = raw.retained.map(Spanned::into_inner);
    let fee = Fee {
        kind: raw.kind.into_inner(),
        scope: raw.scope,
        base: raw.base,
        base_tax: raw.base_tax,
        tax: raw.tax,
        tax_mode: raw.tax_mode,
        on_refund: raw.on_refund,
        retained: retained.map(|of| Retained { percent: of.percent, maximum: of.maximum }),
        rounding: raw.rounding,
        role: raw.role.map_or_else(Role::default, |of| of.into_inner().0),
        rules,
    };
    (fee, places)
}

fn place<T>(of: &Option<Spanned<T>>) -> Option<usize> {
    of.as_ref().map(|of| of.span().start)
}

/// Where the parts of a rule stand.
fn rule_places(raw: &RawRule, whole: usize) -> RulePlaces {
    let tiers = raw.tiers.as_ref().map(|of| &of.get_ref().steps[..]).unwrap_or_default();
    let amounts = [&raw.minimum, &raw.maximum, &raw.fixed].into_iter().flatten();
    let amounts = amounts.map(|of| (*of.get_ref(), of.span().start));
    let above = tiers.iter().map(|step| (step.get_ref().above, step.span().start));
    RulePlaces {
        whole,
        name: Some(raw.rule.span().start),
        category: place(&raw.category),
        when: place(&raw.when),
        closed: place(&raw.closed),
        percent: place(&raw.percent),
        tiers: place(&raw.tiers),
        steps: tiers.iter().map(|step| step.span().start).collect(),
        parts: raw.parts.iter().map(|part| part.span().start).collect(),
        minimum: place(&raw.minimum),
        maximum: place(&raw.maximum),
        amounts: amounts.chain(above).collect(),
    }
}

fn read_rule(raw: Spanned<RawRule>, wrong: &mut Vec<(usize, String)>) -> (FeeRule, RulePlaces) {
    let at = raw.span().start;
    let raw = raw.into_inner();
    let places = rule_places(&raw, at);
    let mut rule = plain(raw.rule.into_inner(), raw.category.map(Spanned::into_inner));
    if let Some(percent) = raw.percent
        && let Err(what) = set(&mut rule, &percent.get_ref().0)
    {
        wrong.push((percent.span().start, what));
    }
    if let Some(first) = raw.parts.first().map(|of| of.span().start) {
        let part = |of: RawPart| PercentPart { name: of.name, percent: of.percent };
        rule.parts = raw.parts.into_iter().map(|of| part(of.into_inner())).collect();
        if rule.percent == Rate::ZERO {
            let sum: Decimal = rule.parts.iter().map(|of| of.percent.decimal()).sum();
            match Rate::try_from(sum) {
                Ok(sum) => rule.percent = sum,
                Err(_) => {
                    rule.parts.clear();
                    wrong.push((
                        first,
                        format!("the parts of rule {} are more than 100 %", rule.rule),
                    ));
                }
            }
        }
    }
    rule.when = raw.when.map(Spanned::into_inner).unwrap_or_default();
    rule.closed |= raw.closed.is_some_and(Spanned::into_inner);
    let step = |of: RawStep| Step { above: of.above, percent: of.percent };
    rule.tiers = raw.tiers.map(Spanned::into_inner).map(|of| Tiers {
        by: of.by,
        stepping: of.stepping,
        steps: of.steps.into_iter().map(|of| step(of.into_inner())).collect(),
    });
    rule.minimum = raw.minimum.map(Spanned::into_inner);
    rule.maximum = raw.maximum.map(Spanned::into_inner);
    rule.fixed = raw.fixed.map(Spanned::into_inner);
    (rule, places)
}
