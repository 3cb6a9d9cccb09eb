//! Claims for the freight of returns, and what suppliers are paid of an order's fees.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::{Id, MerchantId, PaymentId, RefundId};
use souk_journal::money::{Amount, Currency};

/// Who bears a claim, and who pays the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cover {
    /// The insurer bears it; the platform pays the buyer first.
    Insurer {
        /// The insurer, as an opaque id.
        supplier: Id,
    },
    /// The insurer bears it and pays the buyer itself.
    InsurerDirectly {
        /// The insurer, as an opaque id.
        supplier: Id,
    },
    /// The platform bears it, by a guarantee of its own.
    Guarantee,
}

/// A claim was paid: the buyer gets the freight of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimPaid {
    /// The claim, unique among the order's refunds.
    pub claim: RefundId,
    /// Whose goods were returned.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Who bears it.
    pub cover: Cover,
    /// The payment through which the buyer gets it; absent when the insurer pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentId>,
    /// Whether it goes back as buyer credit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voucher: bool,
}

/// The insurer paid the platform for a claim, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCollected<'a> {
    /// The claim.
    pub claim: RefundId,
    /// The insurer.
    pub supplier: Id,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// A supplier was paid what fees of the order, taken in its name, had left for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierPartRemitted<'a> {
    /// The merchant that bore the fees.
    pub merchant: MerchantId,
    /// The supplier, as an opaque id.
    pub supplier: Id,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}
