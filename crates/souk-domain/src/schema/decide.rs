//! A schema is registered once and never changes.

use std::borrow::Cow;

use souk_journal::dates::Micros;
use souk_journal::ids::Id;
use souk_journal::money::MoneyError;

use super::commands::RegisterSchema;
use super::events::{SchemaEvent, SchemaRegistered};
use super::state::SchemaState;
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why a schema is not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaRefusal {
    /// It is there, the same.
    #[error("the schema of {event_type} v{version} is registered")]
    SchemaRegisteredAlready {
        /// Event type.
        event_type: Id,
        /// Version.
        version: u32,
    },
    /// It is there, another one.
    #[error(
        "{event_type} v{version} has another schema in this ledger; a changed payload is a new version"
    )]
    SchemaChanged {
        /// Event type.
        event_type: Id,
        /// Version.
        version: u32,
    },
}

refusal_codes!(SchemaRefusal { SchemaRegisteredAlready, SchemaChanged });

/// The stream of schemas.
#[derive(Debug)]
pub struct SchemaMain;

impl Decider for SchemaMain {
    const CATEGORY: &'static str = "schema";
    type Command<'a> = RegisterSchema;
    type Event<'a> = SchemaEvent<'a>;
    type State = SchemaState;
    type Refusal = SchemaRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a SchemaState,
        command: &'a RegisterSchema,
        (): &'a (),
        at: Micros,
    ) -> Result<Decision<SchemaEvent<'a>>, SchemaRefusal> {
        let (event_type, version) = (command.event_type, command.version);
        match state.registered.get(&(event_type, version)) {
            Some(known) if **known == *command.sha256 => {
                return Err(SchemaRefusal::SchemaRegisteredAlready { event_type, version });
            }
            Some(_) => return Err(SchemaRefusal::SchemaChanged { event_type, version }),
            None => {}
        }
        let event = SchemaRegistered {
            category: command.category,
            event_type,
            version,
            sha256: &command.sha256,
            schema: Cow::Borrowed(&command.schema),
        };
        Ok(Decision::one(at.utc_date(), SchemaEvent::Registered(event)))
    }

    fn evolve(state: &mut SchemaState, event: &SchemaEvent<'_>) -> Result<(), MoneyError> {
        match event {
            SchemaEvent::Registered(of) => {
                state.registered.insert((of.event_type, of.version), of.sha256.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
