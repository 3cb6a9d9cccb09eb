//! The desk between the threads that decode and the one that folds.
//!
//! Batches are taken in order to decode and handed over in order to fold. A thread may decode only
//! [`AHEAD`] batches beyond the one to fold, so that decoded events are still in the cache.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::decode::{Batch, Decoded, Span};

/// Batches that may wait to be folded.
const AHEAD: usize = 8;

/// The batches of a round.
pub(crate) struct Desk<'p> {
    spans: Vec<Span<'p>>,
    state: Mutex<State<'p>>,
    changed: Condvar,
}

struct State<'p> {
    /// The next batch to decode.
    claim: usize,
    /// The next batch to fold.
    fold: usize,
    /// Decoded batches, by number.
    ready: Vec<Option<Batch<'p>>>,
    /// Folded batches: whoever decodes next empties one and fills it again.
    spent: Vec<Vec<Decoded<'p>>>,
    stopped: bool,
}

impl<'p> Desk<'p> {
    pub(crate) fn new(spans: Vec<Span<'p>>) -> Self {
        let ready = spans.iter().map(|_| None).collect();
        let state = State { claim: 0, fold: 0, ready, spent: Vec::new(), stopped: false };
        Self { spans, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// How many batches.
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    fn lock(&self) -> MutexGuard<'_, State<'p>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, state: MutexGuard<'g, State<'p>>) -> MutexGuard<'g, State<'p>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Decodes the next batch if it may be; gives the lock back either way.
    fn decode_one<'g>(
        &'g self,
        mut state: MutexGuard<'g, State<'p>>,
    ) -> (bool, MutexGuard<'g, State<'p>>) {
        let number = state.claim;
        let Some(span) = self.spans.get(number) else { return (false, state) };
        if number >= state.fold + AHEAD {
            return (false, state);
        }
        state.claim += 1;
        let spent = state.spent.pop().unwrap_or_default();
        drop(state);
        let batch = span.decode(spent);
        let mut state = self.lock();
        if let Some(place) = state.ready.get_mut(number) {
            *place = Some(batch);
        }
        self.changed.notify_all();
        (true, state)
    }

    /// Decodes until nothing is left.
    pub(crate) fn help(&self) {
        let _stop = StopOnPanic(self);
        let mut state = self.lock();
        while !state.stopped && state.claim < self.spans.len() {
            let decoded;
            (decoded, state) = self.decode_one(state);
            if !decoded && !state.stopped && state.claim < self.spans.len() {
                state = self.wait(state);
            }
        }
    }

    /// The next batch to fold; decodes while it is not ready. `None` after the last, or when a
    /// helper has panicked.
    pub(crate) fn next(&self) -> Option<Batch<'p>> {
        let mut state = self.lock();
        loop {
            let number = state.fold;
            if let Some(batch) = state.ready.get_mut(number)?.take() {
                state.fold += 1;
                self.changed.notify_all();
                return Some(batch);
            }
            if state.stopped {
                return None;
            }
            let decoded;
            (decoded, state) = self.decode_one(state);
            if !decoded {
                state = self.wait(state);
            }
        }
    }

    /// Takes a folded batch back, to be emptied by a thread that decodes.
    pub(crate) fn take_back(&self, events: Vec<Decoded<'p>>) {
        self.lock().spent.push(events);
    }

    /// Whether every batch was folded.
    pub(crate) fn is_done(&self) -> bool {
        self.lock().fold == self.spans.len()
    }

    /// Sends the helpers home.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }
}

/// Nobody waits for a thread that has panicked.
struct StopOnPanic<'d, 'p>(&'d Desk<'p>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Sends the helpers home when the folding thread leaves, however it does.
pub(crate) struct StopAtEnd<'d, 'p>(pub(crate) &'d Desk<'p>);

impl Drop for StopAtEnd<'_, '_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}
