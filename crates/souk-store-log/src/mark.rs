//! The file `STORE`: says what a directory holds, a ledger or a plain event store, so that neither is taken for the
//! other.
//!
//! One line of ASCII: `SOUKSTORE 1 <ledger|plain> <store id, 32 hex digits> <CRC-32C of all before, 8 hex digits>`.

use crate::format::SEGMENT_HEADER;
use crate::recover::{self, corrupt};
use crate::watermark;
use souk_store::StoreError;
use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A ledger: its events are written by decisions alone.
    Ledger,
    /// A plain event store: anything may be appended to it from outside.
    Plain,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Ledger => "ledger",
            Kind::Plain => "plain",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Ledger => "a ledger",
            Kind::Plain => "a plain event store",
        })
    }
}

/// What the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) store_id: [u8; 16],
}

fn path(dir: &Path) -> PathBuf {
    dir.join("STORE")
}

impl Mark {
    fn line(&self) -> String {
        let id = u128::from_be_bytes(self.store_id);
        let text = format!("SOUKSTORE 1 {} {id:032x} ", self.kind.word());
        let checksum = crc32c::crc32c(text.as_bytes());
        format!("{text}{checksum:08x}\n")
    }

    /// Writes the file and makes it durable; the caller syncs the directory. Under its own name it is whole: it says
    /// that the store has been created.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let path = path(dir);
        let write = || -> std::io::Result<()> {
            let unfinished = path.with_extension("new");
            let mut file = File::create(&unfinished)?;
            file.write_all(self.line().as_bytes())?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)
        };
        write().map_err(|error| StoreError::io("write", &path, error))
    }

    /// Whether the file is there.
    pub(crate) fn exists(dir: &Path) -> bool {
        path(dir).exists()
    }

    /// Reads the file.
    ///
    /// # Errors
    /// `Corrupt` if it is not as written or missing where there are entries, `Unavailable` if it is missing where there
    /// are none: then creating was cut short. `Io`.
    pub(crate) fn read(dir: &Path) -> Result<Mark, StoreError> {
        let path = path(dir);
        let bad = |what| corrupt(&path, 0, 0, what);
        if path.symlink_metadata().is_ok_and(|of| !of.is_file()) {
            return Err(bad("it is not a regular file"));
        }
        let text = fs::read_to_string(&path).map_err(|error| {
            if error.kind() == ErrorKind::NotFound && has_entries(dir) {
                bad("the file that says what the directory holds is missing")
            } else if error.kind() == ErrorKind::NotFound {
                let dir = dir.display();
                let why = format!("creating it in {dir} was cut short; create it again");
                StoreError::Unavailable { why: why.into() }
            } else if error.kind() == ErrorKind::InvalidData {
                bad("the file is not text")
            } else {
                StoreError::io("read", &path, error)
            }
        })?;
        Mark::parse(&text).ok_or_else(|| bad("the file is not as it was written"))
    }

    fn parse(text: &str) -> Option<Mark> {
        let mut words = text.split(' ').skip(2);
        let kind = match words.next()? {
            "ledger" => Kind::Ledger,
            "plain" => Kind::Plain,
            _ => return None,
        };
        let id = u128::from_str_radix(words.next()?, 16).ok()?;
        let mark = Mark { kind, store_id: id.to_be_bytes() };
        // One text only: whatever else is damaged does not match.
        (mark.line() == text).then_some(mark)
    }

    /// Halts if the directory holds something else.
    pub(crate) fn check(&self, wanted: Kind, dir: &Path) -> Result<(), StoreError> {
        if self.kind == wanted {
            return Ok(());
        }
        let (holds, wanted) = (self.kind.to_string().into(), wanted.to_string().into());
        Err(StoreError::OtherKind { dir: dir.to_owned(), holds, wanted })
    }
}

/// Whether a directory without its mark has anything to lose.
pub(crate) fn has_entries(dir: &Path) -> bool {
    let segments = recover::list(dir).unwrap_or_default();
    segments.iter().any(|(_, len)| *len > SEGMENT_HEADER as u64)
        || matches!(watermark::read(dir), Ok(Ok(entries)) if entries > 0)
}
