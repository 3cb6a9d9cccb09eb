//! The queue between those who append and the writer: bounded by bytes.

use souk_store::{Append, Resolver, StoreError, Ticket};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A batch that waits to be written.
pub(crate) type Job = (Vec<Append>, Resolver);

#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    drained: Condvar,
    limit: usize,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<(Job, usize)>,
    bytes: usize,
    /// Why nothing is taken any more.
    ended: Option<StoreError>,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Queue {
        Queue { limit, ..Queue::default() }
    }

    /// Adds a batch; blocks while there is no room for it, unless the queue is empty.
    pub(crate) fn put(&self, batch: Vec<Append>) -> Ticket {
        let bytes = batch.iter().map(weight).sum();
        let mut state = self.lock();
        while state.ended.is_none() && state.bytes > 0 && state.bytes + bytes > self.limit {
            state = self.drained.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(error) = &state.ended {
            return Ticket::failed(batch.len(), error);
        }
        let (ticket, resolver) = Ticket::pair(batch.len());
        state.bytes += bytes;
        state.jobs.push_back(((batch, resolver), bytes));
        drop(state);
        self.filled.notify_one();
        ticket
    }

    /// Takes the batches there are, in the order given, up to about `bytes`; waits for the first one. `None` once the
    /// store closes and everything has been taken.
    pub(crate) fn take(&self, bytes: usize) -> Option<Vec<Job>> {
        let mut state = self.lock();
        while state.jobs.is_empty() {
            if state.ended.is_some() {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut jobs = Vec::new();
        let mut taken = 0;
        while taken < bytes
            && let Some((job, weight)) = state.jobs.pop_front()
        {
            taken += weight;
            jobs.push(job);
        }
        state.bytes -= taken;
        drop(state);
        self.drained.notify_all();
        Some(jobs)
    }

    /// Takes nothing more; whoever tries is told `error`. What is queued already is still written.
    pub(crate) fn end(&self, error: StoreError) {
        self.lock().ended.get_or_insert(error);
        self.filled.notify_all();
        self.drained.notify_all();
    }

    /// As [`Queue::end`], but what is queued fails with `error`, too.
    pub(crate) fn poison(&self, error: &StoreError) {
        let mut state = self.lock();
        state.ended = Some(error.clone());
        state.bytes = 0;
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        self.filled.notify_all();
        self.drained.notify_all();
        for ((_, resolver), _) in jobs {
            resolver.fail(error);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// About the bytes an append takes in memory.
fn weight(append: &Append) -> usize {
    let events = append.events.iter();
    64 + append.stream.len() + events.map(|e| 96 + e.metadata.len() + e.data.len()).sum::<usize>()
}
