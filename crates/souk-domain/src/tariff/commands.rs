//! What can be asked of a tariff.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::TariffId;

use super::events::{ChosenBy, Fee};
use super::freight::FreightTable;

/// Publishes a version of a tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishTariff<'a> {
    /// The tariff.
    pub tariff: TariffId,
    /// Announced to merchants.
    pub announced_on: Date,
    /// In force from this day.
    pub effective_on: Date,
    /// Which date of an order chooses the version.
    #[serde(default = "completion_date")]
    pub chosen_by: ChosenBy,
    /// Currency of minimums and fixed amounts.
    #[serde(borrow, default)]
    pub currency: Option<Cow<'a, str>>,
    /// Where the figures come from.
    #[serde(borrow, default)]
    pub source: Option<Cow<'a, str>>,
    /// The fees.
    pub fees: Vec<Fee>,
    /// Freight by zone and weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freight: Vec<FreightTable>,
}

fn completion_date() -> ChosenBy {
    ChosenBy::CompletionDate
}
