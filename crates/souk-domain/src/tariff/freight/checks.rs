//! What freight tables must be to be published: every region finds one zone, every weight is one and every price an amount of
//! the currency.

use souk_journal::ids::RuleId;
use souk_journal::money::{Amount, Currency};

use super::{FreightTable, FreightZone, grams};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FreightFault {
    /// Twice the same name.
    #[error("freight table {0} stands twice in the tariff")]
    FreightTableTwice(RuleId),
    /// A table without zones.
    #[error("freight table {0} has no zones")]
    NoZones(RuleId),
    /// Prices without a currency.
    #[error("freight table {0} has prices, so the tariff needs a currency")]
    FreightNeedsCurrency(RuleId),
    /// Twice the same zone.
    #[error("zone {1} stands twice in freight table {0}")]
    ZoneTwice(RuleId, RuleId),
    /// A zone of nowhere.
    #[error("zone {1} of freight table {0} has no regions")]
    NoRegions(RuleId, RuleId),
    /// A name that cannot be stored.
    #[error(
        "region {2:?} in zone {1} of freight table {0} must be 1 to 100 characters without quotes, backslashes or control characters"
    )]
    UnusableRegion(RuleId, RuleId, Box<str>),
    /// Twice in a zone.
    #[error("region {2:?} stands twice in zone {1} of freight table {0}")]
    RegionTwice(RuleId, RuleId, Box<str>),
    /// Two zones overlap.
    #[error("region {region:?} of freight table {table} is in zone {first} and in zone {second}")]
    RegionInTwoZones {
        /// The table.
        table: RuleId,
        /// The region.
        region: Box<str>,
        /// The zone that has it.
        first: RuleId,
        /// The zone that has it too.
        second: RuleId,
    },
    /// A first weight or a step of nothing, or too fine.
    #[error(
        "zone {zone} of freight table {table} has a weight of {kg} kg: it is more than nothing, 1000000 at most, and to the gram"
    )]
    UnusableZoneWeight {
        /// The table.
        table: RuleId,
        /// The zone.
        zone: RuleId,
        /// The weight.
        kg: Amount,
    },
    /// Not an amount of the currency, or negative.
    #[error(
        "zone {zone} of freight table {table} has a price of {price}, which is negative or has too many decimals"
    )]
    UnusableZonePrice {
        /// The table.
        table: RuleId,
        /// The zone.
        zone: RuleId,
        /// The price.
        price: Amount,
    },
}

refusal_codes!(FreightFault {
    FreightTableTwice,
    NoZones,
    FreightNeedsCurrency,
    ZoneTwice,
    NoRegions,
    UnusableRegion,
    RegionTwice,
    RegionInTwoZones,
    UnusableZoneWeight,
    UnusableZonePrice,
});

/// Where in the tables a fault is: table and zone by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The table.
    Table(usize),
    /// A zone of it.
    Zone(usize, usize),
    /// A region of a zone.
    Region(usize, usize, usize),
    /// The first weight of a zone.
    FirstKg(usize, usize),
    /// Its price.
    FirstPrice(usize, usize),
    /// The step.
    StepKg(usize, usize),
    /// Its price.
    StepPrice(usize, usize),
}

/// The tables with their prices at the currency's scale, so that 8 and 8.00 are stored alike.
///
/// # Errors
/// The first thing that is wrong.
pub(in crate::tariff) fn checked(
    tables: &[FreightTable],
    currency: Option<Currency>,
) -> Result<Vec<FreightTable>, Box<FreightFault>> {
    if let Some((_, fault)) = faults(tables, currency).into_iter().next() {
        return Err(Box::new(fault));
    }
    let mut tables = tables.to_vec();
    for zone in tables.iter_mut().flat_map(|table| &mut table.zones) {
        for price in [&mut zone.first_price, &mut zone.step_price] {
            *price = usable(*price, currency).unwrap_or(*price);
        }
    }
    Ok(tables)
}

/// Everything that is wrong with the tables of a version, each with its place.
pub fn faults(tables: &[FreightTable], currency: Option<Currency>) -> Vec<(At, FreightFault)> {
    let mut faults = Vec::new();
    for (index, of) in tables.iter().enumerate() {
        let (name, at) = (of.table, At::Table(index));
        if tables[..index].iter().any(|other| other.table == name) {
            faults.push((at, FreightFault::FreightTableTwice(name)));
        }
        if of.zones.is_empty() {
            faults.push((at, FreightFault::NoZones(name)));
        }
        if currency.is_none() {
            faults.push((at, FreightFault::FreightNeedsCurrency(name)));
        }
        for place in 0..of.zones.len() {
            of_zone(&mut faults, of, (index, place), currency);
        }
    }
    faults
}

fn of_zone(
    faults: &mut Vec<(At, FreightFault)>,
    table: &FreightTable,
    (index, place): (usize, usize),
    currency: Option<Currency>,
) {
    let (earlier, rest) = table.zones.split_at(place);
    let Some(of) = rest.first() else { return };
    let (table, zone) = (table.table, of.zone);
    if earlier.iter().any(|other| other.zone == zone) {
        faults.push((At::Zone(index, place), FreightFault::ZoneTwice(table, zone)));
    }
    if of.regions.is_empty() {
        faults.push((At::Zone(index, place), FreightFault::NoRegions(table, zone)));
    }
    for number in 0..of.regions.len() {
        if let Some(fault) = of_region(table, earlier, (of, number)) {
            faults.push((At::Region(index, place, number), fault));
        }
    }
    let weights =
        [(At::FirstKg(index, place), of.first_kg), (At::StepKg(index, place), of.step_kg)];
    for (at, kg) in weights {
        if grams(kg).is_none() {
            faults.push((at, FreightFault::UnusableZoneWeight { table, zone, kg }));
        }
    }
    let prices = [
        (At::FirstPrice(index, place), of.first_price),
        (At::StepPrice(index, place), of.step_price),
    ];
    for (at, price) in prices {
        // Without a currency that alone is said.
        if currency.is_some() && usable(price, currency).is_none() {
            faults.push((at, FreightFault::UnusableZonePrice { table, zone, price }));
        }
    }
}

/// A region is a name, and stands once in the table.
fn of_region(
    table: RuleId,
    earlier: &[FreightZone],
    (of, number): (&FreightZone, usize),
) -> Option<FreightFault> {
    let region = &of.regions[number];
    if !is_label(region) {
        return Some(FreightFault::UnusableRegion(table, of.zone, region.clone()));
    }
    if of.regions[..number].contains(region) {
        return Some(FreightFault::RegionTwice(table, of.zone, region.clone()));
    }
    let other = earlier.iter().find(|other| other.regions.contains(region))?;
    Some(FreightFault::RegionInTwoZones {
        table,
        region: region.clone(),
        first: other.zone,
        second: of.zone,
    })
}

fn usable(price: Amount, currency: Option<Currency>) -> Option<Amount> {
    let scaled = currency.and_then(|currency| price.at_scale(currency).ok());
    scaled.filter(|price| *price >= Amount::ZERO)
}
