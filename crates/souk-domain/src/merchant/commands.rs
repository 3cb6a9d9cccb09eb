//! What can be asked of a merchant.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{JurisdictionId, MerchantId, TariffId};
use souk_journal::money::Amount;

use super::events::{MerchantKind, Recovery, ReserveTerms, Window};
use crate::calendar::CycleRule;
use crate::calendar::payout_day::PayoutDay;
use crate::rate::Rate;
use crate::tariff::events::Base;

/// Enrols a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolMerchant {
    /// The merchant.
    pub merchant: MerchantId,
    /// What it is.
    #[serde(default = "seller")]
    pub kind: MerchantKind,
}

fn seller() -> MerchantKind {
    MerchantKind::Seller
}

/// The least payout in a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeastPayout {
    /// ISO 4217 code.
    pub currency: String,
    /// The least that is paid.
    pub amount: Amount,
}

/// An amount that is kept of a merchant's money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelKept {
    /// ISO 4217 code.
    pub currency: String,
    /// As much is kept.
    pub amount: Amount,
}

/// Agrees terms with a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeTerms<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// First day: the first of a cycle under the terms before.
    pub effective_on: Date,
    /// How often the merchant is settled.
    pub cycle: CycleRule,
    /// Zone of the settlement.
    #[serde(borrow)]
    pub time_zone: Cow<'a, str>,
    /// From this hour on a sale counts for the next day; 0 is midnight.
    #[serde(default)]
    pub cut_off_hour: u8,
    /// Days from completion until a sale is due.
    pub hold_days: u16,
    /// The tariff.
    pub tariff: TariffId,
    /// Tier of the merchant, as the tariff names it.
    #[serde(borrow, default)]
    pub tier: Option<Cow<'a, str>>,
    /// Its kind of business, as the tariff names it.
    #[serde(borrow, default)]
    pub business: Option<Cow<'a, str>>,
    /// Reserve, if any.
    #[serde(default)]
    pub reserve: Option<ReserveTerms>,
    /// Least payouts.
    #[serde(default)]
    pub minimum_payouts: Vec<LeastPayout>,
    /// How a negative closing is recovered; default: reserve, then carry.
    #[serde(default = "reserve_then_carry")]
    pub recovery: Vec<Recovery>,
    /// When a payout is due, counted from the last day of its cycle.
    #[serde(default)]
    pub payout: Option<PayoutDay>,
    /// Reserve kept beside the share, without a date.
    #[serde(default)]
    pub fixed_reserves: Vec<LevelKept>,
    /// What each close tops the deposit up to.
    #[serde(default)]
    pub deposits: Vec<LevelKept>,
    /// A balance below zero is carried by so many closes in a row; the next makes it a debt.
    #[serde(default)]
    pub debt_after: Option<u16>,
}

fn reserve_then_carry() -> Vec<Recovery> {
    vec![Recovery::Reserve, Recovery::Carry]
}

/// Agrees in which currency a merchant is settled, whatever currency its orders are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeSettlementCurrency<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Sales completed from this day on are converted.
    pub effective_on: Date,
    /// ISO 4217 code; absent: each sale is settled in its own currency again.
    #[serde(borrow, default)]
    pub currency: Option<Cow<'a, str>>,
}

/// Agrees that tax is withheld from a merchant's sales for a jurisdiction; at a rate of 0, no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeWithholding {
    /// The merchant.
    pub merchant: MerchantId,
    /// Whom the tax is owed to.
    pub jurisdiction: JurisdictionId,
    /// The rate, as a fraction.
    pub rate: Rate,
    /// What it is of, without tax collected from the buyer.
    pub of: Base,
    /// Sales completed from this day on.
    pub effective_on: Date,
}
mod closing;
mod payouts;

pub use closing::{AnnounceClosing, CloseMerchant, WithdrawClosing};
pub use payouts::AgreePayoutTerms;

/// Records a merchant's volume, for the tariffs whose steps are measured by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordVolume<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// For how long it was counted.
    pub window: Window,
    /// The last day that counts; later than that of the volume recorded before.
    pub through: Date,
    /// The volume: goods sold after the merchant's discount, ≥ 0.
    pub amount: Amount,
}
