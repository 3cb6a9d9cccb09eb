//! Looking up a stream: newest first, and no further back than needed.

use crate::fresh::{FrameAt, Fresh};
use crate::index::Index;
use crate::key::Key;
use crate::run::{FrameReader, Run};
use souk_store::StoreError;
use std::sync::{Arc, PoisonError, RwLock};

/// What was found of a stream that exists.
pub(crate) struct Found {
    /// Its last revision.
    pub(crate) last: u64,
    /// The revisions wanted, `low..=high`; none if `low > high`.
    pub(crate) low: u64,
    pub(crate) high: u64,
    /// The frames that hold them, ascending.
    pub(crate) frames: Vec<FrameAt>,
}

/// Says which revisions are wanted, once the last one is known.
pub(crate) type Range<'r> = &'r dyn Fn(u64) -> (u64, u64);

/// The parts of the index that may be read without its lock.
struct Older {
    sealed: Vec<Arc<Fresh>>,
    runs: Arc<Vec<Arc<Run>>>,
}

/// The stream as gathered so far.
struct Gathered<'r> {
    range: Range<'r>,
    found: Option<Found>,
    /// Revisions below this one are yet to be found.
    below: u64,
    /// From the newest part to the oldest.
    parts: Vec<Vec<FrameAt>>,
}

impl Gathered<'_> {
    /// Meets the next older part of the stream; returns the revisions wanted from it.
    fn meet(&mut self, first_revision: u64, events: u64) -> Option<(u64, u64)> {
        let last = (first_revision + events).saturating_sub(1);
        let found = self.found.get_or_insert_with(|| {
            let (low, high) = (self.range)(last);
            Found { last, low, high, frames: Vec::new() }
        });
        // A run may cover what a newer part in memory has given already.
        let high = found.high.min(last).min(self.below.saturating_sub(1));
        self.below = self.below.min(first_revision);
        let low = found.low.max(first_revision);
        (low <= high).then_some((low, high))
    }

    /// Whether older parts need not be asked.
    fn is_complete(&self) -> bool {
        self.found.as_ref().is_some_and(|found| self.below == 0 || self.below <= found.low)
    }
}

/// Finds a stream and the frames that hold the revisions wanted; `None` if there is no such stream.
///
/// # Errors
/// `DerivedDamaged`, `Io`.
pub(crate) fn look_up(
    index: &RwLock<Index>,
    key: Key,
    range: Range<'_>,
) -> Result<Option<Found>, StoreError> {
    let mut of = Gathered { range, found: None, below: u64::MAX, parts: Vec::new() };
    let older = {
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(tail) = &index.tail {
            meet_fresh(&mut of, tail, key);
        }
        let sealed = if of.is_complete() { Vec::new() } else { index.sealed.clone() };
        Older { sealed, runs: Arc::clone(&index.runs) }
    };
    for fresh in older.sealed.iter().rev() {
        if !of.is_complete() {
            meet_fresh(&mut of, fresh, key);
        }
    }
    for run in older.runs.iter().rev() {
        if of.is_complete() {
            break;
        }
        let Some(part) = run.get(key)? else { continue };
        if let Some((low, high)) = of.meet(part.first_revision, part.events) {
            of.parts.push(FrameReader::new(run, part).between(low, high)?);
        }
    }
    let frames = of.parts.into_iter().rev().flatten().collect();
    Ok(of.found.map(|found| Found { frames, ..found }))
}

fn meet_fresh(of: &mut Gathered<'_>, fresh: &Fresh, key: Key) {
    let Some(known) = fresh.get(key) else { return };
    let (first_revision, events) = fresh.span(known);
    if let Some((low, high)) = of.meet(first_revision, events) {
        of.parts.push(fresh.frames_of(known, low, high));
    }
}
