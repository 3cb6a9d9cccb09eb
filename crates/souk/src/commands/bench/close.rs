//! `souk bench close`: closing many merchants over many open items, the same for few merchants, and for the many with a
//! tenth of the items. What an item costs must not grow with the merchants, and the memory of a close must not grow with
//! the items: both are measured in one run, each close in a process of its own.

use std::path::Path;
use std::process::Command as Process;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use souk_books::CloseBooks;
use souk_domain::event_id::command_id;
use souk_domain::ledger::commands::CreateLedger;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::create::create;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::request::Request;
use souk_store::EventStore;
use souk_store_log::{Kind, LogStore, Options};
use uuid::Uuid;

use super::figures::{Aim, Figure};
use crate::cli::{BenchClose, Format, Global};
use crate::fail::{Exit, Failure};
use crate::intake::Intake;
use crate::measure::{peak_memory_mib, timed};
use crate::show::{self, Rows};

/// Merchants of the run that the other one is compared with.
const FEW: u32 = 1_000;
/// An order of one line gives a sale, a commission and its tax.
const ITEMS_PER_ORDER: u32 = 3;
/// Noon of the day on which all orders complete, and of a day after their cycle.
const SOLD: &str = "2026-03-03T04:00:00.000000Z";
const CLOSED: &str = "2026-03-10T04:00:00.000000Z";
const THROUGH: &str = "2026-03-08";
/// What an item may cost against an item of the few, in hundredths.
const LINEAR: u64 = 150;
/// What a close of ten times the items may take of memory against a close of the tenth, in hundredths.
const BOUNDED: u64 = 110;
/// Fewer bytes than an item takes where it lies compactly.
const ITEM: u64 = 16;
/// Of a close, beyond the memory for open items: what it takes however small the ledger is, and per merchant.
const BASE_MIB: u64 = 192;
const MERCHANT: u64 = 8 << 10;
const MIB: u64 = 1 << 20;

/// What one close took.
#[derive(Debug, Serialize, Deserialize)]
struct Closed {
    cycles: u64,
    items: u64,
    events: u64,
    read_ms: u64,
    close_ms: u64,
    close_ns: u64,
    peak_mib: u64,
    spilled_mib: u64,
}

fn bug(what: impl ToString) -> Failure {
    Failure::new(Exit::Bug, "Bug", what.to_string())
}

/// Measures.
pub(super) fn run(global: &Global, of: &BenchClose) -> Result<(), Failure> {
    let tenth = (of.items / 10).div_ceil(ITEMS_PER_ORDER).max(1);
    let items = |orders: u32| u64::from(of.merchants) * u64::from(orders * ITEMS_PER_ORDER);
    // Already the tenth does not fit.
    let fits = u32::try_from(items(tenth) * ITEM / MIB).unwrap_or(u32::MAX).max(1);
    let memory = of.memory.unwrap_or(fits);
    if let Some(ledger) = &of.ledger {
        return show::json(global, &close(ledger, memory)?);
    }
    let orders = of.items.div_ceil(ITEMS_PER_ORDER);
    let few = measure(of.merchants.min(FEW), orders, memory)?;
    let tenth = measure(of.merchants, tenth, memory)?;
    let many = measure(of.merchants, orders, memory)?;
    let per_item = |of: &Closed| of.close_ns / of.items.max(1);
    let rate = many.items * 1_000 / many.close_ms.max(1);
    let (count, items, memory) = (many.cycles, many.items, u64::from(memory));
    let bound = BASE_MIB + memory + count * MERCHANT / MIB;
    let figures = vec![
        Figure::new(
            format!("close of {count} merchants with {items} items, read and checked"),
            (many.close_ms, "ms"),
            (many.read_ms, "ms of it to read the books from nothing"),
            Aim::None,
        ),
        Figure::new("items closed", (rate, "items/s"), (many.events, "events"), Aim::None),
        Figure::new(
            "an item",
            (per_item(&many), "ns"),
            (per_item(&few), "ns with 1,000 merchants or fewer"),
            Aim::AtMost(LINEAR),
        ),
        Figure::new(
            format!("peak memory, {memory} MiB of it for open items"),
            (many.peak_mib, "MiB in use"),
            (tenth.peak_mib, "MiB with a tenth of the items"),
            Aim::AtMost(BOUNDED),
        ),
        Figure::new(
            "peak memory",
            (many.peak_mib, "MiB in use"),
            (bound, "MiB: 192, those for open items, and 8 KiB per merchant"),
            Aim::AtMost(100),
        ),
        Figure::new(
            "open items on disk meanwhile",
            (many.spilled_mib, "MiB written"),
            (tenth.spilled_mib, "MiB with a tenth of the items"),
            Aim::None,
        ),
    ];
    if global.format() == Format::Json {
        return show::json(global, &figures);
    }
    let (columns, numeric) = Figure::columns();
    let rows = figures.into_iter().map(Figure::cells).collect();
    show::rows(global, &Rows { columns, numeric, rows })
}

/// Makes a ledger, and has another process close it.
fn measure(merchants: u32, orders: u32, memory: u32) -> Result<Closed, Failure> {
    let scratch = super::scratch()?;
    make(scratch.path(), merchants, orders)?;
    let souk = std::env::current_exe().map_err(bug)?;
    let mut process = Process::new(souk);
    process.args(["bench", "close", "--format", "json", "--memory", &memory.to_string()]);
    process.arg("--ledger").arg(scratch.path());
    let output = process.output().map_err(bug)?;
    if !output.status.success() {
        return Err(bug(String::from_utf8_lossy(&output.stderr)));
    }
    let closed: Closed = serde_json::from_slice(&output.stdout).map_err(bug)?;
    if closed.cycles != u64::from(merchants) {
        return Err(bug(format!("{} cycles of {merchants} merchants closed", closed.cycles)));
    }
    let items = u64::from(merchants) * u64::from(orders) * u64::from(ITEMS_PER_ORDER);
    if closed.items != items {
        return Err(bug(format!("{} of {items} items were claimed", closed.items)));
    }
    Ok(closed)
}

fn make(directory: &Path, merchants: u32, orders: u32) -> Result<(), Failure> {
    let id = command_id(Uuid::nil(), "bench", "close");
    let log = LogStore::create(directory, Kind::Ledger, *id.as_bytes(), Options::default())?;
    let store: Arc<dyn EventStore> = Arc::new(log);
    let name = id.simple().to_string();
    let ledger = CreateLedger {
        ledger: Id::new(&name).map_err(bug)?,
        platform: "Souk bench".to_owned(),
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        language: "en".to_owned(),
        demonstration: None,
    };
    let sold = instant(SOLD)?;
    create(store.as_ref(), &ledger, Clock::Pinned(sold))?;
    let mut ledger = Ledger::open(store, Clock::Pinned(sold), Writers::Sole)?;
    fill(&mut ledger, merchants, orders, sold)
}

/// Closes as `souk close` does, on a clock of the measurement.
fn close(directory: &Path, memory: u32) -> Result<Closed, Failure> {
    let log = LogStore::open(directory, Kind::Ledger, Options::default())?;
    let store: Arc<dyn EventStore> = Arc::new(log);
    let events = store.head()?;
    let clock = Clock::Pinned(instant(CLOSED)?);
    let mut ledger = Ledger::open(Arc::clone(&store), clock, Writers::Sole)?;
    let bytes = usize::try_from(u64::from(memory) * MIB).unwrap_or(usize::MAX);
    let mut books = CloseBooks::open(store.as_ref(), bytes, directory.join("projections"))?;
    let (read, reading) = timed(|| books.read(store.as_ref(), &mut |_, _| {}));
    read?;
    let through: Date = THROUGH.parse().map_err(bug)?;
    let (runs, closing) = timed(|| ledger.close_through(through, &mut books));
    let closed: Vec<_> = runs?.into_iter().flat_map(|run| run.cycles).collect();
    let summary = books.close_summary(&closed);
    let whole = reading + closing;
    Ok(Closed {
        cycles: closed.len() as u64,
        items: summary.cycles.iter().map(|of| of.items).sum(),
        events,
        read_ms: u64::try_from(reading.as_millis()).unwrap_or(u64::MAX),
        close_ms: u64::try_from(whole.as_millis()).unwrap_or(u64::MAX),
        close_ns: u64::try_from(whole.as_nanos()).unwrap_or(u64::MAX),
        peak_mib: peak_memory_mib().unwrap_or(0),
        spilled_mib: books.spilled() / MIB,
    })
}

fn instant(text: &str) -> Result<Micros, Failure> {
    text.parse().map_err(bug)
}

/// A tariff, the merchants on it, and their completed orders.
fn fill(ledger: &mut Ledger, merchants: u32, orders: u32, at: Micros) -> Result<(), Failure> {
    let id = ledger.identity().ledger;
    let mut intake = Intake::new(ledger);
    let mut send = |name: &str, data: &str, key: &str| -> Result<(), Failure> {
        let command = Command::parse(name, data).map_err(bug)?;
        let request = Request::of(id, "bench", &format!("{name}\n{key}"), data.as_bytes(), at);
        intake.submit(&command, &request)?;
        Ok(())
    };
    let tariff = r#"{"tariff":"standard","announced_on":"2026-01-01","effective_on":"2026-01-01","fees":[{"kind":"commission","scope":"line","base":"item-price","tax":"0.06","on_refund":"proportional","rules":[{"rule":"default","percent":"0.05"}]}]}"#;
    send("publish-tariff", tariff, "standard")?;
    for merchant in 0..merchants {
        let name = format!("m{merchant}");
        let data = format!(r#"{{"merchant":"{name}"}}"#);
        send("enrol-merchant", &data, &name)?;
        let data = format!(
            r#"{{"merchant":"{name}","effective_on":"2026-01-01","cycle":"weekly","time_zone":"Asia/Shanghai","hold_days":0,"tariff":"standard"}}"#
        );
        send("agree-terms", &data, &name)?;
    }
    for order in 0..orders {
        for merchant in 0..merchants {
            let name = format!("o{merchant}-{order}");
            let price = format!("{}.{:02}", 20 + order % 80, merchant % 100);
            let data = format!(
                r#"{{"order":"{name}","currency":"CNY","lines":[{{"line":"1","merchant":"m{merchant}","price":"{price}"}}]}}"#
            );
            send("place-order", &data, &name)?;
            let data = format!(
                r#"{{"order":"{name}","payment":"P1","method":"card","amount":"{price}"}}"#
            );
            send("pay-order", &data, &name)?;
            let data = format!(r#"{{"order":"{name}","merchant":"m{merchant}"}}"#);
            send("complete-order", &data, &name)?;
        }
    }
    intake.drain()?;
    Ok(())
}
