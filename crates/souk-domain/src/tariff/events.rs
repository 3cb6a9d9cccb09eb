//! What can happen to a tariff.
//!
//! Version 1 knew percentages by category, fixed amounts and minimums; version 2 adds steps, composites, conditions,
//! rounding, tax within the fee, what refunds retain and in whose name a fee is taken; version 3 whether tax collected from
//! the buyer is in a base. What is absent means what it meant in version 1.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency};

use super::freight::FreightTablePublished;
use crate::rate::Rate;

/// Which date of an order chooses the version in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// The date on which it was placed.
    OrderDate,
    /// The business date of its completion.
    CompletionDate,
}

/// What a fee is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Commission.
    Commission,
    /// A fee per order for the use of the platform.
    OrderFee,
    /// What the merchant bears for the payment channel.
    PaymentFee,
    /// For the platform's software.
    TechnicalService,
    /// For showing what is sold.
    ListingFee,
}

/// As it is written: `order_fee`.
impl fmt::Display for FeeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Commission => "commission",
            Self::OrderFee => "order_fee",
            Self::PaymentFee => "payment_fee",
            Self::TechnicalService => "technical_service",
            Self::ListingFee => "listing_fee",
        })
    }
}

/// The list grows; a published schema never changes. So the schema says the form of a kind, not the list.
impl JsonSchema for FeeKind {
    fn schema_name() -> Cow<'static, str> {
        "FeeKind".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[a-z_]+$",
            "description": "what a fee is: commission, order_fee, payment_fee, technical_service, listing_fee"})
    }
}

/// What a fee is assessed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Each line of the order.
    Line,
    /// Each line of the order; steps, least, most and fixed amounts are per unit of it.
    Unit,
    /// All lines of the merchant in the order, as one.
    Order,
    /// Each period (a year, a month): never charged on an order, but a price that is published.
    Period,
}

/// The amount that a percentage is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Goods at list price.
    ItemPrice,
    /// Goods after the merchant's own discount.
    ItemPriceLessDiscount,
    /// Goods after the merchant's own discount, and shipping.
    ItemsAndShipping,
    /// What the buyer paid for goods and shipping.
    Paid,
}

/// Whether tax that the platform collects from the buyer is in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaseTax {
    /// It is not.
    #[default]
    Before,
    /// It is: that on the goods, and where shipping is in the base, that on the shipping.
    After,
}

/// What a refund gives back of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnRefund {
    /// In proportion to the cumulative refund.
    Proportional,
    /// Nothing.
    Kept,
    /// What the same rule would not have charged on what is left.
    ReRated,
}

/// A fee for handling refunds, retained from what a refund gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retained {
    /// Of what would be given back in all.
    pub percent: Rate,
    /// The most that is retained of one charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Amount>,
}

/// How the share of a base becomes an amount of the currency: who owns what is less than a cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the nearest, half a cent up.
    #[default]
    HalfUp,
    /// To the nearest, half a cent to the even one.
    HalfEven,
    /// Up: the platform owns the remainder.
    Up,
    /// Down: the merchant owns the remainder.
    Down,
}

/// Whether the tax on a fee comes on top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TaxMode {
    /// On top of what the rules give.
    #[default]
    Exclusive,
    /// Within what the rules give.
    Inclusive,
}

/// In whose name the platform takes a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its own: all of it is revenue.
    #[default]
    Principal,
    /// A supplier's, to whom this part of it is owed; the rest is revenue.
    Agent {
        /// The supplier's part.
        supplier: Rate,
    },
    /// It only passes a cost on: the cost is less, and nothing is revenue.
    PassThrough,
}

fn is_default<T: Default + PartialEq>(of: &T) -> bool {
    *of == T::default()
}

/// When a rule holds; what is absent does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Tier of the merchant, as its terms say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Box<str>>,
    /// Kind of business of the merchant, as its terms say: `personal`, `enterprise`, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<Box<str>>,
    /// Region of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Box<str>>,
    /// How the order was paid: of several payments, the largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Box<str>>,
    /// Who ships the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfilment: Option<Box<str>>,
}

/// A named part of a composite percentage: `8 % + 2 %`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PercentPart {
    /// What it is for.
    pub name: RuleId,
    /// The percentage, as a fraction.
    pub percent: Rate,
}

/// What the steps of a rule are measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The amount that the percentage is of; per unit, where the fee is.
    Price,
    /// The merchant's volume, as last recorded for this window.
    VolumeOfMonth,
    /// The same, for a quarter.
    VolumeOfQuarter,
    /// The same, for a year.
    VolumeOfYear,
}

/// How steps work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stepping {
    /// The step that is reached holds for everything.
    Slab,
    /// Each step holds for what lies within it.
    Marginal,
}

/// A step: a percentage above an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Reached by more than this; the first step is above 0 and holds for 0 too.
    pub above: Amount,
    /// The percentage, as a fraction.
    pub percent: Rate,
}

/// Percentages by steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Of what.
    pub by: Measure,
    /// How.
    pub stepping: Stepping,
    /// The steps, lowest first.
    pub steps: Vec<Step>,
}

/// A rule of a fee: `min(max(share, minimum), maximum) + fixed`, where the share is the percentage of the base, or what
/// the steps give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// The rule's name within the version.
    pub rule: RuleId,
    /// Category path it holds for, with everything below; absent: every category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Box<str>>,
    /// Further conditions; of rules for one category, the one with most conditions met wins.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: When,
    /// Nothing may be sold under this rule: the category is not open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// The percentage, as a fraction; of a composite, the sum of its parts.
    #[serde(default, skip_serializing_if = "is_zero_rate")]
    pub percent: Rate,
    /// The parts of a composite percentage; the amount is split over them by largest remainder, the earlier first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PercentPart>,
    /// Percentages by steps, instead of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// The least that the percentage gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Amount>,
    /// The most that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Amount>,
    /// Added to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Amount>,
}

fn is_zero_rate(rate: &Rate) -> bool {
    *rate == Rate::ZERO
}

/// A fee and its rules; the most specific category wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// What it is.
    pub kind: FeeKind,
    /// Per line or per order.
    pub scope: Scope,
    /// Of what the percentage is.
    pub base: Base,
    /// Whether tax collected from the buyer is in it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub base_tax: BaseTax,
    /// Tax on the fee.
    #[serde(default, skip_serializing_if = "is_zero_rate")]
    pub tax: Rate,
    /// Whether the tax comes on top.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tax_mode: TaxMode,
    /// What a refund gives back.
    pub on_refund: OnRefund,
    /// What is retained of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retained: Option<Retained>,
    /// How shares are rounded.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rounding: Rounding,
    /// In whose name it is taken.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// The rules.
    pub rules: Vec<FeeRule>,
}

/// A version of a tariff was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TariffPublished<'a> {
    /// Number of the version, from 1.
    pub version: u32,
    /// Announced to merchants.
    pub announced_on: Date,
    /// In force from this day.
    pub effective_on: Date,
    /// Which date of an order chooses the version.
    pub chosen_by: ChosenBy,
    /// Currency of minimums and fixed amounts; the version holds for orders in it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Where the figures come from.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Cow<'a, str>>,
    /// The fees.
    pub fees: Vec<Fee>,
}

/// A part of a version that is too large for one record: the version itself follows with the last fees and rules, in the
/// same append, and holds with all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TariffPartPublished {
    /// Number of the version that follows.
    pub version: u32,
    /// Number of the part, from 1.
    pub part: u32,
    /// How many parts stand before the version.
    pub of: u32,
    /// Fees; one that a later part or the version has too goes on there with more rules.
    pub fees: Vec<Fee>,
}

event_table! {
    /// Everything that can happen to a tariff.
    pub enum TariffEvent<'a> {
        /// Published.
        Published(TariffPublished<'a>) = TariffPublished v 3,
        /// A part of the version that follows.
        PartPublished(TariffPartPublished) = TariffPartPublished v 2,
        /// A freight table of the version that follows.
        FreightTablePublished(FreightTablePublished) = FreightTablePublished v 1,
    }
}
