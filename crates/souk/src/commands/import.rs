//! `souk import`: files into the ledger, and what came of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;
use serde_json::value::RawValue;
use souk_domain::ledger::commands::CreateLedger;
use souk_ledger::clock::Clock;
use souk_ledger::ledger::Ledger;

use crate::cli::{Format, Global, ImportOlist};
use crate::fail::{Exit, Failure};
use crate::import::olist::{ClassTotal, import, open};
use crate::measure::{peak_memory_mib, per_second, seconds};
use crate::place::{Place, new_ledger_id, read_tariff, rehearse};
use crate::show::{self, Rows};

pub(crate) use crate::import::orders::run as orders;
pub(crate) use crate::import::rates::run as rates;

/// The contract of `import olist --format json`.
#[derive(Debug, Serialize)]
struct Report<'a> {
    orders: u64,
    merchants: u64,
    events: u64,
    differences: &'a BTreeMap<&'static str, ClassTotal>,
    rejected: u64,
    seconds: Box<RawValue>,
    events_per_second: u64,
}

/// `souk import olist`
pub(crate) fn olist(global: &Global, of: &ImportOlist) -> Result<(), Failure> {
    let start = Instant::now();
    let dir = of.dir.clone().or_else(|| std::env::var_os("SOUK_OLIST_DIR").map(PathBuf::from));
    let dir = dir.ok_or_else(|| {
        Failure::new(Exit::Usage, "NoDirectory", "no directory is named")
            .with("  souk import olist DIR, or set SOUK_OLIST_DIR")
    })?;
    if !dir.is_dir() {
        let message = format!("{} is not a directory", dir.display());
        return Err(Failure::new(Exit::BadInput, "BadOlistDirectory", message));
    }
    let tariff = read_tariff(&of.tariff)?;
    let place = Place::of(global)?;
    // A refused import leaves nothing behind, not even an empty ledger.
    let reader = open(&dir, of.memory.saturating_mul(1 << 20), of.strict)?;
    let mut ledger = if place.exists()? {
        place.ledger()?
    } else {
        let command = CreateLedger {
            ledger: new_ledger_id(),
            platform: "Olist".to_owned(),
            currency: "BRL".to_owned(),
            time_zone: "America/Sao_Paulo".to_owned(),
            language: "en".to_owned(),
            demonstration: None,
        };
        let text =
            std::fs::read_to_string(&of.tariff).map_err(|error| Failure::io(&of.tariff, &error))?;
        rehearse(&command, &tariff)?;
        let store = place.create(&command, Clock::System, &text)?;
        show::note(global, &format!("created the ledger {} in {}", command.ledger, place.shown()));
        Ledger::open(store, Clock::System, place.writers())?
    };
    let imported = import(&mut ledger, reader, &tariff)?;
    let took = start.elapsed();
    for row in &imported.bad {
        show::note(global, row);
    }
    let report = Report {
        orders: imported.orders,
        merchants: imported.merchants,
        events: imported.events,
        differences: &imported.differences,
        rejected: imported.rejected,
        seconds: seconds(took),
        events_per_second: per_second(imported.events, took),
    };
    if global.format() == Format::Json {
        show::json(global, &report)?;
    } else {
        differences(global, &report)?;
    }
    if let Some(peak) = peak_memory_mib() {
        show::note(global, &format!("peak memory {peak} MiB"));
    }
    let flag = place.flag();
    show::next(
        global,
        &format!("souk close --through 2018-10-28{flag}     then: souk balances{flag}"),
    );
    Ok(())
}

fn differences(global: &Global, report: &Report<'_>) -> Result<(), Failure> {
    let mut rows = Rows {
        columns: vec!["class", "orders", "amount", "net"],
        numeric: vec!["orders", "amount", "net"],
        rows: Vec::new(),
    };
    for (class, total) in report.differences {
        rows.rows.push(vec![
            (*class).to_owned(),
            total.orders.to_string(),
            total.amount.to_string(),
            total.net.to_string(),
        ]);
    }
    if global.format() == Format::Table {
        let head = format!(
            "{} orders of {} merchants: {} events added, {} rows rejected, {} s, {} events/s\n\nPaid beyond (net > 0) or below items and freight, BRL, by class:",
            report.orders,
            report.merchants,
            report.events,
            report.rejected,
            report.seconds,
            report.events_per_second
        );
        show::note(global, &head);
    }
    show::rows(global, &rows)
}
