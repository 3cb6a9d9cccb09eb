//! Following a log: first what is there, then what becomes durable.

use crate::error::StoreError;
use crate::page::Page;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// How a store tells its followers that the durable head has moved, or that it has closed.
#[derive(Debug, Default)]
pub struct HeadSignal {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    head: u64,
    closed: bool,
    wakers: Vec<Waker>,
}

impl HeadSignal {
    /// A signal at `head` durable entries.
    #[must_use]
    pub fn new(head: u64) -> HeadSignal {
        let signal = HeadSignal::default();
        signal.lock().head = head;
        signal
    }

    /// The number of durable entries.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.lock().head
    }

    /// Whether the store has closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Says that `head` entries are durable and wakes the followers. A head never moves back.
    pub fn publish(&self, head: u64) {
        let mut state = self.lock();
        state.head = state.head.max(head);
        self.wake(state);
    }

    /// Says that nothing more will come and wakes the followers.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.wake(state);
    }

    /// Blocks until there are more than `entry` entries, the store closes, or `timeout` passes. `true` in the first
    /// case only.
    #[must_use]
    pub fn wait_beyond(&self, entry: u64, timeout: Option<Duration>) -> bool {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        loop {
            if state.head > entry || state.closed {
                return state.head > entry;
            }
            state = match deadline {
                None => self.moved.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.moved.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// As [`HeadSignal::wait_beyond`] without blocking: pending until there are more than `entry` entries (`true`)
    /// or the store has closed (`false`).
    pub fn poll_beyond(&self, entry: u64, context: &mut Context<'_>) -> Poll<bool> {
        let mut state = self.lock();
        if state.head > entry || state.closed {
            return Poll::Ready(state.head > entry);
        }
        if !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.moved.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type ReadPage = Box<dyn FnMut(u64) -> Result<Page, StoreError> + Send>;

/// A follower of a log from one entry on. Keeps its own place and holds nothing in the store; slow is fine.
pub struct Subscription {
    next: u64,
    signal: Arc<HeadSignal>,
    read: ReadPage,
}

impl Subscription {
    /// For stores: a subscription from entry `from` that waits on `signal` and reads pages with `read(entry)`.
    pub fn new(
        from: u64,
        signal: Arc<HeadSignal>,
        read: impl FnMut(u64) -> Result<Page, StoreError> + Send + 'static,
    ) -> Subscription {
        Subscription { next: from, signal, read: Box::new(read) }
    }

    /// The next page of durable entries: at once while catching up, else when there are any. `None` after `timeout`
    /// (no timeout waits for ever) or once the store has closed and everything was read: see
    /// [`Subscription::is_closed`].
    ///
    /// # Errors
    /// As `read_all`; the place is kept, so the call may be repeated.
    pub fn next_page(&mut self, timeout: Option<Duration>) -> Result<Option<Page>, StoreError> {
        if !self.signal.wait_beyond(self.next, timeout) {
            return Ok(None);
        }
        self.read().map(Some)
    }

    /// As [`Subscription::next_page`] for an async runtime: `None` only once the store has closed.
    ///
    /// # Errors
    /// As `read_all`. The read itself blocks for as long as reading a page takes.
    pub fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Page>, StoreError>> {
        match self.signal.poll_beyond(self.next, context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(true) => Poll::Ready(self.read().map(Some)),
            Poll::Ready(false) => Poll::Ready(Ok(None)),
        }
    }

    /// For those who only want to know: pending until more than `beyond` entries are durable, then how many there
    /// are; `None` once the store has closed without. Reads nothing and keeps the place.
    pub fn poll_head(&self, beyond: u64, context: &mut Context<'_>) -> Poll<Option<u64>> {
        match self.signal.poll_beyond(beyond, context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(moved) => Poll::Ready(moved.then(|| self.signal.head())),
        }
    }

    /// The entry the next page begins at.
    #[must_use]
    pub fn next_entry(&self) -> u64 {
        self.next
    }

    /// Whether the store has closed. There may still be pages to read.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.signal.is_closed()
    }

    fn read(&mut self) -> Result<Page, StoreError> {
        let page = (self.read)(self.next)?;
        self.next = self.next.max(page.next_entry());
        Ok(page)
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("next", &self.next).finish_non_exhaustive()
    }
}
