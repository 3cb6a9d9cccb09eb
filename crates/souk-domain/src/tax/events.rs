//! What can happen to the taxes of a jurisdiction.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, JurisdictionId};
use souk_journal::money::{Amount, Currency};

/// A cost of the platform's own, as it was booked with the tax within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CostKind {
    /// What payment channels take.
    ChannelFees,
    /// What banks take.
    BankCharges,
    /// Services bought for merchants.
    CostOfServices,
}

/// Tax within a cost was claimed: the cost is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputTaxClaimed {
    /// From whom.
    pub jurisdiction: JurisdictionId,
    /// Currency.
    pub currency: Currency,
    /// The supplier's invoice.
    pub invoice: Id,
    /// The cost.
    pub cost: CostKind,
    /// The tax.
    pub tax: Amount,
}

/// Tax was paid to a jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRemitted<'a> {
    /// To whom.
    pub jurisdiction: JurisdictionId,
    /// Currency.
    pub currency: Currency,
    /// First day of the month that it is for.
    pub period: Date,
    /// That month as reports name it: `2026-03`.
    #[serde(borrow)]
    pub month: Cow<'a, str>,
    /// The transfer.
    pub reference: Id,
    /// Of the tax on the platform's fees.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub output_vat: Amount,
    /// Input tax that was set off.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub input_vat: Amount,
    /// Of the tax collected from buyers.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub collected: Amount,
    /// Of the tax withheld from merchants.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub withheld: Amount,
    /// What was transferred.
    pub paid: Amount,
}

event_table! {
    /// Everything that can happen to the taxes of a jurisdiction.
    pub enum TaxEvent<'a> {
        /// Input tax claimed.
        InputTaxClaimed(InputTaxClaimed) = InputTaxClaimed v 1,
        /// Remitted.
        Remitted(TaxRemitted<'a>) = TaxRemitted v 1,
    }
}
