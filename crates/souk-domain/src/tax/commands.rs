//! What can be asked about the taxes of a jurisdiction.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, JurisdictionId};
use souk_journal::money::Amount;

use super::events::CostKind;

/// Claims the tax within a cost of the platform's own, by its supplier's invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimInputTax<'a> {
    /// Whom it is claimed from.
    pub jurisdiction: JurisdictionId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Number of the invoice; once per jurisdiction and currency.
    pub invoice: Id,
    /// The cost that the tax is within, as it was booked.
    pub cost: CostKind,
    /// The tax, > 0.
    pub tax: Amount,
}

/// Records that tax was paid to a jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemitTax<'a> {
    /// To whom.
    pub jurisdiction: JurisdictionId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// A day of the month that it is for.
    pub period: Date,
    /// The transfer at the bank; once per jurisdiction and currency.
    pub reference: Id,
    /// Of the tax on the platform's fees, ≥ 0.
    #[serde(default)]
    pub output_vat: Amount,
    /// Input tax set off against it, ≥ 0 and no more than it.
    #[serde(default)]
    pub input_vat: Amount,
    /// Of the tax collected from buyers, ≥ 0.
    #[serde(default)]
    pub collected: Amount,
    /// Of the tax withheld from merchants, ≥ 0.
    #[serde(default)]
    pub withheld: Amount,
}

/// A command to a jurisdiction's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxCommand<'a> {
    /// Claim input tax.
    Claim(ClaimInputTax<'a>),
    /// Remit.
    Remit(RemitTax<'a>),
}

impl TaxCommand<'_> {
    /// The jurisdiction and the currency.
    pub fn of(&self) -> (JurisdictionId, &str) {
        match self {
            Self::Claim(of) => (of.jurisdiction, &of.currency),
            Self::Remit(of) => (of.jurisdiction, &of.currency),
        }
    }
}
