//! What can happen to the schemas.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::Id;

/// The schema of one version of one event type was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaRegistered<'a> {
    /// Category of the streams that hold it.
    pub category: Id,
    /// The event type.
    pub event_type: Id,
    /// The version of its payload.
    pub version: u32,
    /// SHA-256 of the schema text, 64 hexadecimal digits.
    pub sha256: &'a str,
    /// The JSON Schema, as text.
    #[serde(borrow)]
    pub schema: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to the schemas.
    pub enum SchemaEvent<'a> {
        /// A schema was registered.
        Registered(SchemaRegistered<'a>) = SchemaRegistered v 1,
    }
}
