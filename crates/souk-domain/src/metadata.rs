//! The metadata of a record: who asked for what, when, and in which version the event is written.
//!
//! JSON with these keys in this order; absent ones are left out. A stored format.
//!
//! | key | value |
//! |---|---|
//! | `version` | version of the event's payload, from 1 |
//! | `command` | id of the command: UUID, lower case with hyphens |
//! | `digest` | SHA-256 of the request, 64 hexadecimal digits |
//! | `occurred_at` | when it happened, as the command says |
//! | `effective_on` | accounting date |
//! | `recorded_at` | when the ledger recorded it; never before an earlier entry's |
//! | `correlation` | what it belongs to |
//! | `causation` | the event (`stream@revision`) that caused it |
//! | `actor` | who asked, as an opaque id; never a name |
//! | `corrects` | the event (`stream@revision`) that it corrects |

mod canonical;

use serde::{Deserialize, Serialize};
use souk_journal::dates::{Date, Micros};

/// The metadata of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata<'a> {
    /// Version of the payload.
    pub version: u32,
    /// Id of the command.
    pub command: &'a str,
    /// Digest of the request.
    pub digest: &'a str,
    /// When it happened.
    pub occurred_at: Micros,
    /// Accounting date.
    pub effective_on: Date,
    /// When it was recorded.
    pub recorded_at: Micros,
    /// What it belongs to.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<&'a str>,
    /// What caused it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<&'a str>,
    /// Who asked.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<&'a str>,
    /// What it corrects.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<&'a str>,
}

impl<'a> Metadata<'a> {
    /// Reads the stored form.
    ///
    /// # Errors
    /// What `serde_json` found, with line and column.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, serde_json::Error> {
        match canonical::parse(bytes) {
            Some(metadata) => Ok(metadata),
            None => Self::parse_json(bytes),
        }
    }

    /// Reads any JSON with these keys, whatever its order and spaces: the definition.
    ///
    /// # Errors
    /// What `serde_json` found, with line and column.
    pub fn parse_json(bytes: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The stored form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(320);
        // Texts, numbers and dates cannot fail to serialise.
        let written = serde_json::to_writer(&mut bytes, self);
        debug_assert!(written.is_ok());
        bytes
    }
}

#[cfg(test)]
mod canonical_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_the_golden_one() {
        let metadata = Metadata {
            version: 1,
            command: "8c7f3a52-6a0c-5c4e-9a3f-0d3a6f6f2f11",
            digest: "563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3",
            occurred_at: "2026-03-01T10:00:00.000000Z".parse().unwrap(),
            effective_on: "2026-03-01".parse().unwrap(),
            recorded_at: "2026-03-01T10:00:00.250000Z".parse().unwrap(),
            correlation: None,
            causation: Some("settlement-1007~CNY@3"),
            actor: Some("fin-02"),
            corrects: None,
        };
        let golden = concat!(
            r#"{"version":1,"command":"8c7f3a52-6a0c-5c4e-9a3f-0d3a6f6f2f11","#,
            r#""digest":"563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3","#,
            r#""occurred_at":"2026-03-01T10:00:00.000000Z","effective_on":"2026-03-01","#,
            r#""recorded_at":"2026-03-01T10:00:00.250000Z","#,
            r#""causation":"settlement-1007~CNY@3","actor":"fin-02"}"#
        );
        assert_eq!(String::from_utf8(metadata.to_bytes()).unwrap(), golden);
        assert_eq!(Metadata::parse(golden.as_bytes()).unwrap(), metadata);
    }
}
