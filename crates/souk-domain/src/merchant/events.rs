//! What can happen to a merchant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{JurisdictionId, MerchantId, TariffId};
use souk_journal::money::{Amount, Currency};

use crate::calendar::CycleRule;
use crate::calendar::payout_day::PayoutDay;
use crate::rate::Rate;
use crate::tariff::events::Base;

/// What a merchant is to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MerchantKind {
    /// Sells on the platform.
    Seller,
    /// Earns from sales of others: affiliates, influencers.
    Partner,
}

/// What the reserve is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReserveBase {
    /// The cycle's sales at list price.
    GrossSales,
    /// The sum of the cycle's lines, when positive.
    NetLines,
}

/// Money kept back at every close to cover later refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReserveTerms {
    /// The share.
    pub rate: Rate,
    /// Of what.
    pub base: ReserveBase,
    /// Days after the cut-off until the tranche is released.
    pub days: u16,
}

/// A way to recover a negative closing. Netting within the close always comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// From withheld reserve, oldest tranche first, then from what is kept without a date.
    Reserve,
    /// From the deposit.
    Deposit,
    /// Carried into the next cycle.
    Carry,
}

/// Below this a closing balance is carried instead of paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumPayout {
    /// Currency of the amount.
    pub currency: Currency,
    /// The least that is paid.
    pub amount: Amount,
}

/// An amount that is kept of a merchant's money: each close tops it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Currency of the amount.
    pub currency: Currency,
    /// As much is kept, ≥ 0.
    pub amount: Amount,
}

/// A merchant was enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantEnrolled {
    /// The merchant.
    pub merchant: MerchantId,
    /// What it is.
    pub kind: MerchantKind,
}

/// Terms were agreed; they hold from their first day until later terms do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsAgreed<'a> {
    /// Number of the terms, from 1.
    pub version: u32,
    /// First day, the first of a cycle.
    pub effective_on: Date,
    /// How often the merchant is settled.
    pub cycle: CycleRule,
    /// Zone of every date of the settlement.
    pub time_zone: &'a str,
    /// From this hour on a sale counts for the next day; 0 is midnight.
    pub cut_off_hour: u8,
    /// Days from completion until a sale is due.
    pub hold_days: u16,
    /// The tariff that sets the fees.
    pub tariff: TariffId,
    /// Tier of the merchant, as the tariff names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<&'a str>,
    /// Its kind of business, as the tariff names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<&'a str>,
    /// Reserve, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<ReserveTerms>,
    /// Least payouts, per currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimum_payouts: Vec<MinimumPayout>,
    /// How a negative closing is recovered, in this order.
    pub recovery: Vec<Recovery>,
    /// When a payout is due; absent: no day is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<PayoutDay>,
    /// Reserve that is kept beside the share, without a date, per currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed_reserves: Vec<Level>,
    /// What the deposit is topped up to, per currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deposits: Vec<Level>,
    /// A balance below zero is carried by so many closes in a row; the next makes it a debt. Absent: it is carried on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt_after: Option<u16>,
}

/// The currency of a merchant's settlement was agreed; it holds from its first day until a later one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementCurrencyAgreed {
    /// Sales completed from this day on are converted.
    pub effective_on: Date,
    /// The currency; absent: each sale is settled in its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// How long a volume is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// A calendar month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

/// A merchant's volume was recorded, for the tariffs whose steps are measured by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeRecorded {
    /// Currency of the volume.
    pub currency: Currency,
    /// For how long it was counted.
    pub window: Window,
    /// The last day that counts.
    pub through: Date,
    /// The volume: goods sold after the merchant's discount.
    pub amount: Amount,
}

/// It was agreed that tax is withheld from the merchant's sales; it holds until the next agreement for the jurisdiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithholdingAgreed {
    /// Whom the tax is owed to.
    pub jurisdiction: JurisdictionId,
    /// The rate; 0 ends it.
    pub rate: Rate,
    /// What it is of, without tax collected from the buyer.
    pub of: Base,
    /// Sales completed from this day on.
    pub effective_on: Date,
}
mod closing;
mod payouts;

pub use closing::{
    Left, LeftKind, MerchantClosed, MerchantClosingAnnounced, MerchantClosingWithdrawn,
};
pub use payouts::{ApprovalLimit, PayoutTermsAgreed};

event_table! {
    /// Everything that can happen to a merchant.
    pub enum MerchantEvent<'a> {
        /// Enrolled.
        Enrolled(MerchantEnrolled) = MerchantEnrolled v 1,
        /// Terms agreed.
        TermsAgreed(TermsAgreed<'a>) = TermsAgreed v 3,
        /// Volume recorded (memo).
        VolumeRecorded(VolumeRecorded) = VolumeRecorded v 1,
        /// Settlement currency agreed (memo).
        SettlementCurrencyAgreed(SettlementCurrencyAgreed) = SettlementCurrencyAgreed v 1,
        /// Withholding agreed (memo).
        WithholdingAgreed(WithholdingAgreed) = WithholdingAgreed v 1,
        /// The closing was announced.
        ClosingAnnounced(MerchantClosingAnnounced<'a>) = MerchantClosingAnnounced v 1,
        /// It was withdrawn.
        ClosingWithdrawn(MerchantClosingWithdrawn<'a>) = MerchantClosingWithdrawn v 1,
        /// The account is closed.
        Closed(MerchantClosed<'a>) = MerchantClosed v 1,
        /// How payouts are approved and how long a payee cools (memo).
        PayoutTermsAgreed(PayoutTermsAgreed) = PayoutTermsAgreed v 1,
    }
}
