//! A ticket: the promise of an append's results, for threads and for any async runtime.

use crate::append::{AppendError, Appended};
use crate::error::StoreError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// One result per [`crate::Append`], in the order given.
pub type AppendResults = Vec<Result<Appended, AppendError>>;

/// The results of one call of `append`, once all that succeeded is durable.
///
/// Either block with [`Ticket::wait`] or await it; it belongs to no runtime. Dropping it does not undo the append.
#[must_use = "an append is durable only once its ticket has resolved"]
pub struct Ticket {
    slot: Arc<Slot>,
}

/// The other end of a [`Ticket`], for stores. Dropping it unresolved answers every append with `Unavailable`.
pub struct Resolver {
    slot: Arc<Slot>,
    appends: usize,
    resolved: bool,
}

#[derive(Default)]
struct Slot {
    state: Mutex<State>,
    resolved: Condvar,
}

#[derive(Default)]
struct State {
    results: Option<AppendResults>,
    waker: Option<Waker>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resolve(&self, results: AppendResults) {
        let mut state = self.lock();
        if state.results.is_none() {
            state.results = Some(results);
        }
        let waker = state.waker.take();
        drop(state);
        self.resolved.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Ticket {
    /// A ticket and what resolves it; `appends` is the number of results it will have.
    pub fn pair(appends: usize) -> (Ticket, Resolver) {
        let slot = Arc::new(Slot::default());
        (Ticket { slot: Arc::clone(&slot) }, Resolver { slot, appends, resolved: false })
    }

    /// A ticket that has resolved already.
    pub fn ready(results: AppendResults) -> Ticket {
        let slot = Slot::default();
        slot.resolve(results);
        Ticket { slot: Arc::new(slot) }
    }

    /// A ticket whose every append failed with `error`.
    pub fn failed(appends: usize, error: &StoreError) -> Ticket {
        Ticket::ready(failures(appends, error))
    }

    /// Blocks until everything that succeeded is durable; one result per append, in the order given.
    #[must_use]
    pub fn wait(self) -> AppendResults {
        let mut state = self.slot.lock();
        loop {
            if let Some(results) = state.results.take() {
                return results;
            }
            state = self.slot.resolved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Blocks as [`Ticket::wait`] does, for a batch of one append.
    ///
    /// # Errors
    /// The append's own; `Unavailable` if the batch was empty.
    pub fn wait_one(self) -> Result<Appended, AppendError> {
        let none =
            || AppendError::Store(StoreError::Unavailable { why: "nothing was appended".into() });
        self.wait().pop().unwrap_or_else(|| Err(none()))
    }
}

impl Future for Ticket {
    type Output = AppendResults;

    /// Ready once durable. Polling again after that never completes.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<AppendResults> {
        let mut state = self.slot.lock();
        if let Some(results) = state.results.take() {
            return Poll::Ready(results);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Resolver {
    /// Number of results the ticket waits for.
    #[must_use]
    pub fn appends(&self) -> usize {
        self.appends
    }

    /// Gives the ticket its results: one per append, in the order given, all that succeeded durable.
    pub fn resolve(mut self, results: AppendResults) {
        self.resolved = true;
        self.slot.resolve(results);
    }

    /// Answers every append with `error`.
    pub fn fail(self, error: &StoreError) {
        let results = failures(self.appends, error);
        self.resolve(results);
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        if !self.resolved {
            self.slot.resolve(failures(self.appends, &StoreError::closed()));
        }
    }
}

fn failures(appends: usize, error: &StoreError) -> AppendResults {
    (0..appends).map(|_| Err(AppendError::Store(error.clone()))).collect()
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("resolved", &self.slot.lock().results.is_some()).finish()
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("appends", &self.appends).finish_non_exhaustive()
    }
}
