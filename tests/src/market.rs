//! A ledger in memory, and commands to it as people send them: a name and JSON.

use std::sync::Arc;

use serde_json::Value;
use souk_domain::business_time::Zone;
use souk_domain::ledger::commands::CreateLedger;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::create::create;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::request::{Outcome, Request};
use souk_store::{EventStore, MemoryStore};
use uuid::Uuid;

/// The identity of every test ledger.
pub const LEDGER: &str = "50c0a1e0000040008000000000000001";

/// The platform's zone.
pub const ZONE: &str = "Asia/Shanghai";

/// A new ledger in memory, created at the start of 2026 in the platform's zone.
///
/// # Errors
/// What the ledger says.
pub fn new_store() -> Result<Arc<dyn EventStore>, LedgerError> {
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    create_in(store.as_ref())?;
    Ok(store)
}

/// Creates the ledger in a store.
///
/// # Errors
/// What the ledger says.
pub fn create_in(store: &dyn EventStore) -> Result<(), LedgerError> {
    let command = CreateLedger {
        ledger: Id::new(LEDGER).map_err(|error| LedgerError::ReadSide(error.to_string()))?,
        platform: "Souk test".into(),
        currency: "CNY".into(),
        time_zone: ZONE.into(),
        language: "en".into(),
        demonstration: None,
    };
    create(store, &command, Clock::Pinned(start()))
}

/// The start of 2026 in the platform's zone.
pub fn start() -> Micros {
    let first = Date::new(2026, 1, 1).unwrap_or(Date::MAX);
    platform_zone().start_of(first)
}

/// The platform's zone.
pub fn platform_zone() -> Zone {
    Zone::named(ZONE).unwrap_or_else(|error| unreachable!("{error}"))
}

/// A handle on the ledger in a store, its clock standing at an instant.
///
/// # Errors
/// What the ledger says.
pub fn open(
    store: &Arc<dyn EventStore>,
    at: Micros,
    writers: Writers,
) -> Result<Ledger, LedgerError> {
    Ledger::open(Arc::clone(store), Clock::Pinned(at), writers)
}

/// A command as people send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The command's name.
    pub name: &'static str,
    /// Its data as JSON.
    pub data: String,
    /// Its natural key.
    pub key: String,
    /// When it happened.
    pub at: Micros,
}

impl Sent {
    /// A command with its data.
    pub fn new(name: &'static str, data: &Value, key: impl Into<String>, at: Micros) -> Self {
        Self { name, data: data.to_string(), key: key.into(), at }
    }

    /// The request that carries it.
    pub fn request(&self) -> Request<'static> {
        let ledger = Uuid::parse_str(LEDGER).unwrap_or(Uuid::nil());
        let body = format!("{}\n{}\n{}", self.name, self.at, self.data);
        Request::of(ledger, "test", &self.key, body.as_bytes(), self.at)
    }

    /// The command.
    ///
    /// # Errors
    /// A text saying why it cannot be read.
    pub fn command(&self) -> Result<Command<'_>, String> {
        Command::parse(self.name, &self.data).map_err(|error| error.to_string())
    }

    /// Carries it out.
    ///
    /// # Errors
    /// A refusal or a failure.
    pub fn execute(&self, ledger: &mut Ledger) -> Result<Outcome, LedgerError> {
        let command = self.command().map_err(LedgerError::ReadSide)?;
        ledger.execute(&command, &self.request())
    }
}

/// A store in memory into which a script of the scenario language has been written, with the clock
/// at `now` and other writers allowed.
///
/// # Panics
/// When the script cannot be read or a command of it is refused: a script of a test is right.
pub fn written(script: &str, now: Micros) -> Arc<dyn EventStore> {
    use crate::scenario::language::{Action, Context};
    let store = new_store().expect("a store in memory");
    let mut ledger = open(&store, now, Writers::Several).expect("a ledger that was just made");
    let mut context = Context::default();
    for line in script.lines() {
        let Some(step) = context.read(line).expect("a script of a test is right") else { continue };
        if let Action::Send(commands) = step.action {
            for sent in commands {
                sent.execute(&mut ledger).expect("a script of a test is right");
            }
        }
    }
    store
}
