//! What is known of the ledger's log on the server: which position each entry has, and the tree over them.
//!
//! The log is cut into chunks of one anchor interval. A chunk is filled from its front as its entries are read, by
//! whoever reads them; a filled one must come to its anchor. The last chunk is live: it is filled up to the head.

use crate::anchor::Anchor;
use crate::positions::Positions;
use crate::watch::Watches;
use crate::wire::Event;
use kurrentdb::Position;
use souk_store::{HeadSignal, StoreError, Tree};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known.
pub(crate) struct Log {
    prefix: Box<str>,
    interval: u64,
    /// At least one; the last is live.
    chunks: Vec<Chunk>,
    /// Every entry up to here is in the live chunk. Other events may lie between its last entry and here.
    scanned: Option<Position>,
    halted: Option<StoreError>,
    signal: Arc<HeadSignal>,
    /// Appends that wait to see themselves.
    pub(crate) watches: Watches,
}

struct Chunk {
    /// The number of its first entry.
    first: u64,
    /// The position of the entry before; `None` if it is the first chunk.
    after: Option<Position>,
    positions: Positions,
    /// Over all entries of the log up to what is filled.
    tree: Tree,
    /// The last revision of each stream met, while it is being filled.
    revisions: HashMap<Box<str>, u64>,
    /// What it must come to.
    end: Option<Anchor>,
}

/// Where to read an entry from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// It is the next one after this position; `None`: the first of all.
    After(Option<Position>),
    /// Not known yet: read on from this entry, which is the next one after the position.
    ReadOn { entry: u64, after: Option<Position> },
}

/// Which entry has a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Entry(u64),
    /// Not known yet: read on from this entry, which is the next one after the position.
    ReadOn {
        entry: u64,
        after: Option<Position>,
    },
    /// It lies behind everything followed so far.
    Beyond,
    /// No entry has it.
    Nowhere,
}

impl Chunk {
    fn new(first: u64, before: Option<&Anchor>, end: Option<Anchor>) -> Chunk {
        Chunk {
            first,
            after: before.map(|anchor| anchor.position),
            positions: Positions::default(),
            tree: before.map(|anchor| anchor.tree.clone()).unwrap_or_default(),
            revisions: HashMap::new(),
            end,
        }
    }

    /// The entry after the last one filled.
    fn next(&self) -> u64 {
        self.first + self.positions.len() as u64
    }

    /// The position of the last one filled.
    fn last(&self) -> Option<Position> {
        self.positions.last().or(self.after)
    }

    /// Adds its next entry; the error says why it cannot be that.
    fn add(&mut self, event: &Event) -> Result<(), String> {
        let (stream, revision) = event.place();
        let due = match self.revisions.get(stream) {
            Some(last) => Some(last + 1),
            // Where nothing came before, a stream begins at 0; elsewhere it may have begun earlier.
            None => (self.first == 0).then_some(0),
        };
        if let Some(due) = due.filter(|due| *due != revision) {
            return Err(format!(
                "its revision is {revision} and {due} should come next; events of the stream are missing"
            ));
        }
        if Some(event.position) <= self.last() || !self.positions.push(event.position) {
            return Err("its position is not behind that of the entry before".to_owned());
        }
        self.tree.push(event.leaf);
        match self.revisions.get_mut(stream) {
            Some(last) => *last = revision,
            None => drop(self.revisions.insert(stream.into(), revision)),
        }
        Ok(())
    }

    /// What it has come to, if anything is there.
    fn anchor(&self) -> Option<Anchor> {
        self.last().map(|position| Anchor { tree: self.tree.clone(), position })
    }
}

impl Log {
    /// A log with these anchors, in order and one interval apart.
    pub(crate) fn new(
        prefix: &str,
        interval: u64,
        anchors: Vec<Anchor>,
        signal: Arc<HeadSignal>,
    ) -> Log {
        let mut chunks = Vec::with_capacity(anchors.len() + 1);
        let mut before = None;
        for anchor in anchors {
            let first = chunks.len() as u64 * interval;
            chunks.push(Chunk::new(first, before.as_ref(), Some(anchor.clone())));
            before = Some(anchor);
        }
        chunks.push(Chunk::new(chunks.len() as u64 * interval, before.as_ref(), None));
        Log {
            prefix: prefix.into(),
            interval,
            chunks,
            scanned: before.map(|anchor| anchor.position),
            halted: None,
            signal,
            watches: Watches::default(),
        }
    }

    /// Entries between two anchors.
    pub(crate) fn interval(&self) -> u64 {
        self.interval
    }

    /// Number of entries followed.
    pub(crate) fn count(&self) -> u64 {
        self.chunks.last().map_or(0, Chunk::next)
    }

    /// Every entry up to here has been followed.
    pub(crate) fn scanned(&self) -> Option<Position> {
        self.scanned
    }

    /// Says that every entry up to `position` has been taken.
    pub(crate) fn scanned_to(&mut self, position: Position) {
        self.scanned = self.scanned.max(Some(position));
    }

    /// The anchors that are behind the live chunk, by index.
    pub(crate) fn anchor(&self, index: usize) -> Option<&Anchor> {
        self.chunks.get(index).and_then(|chunk| chunk.end.as_ref())
    }

    /// What is still to be read of the chunk before the live one: its next entry, and the position before that.
    pub(crate) fn unchecked(&self) -> Option<(u64, Option<Position>)> {
        let chunk = self.chunks.get(self.chunks.len().checked_sub(2)?)?;
        (!self.is_full(chunk)).then(|| (chunk.next(), chunk.last()))
    }

    /// The error that ended all work, if there was one.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        self.halted.clone().map_or(Ok(()), Err)
    }

    /// Ends all work with an error; the first one stays.
    pub(crate) fn halt(&mut self, error: StoreError) -> StoreError {
        self.watches.clear();
        // Followers wait for the next entry; they find the error in its place.
        self.signal.publish(self.count() + 1);
        self.halted.get_or_insert(error).clone()
    }

    /// The error of a log that is not what it should be.
    pub(crate) fn damage(
        &self,
        stream: &str,
        at: Position,
        entry: u64,
        what: String,
    ) -> StoreError {
        let segment = format!("stream {}{stream}", self.prefix).into();
        StoreError::Corrupt { segment, offset: at.commit, entry, what: what.into() }
    }

    /// Where to read `entry` from.
    pub(crate) fn start_of(&self, entry: u64) -> Start {
        let chunk = self.chunk(entry);
        let before = entry.saturating_sub(chunk.first);
        if entry > chunk.next() {
            return Start::ReadOn { entry: chunk.next(), after: chunk.last() };
        }
        let index = usize::try_from(before).ok().and_then(|before| before.checked_sub(1));
        Start::After(index.and_then(|index| chunk.positions.get(index)).or(chunk.after))
    }

    /// Which entry has `position`.
    pub(crate) fn find(&self, position: Position) -> Found {
        if Some(position) > self.scanned {
            return Found::Beyond;
        }
        let index = self.chunks.partition_point(|chunk| chunk.after < Some(position));
        let Some(chunk) = self.chunks.get(index.saturating_sub(1)) else { return Found::Nowhere };
        if let Some(index) = chunk.positions.find(position) {
            return Found::Entry(chunk.first + index as u64);
        }
        if Some(position) > chunk.last() && chunk.end.is_some() && !self.is_full(chunk) {
            return Found::ReadOn { entry: chunk.next(), after: chunk.last() };
        }
        Found::Nowhere
    }

    /// Takes an event that is `entry`, because it was read right after the one before.
    pub(crate) fn take(&mut self, entry: u64, event: &Event) -> Result<(), StoreError> {
        let chunk = self.chunk(entry);
        if entry < chunk.next() {
            let index = usize::try_from(entry - chunk.first).unwrap_or(usize::MAX);
            if chunk.positions.get(index) == Some(event.position) {
                return Ok(());
            }
            let what = "another event stands where this entry was; the server's log has changed";
            return Err(self.halt_at(event, entry, what.to_owned()));
        }
        if entry > chunk.next() {
            // Read out of turn: what lies between is not known, so nothing can be said about it.
            return Ok(());
        }
        let index = usize::try_from(entry / self.interval).unwrap_or(usize::MAX);
        self.push(index.min(self.chunks.len() - 1), event)
    }

    /// Takes an event met while following the log's end; one that was met before is passed over.
    pub(crate) fn take_live(&mut self, event: &Event) -> Result<(), StoreError> {
        if Some(event.position) <= self.scanned {
            return Ok(());
        }
        self.push(self.chunks.len() - 1, event)
    }

    /// Whether a chunk that must come to an anchor has not: its entries end too early.
    pub(crate) fn missing(&self, entry: u64) -> Option<StoreError> {
        let chunk = self.chunk(entry);
        let end = chunk.end.as_ref().filter(|_| !self.is_full(chunk))?;
        let what = format!(
            "an anchor covers {} entries and the server has {} of them; entries are missing",
            end.entries(),
            chunk.next()
        );
        Some(self.damage("", end.position, chunk.next(), what))
    }

    fn chunk(&self, entry: u64) -> &Chunk {
        let index = usize::try_from(entry / self.interval).unwrap_or(usize::MAX);
        &self.chunks[index.min(self.chunks.len() - 1)]
    }

    fn is_full(&self, chunk: &Chunk) -> bool {
        chunk.positions.len() as u64 >= self.interval
    }

    fn halt_at(&mut self, event: &Event, entry: u64, what: String) -> StoreError {
        let error = self.damage(event.place().0, event.position, entry, what);
        self.halt(error)
    }

    /// Adds the next entry of a chunk.
    fn push(&mut self, index: usize, event: &Event) -> Result<(), StoreError> {
        self.check()?;
        let (stream, revision) = event.place();
        let chunk = &mut self.chunks[index];
        let entry = chunk.next();
        if let Err(what) = chunk.add(event) {
            return Err(self.halt_at(event, entry, what));
        }
        let full = chunk.positions.len() as u64 >= self.interval;
        if full {
            chunk.revisions = HashMap::new();
        }
        if index + 1 == self.chunks.len() {
            if full {
                self.begin_chunk();
            }
            self.scanned = self.scanned.max(Some(event.position));
            self.watches.met(stream, revision, entry, event);
            return Ok(());
        }
        let anchored = !full || self.chunks[index].anchor() == self.chunks[index].end;
        if anchored {
            return Ok(());
        }
        let what = "the entries up to here do not come to what their anchor says; one of the two was changed";
        Err(self.halt_at(event, entry, what.to_owned()))
    }

    /// The live chunk is full: what it has come to is its anchor, and the next begins.
    fn begin_chunk(&mut self) {
        let Some(full) = self.chunks.last_mut() else { return };
        full.end = full.anchor();
        let next = Chunk::new(full.next(), full.end.as_ref(), None);
        self.chunks.push(next);
    }
}

#[cfg(test)]
mod tests;
