//! What a stream is known by in the index: the first 128 bits of the SHA-256 of its id.
//!
//! The same everywhere and for ever, so files of the index can be merged without reading the log. Nobody can find two
//! ids with one key, not even someone who chooses ids; reads compare the id all the same.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The key of a stream; ordered as in the files of the index.
pub(crate) type Key = u128;

/// A map by key.
pub(crate) type ByKey<T> = HashMap<Key, T, BuildHasherDefault<Spread>>;

/// The key of a stream id.
pub(crate) fn key(stream: &[u8]) -> Key {
    let hash = Sha256::digest(stream);
    hash.first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes))
}

/// The half of a key that filters and fences go by.
pub(crate) fn high(key: Key) -> u64 {
    (key >> 64) as u64
}

/// Keys are hashes already.
#[derive(Debug, Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.first_chunk().map_or(self.0, |word| u64::from_ne_bytes(*word));
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}
