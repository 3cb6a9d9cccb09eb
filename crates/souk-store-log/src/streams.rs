//! The index from streams to entries, derived and in memory.
//!
//! A stream is known by a 128-bit hash of its id under keys drawn at random per process, so that two ids meeting is
//! out of reach even for someone who chooses ids; reads compare the id all the same. Memory: 4 bytes per event (the
//! stream's previous entry) and 25 bytes per slot of a map that is 7/16 to 7/8 full, so 29 to 57 per stream; streams longer than 64
//! events take one more such slot per 64 events. With the 4 bytes per event of `index`, 8.2 bytes per event in all.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// The hash of a stream id.
pub(crate) type Key = [u64; 2];

/// Every so many events of a stream its entry is kept, so that a read starts near where it wants to.
const STRIDE: u32 = 64;
/// Entries per chunk of the chain.
const CHUNK: usize = 1 << 16;
/// Marks the first event of a stream.
const NONE: u32 = u32::MAX;
/// The number of entries the index can hold, 2^32 - 1.
pub(crate) const MAX_ENTRIES: u64 = NONE as u64;

#[derive(Debug, Default)]
pub(crate) struct Streams {
    keys: (RandomState, RandomState),
    heads: HashMap<Key, Head, BuildHasherDefault<Spread>>,
    skips: HashMap<Key, u32, BuildHasherDefault<Spread>>,
    /// For each entry the previous entry of its stream.
    chain: Vec<Vec<u32>>,
    entries: u32,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    last: u32,
    events: u32,
}

/// The keys are hashes already.
#[derive(Debug, Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Keys are written as numbers, except that the two of a key may come as one run of bytes.
        self.0 = bytes.first_chunk().map_or(self.0, |word| u64::from_ne_bytes(*word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = word;
    }

    fn write_usize(&mut self, _length: usize) {}
}

impl Streams {
    pub(crate) fn key(&self, stream: &[u8]) -> Key {
        [self.keys.0.hash_one(stream), self.keys.1.hash_one(stream)]
    }

    /// Number of entries indexed; the next one must have this number.
    pub(crate) fn entries(&self) -> u64 {
        u64::from(self.entries)
    }

    /// Indexes the next entry. The caller keeps below [`MAX_ENTRIES`].
    pub(crate) fn push(&mut self, key: Key) {
        let entry = self.entries;
        let head = self.heads.entry(key).or_insert(Head { last: NONE, events: 0 });
        let (previous, revision) = (head.last, head.events);
        *head = Head { last: entry, events: revision + 1 };
        if revision > 0 && revision.is_multiple_of(STRIDE) {
            self.skips.insert(skip(key, revision / STRIDE), entry);
        }
        if (entry as usize).is_multiple_of(CHUNK) {
            self.chain.push(Vec::new());
        }
        if let Some(chunk) = self.chain.last_mut() {
            chunk.push(previous);
        }
        self.entries += 1;
    }

    /// The stream's last revision.
    pub(crate) fn last_revision(&self, key: Key) -> Option<u64> {
        self.heads.get(&key).map(|head| u64::from(head.events) - 1)
    }

    /// The entries of revisions `from..=to` of a stream, ascending; `to` is at most its last revision.
    pub(crate) fn entries_of(&self, key: Key, from: u64, to: u64) -> Vec<u64> {
        let (Some(head), Ok(from), Ok(to)) =
            (self.heads.get(&key), u32::try_from(from), u32::try_from(to))
        else {
            return Vec::new();
        };
        let above = to.div_ceil(STRIDE);
        let near = self.skips.get(&skip(key, above)).filter(|_| above > 0);
        let (mut entry, mut revision) = match near {
            Some(entry) => (*entry, above * STRIDE),
            None => (head.last, head.events - 1),
        };
        let mut found = Vec::with_capacity((to.saturating_sub(from) + 1) as usize);
        while revision >= from && entry != NONE {
            if revision <= to {
                found.push(u64::from(entry));
            }
            if revision == from {
                break;
            }
            entry = self.chain[entry as usize / CHUNK][entry as usize % CHUNK];
            revision -= 1;
        }
        found.reverse();
        found
    }
}

/// The slot that holds the entry of revision `block * STRIDE`.
fn skip(key: Key, block: u32) -> Key {
    let step = u64::from(block).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    [key[0].wrapping_add(step), key[1].wrapping_add(step.rotate_left(32))]
}
