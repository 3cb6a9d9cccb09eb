//! Which schemas are registered.

use std::collections::BTreeMap;

use souk_journal::ids::Id;

/// (event type, version) → SHA-256 of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchemaState {
    /// The registered ones.
    pub registered: BTreeMap<(Id, u32), Box<str>>,
}
