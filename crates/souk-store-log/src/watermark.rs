//! The watermark: how many entries have been made durable, so that what opening finds can be judged.
//!
//! Below it a mismatch is damage; above it a torn tail was never acknowledged. It also tells readers beside a writer
//! how far they may read. It is written after every group, which other processes see at once, and synced at most
//! once a second and on closing, so after a power cut it may be behind, never ahead. Losing the file loses only that
//! judgement.
//!
//! 24 bytes, big-endian: `SOUKMARK`, u64 number of entries, u32 zero, u32 CRC-32C of the 20 bytes before.

use crate::format::{u32_at, u64_at};
use souk_store::StoreError;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"SOUKMARK";
const BYTES: usize = 24;
/// A reader may meet a write half done; it looks again this often.
const TRIES: usize = 1000;

/// The writer's side.
#[derive(Debug)]
pub(crate) struct Watermark {
    file: File,
    path: PathBuf,
    synced: bool,
}

impl Watermark {
    pub(crate) fn open(dir: &Path) -> Result<Watermark, StoreError> {
        let path = dir.join("WATERMARK");
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| StoreError::io("open", &path, error))?;
        Ok(Watermark { file, path, synced: true })
    }

    /// Says that `entries` entries are durable.
    pub(crate) fn write(&mut self, entries: u64) -> Result<(), StoreError> {
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&entries.to_be_bytes());
        let checksum = crc32c::crc32c(&bytes[..20]);
        bytes[20..].copy_from_slice(&checksum.to_be_bytes());
        self.synced = false;
        let written = self.file.write_all_at(&bytes, 0);
        written.map_err(|error| StoreError::io("write", &self.path, error))
    }

    /// Makes the last write durable, if it is not.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        if !self.synced {
            self.file.sync_data().map_err(|error| StoreError::io("sync", &self.path, error))?;
            self.synced = true;
        }
        Ok(())
    }

    /// Whether the last write is durable.
    pub(crate) fn is_synced(&self) -> bool {
        self.synced
    }
}

/// The number of entries known to be durable; `None` if the file is missing or unreadable.
pub(crate) fn read(dir: &Path) -> Option<u64> {
    let file = File::open(dir.join("WATERMARK")).ok()?;
    let mut bytes = [0; BYTES];
    (0..TRIES).find_map(|_| {
        file.read_exact_at(&mut bytes, 0).ok()?;
        let whole = bytes[..8] == *MAGIC && crc32c::crc32c(&bytes[..20]) == u32_at(&bytes, 20);
        whole.then(|| u64_at(&bytes, 8))
    })
}
