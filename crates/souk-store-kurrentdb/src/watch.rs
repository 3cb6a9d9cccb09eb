//! Appends that wait to see themselves in the log.
//!
//! A server answers an append whose event ids are there already with success, whatever else the events hold. So an
//! append is believed only when the log shows its very records, which also tells their entry numbers.

use crate::wire::Event;
use kurrentdb::Position;
use std::collections::HashMap;
use tokio::sync::oneshot;

/// What the log shows where an append should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Its records: the entries of the first and the last, and the last one's position.
    Ours { first_entry: u64, last_entry: u64, position: Position },
    /// Other records.
    Others,
}

/// At most one append of each stream; it is the lanes that see to that.
#[derive(Default)]
pub(crate) struct Watches {
    of: HashMap<Box<str>, Watch>,
}

struct Watch {
    /// The revision of its first record.
    first: u64,
    leaves: Vec<[u8; 32]>,
    seen: usize,
    first_entry: u64,
    done: oneshot::Sender<Seen>,
}

impl Watches {
    /// Watches for records with these leaf hashes from revision `first` on.
    pub(crate) fn add(
        &mut self,
        stream: &str,
        first: u64,
        leaves: Vec<[u8; 32]>,
    ) -> oneshot::Receiver<Seen> {
        let (done, seen) = oneshot::channel();
        let watch = Watch { first, leaves, seen: 0, first_entry: 0, done };
        self.of.insert(stream.into(), watch);
        seen
    }

    /// Stops watching.
    pub(crate) fn remove(&mut self, stream: &str) {
        self.of.remove(stream);
    }

    /// Stops all watching: whoever waits is told nothing.
    pub(crate) fn clear(&mut self) {
        self.of.clear();
    }

    /// An entry was met.
    pub(crate) fn met(&mut self, stream: &str, revision: u64, entry: u64, event: &Event) {
        let Some(watch) = self.of.get_mut(stream) else { return };
        if revision != watch.first.saturating_add(watch.seen as u64) {
            return;
        }
        let ours = watch.leaves.get(watch.seen) == Some(&event.leaf);
        if watch.seen == 0 {
            watch.first_entry = entry;
        }
        watch.seen += 1;
        if ours && watch.seen < watch.leaves.len() {
            return;
        }
        if let Some(watch) = self.of.remove(stream) {
            let (first_entry, position) = (watch.first_entry, event.position);
            let seen = Seen::Ours { first_entry, last_entry: entry, position };
            // Nobody waits any more if the answer came another way.
            let _ = watch.done.send(if ours { seen } else { Seen::Others });
        }
    }
}
