//! Where the events that were appended last are, so that an append that names no revision is recognised when it
//! comes again, however much was appended to its stream since.
//!
//! Only a hint: what it says is looked up in the stream. It is empty after a restart, when the last events of the
//! stream itself are searched.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Events remembered, about 10 MB of them.
const CAPACITY: usize = 100_000;

/// A stream, by its hash, and an id.
type Key = (u64, [u8; 16]);

/// The events appended last.
pub(crate) struct Recent {
    hasher: RandomState,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    revisions: HashMap<Key, u64>,
    order: VecDeque<Key>,
}

impl Recent {
    pub(crate) fn new() -> Recent {
        Recent { hasher: RandomState::new(), known: Mutex::default() }
    }

    /// Remembers events of a stream, of which the first has revision `first`.
    pub(crate) fn remember(
        &self,
        stream: &str,
        first: u64,
        ids: impl IntoIterator<Item = [u8; 16]>,
    ) {
        let stream = self.hasher.hash_one(stream);
        let mut known = self.lock();
        for (revision, id) in (first..).zip(ids) {
            let key = (stream, id);
            if known.revisions.insert(key, revision).is_none() {
                known.order.push_back(key);
            }
            if known.order.len() > CAPACITY
                && let Some(oldest) = known.order.pop_front()
            {
                known.revisions.remove(&oldest);
            }
        }
    }

    /// The revision where an event may be.
    pub(crate) fn find(&self, stream: &str, id: [u8; 16]) -> Option<u64> {
        let key = (self.hasher.hash_one(stream), id);
        self.lock().revisions.get(&key).copied()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let recent = Recent::new();
        let ids = |from: u128| (from..).map(u128::to_be_bytes);
        recent.remember("s", 7, ids(0).take(CAPACITY));
        // Again, elsewhere: counts once.
        recent.remember("s", 9, ids(0).take(1));
        assert_eq!(recent.find("s", 0_u128.to_be_bytes()), Some(9));
        assert_eq!(recent.find("t", 0_u128.to_be_bytes()), None);
        recent.remember("t", 0, ids(0).take(1));
        assert_eq!(recent.find("s", 0_u128.to_be_bytes()), None);
        assert_eq!(recent.find("s", 1_u128.to_be_bytes()), Some(8));
        assert_eq!(recent.lock().revisions.len(), CAPACITY);
    }
}
