//! Taxes of an order: what the platform collects from the buyer for a jurisdiction, what it withholds from the merchant,
//! and what refunds give back of either.
//!
//! Collected tax is never the merchant's: a line's price and shipping are without it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{JurisdictionId, LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use super::{RefundTarget, RefundedDifference};
use crate::rate::Rate;
use crate::tariff::events::{Base, TaxMode};

/// Tax on a line that the platform collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessedTax {
    /// The line.
    pub line: LineId,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// Its rate on the goods; absent when amounts were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Its rate on the shipping, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_rate: Option<Rate>,
    /// Whether it was within the price that was asked; then it has been taken out of the line's price.
    #[serde(default, skip_serializing_if = "is_exclusive")]
    pub mode: TaxMode,
    /// On the goods.
    pub goods: Amount,
    /// On the shipping.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub shipping: Amount,
}

fn is_exclusive(mode: &TaxMode) -> bool {
    *mode == TaxMode::Exclusive
}

/// The tax was assessed that the buyer pays with the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxAssessed {
    /// Currency.
    pub currency: Currency,
    /// By line and jurisdiction.
    pub lines: Vec<AssessedTax>,
}

/// Collected tax of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectedTax {
    /// The line.
    pub line: LineId,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// On the goods.
    pub goods: Amount,
    /// On the shipping.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub shipping: Amount,
}

/// A merchant completed its part: the tax on it left escrow, and is owed to its jurisdictions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxCollected {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// What refunds before completion left.
    pub lines: Vec<CollectedTax>,
}

/// Tax of a line that went back to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundedTax {
    /// The line.
    pub line: LineId,
    /// Who sold it.
    pub merchant: MerchantId,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// Whether it had left escrow.
    pub collected: bool,
    /// On the goods.
    pub goods: Amount,
    /// On the shipping.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub shipping: Amount,
}

/// A refund took tax back with it, in proportion to the cumulative refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRefunded {
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// By line and jurisdiction.
    pub lines: Vec<RefundedTax>,
    /// Of the difference, what is more than the goods and shipping bear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<RefundedDifference>,
    /// Where the money goes, beside what the refund itself names.
    pub to: Vec<RefundTarget>,
}

/// Tax was withheld from a merchant's sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxWithheld {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// Due with its sale.
    pub due_on: Date,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// The rate.
    pub rate: Rate,
    /// What the rate is of.
    pub of: Base,
    /// How much that was, without tax collected from the buyer.
    pub base: Amount,
    /// What was withheld.
    pub amount: Amount,
}

/// A refund gave withheld tax back, in proportion to the cumulative refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithholdingReturned {
    /// The merchant.
    pub merchant: MerchantId,
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// Due with the refund.
    pub due_on: Date,
    /// Whom it was owed to.
    pub jurisdiction: JurisdictionId,
    /// What came back.
    pub amount: Amount,
}
