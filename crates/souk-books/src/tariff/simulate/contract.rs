//! The JSON of a simulation.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::figure::Figure;

/// What another tariff would have charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Simulation {
    /// The last entry of the ledger that is reflected.
    pub entry: u64,
    /// Under what: a file, or `standard@2`.
    pub under: String,
    /// Orders of merchants on this tariff; null where a merchant was asked for.
    pub tariff: Option<String>,
    /// Of this merchant alone.
    pub merchant: Option<MerchantId>,
    /// Completed on this day or later.
    pub from: Option<Date>,
    /// Completed on this day or before.
    pub to: Option<Date>,
    /// Orders charged under both.
    pub orders: u64,
    /// Completions of a merchant's part charged under both: an order of two merchants has two.
    pub completions: u64,
    /// By merchant, line and currency.
    pub rows: Vec<SimulatedLine>,
    /// By merchant and currency.
    pub merchants: Vec<SimulatedMerchant>,
    /// By line and currency, all merchants.
    pub totals: Vec<SimulatedTotal>,
    /// What the other tariff would refuse; nothing of it is in the figures above.
    pub refused: Refused,
}

/// An account's part of a merchant's charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SimulatedLine {
    /// The merchant.
    pub merchant: MerchantId,
    /// The account: a line of revenue, or the tax on it.
    pub line: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// As it was charged.
    pub charged: Figure,
    /// As the other tariff charges.
    pub simulated: Figure,
    /// simulated − charged.
    pub difference: Figure,
}

/// All charges of a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SimulatedMerchant {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Completions charged under both.
    pub completions: u64,
    /// What the merchant was charged, with tax.
    pub charged: Figure,
    /// What it would be charged.
    pub simulated: Figure,
    /// simulated − charged.
    pub difference: Figure,
}

/// An account's part of all charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SimulatedTotal {
    /// The account; `all` for the sum of a currency.
    pub line: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// As it was charged.
    pub charged: Figure,
    /// As the other tariff charges.
    pub simulated: Figure,
    /// simulated − charged.
    pub difference: Figure,
}

/// Completions that the other tariff would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Refused {
    /// How many.
    pub completions: u64,
    /// What they were charged, with tax, by currency.
    pub charged: BTreeMap<String, Figure>,
    /// How often by reason.
    pub codes: BTreeMap<String, u64>,
    /// The first of them.
    pub first: Vec<RefusedCompletion>,
}

/// A completion that would be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefusedCompletion {
    /// The order.
    pub order: String,
    /// The merchant.
    pub merchant: MerchantId,
    /// The reason's code.
    pub code: String,
    /// In words.
    pub what: String,
}
