//! Loaded streams kept between commands: two generations, the older dropped when the younger is
//! full, which keeps what was used lately with one map look-up and no list to maintain.
//!
//! Streams with events that are not yet durable must not be dropped, so the ledger only lets the
//! generations turn when nothing is in flight.

use std::hash::Hash;

use hashbrown::HashMap;
use souk_store::EventStore;

use crate::error::LedgerError;
use crate::loaded::{Fold, Loaded};

/// Whether a cached stream is held against the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nobody else writes.
    Never,
    /// Once in a round; rounds end when nothing is in flight. What this writer has staged since is not in the store
    /// yet, and is not to be lost.
    Once {
        /// The number of the round.
        round: u64,
    },
    /// Each time; for streams with nothing staged.
    Always,
}

/// Loaded streams of one category, by id.
#[derive(Debug)]
pub struct Cache<K, S> {
    /// Boxed: a table has room for a third more than it holds.
    young: HashMap<K, Box<Loaded<S>>>,
    old: HashMap<K, Box<Loaded<S>>>,
    capacity: usize,
}

impl<K: Hash + Eq + Copy, S: Fold> Cache<K, S> {
    /// A cache of about this many streams.
    pub fn new(capacity: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), capacity: capacity / 2 }
    }

    /// The stream, loaded if it is not here. A stream whose revision has moved, as far as `look` wants that known, is
    /// read anew.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn load(
        &mut self,
        key: K,
        stream: &str,
        store: &dyn EventStore,
        look: Look,
    ) -> Result<&mut Loaded<S>, LedgerError> {
        if let Some(loaded) = self.old.remove(&key) {
            self.young.insert(key, loaded);
        }
        let round = match look {
            Look::Never | Look::Always => None,
            Look::Once { round } => Some(round),
        };
        if look != Look::Never
            && let Some(loaded) = self.young.get(&key)
            && (look == Look::Always || loaded.round != round)
        {
            let events = store.stream_revision(stream)?.map_or(0, |last| last + 1);
            if events != loaded.events {
                self.young.remove(&key);
            }
        }
        let loaded = match self.young.entry(key) {
            hashbrown::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            hashbrown::hash_map::Entry::Vacant(entry) => {
                entry.insert(Box::new(Loaded::read(store, stream)?))
            }
        };
        loaded.round = round;
        Ok(loaded)
    }

    /// The stream, if it is here.
    pub fn get(&self, key: K) -> Option<&Loaded<S>> {
        self.young.get(&key).or_else(|| self.old.get(&key)).map(Box::as_ref)
    }

    /// Forgets a stream: after a conflict or a bug it is read anew.
    pub fn forget(&mut self, key: K) {
        self.young.remove(&key);
        self.old.remove(&key);
    }

    /// Lets the generations turn when the younger is full. Only while nothing is in flight.
    pub fn turn(&mut self) {
        if self.young.len() > self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
    }
}
