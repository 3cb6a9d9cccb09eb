//! What can be asked of the schemas.

use souk_journal::ids::Id;

/// Registers the schema of one (type, version).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterSchema {
    /// Category.
    pub category: Id,
    /// Event type.
    pub event_type: Id,
    /// Version.
    pub version: u32,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// The JSON Schema.
    pub schema: String,
}
