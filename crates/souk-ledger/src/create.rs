//! A new ledger: entry 0, then the schema of every event it can hold.

use souk_domain::decider::Decider;
use souk_domain::event::LedgerEvent;
use souk_domain::event_id::sha256;
use souk_domain::ledger::commands::CreateLedger;
use souk_domain::ledger::decide::LedgerMain;
use souk_domain::ledger::state::LedgerState;
use souk_domain::metadata::Metadata;
use souk_domain::schema::commands::RegisterSchema;
use souk_domain::schema::decide::SchemaMain;
use souk_domain::schema::state::SchemaState;
use souk_journal::dates::Micros;
use souk_journal::ids::Id;
use souk_journal::statement_lines::hex;
use souk_store::EventStore;
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::LedgerError;
use crate::ledger::all_appended;
use crate::loaded::Loaded;
use crate::request::Request;
use crate::writer::{Writer, encode};

/// Writes entry 0 and registers the schemas, all in one batch.
///
/// # Errors
/// A refusal (the ledger exists, an unknown currency or zone), or what the store says.
pub fn create(
    store: &dyn EventStore,
    command: &CreateLedger,
    clock: Clock,
) -> Result<(), LedgerError> {
    let ledger = Uuid::parse_str(command.ledger.as_str()).unwrap_or(Uuid::nil());
    let at = clock.now();
    let mut writer = Writer::new(ledger, clock, Micros(0));
    let mut main: Loaded<LedgerState> = Loaded::read(store, "ledger-main")?;
    let request = Request::of(ledger, "create", "ledger", command.ledger.as_str().as_bytes(), at);
    writer.stage(&mut main, "ledger-main", &request, |state| {
        encode(LedgerMain::decide(state, command, &(), at))
    })?;
    register_schemas(store, &mut writer, at)?;
    all_appended(store.append(writer.take_staged()).wait())
}

/// Stages the schemas that this edition knows and the ledger does not.
///
/// # Errors
/// `SchemaChanged` when a published (type, version) has another schema here: a bug.
pub fn register_schemas(
    store: &dyn EventStore,
    writer: &mut Writer,
    at: Micros,
) -> Result<(), LedgerError> {
    let mut schemas: Loaded<SchemaState> = Loaded::read(store, "schema-main")?;
    for schema in LedgerEvent::schemas() {
        let text = schema.text();
        let name =
            |text: &str| Id::new(text).map_err(|error| LedgerError::ReadSide(error.to_string()));
        let command = RegisterSchema {
            category: name(schema.kind.category())?,
            event_type: name(schema.kind.text())?,
            version: schema.version,
            sha256: hex(&sha256(text.as_bytes())),
            schema: text,
        };
        let known = schemas.state.registered.get(&(command.event_type, command.version));
        if known.is_some_and(|known| **known == *command.sha256) {
            continue;
        }
        let key = format!("{}@{}", command.event_type, command.version);
        let ledger = writer.ledger();
        let request = Request::of(ledger, "schema", &key, command.sha256.as_bytes(), at);
        writer.stage(&mut schemas, "schema-main", &request, |state| {
            encode(SchemaMain::decide(state, &command, &(), at))
        })?;
    }
    Ok(())
}

/// The recorded time of the last entry; recorded times never go back.
///
/// # Errors
/// The store's, or metadata that cannot be read.
pub fn last_recorded(store: &dyn EventStore) -> Result<Micros, LedgerError> {
    let head = store.head()?;
    let Some(last) = head.checked_sub(1) else { return Ok(Micros(0)) };
    let page = store.read_all(last, 1 << 17)?;
    let Some(record) = page.record(0)? else { return Ok(Micros(0)) };
    let metadata = Metadata::parse(record.metadata).map_err(|cause| LedgerError::Damaged {
        stream: record.stream.to_owned(),
        revision: record.revision,
        cause: cause.into(),
    })?;
    Ok(metadata.recorded_at)
}
