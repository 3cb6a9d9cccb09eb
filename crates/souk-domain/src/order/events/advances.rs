//! Refunds that the platform pays ahead, and who bears them in the end.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::{LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use super::{MerchantConversion, RefundTarget, RefundedLine};

/// A line of which the platform paid something ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvancedLine {
    /// The line.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Of the goods.
    pub principal: Amount,
    /// Of the shipping.
    pub shipping: Amount,
}

/// The platform paid the buyer ahead, out of its own money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundAdvanced<'a> {
    /// The advance, unique among the order's refunds.
    pub advance: RefundId,
    /// Currency.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<AdvancedLine>,
    /// Where the money goes.
    pub to: Vec<RefundTarget>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// An advance, or a part of it, was recovered from the merchants of its lines: it is their refund now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceRecovered<'a> {
    /// The advance.
    pub advance: RefundId,
    /// Currency.
    pub currency: Currency,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<RefundedLine<'a>>,
    /// How the sales of these merchants had been converted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversions: Vec<MerchantConversion>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// The platform bears what was left of an advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceBorne<'a> {
    /// The advance.
    pub advance: RefundId,
    /// Currency.
    pub currency: Currency,
    /// The lines, with what was left of each.
    pub lines: Vec<AdvancedLine>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}
