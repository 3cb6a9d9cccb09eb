//! `souk tariff publish`: a tariff file as the next version of its tariff. What was charged stays as it was charged, so a
//! version never begins before a charge that the ledger has.

use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::TariffId;

use super::Publish;
use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::import::enrol;
use crate::place::{Place, read_tariff};
use crate::retroactive::not_retroactive;
use crate::show;

/// The contract of `tariff publish --format json`.
#[derive(Debug, Serialize)]
struct Report {
    tariff: TariffId,
    version: u32,
    effective_on: Date,
    replayed: bool,
    first_entry: Option<u64>,
    events: usize,
}

/// Publishes a file.
pub(super) fn run(global: &Global, of: &Publish) -> Result<(), Failure> {
    show::no_rows(global)?;
    let file = read_tariff(&of.file)?;
    let place = Place::of(global)?;
    let mut ledger = place.ledger()?;
    let (tariff, effective_on) = (file.publish.tariff, file.publish.effective_on);
    not_retroactive(&mut ledger, &file.publish)?;
    let outcome = enrol::publish_now(&mut ledger, &file)?;
    let versions = ledger.tariff(tariff)?.versions.iter();
    let version = versions.filter(|of| of.effective_on <= effective_on).count();
    let report = Report {
        tariff,
        version: u32::try_from(version).unwrap_or(u32::MAX),
        effective_on,
        replayed: outcome.replayed,
        first_entry: outcome.first_entry,
        events: outcome.events.len(),
    };
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    let said = if report.replayed {
        format!("Tariff {tariff} version {version} had been published; nothing was added.\n")
    } else {
        let entry = report.first_entry.map_or_else(String::new, |entry| {
            format!(", entry {}", show::grouped(&entry.to_string()))
        });
        format!(
            "Tariff {tariff} version {version} published{entry}; in force from {effective_on}.\n"
        )
    };
    show::text(global, &said)?;
    let flag = place.flag();
    show::next(global, &format!("souk tariff show {tariff} --version {version}{flag}"));
    Ok(())
}
