//! The terms of merchants and what the payment channel takes, as a tariff file says them.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use souk_domain::business_time::Zone;
use souk_domain::calendar::CycleRule;
use souk_domain::calendar::payout_day::PayoutDay;
use souk_domain::merchant::commands::{LeastPayout, LevelKept};
use souk_domain::merchant::events::{Recovery, ReserveTerms};
use souk_domain::rate::Rate;

use super::rates::{Written, one};

/// Terms in a tariff file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How often merchants are settled.
    pub cycle: CycleRule,
    /// Zone of the settlement.
    #[serde(deserialize_with = "zone")]
    pub time_zone: String,
    /// From this hour on a sale counts for the next day.
    #[serde(default, deserialize_with = "hour")]
    pub cut_off_hour: u8,
    /// Days from completion until a sale is due.
    #[serde(deserialize_with = "days")]
    pub hold_days: u16,
    /// Tier of the merchants, for rules with `when.tier`.
    #[serde(default)]
    pub tier: Option<String>,
    /// Their kind of business, for rules with `when.business`.
    #[serde(default)]
    pub business: Option<String>,
    /// Reserve.
    #[serde(default)]
    pub reserve: Option<ReserveTerms>,
    /// Least payouts.
    #[serde(default)]
    pub minimum_payouts: Vec<LeastPayout>,
    /// How a negative closing is recovered.
    #[serde(default = "reserve_then_carry")]
    pub recovery: Vec<Recovery>,
    /// When a payout is due.
    #[serde(default)]
    pub payout: Option<PayoutDay>,
    /// Reserve kept without a date.
    #[serde(default)]
    pub fixed_reserves: Vec<LevelKept>,
    /// What the deposit is topped up to.
    #[serde(default)]
    pub deposits: Vec<LevelKept>,
    /// Closes that carry a balance below zero before it becomes a debt.
    #[serde(default)]
    pub debt_after: Option<u16>,
}

fn reserve_then_carry() -> Vec<Recovery> {
    vec![Recovery::Reserve, Recovery::Carry]
}

/// A zone of the IANA database.
fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    Zone::named(&name).map_err(serde::de::Error::custom)?;
    Ok(name)
}

/// An hour of the day.
fn hour<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    let hour = i64::deserialize(from)?;
    let whole = u8::try_from(hour).ok().filter(|hour| *hour < 24);
    whole.ok_or_else(|| serde::de::Error::custom(format!("cut-off hour {hour} is not 0 to 23")))
}

/// A number of days.
fn days<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let days = i64::deserialize(from)?;
    let bad =
        || serde::de::Error::custom(format!("{days} is not a number of days from 0 to 65535"));
    u16::try_from(days).map_err(|_| bad())
}

/// What the payment channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its share of a payment.
    #[serde(default, deserialize_with = "percent")]
    #[schemars(with = "String")]
    pub rate: Rate,
    /// Whether it gives its share back with refunds.
    #[serde(default)]
    pub returned_on_refund: bool,
}

/// One percentage, in any way of writing it.
pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
    one(&Written::deserialize(from)?.0).map_err(serde::de::Error::custom)
}
