//! `souk demo`: an invented marketplace that shows what Souk does, twice the same bytes.

mod beside;
mod days;
mod market;
mod orders;
mod payees;
mod print;
pub(crate) mod random;
mod script;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use souk_books::books::Books;
use souk_domain::event_id::command_id;
use souk_domain::ledger::commands::CreateLedger;
use souk_domain::ledger::events::Demonstration;
use souk_domain::rate::Rate;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers, identity};
use souk_store::EventStore;
use uuid::Uuid;

use crate::cli::{Demo, Global};
use crate::fail::{Exit, Failure};
use crate::place::Place;

use days::Days;
use market::{shops, tariffs};
use orders::{Fact, basket};
use random::Random;

/// Where the demonstration goes when no directory is named.
const DEFAULT: &str = "souk-demo";
/// The first day, a Monday, and the day on which the clock stands.
const FIRST: &str = "2025-12-01";
const LAST: &str = "2026-03-31";

/// Invents the marketplace and shows its figures.
pub(crate) fn run(global: &Global, of: &Demo) -> Result<(), Failure> {
    let start = Instant::now();
    let place = match &global.store {
        Some(_) => Place::of(global)?,
        None => Place::at(global.data.as_deref().unwrap_or(Path::new(DEFAULT))),
    };
    make_room(&place)?;
    let made = invent(&place, of)?;
    print::print(global, of, &place, &made, start.elapsed())
}

/// An existing demonstration in a directory is replaced; anything else stays, and so does all that is on a server.
fn make_room(place: &Place) -> Result<(), Failure> {
    let Ok(dir) = place.dir("a demonstration") else { return make_room_on_server(place) };
    let empty = std::fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    if empty {
        return Ok(());
    }
    let demonstration = place.exists()?
        && place
            .read()
            .ok()
            .and_then(|store| identity(store.as_ref()).ok())
            .is_some_and(|of| of.demonstration.is_some());
    if !demonstration {
        let message =
            format!("{} is not empty and not a demonstration; it stays as it is", dir.display());
        return Err(Failure::new(Exit::Refused, "NotADemonstration", message)
            .with("  name another directory: souk demo --data DIR"));
    }
    // A server or another command may hold it.
    drop(place.write()?);
    std::fs::remove_dir_all(dir).map_err(|error| Failure::unwritable(dir, &error))
}

fn make_room_on_server(place: &Place) -> Result<(), Failure> {
    if !place.exists()? {
        return Ok(());
    }
    let message = format!("{} holds a ledger; nothing on a server is replaced", place.shown());
    Err(Failure::new(Exit::Refused, "NotADemonstration", message)
        .with("  name another ledger= in the address: souk demo --store URL"))
}

/// What was invented, with books at its last entry.
pub(crate) struct Made {
    /// The books.
    pub(crate) books: Books,
    /// Merchants.
    pub(crate) merchants: usize,
    /// Orders.
    pub(crate) orders: u64,
    /// The last day.
    pub(crate) last: Date,
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|error: souk_journal::dates::DateError| {
        Failure::new(Exit::Bug, "Bug", error.to_string())
    })
}

/// Invents a ledger.
pub(crate) fn invent(place: &Place, of: &Demo) -> Result<Made, Failure> {
    let (first, last) = (date(FIRST)?, date(LAST)?);
    let days = last.days_since(first) as usize + 1;
    let tariffs = tariffs()?;
    let shops = shops()?;
    let store = create(place, of, first, last)?;
    let mut ledger = Ledger::open(store.clone(), Clock::System, Writers::Sole)?;
    let id = ledger.identity().ledger.simple().to_string();
    let books = Books::open(store, place.projections().as_deref(), &id)?;
    let mut calendar = calendar(of, &shops, days)?;
    let charges = beside::charges(first, days);
    let mut course = Days::new(&mut ledger, books, first).with(charges);
    course.open(&tariffs, &shops)?;
    for (day, facts) in calendar.iter_mut().enumerate() {
        course.day(day, std::mem::take(facts), &tariffs)?;
    }
    let mut books = course.books;
    payees::keep(place, &shops)?;
    books.catch_up(None)?;
    books.save_snapshots()?;
    Ok(Made { books, merchants: shops.len(), orders: u64::from(of.orders) + 5, last })
}

/// Creates the ledger of a demonstration.
fn create(
    place: &Place,
    of: &Demo,
    first: Date,
    last: Date,
) -> Result<Arc<dyn EventStore>, Failure> {
    // 18:00 of the last day in Shanghai.
    let clock: Micros = format!("{last}T10:00:00.000000Z").parse().unwrap_or_default();
    let id = command_id(Uuid::nil(), "demonstration", &of.seed.to_string()).simple().to_string();
    let command = CreateLedger {
        ledger: orders::id(Id::new(&id))?,
        platform: "Souk demonstration".to_owned(),
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        language: "en".to_owned(),
        demonstration: Some(Demonstration { seed: of.seed, clock }),
    };
    let start: Micros =
        format!("{}T00:00:00.000000Z", first.plus_days(-1)).parse().unwrap_or_default();
    place.create(&command, Clock::Pinned(start), market::TARIFFS[0])
}

/// Ingests the same orders without closes and payouts, and says how many events that was and how
/// long it took from the first decision until all of them were durable. For `souk bench`.
pub(crate) fn ingest(place: &Place, of: &Demo) -> Result<(u64, Duration), Failure> {
    let (first, last) = (date(FIRST)?, date(LAST)?);
    let days = last.days_since(first) as usize + 1;
    let (tariffs, shops) = (tariffs()?, shops()?);
    let store = create(place, of, first, last)?;
    let mut ledger = Ledger::open(store.clone(), Clock::System, Writers::Sole)?;
    let calendar = calendar(of, &shops, days)?;
    let id = ledger.identity().ledger.simple().to_string();
    let mut course = Days::new(&mut ledger, Books::open(store, None, &id)?, first);
    course.open(&tariffs, &shops)?;
    let start = Instant::now();
    let events = course.facts(calendar)?;
    Ok((events, start.elapsed()))
}

/// The facts of every day, in order of invention.
fn calendar(of: &Demo, shops: &[market::Shop], days: usize) -> Result<Vec<Vec<Fact>>, Failure> {
    let rate: Rate = "0.006".parse().unwrap_or_default();
    let mut random = Random::new(of.seed);
    // The scripted cases need merchants to whom nothing else happens.
    let scripted = [script::NEGATIVE.to_string(), script::RETURNED.to_string()];
    let weight = |shop: &market::Shop| {
        if scripted.iter().any(|id| id == shop.id.as_str()) { 0 } else { shop.weight }
    };
    let weights: Vec<u64> = shops.iter().map(weight).collect();
    let mut calendar: Vec<Vec<Fact>> = (0..days).map(|_| Vec::new()).collect();
    let mut add = |fact: Fact| {
        if let Some(day) = calendar.get_mut(fact.1) {
            day.push(fact);
        }
    };
    for number in 0..of.orders {
        // More orders towards the end, as a growing marketplace has.
        let day = (random.below(days as u64).max(random.below(days as u64))) as usize;
        let invented = basket(&mut random, shops, &weights, number + 1)?;
        for fact in invented.life(&mut random, day, rate)? {
            add(fact);
        }
    }
    for fact in script::facts(rate)? {
        add(fact);
    }
    Ok(calendar)
}
