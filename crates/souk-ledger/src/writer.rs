//! From a decision to appends that are ready: encoded, read back, posted, balanced and folded.

use std::borrow::Cow;

use souk_domain::decider::Decision;
use souk_domain::event::LedgerEvent;
use souk_domain::event_id::event_id;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::dates::{Date, Micros};
use souk_journal::entry::EventRef;
use souk_journal::entry_kind::EntryKind;
use souk_journal::names::Names;
use souk_journal::statement_lines::hex;
use souk_store::{Append, Expected, MAX_RECORD_BYTES, NewEvent};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::{BugCause, LedgerError};
use crate::loaded::{Fold, Loaded};
use crate::request::{Outcome, Request};

/// The events of a decision, encoded.
#[derive(Debug)]
pub struct Encoded {
    effective_on: Date,
    /// Kind, version, payload, and the event that it corrects.
    events: Vec<(EntryKind, u32, Vec<u8>, Option<String>)>,
}

/// Encodes a decision, or passes its refusal on.
///
/// # Errors
/// The refusal, or a bug in the encoding.
pub fn encode<'a, E: Into<LedgerEvent<'a>>, R: Into<LedgerError>>(
    decision: Result<Decision<E>, R>,
) -> Result<Encoded, LedgerError> {
    let decision = decision.map_err(Into::into)?;
    let mut events = Vec::with_capacity(decision.events.len());
    for event in decision.events {
        let event: LedgerEvent<'a> = event.into();
        let payload = event.payload().map_err(|cause| LedgerError::Bug {
            stream: String::new(),
            event_type: event.kind().text(),
            cause: cause.into(),
        })?;
        let corrects = event.corrects().map(str::to_owned);
        events.push((event.kind(), event.version(), payload, corrects));
    }
    Ok(Encoded { effective_on: decision.effective_on, events })
}

/// Prepares appends and stamps them.
#[derive(Debug)]
pub struct Writer {
    ledger: Uuid,
    clock: Clock,
    /// Recorded times never go back.
    recorded_at: Micros,
    names: Names,
    staged: Vec<Append>,
}

impl Writer {
    /// A writer of a ledger whose last entry was recorded at this time.
    pub fn new(ledger: Uuid, clock: Clock, recorded_at: Micros) -> Self {
        Self { ledger, clock, recorded_at, names: Names::default(), staged: Vec::new() }
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Sets the clock.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// The ledger's identity.
    pub fn ledger(&self) -> Uuid {
        self.ledger
    }

    /// Appends that are ready and not handed to the store.
    pub fn staged(&self) -> usize {
        self.staged.len()
    }

    /// Hands the ready appends over.
    pub fn take_staged(&mut self) -> Vec<Append> {
        std::mem::take(&mut self.staged)
    }

    /// Stages one command on a loaded stream: looks for it, decides, checks every event, folds.
    /// After an error the stream must be forgotten, because it may be folded in part.
    ///
    /// # Errors
    /// A refusal, a reused key, or a bug; nothing is staged then.
    pub fn stage<S: Fold>(
        &mut self,
        loaded: &mut Loaded<S>,
        stream: &str,
        request: &Request<'_>,
        decide: impl FnOnce(&S) -> Result<Encoded, LedgerError>,
    ) -> Result<Outcome, LedgerError> {
        if let Some(seen) = loaded.find(request.id) {
            if seen.digest != request.digest {
                let (key, stream) = (request.id.to_string(), stream.to_owned());
                return Err(LedgerError::KeyReusedWithAnotherBody { key, stream });
            }
            return Ok(Outcome {
                stream: stream.into(),
                first_revision: seen.first,
                last_revision: seen.last,
                first_entry: None,
                last_entry: None,
                events: Vec::new(),
                replayed: true,
            });
        }
        let now = self.clock.now();
        if request.at > now {
            return Err(LedgerError::OccursInFuture { at: request.at, now });
        }
        let encoded = decide(&loaded.state)?;
        self.recorded_at = self.recorded_at.max(now);
        let (id, digest) = (request.id.hyphenated().to_string(), hex(&request.digest));
        let mut append = Append {
            stream: stream.into(),
            expected: Expected::after(loaded.events.checked_sub(1)),
            events: Vec::with_capacity(encoded.events.len()),
        };
        let first = loaded.events;
        let mut kinds = Vec::with_capacity(encoded.events.len());
        for (index, (kind, version, data, corrects)) in encoded.events.into_iter().enumerate() {
            let metadata = Metadata {
                version,
                command: &id,
                digest: &digest,
                occurred_at: request.at,
                effective_on: encoded.effective_on,
                recorded_at: self.recorded_at,
                correlation: request.correlation,
                causation: request.causation,
                actor: request.actor,
                corrects: corrects.as_deref(),
            };
            let event = NewEvent {
                event_id: event_id(self.ledger, stream, &id, index),
                event_type: Cow::Borrowed(kind.text()),
                metadata: metadata.to_bytes(),
                data,
            };
            self.check(loaded, stream, kind, &event)?;
            loaded.saw(request.id, request.digest, loaded.events);
            loaded.events += 1;
            kinds.push(kind);
            append.events.push(event);
        }
        self.staged.push(append);
        Ok(Outcome {
            stream: stream.into(),
            first_revision: first,
            last_revision: loaded.events - 1,
            first_entry: None,
            last_entry: None,
            events: kinds,
            replayed: false,
        })
    }

    /// Size, read-back, posting, balance and fold of one new event, as replay will do them.
    fn check<S: Fold>(
        &mut self,
        loaded: &mut Loaded<S>,
        stream: &str,
        kind: EntryKind,
        new: &NewEvent,
    ) -> Result<(), LedgerError> {
        let bytes = souk_store::record::FIXED_BYTES
            + stream.len()
            + new.event_type.len()
            + new.metadata.len()
            + new.data.len();
        if bytes > MAX_RECORD_BYTES {
            return Err(LedgerError::OrderTooLarge { bytes, limit: MAX_RECORD_BYTES });
        }
        let revision = loaded.events;
        let mut readable = || -> Result<(), BugCause> {
            let metadata = Metadata::parse(&new.metadata)?;
            // As whoever reads the stream will: its category says how its events are decoded.
            let category = stream.split_once('-').map_or("", |(category, _)| category);
            let event = LedgerEvent::decode(category, kind.text(), metadata.version, &new.data)?;
            post(&event, &metadata, 0, EventRef { stream, revision }, &mut self.names)?;
            loaded.state.fold(&event)?;
            Ok(())
        };
        readable().map_err(|cause| LedgerError::Bug {
            stream: stream.to_owned(),
            event_type: kind.text(),
            cause,
        })
    }
}
