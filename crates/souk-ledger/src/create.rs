//! A new ledger: entry 0, then the schema of every event it can hold.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use souk_domain::decider::Decider;
use souk_domain::event::{EventSchema, LedgerEvent};
use souk_domain::event_id::sha256;
use souk_domain::ledger::commands::CreateLedger;
use souk_domain::ledger::decide::{LedgerMain, LedgerRefusal};
use souk_domain::ledger::state::LedgerState;
use souk_domain::metadata::Metadata;
use souk_domain::schema::commands::RegisterSchema;
use souk_domain::schema::decide::SchemaMain;
use souk_domain::schema::state::SchemaState;
use souk_journal::dates::Micros;
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::Id;
use souk_journal::statement_lines::hex;
use souk_store::{Append, AppendError, EventStore, StoreError};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::{BugCause, LedgerError};
use crate::loaded::Loaded;
use crate::request::Request;
use crate::writer::{Writer, encode};

/// The stream of entry 0.
pub(crate) const MAIN: &str = "ledger-main";
/// The stream of the schemas.
const SCHEMAS: &str = "schema-main";
/// Writers of one stream of schemas that are given way to before it is given up.
const TRIES: u32 = 8;
/// How often a creation that another began is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Writes entry 0, and once it is there the schemas: whoever comes second to entry 0 has written nothing.
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
    let mut main: Loaded<LedgerState> = Loaded::read(store, MAIN)?;
    let request = Request::of(ledger, "create", "ledger", command.ledger.as_str().as_bytes(), at);
    writer.stage(&mut main, MAIN, &request, |state| {
        encode(LedgerMain::decide(state, command, &(), at))
    })?;
    refuse_foreign(store)?;
    match store.append(writer.take_staged()).wait_one() {
        Ok(_) => complete(store, &mut writer),
        Err(AppendError::WrongExpectedRevision { .. }) => Err(LedgerRefusal::LedgerExists.into()),
        Err(AppendError::Store(error)) => Err(error.into()),
        Err(error) => Err(LedgerError::Append(error)),
    }
}

/// The ledger whose creation with these answers was broken off, if there is one to go on with: opening it to write
/// registers the schemas that it lacks.
///
/// A creation that another carries out at this moment looks the same. So it is looked at until nothing has come for as
/// long as `patience`; going on with it all the same does no harm, since nothing is there twice.
///
/// # Errors
/// `LedgerExists` when the ledger there is finished or another one, or what the store says.
pub fn begun(
    store: &dyn EventStore,
    command: &CreateLedger,
    patience: Duration,
) -> Result<Option<Uuid>, LedgerError> {
    let main: Loaded<LedgerState> = Loaded::read(store, MAIN)?;
    let LedgerState::Created { ledger, platform, currency, time_zone, language, demonstration } =
        &main.state
    else {
        refuse_foreign(store)?;
        return Ok(None);
    };
    let is_same = **platform == *command.platform
        && currency.code() == command.currency
        && **time_zone == *command.time_zone
        && **language == *command.language
        && *demonstration == command.demonstration;
    let mut since = Instant::now();
    let mut before = None;
    loop {
        let head = unfinished(store)?;
        if head.is_none() || !is_same {
            return Err(LedgerRefusal::LedgerExists.into());
        }
        if head != before {
            (before, since) = (head, Instant::now());
        }
        if since.elapsed() >= patience {
            return Ok(Uuid::parse_str(ledger.as_str()).ok());
        }
        std::thread::sleep(LOOK.min(patience));
    }
}

/// The number of entries of a ledger that holds nothing yet but entry 0 and schemas: its creation is under way, or was
/// broken off. None for any other.
///
/// # Errors
/// What the store says.
pub fn unfinished(store: &dyn EventStore) -> Result<Option<u64>, LedgerError> {
    let events =
        |stream| Ok::<_, StoreError>(store.stream_revision(stream)?.map_or(0, |of| of + 1));
    let (main, head) = (events(MAIN)?, store.head()?);
    // The schemas last: what comes meanwhile makes them more, never fewer.
    Ok((main > 0 && head <= main + events(SCHEMAS)?).then_some(head))
}

/// Halts where the first entry is not that of a ledger.
///
/// # Errors
/// `Damaged`, which names it, or what the store says.
pub(crate) fn refuse_foreign(store: &dyn EventStore) -> Result<(), LedgerError> {
    let page = store.read_all(0, 1)?;
    let Some(record) = page.record(0)? else { return Ok(()) };
    if record.stream == MAIN && record.event_type == EntryKind::LedgerCreated.text() {
        return Ok(());
    }
    Err(LedgerError::Damaged {
        stream: record.stream.to_owned(),
        revision: record.revision,
        cause: BugCause::NotALedger { event_type: record.event_type.to_owned() },
    })
}

/// A schema that this edition knows, as it is registered.
struct Known {
    command: RegisterSchema,
    key: String,
}

/// Every schema of this edition.
static KNOWN: LazyLock<Result<Vec<Known>, String>> = LazyLock::new(|| {
    let known = |schema: EventSchema| {
        let text = schema.text();
        let name = |text: &str| Id::new(text).map_err(|error| error.to_string());
        let command = RegisterSchema {
            category: name(schema.kind.category())?,
            event_type: name(schema.kind.text())?,
            version: schema.version,
            sha256: hex(&sha256(text.as_bytes())),
            schema: text,
        };
        let key = format!("{}@{}", command.event_type, command.version);
        Ok(Known { command, key })
    };
    LedgerEvent::schemas().into_iter().map(known).collect()
});

/// Registers the schemas that this edition knows and the ledger does not, so that every event in it can be decoded by
/// whoever reads it. All that are missing become one append: none of them is there without the others.
///
/// # Errors
/// `SchemaChanged` when a published (type, version) has another schema here: a bug. Or what the store says.
pub(crate) fn complete(store: &dyn EventStore, writer: &mut Writer) -> Result<(), LedgerError> {
    let known = KNOWN.as_ref().map_err(|error| LedgerError::ReadSide(error.clone()))?;
    for _ in 0..TRIES {
        let mut schemas: Loaded<SchemaState> = Loaded::read(store, SCHEMAS)?;
        stage_missing(known, &mut schemas, writer)?;
        let Some(append) = in_one(writer.take_staged()) else { return Ok(()) };
        match store.append(vec![append]).wait_one() {
            Ok(_) => return Ok(()),
            // Another registered them meanwhile.
            Err(AppendError::WrongExpectedRevision { .. }) => {}
            Err(AppendError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(LedgerError::Append(error)),
        }
    }
    Err(LedgerError::TooManyConflicts { stream: SCHEMAS.to_owned(), tries: TRIES })
}

fn stage_missing(
    known: &[Known],
    schemas: &mut Loaded<SchemaState>,
    writer: &mut Writer,
) -> Result<(), LedgerError> {
    let (ledger, at) = (writer.ledger(), writer.clock().now());
    for Known { command, key } in known {
        let there = schemas.state.registered.get(&(command.event_type, command.version));
        if there.is_some_and(|there| **there == *command.sha256) {
            continue;
        }
        let request = Request::of(ledger, "schema", key, command.sha256.as_bytes(), at);
        writer.stage(schemas, SCHEMAS, &request, |state| {
            encode(SchemaMain::decide(state, command, &(), at))
        })?;
    }
    Ok(())
}

/// Appends that follow each other in one stream, as one.
fn in_one(appends: Vec<Append>) -> Option<Append> {
    let mut appends = appends.into_iter();
    let mut one = appends.next()?;
    one.events.extend(appends.flat_map(|append| append.events));
    Some(one)
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
