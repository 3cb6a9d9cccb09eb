//! The file of one snapshot.
//!
//! | bytes | field |
//! |---|---|
//! | 8 | magic `SOUKSNP1` |
//! | 4 | length of the header, little-endian |
//! | … | header, postcard |
//! | … | state of the read model |
//! | 4 | CRC-32C of everything before, little-endian |
//!
//! Written under a temporary name, then renamed. Not a stored format: other editions rebuild.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use souk_domain::posting::RULES;

use crate::checkpoint::Checkpoint;

const MAGIC: &[u8; 8] = b"SOUKSNP1";
const CHECKSUM: usize = 4;

/// What a snapshot is valid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    ledger_id: String,
    name: String,
    version: u32,
    /// Fingerprint of the posting rules.
    rules: u32,
    pub(crate) checkpoint: Checkpoint,
}

impl Header {
    /// The header under the posting rules of this edition.
    pub(crate) fn new(ledger_id: &str, name: &str, version: u32, checkpoint: Checkpoint) -> Self {
        let (ledger_id, name) = (ledger_id.to_owned(), name.to_owned());
        Self { ledger_id, name, version, rules: RULES, checkpoint }
    }

    /// Whether it is the wanted one; a text saying what differs if not.
    pub(crate) fn check(&self, wanted: &Self) -> Result<(), String> {
        let why = if self.ledger_id != wanted.ledger_id {
            format!("it is of ledger {}, this is ledger {}", self.ledger_id, wanted.ledger_id)
        } else if self.name != wanted.name {
            format!("it is of {}", self.name)
        } else if self.version != wanted.version {
            format!("it has version {}, this edition has version {}", self.version, wanted.version)
        } else if self.rules != wanted.rules {
            format!("its posting rules are {}, this edition's are {}", self.rules, wanted.rules)
        } else if self.checkpoint != wanted.checkpoint {
            let (own, other) = (self.checkpoint.next_entry, wanted.checkpoint.next_entry);
            format!("it stands at entry {own} and another snapshot at entry {other}")
        } else {
            return Ok(());
        };
        Err(why)
    }
}

/// Writes a snapshot whole or not at all.
pub(crate) fn write(path: &Path, header: &Header, body: &[u8]) -> io::Result<()> {
    let header = postcard::to_stdvec(header).map_err(io::Error::other)?;
    let header_len = u32::try_from(header.len()).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(MAGIC.len() + 4 + header.len() + body.len() + CHECKSUM);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&header_len.to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(body);
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    let temporary = path.with_extension(format!("snap.{}.tmp", std::process::id()));
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first failure is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Reads a snapshot; `None` if there is no such file.
///
/// # Errors
/// A text saying why it is not a snapshot.
pub(crate) fn read(path: &Path) -> Result<Option<(Header, Vec<u8>)>, String> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    parse(&bytes).map(Some)
}

fn parse(bytes: &[u8]) -> Result<(Header, Vec<u8>), String> {
    let cut = || "it is cut short".to_owned();
    let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or_else(cut)?;
    let rest = content.strip_prefix(MAGIC).ok_or("it is of another edition or not a snapshot")?;
    if crc32c::crc32c(content).to_le_bytes() != *checksum {
        return Err("its checksum does not match".to_owned());
    }
    let (header_len, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let header_len = usize::try_from(u32::from_le_bytes(*header_len)).map_err(|_| cut())?;
    let (header, body) = rest.split_at_checked(header_len).ok_or_else(cut)?;
    let header = postcard::from_bytes(header).map_err(|error| error.to_string())?;
    Ok((header, body.to_vec()))
}
