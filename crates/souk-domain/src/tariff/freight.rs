//! Freight by a table: zones of regions, in each a price of the first weight and of each further step of weight (首重/续重), as
//! carriers publish it.
//!
//! Whoever charges logistics names the table, where the parcel goes and what it weighs. What is above the first weight is
//! rounded up to whole steps; the event records version, zone, weights and prices beside the amount. A table says the price
//! alone: tax and a carrier's part stand on the charge, as beside any other price. Weights are kilograms, to the gram.

use std::borrow::Cow;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RuleId, TariffId};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::period::{PeriodRefusal, in_force};
use super::state::TariffState;
use crate::merchant::state::MerchantState;
use crate::refusal_codes;
use crate::service_kind::ServiceKind;

pub mod checks;

/// A zone of a table: `first 1 kg 8.00, each further 1 kg 2.00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightZone {
    /// Its name, unique in the table.
    pub zone: RuleId,
    /// Where to: each region is in one zone of the table.
    pub regions: Vec<Box<str>>,
    /// The first weight, in kilograms, > 0.
    pub first_kg: Amount,
    /// The price of everything up to it.
    pub first_price: Amount,
    /// A further step of weight, in kilograms, > 0.
    pub step_kg: Amount,
    /// The price of each step that is begun.
    pub step_price: Amount,
}

/// A freight table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightTable {
    /// Its name, unique in the version of the tariff.
    pub table: RuleId,
    /// Its zones.
    pub zones: Vec<FreightZone>,
}

/// A freight table of a version of a tariff was published; the version itself follows in the same append.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightTablePublished {
    /// Number of the version that follows.
    pub version: u32,
    /// The table.
    pub table: FreightTable,
}

/// Names a price of a freight table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByTable<'a> {
    /// The table, in the tariff that the merchant's terms name.
    pub table: RuleId,
    /// Where to.
    #[serde(borrow)]
    pub region: Cow<'a, str>,
    /// What it weighs, in kilograms, to the gram.
    pub weight_kg: Amount,
}

/// How a freight came about, as the event records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreightBy {
    /// The tariff.
    pub tariff: TariffId,
    /// Its version in force on the day of the charge.
    pub version: u32,
    /// The table.
    pub table: RuleId,
    /// The zone of the region.
    pub zone: RuleId,
    /// The weight as it was given, in kilograms.
    pub weight_kg: Amount,
    /// The weight that is charged: the first weight and whole steps.
    pub charged_kg: Amount,
    /// Price of the first weight.
    pub first_price: Amount,
    /// How many steps were begun beyond it.
    pub steps: u32,
    /// Price of each.
    pub step_price: Amount,
    /// The price: of the first weight and of all steps.
    pub amount: Amount,
}

/// The arithmetic: `2.4 kg → 3 kg: 8.00 + 2 × 2.00`.
impl std::fmt::Display for FreightBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} kg → {} kg: {}", self.weight_kg, self.charged_kg, self.first_price)?;
        if self.steps > 0 {
            write!(f, " + {} × {}", self.steps, self.step_price)?;
        }
        Ok(())
    }
}

/// Why a table gives no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FreightRefusal {
    /// No terms, no version, or another currency.
    #[error(transparent)]
    Tariff(PeriodRefusal),
    /// Not logistics.
    #[error("no service but logistics is priced by a freight table")]
    NotFreight,
    /// Region and weight twice.
    #[error("a table's region and weight are those of the shipment: no other is named beside them")]
    ShipmentTwice,
    /// No such table.
    #[error("version {version} of tariff {tariff} has no freight table {table}")]
    UnknownFreightTable {
        /// The tariff.
        tariff: TariffId,
        /// Its version.
        version: u32,
        /// The table.
        table: RuleId,
    },
    /// In no zone.
    #[error(
        "freight table {table} in version {version} of tariff {tariff} has no zone for {region:?}"
    )]
    RegionWithoutZone {
        /// The tariff.
        tariff: TariffId,
        /// Its version.
        version: u32,
        /// The table.
        table: RuleId,
        /// The region.
        region: String,
    },
    /// Nothing, less, too fine or too heavy.
    #[error("{0} kg is no weight: it is more than nothing, 1000000 at most, and to the gram")]
    UnusableWeight(Amount),
}

refusal_codes!(FreightRefusal via Tariff {
    NotFreight,
    ShipmentTwice,
    UnknownFreightTable,
    RegionWithoutZone,
    UnusableWeight,
});

/// The heaviest, in grams: a thousand tonnes.
const MOST_GRAMS: i64 = 1_000_000_000;

/// A weight in grams: more than nothing, and to the gram.
pub(super) fn grams(kilograms: Amount) -> Option<i64> {
    let grams = kilograms.decimal().checked_mul(Decimal::ONE_THOUSAND)?.normalize();
    let whole = (grams.scale() == 0).then_some(grams)?;
    i64::try_from(whole.mantissa()).ok().filter(|grams| (1..=MOST_GRAMS).contains(grams))
}

fn kilograms(grams: i64) -> Amount {
    Amount::from(Decimal::new(grams, 3).normalize())
}

/// Only logistics is priced by a table.
pub(crate) fn may_name_a_table(service: ServiceKind) -> Result<(), FreightRefusal> {
    if service == ServiceKind::Logistics { Ok(()) } else { Err(FreightRefusal::NotFreight) }
}

/// The price that the tariff of a merchant publishes for a parcel, on a day of the merchant's.
///
/// # Errors
/// [`FreightRefusal`].
pub fn freight(
    of: &ByTable<'_>,
    (merchant, state): (MerchantId, &MerchantState),
    tariff: Option<&TariffState>,
    (currency, day): (Currency, Date),
) -> Result<FreightBy, FreightRefusal> {
    let (terms, version) =
        in_force((merchant, state), tariff, (currency, day)).map_err(FreightRefusal::Tariff)?;
    let (id, number, name) = (terms.tariff, version.version, of.table);
    let table = version.freight.iter().find(|table| table.table == name);
    let table = table.ok_or(FreightRefusal::UnknownFreightTable {
        tariff: id,
        version: number,
        table: name,
    })?;
    let here = |zone: &&FreightZone| zone.regions.iter().any(|region| **region == *of.region);
    let zone = table.zones.iter().find(here);
    let zone = zone.ok_or_else(|| FreightRefusal::RegionWithoutZone {
        tariff: id,
        version: number,
        table: name,
        region: of.region.to_string(),
    })?;
    let (steps, charged_kg, amount) = price(zone, of.weight_kg, currency)?;
    Ok(FreightBy {
        tariff: id,
        version: number,
        table: name,
        zone: zone.zone,
        weight_kg: of.weight_kg,
        charged_kg,
        first_price: zone.first_price,
        steps,
        step_price: zone.step_price,
        amount,
    })
}

/// Steps, the weight that is charged, and the price.
fn price(
    zone: &FreightZone,
    weight: Amount,
    currency: Currency,
) -> Result<(u32, Amount, Amount), FreightRefusal> {
    let unusable = |of: Amount| FreightRefusal::UnusableWeight(of);
    let of = grams(weight).ok_or(unusable(weight))?;
    let first = grams(zone.first_kg).ok_or(unusable(zone.first_kg))?;
    let step = grams(zone.step_kg).ok_or(unusable(zone.step_kg))?;
    // Every begun step is a whole one; the first weight is charged in any case.
    let steps = ((of - first).max(0) + step - 1) / step;
    let amount = || {
        let (first, further) =
            (zone.first_price.minor(currency)?, zone.step_price.minor(currency)?);
        let sum = i128::from(first) + i128::from(steps) * i128::from(further);
        let sum = Decimal::try_from_i128_with_scale(sum, currency.scale());
        let sum = sum.map_err(|_| MoneyError::OutOfRange(Decimal::MAX))?;
        Amount::from(sum).at_scale(currency)
    };
    let amount =
        amount().map_err(|of| FreightRefusal::Tariff(PeriodRefusal::UnusableAmount(of)))?;
    // At most a thousand million grams, so it fits.
    Ok((steps as u32, kilograms(first + steps * step), amount))
}

#[cfg(test)]
mod tests;
