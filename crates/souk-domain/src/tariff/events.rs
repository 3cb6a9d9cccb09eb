//! What can happen to a tariff.
//!
//! This issue of Souk knows percentages by category, fixed amounts and minimums. The seams for the
//! rest: a new [`Base`], a new field of [`FeeRule`] with a default, a new [`FeeKind`]; the compiler
//! points at every place.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency};

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
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Commission.
    Commission,
    /// A fee per order for the use of the platform.
    OrderFee,
    /// What the merchant bears for the payment channel.
    PaymentFee,
}

/// What a fee is assessed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Each line of the order.
    Line,
    /// All lines of the merchant in the order, as one.
    Order,
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

/// What a refund gives back of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnRefund {
    /// In proportion to the cumulative refund.
    Proportional,
    /// Nothing.
    Kept,
}

/// A rule of a fee: `max(percent × base, minimum) + fixed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// The rule's name within the version.
    pub rule: RuleId,
    /// Category path it holds for, with everything below; absent: every category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Box<str>>,
    /// The percentage, as a fraction.
    #[serde(default, skip_serializing_if = "is_zero_rate")]
    pub percent: Rate,
    /// The least that the percentage gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Amount>,
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
    /// Tax on top of the fee.
    #[serde(default, skip_serializing_if = "is_zero_rate")]
    pub tax: Rate,
    /// What a refund gives back.
    pub on_refund: OnRefund,
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

event_table! {
    /// Everything that can happen to a tariff.
    pub enum TariffEvent<'a> {
        /// Published.
        Published(TariffPublished<'a>) = TariffPublished v 2,
    }
}
