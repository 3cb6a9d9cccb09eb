//! Partners of an order, affiliates and influencers: who brought the sale at which share, what that came to when the sale
//! was completed, and what refunds gave back of it.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use crate::rate::Rate;
use crate::tariff::events::Base;

/// What a partner is to a sale.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PartnerKind {
    /// Brought the buyer by a link: 淘宝客.
    Affiliate,
    /// Showed the goods: 达人, 主播.
    Influencer,
}

/// Any kind of partner, in the schema of an event: a list of today's would make every new kind another version of it.
fn name_of_a_kind(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$", "description": "a kind of partner"})
}

/// Lines of an order were attributed to a partner, at the share that seller and partner have agreed for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAttributed {
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    #[schemars(schema_with = "name_of_a_kind")]
    pub kind: PartnerKind,
    /// The share of the sale that the seller pays.
    pub rate: Rate,
    /// What the share is of.
    pub base: Base,
    /// The platform's part of it, tax included.
    pub platform_share: Rate,
    /// The rate of the tax within the platform's part.
    pub tax_rate: Rate,
    /// The lines.
    pub lines: Vec<LineId>,
}

/// A partner's commission on a line: inputs and result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerLine<'a> {
    /// The line.
    pub line: LineId,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// What the share is of.
    pub base: Amount,
    /// What the seller bears.
    pub amount: Amount,
    /// Of it, what the partner earns.
    pub partner: Amount,
    /// Of it, what the platform earns, without tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub platform: Amount,
    /// Of it, the tax on the platform's part.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
}

/// A partner's commission was charged to the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerCommissionCharged<'a> {
    /// The seller.
    pub merchant: MerchantId,
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    #[schemars(schema_with = "name_of_a_kind")]
    pub kind: PartnerKind,
    /// Currency.
    pub currency: Currency,
    /// Due with its sale, for both.
    pub due_on: Date,
    /// The agreed share.
    pub rate: Rate,
    /// What it is of.
    pub base: Base,
    /// The platform's part of it.
    pub platform_share: Rate,
    /// The rate of the tax within the platform's part.
    pub tax_rate: Rate,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<PartnerLine<'a>>,
}

/// A part of a partner's commission on a line that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerLineReturned<'a> {
    /// The line.
    pub line: LineId,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// What the seller gets back.
    pub amount: Amount,
    /// Of it, what the partner gives back.
    pub partner: Amount,
    /// Of it, what the platform gives back, without tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub platform: Amount,
    /// Of it, tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
}

/// A part of a partner's commission went back with a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerCommissionReturned<'a> {
    /// The seller.
    pub merchant: MerchantId,
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    #[schemars(schema_with = "name_of_a_kind")]
    pub kind: PartnerKind,
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// Due with the refund, for both.
    pub due_on: Date,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<PartnerLineReturned<'a>>,
}
