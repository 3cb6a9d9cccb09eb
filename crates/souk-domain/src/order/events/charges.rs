//! Fees of an order: what was charged, with every fact it was computed from, and what refunds gave back of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId, RefundId, RuleId, TariffId};
use souk_journal::money::{Amount, Currency};

use super::{is_one, one};
use crate::rate::Rate;
use crate::segment::Segment;
use crate::tariff::events::{
    Base, BaseTax, FeeKind, OnRefund, Retained, Role, Rounding, Scope, TaxMode, Tiers,
};
use crate::tariff::returns::RuleFacts;

/// A fee on one line, or on the merchant's whole part: rule, inputs and result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargedLine<'a> {
    /// The line; absent when the fee is on the merchant's whole part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// The rule.
    pub rule: RuleId,
    /// The amount that the percentage is of.
    pub base: Amount,
    /// The percentage.
    pub percent: Rate,
    /// The parts of a composite percentage, with what each gives of the fee.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ChargedPart>,
    /// The steps, where the percentage goes by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// The merchant's volume that they were measured by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<Amount>,
    /// How many units steps, least, most and fixed amounts were taken for.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub units: u32,
    /// The least that the percentage gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Amount>,
    /// The most that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Amount>,
    /// Added to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Amount>,
    /// The fee, without tax.
    pub amount: Amount,
    /// Tax on it.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// Of the fee, what is owed to a supplier in whose name it is taken.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub supplier: Amount,
}

/// What a part of a composite percentage gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargedPart {
    /// What it is for.
    pub name: RuleId,
    /// The percentage.
    pub percent: Rate,
    /// Of the fee.
    pub amount: Amount,
}

fn is_default<T: Default + PartialEq>(of: &T) -> bool {
    *of == T::default()
}

/// A fee was charged to a merchant; commission has its own event type with the same facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeCharged<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// What it is.
    pub fee: FeeKind,
    /// Currency.
    pub currency: Currency,
    /// Due with its sale.
    pub due_on: Date,
    /// The tariff.
    pub tariff: TariffId,
    /// Its version.
    pub version: u32,
    /// Per line or per order.
    pub scope: Scope,
    /// What the percentage is of.
    pub base: Base,
    /// Whether tax collected from the buyer is in it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub base_tax: BaseTax,
    /// What a refund gives back.
    pub on_refund: OnRefund,
    /// What is retained of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retained: Option<Retained>,
    /// The rate of the tax; version 1 did not record it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tax_rate: Rate,
    /// Whether the tax came on top.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tax_mode: TaxMode,
    /// How shares were rounded.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rounding: Rounding,
    /// In whose name it is taken.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// Region of the order and tier of the merchant, as they were.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<ChargedLine<'a>>,
}

/// A part of a charged line that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnedLine<'a> {
    /// The line; absent when the fee is on the merchant's whole part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// The rule of the charge.
    pub rule: RuleId,
    /// What came back.
    pub amount: Amount,
    /// Tax that came back.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// Of it, what the supplier gave back.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub supplier: Amount,
}

/// A part of a fee came back with a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeReturned<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// Due with the refund.
    pub due_on: Date,
    /// The tariff of the charge.
    pub tariff: TariffId,
    /// Its version.
    pub version: u32,
    /// In whose name it was taken.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    /// That of the charge.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<ReturnedLine<'a>>,
}

impl<'a> FeeCharged<'a> {
    /// The rule of a line as it was recorded, to charge by it again.
    pub fn rule_of<'l>(&self, line: &'l ChargedLine<'a>) -> RuleFacts<'l> {
        RuleFacts {
            rule: line.rule,
            percent: line.percent,
            tiers: line.tiers.as_ref(),
            volume: line.volume,
            minimum: line.minimum,
            maximum: line.maximum,
            fixed: line.fixed,
            base: line.base,
            units: line.units,
            tax_rate: self.tax_rate,
            tax_mode: self.tax_mode,
            rounding: self.rounding,
            role: self.role,
        }
    }
}
