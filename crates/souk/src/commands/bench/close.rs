//! `souk bench close`: closing many merchants over many open items, and the same for few, in one run: what an item costs
//! must not grow with the merchants.

use std::sync::Arc;
use std::time::Duration;

use souk_books::Books;
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
use crate::measure::{current_memory_mib, peak_memory_mib, per_second, timed};
use crate::show::{self, Rows};

/// Merchants of the run that the other one is compared with.
const FEW: u32 = 1_000;
/// An order of one line gives a sale, a commission and its tax.
const ITEMS_PER_ORDER: u32 = 3;
/// Noon of the day on which all orders complete, and of a day after their cycle.
const SOLD: &str = "2026-03-03T04:00:00.000000Z";
const CLOSED: &str = "2026-03-10T04:00:00.000000Z";
/// What an item may cost against an item of the few, in hundredths.
const LINEAR: u64 = 150;

/// What one close took.
#[derive(Debug)]
struct Closed {
    merchants: u64,
    items: u64,
    events: u64,
    replay: Duration,
    close: Duration,
    memory_mib: u64,
}

fn bug(what: impl ToString) -> Failure {
    Failure::new(Exit::Bug, "Bug", what.to_string())
}

/// Measures.
pub(super) fn run(global: &Global, of: &BenchClose) -> Result<(), Failure> {
    let orders = of.items.div_ceil(ITEMS_PER_ORDER);
    let few = measure(of.merchants.min(FEW), orders)?;
    let many = measure(of.merchants, orders)?;
    let per_item =
        |of: &Closed| u64::try_from(of.close.as_nanos()).unwrap_or(u64::MAX) / of.items.max(1);
    let millis = |of: Duration| u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
    let rate = per_second(many.items, many.close);
    let (count, items) = (many.merchants, many.items);
    let figures = vec![
        Figure::new(
            format!("close of {count} merchants with {items} items"),
            (millis(many.close), "ms"),
            (millis(many.replay), "ms to read the books from nothing"),
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
            "memory with the books",
            (many.memory_mib, "MiB in use"),
            (few.memory_mib, "MiB with 1,000 merchants or fewer"),
            Aim::None,
        ),
    ];
    if global.format() == Format::Json {
        return show::json(global, &figures);
    }
    let (columns, numeric) = Figure::columns();
    let rows = figures.into_iter().map(Figure::cells).collect();
    show::rows(global, &Rows { columns, numeric, rows })?;
    if let Some(peak) = peak_memory_mib() {
        show::note(global, &format!("peak memory {peak} MiB"));
    }
    Ok(())
}

fn measure(merchants: u32, orders: u32) -> Result<Closed, Failure> {
    let scratch = super::scratch()?;
    let id = command_id(Uuid::nil(), "bench", "close");
    let log = LogStore::create(scratch.path(), Kind::Ledger, *id.as_bytes(), Options::default())?;
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
    let (sold, closed) = (instant(SOLD)?, instant(CLOSED)?);
    create(store.as_ref(), &ledger, Clock::Pinned(sold))?;
    let mut ledger = Ledger::open(Arc::clone(&store), Clock::Pinned(sold), Writers::Sole)?;
    fill(&mut ledger, merchants, orders, sold)?;
    let events = store.head()?;
    ledger.set_clock(Clock::Pinned(closed));
    let mut books = Books::for_replay(Arc::clone(&store), &name);
    let (read, replay) = timed(|| books.catch_up(None));
    read?;
    let through: Date = "2026-03-08".parse().map_err(bug)?;
    let (runs, close) = timed(|| ledger.close_through(through, &mut books));
    let cycles: usize = runs?.iter().map(|run| run.cycles.len()).sum();
    if cycles as u64 != u64::from(merchants) {
        return Err(bug(format!("{cycles} cycles of {merchants} merchants were closed")));
    }
    let items = u64::from(merchants) * u64::from(orders) * u64::from(ITEMS_PER_ORDER);
    let memory_mib = current_memory_mib().unwrap_or(0);
    Ok(Closed { merchants: u64::from(merchants), items, events, replay, close, memory_mib })
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
