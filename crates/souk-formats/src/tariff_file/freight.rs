//! Freight tables of a tariff file, and where each part of them stands.

use schemars::JsonSchema;
use serde::Deserialize;
use souk_domain::tariff::freight::checks::At;
use souk_domain::tariff::freight::{FreightTable, FreightZone};
use souk_journal::ids::RuleId;
use souk_journal::money::Amount;
use toml::Spanned;

/// A freight table: zones of regions, in each a price of the first weight and of each further step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFreight {
    /// Its name, unique in the file.
    table: RuleId,
    /// Its zones.
    #[schemars(with = "Vec<RawZone>")]
    zones: Vec<Spanned<RawZone>>,
}

/// A zone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawZone {
    /// Its name, unique in the table.
    zone: RuleId,
    /// Where to: each region is in one zone of the table.
    #[schemars(with = "Vec<String>")]
    regions: Vec<Spanned<Box<str>>>,
    /// The first weight, in kilograms, to the gram.
    #[schemars(with = "Amount")]
    first_kg: Spanned<Amount>,
    /// The price of everything up to it.
    #[schemars(with = "Amount")]
    first_price: Spanned<Amount>,
    /// A further step of weight, in kilograms, to the gram.
    #[schemars(with = "Amount")]
    step_kg: Spanned<Amount>,
    /// The price of each step that is begun.
    #[schemars(with = "Amount")]
    step_price: Spanned<Amount>,
}

/// Offsets of the tables.
#[derive(Debug, Default)]
pub(super) struct FreightPlaces(Vec<TablePlaces>);

#[derive(Debug)]
struct TablePlaces {
    whole: usize,
    zones: Vec<ZonePlaces>,
}

#[derive(Debug)]
struct ZonePlaces {
    whole: usize,
    regions: Vec<usize>,
    first_kg: usize,
    first_price: usize,
    step_kg: usize,
    step_price: usize,
}

impl FreightPlaces {
    /// Where a fault is.
    pub(super) fn of(&self, at: At) -> usize {
        let zone = |table: usize, zone: usize| self.0.get(table).and_then(|of| of.zones.get(zone));
        let found = match at {
            At::Table(table) => self.0.get(table).map(|of| of.whole),
            At::Zone(table, place) => zone(table, place).map(|of| of.whole),
            At::Region(table, place, region) => {
                zone(table, place).and_then(|of| of.regions.get(region)).copied()
            }
            At::FirstKg(table, place) => zone(table, place).map(|of| of.first_kg),
            At::FirstPrice(table, place) => zone(table, place).map(|of| of.first_price),
            At::StepKg(table, place) => zone(table, place).map(|of| of.step_kg),
            At::StepPrice(table, place) => zone(table, place).map(|of| of.step_price),
        };
        found.unwrap_or_default()
    }
}

/// The tables, and where they stand.
pub(super) fn read(raw: Vec<Spanned<RawFreight>>) -> (Vec<FreightTable>, FreightPlaces) {
    let (mut tables, mut places) = (Vec::new(), FreightPlaces::default());
    for table in raw {
        let whole = table.span().start;
        let RawFreight { table, zones } = table.into_inner();
        let (zones, at) = zones.into_iter().map(read_zone).unzip();
        tables.push(FreightTable { table, zones });
        places.0.push(TablePlaces { whole, zones: at });
    }
    (tables, places)
}

fn read_zone(raw: Spanned<RawZone>) -> (FreightZone, ZonePlaces) {
    let whole = raw.span().start;
    let raw = raw.into_inner();
    let places = ZonePlaces {
        whole,
        regions: raw.regions.iter().map(|of| of.span().start).collect(),
        first_kg: raw.first_kg.span().start,
        first_price: raw.first_price.span().start,
        step_kg: raw.step_kg.span().start,
        step_price: raw.step_price.span().start,
    };
    let zone = FreightZone {
        zone: raw.zone,
        regions: raw.regions.into_iter().map(Spanned::into_inner).collect(),
        first_kg: raw.first_kg.into_inner(),
        first_price: raw.first_price.into_inner(),
        step_kg: raw.step_kg.into_inner(),
        step_price: raw.step_price.into_inner(),
    };
    (zone, places)
}
