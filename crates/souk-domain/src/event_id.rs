//! Ids that follow from what they name, so that a repeat is the same id.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The id of an event: UUIDv5 of the ledger over stream, command and index.
pub fn event_id(ledger: Uuid, stream: &str, command: &str, index: usize) -> [u8; 16] {
    let name = format!("{stream}\n{command}\n{index}");
    Uuid::new_v5(&ledger, name.as_bytes()).into_bytes()
}

/// The id of a command from the natural id of a row or a key: UUIDv5 over source and key.
pub fn command_id(ledger: Uuid, source: &str, key: &str) -> Uuid {
    Uuid::new_v5(&ledger, format!("{source}\n{key}").as_bytes())
}

/// The id of the payout of a closed cycle: 32 hexadecimal digits.
pub fn payout_id(ledger: Uuid, merchant: &str, currency: &str, cycle: &str) -> String {
    let name = format!("payout\n{merchant}~{currency}\n{cycle}");
    Uuid::new_v5(&ledger, name.as_bytes()).simple().to_string()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
