//! Invoices of the fees of an order, partners' commission included, and the red-letter invoices (红字发票) that reduce them: facts, no money.
//!
//! Once a fee is invoiced, the output tax on what comes back of it may only be reduced when a red-letter invoice is issued.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::{Amount, Currency};

use super::PartnerKind;
use crate::tariff::events::FeeKind;

/// What an order's invoice can be of, written as one word: `commission`, `affiliate_commission`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
pub enum Invoiceable {
    /// A fee of the tariff.
    Fee(FeeKind),
    /// The platform's part of what partners of a kind earned of the merchant's sale.
    Partners(PartnerKind),
}

impl Invoiceable {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Fee(FeeKind::Commission),
        Self::Fee(FeeKind::OrderFee),
        Self::Fee(FeeKind::PaymentFee),
        Self::Fee(FeeKind::TechnicalService),
        Self::Fee(FeeKind::ListingFee),
        Self::Partners(PartnerKind::Affiliate),
        Self::Partners(PartnerKind::Influencer),
    ];
}

impl From<FeeKind> for Invoiceable {
    fn from(of: FeeKind) -> Self {
        Self::Fee(of)
    }
}

impl From<PartnerKind> for Invoiceable {
    fn from(of: PartnerKind) -> Self {
        Self::Partners(of)
    }
}

/// As it is written.
impl fmt::Display for Invoiceable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fee(fee) => fee.fmt(f),
            Self::Partners(PartnerKind::Affiliate) => f.write_str("affiliate_commission"),
            Self::Partners(PartnerKind::Influencer) => f.write_str("influencer_commission"),
        }
    }
}

impl From<Invoiceable> for String {
    fn from(of: Invoiceable) -> Self {
        of.to_string()
    }
}

impl TryFrom<Cow<'_, str>> for Invoiceable {
    type Error = String;

    fn try_from(text: Cow<'_, str>) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|of| of.to_string() == text);
        named.ok_or_else(|| {
            let all = Self::ALL.map(|of| of.to_string()).join(", ");
            format!("no fee of an order is named {text:?}, but {all} are")
        })
    }
}

/// One of the words that the published schema of a fee says: its list grows, its form stays.
impl JsonSchema for Invoiceable {
    fn schema_name() -> Cow<'static, str> {
        FeeKind::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        FeeKind::json_schema(generator)
    }
}

/// A fee of an order stands on an invoice, less what had come back of it until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeInvoiced {
    /// To whom.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: Invoiceable,
    /// Number of the invoice, which may have fees of many orders.
    pub invoice: Id,
    /// Currency.
    pub currency: Currency,
    /// The fee, without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// A red-letter invoice was issued for everything that had come back of an invoiced fee since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedLetterIssued {
    /// To whom.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: Invoiceable,
    /// Number of the invoice that it reduces.
    pub invoice: Id,
    /// Its own number.
    pub red_letter: Id,
    /// Currency.
    pub currency: Currency,
    /// What of the fee came back, without tax.
    pub amount: Amount,
    /// The tax on it.
    pub tax: Amount,
}
