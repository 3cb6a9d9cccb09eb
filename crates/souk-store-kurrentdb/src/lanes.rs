//! The order in which batches are appended, and how many at a time.
//!
//! The port promises that the log's order is the order given. A server takes calls that are under way together in any
//! order, so only what nobody ordered may overlap: a batch waits for the batch the same thread gave before it, and for
//! every earlier batch that touches one of its streams. Within a batch one append follows another.

use crate::options::Options;
use souk_store::{Append, StoreError};
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// All batches that are not answered yet.
pub(crate) struct Lanes {
    state: Mutex<State>,
    /// A batch has been answered.
    moved: Condvar,
    queue_bytes: usize,
    /// One permit per batch that may be under way.
    pub(crate) permits: Semaphore,
}

#[derive(Default)]
struct State {
    /// Number of the next batch.
    next: u64,
    batches: usize,
    bytes: usize,
    threads: HashMap<ThreadId, Last>,
    streams: HashMap<Box<str>, Last>,
}

/// The last batch of a thread, or that touches a stream.
#[derive(Clone)]
struct Last {
    batch: u64,
    end: watch::Receiver<End>,
}

/// How a batch ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// Not yet.
    Pending,
    /// Every append was answered by the server.
    Answered,
    /// The store failed; what the same thread gave behind it is not sent.
    Failed(StoreError),
}

/// A batch's place among the others.
pub(crate) struct Place {
    batch: u64,
    thread: ThreadId,
    bytes: usize,
    end: watch::Sender<End>,
    /// The batch that the same thread gave before.
    before: Option<watch::Receiver<End>>,
    /// Earlier batches that touch a stream of this one.
    beside: Vec<watch::Receiver<End>>,
}

impl Lanes {
    pub(crate) fn new(options: &Options) -> Lanes {
        Lanes {
            state: Mutex::default(),
            moved: Condvar::new(),
            queue_bytes: options.queue_bytes,
            permits: Semaphore::new(options.in_flight.clamp(1, Semaphore::MAX_PERMITS)),
        }
    }

    /// The next place for a batch of so many bytes. Blocks while too much is queued.
    pub(crate) fn enter(&self, batch: &[Append], bytes: usize) -> Place {
        let mut state = self.lock();
        while state.bytes > 0 && state.bytes.saturating_add(bytes) > self.queue_bytes {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let (end, receiver) = watch::channel(End::Pending);
        let last = Last { batch: state.next, end: receiver };
        state.next += 1;
        state.batches += 1;
        state.bytes = state.bytes.saturating_add(bytes);
        let thread = thread::current().id();
        let before = state.threads.insert(thread, last.clone());
        let own = before.as_ref().map(|before| before.batch);
        let mut beside: HashMap<u64, watch::Receiver<End>> = HashMap::new();
        for append in batch {
            let earlier = state.streams.insert(append.stream.clone(), last.clone());
            let earlier =
                earlier.filter(|earlier| earlier.batch != last.batch && Some(earlier.batch) != own);
            beside.extend(earlier.map(|earlier| (earlier.batch, earlier.end)));
        }
        Place {
            batch: last.batch,
            thread,
            bytes,
            end,
            before: before.map(|before| before.end),
            beside: beside.into_values().collect(),
        }
    }

    /// Gives a place up: whoever waits behind it may go.
    pub(crate) fn leave(&self, place: Place, batch: &[Append], end: End) {
        let mut state = self.lock();
        state.batches -= 1;
        state.bytes -= place.bytes;
        if state.threads.get(&place.thread).is_some_and(|last| last.batch == place.batch) {
            state.threads.remove(&place.thread);
        }
        for append in batch {
            if state.streams.get(&append.stream).is_some_and(|last| last.batch == place.batch) {
                state.streams.remove(&append.stream);
            }
        }
        // With the lock held, so that nobody who comes now waits for a batch that has ended.
        place.end.send_replace(end);
        drop(state);
        self.moved.notify_all();
    }

    /// Blocks until every batch has been answered, at most so long.
    pub(crate) fn drain(&self, at_most: Duration) {
        let state = self.lock();
        let waiting = self.moved.wait_timeout_while(state, at_most, |state| state.batches > 0);
        drop(waiting.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits for the turn of this place; the error is that of the thread's batch before it.
    pub(crate) async fn turn(&mut self) -> Result<(), StoreError> {
        for earlier in &mut self.beside {
            // A batch that is gone without an end was dropped with the store.
            let _ = earlier.wait_for(|end| !matches!(end, End::Pending)).await;
        }
        let Some(before) = &mut self.before else { return Ok(()) };
        match before.wait_for(|end| !matches!(end, End::Pending)).await.as_deref() {
            Ok(End::Failed(error)) => Err(error.clone()),
            Ok(End::Answered | End::Pending) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_store::Expected;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn batch(streams: &[&str]) -> Vec<Append> {
        let append = |stream: &&str| Append {
            stream: (*stream).into(),
            expected: Expected::NoStream,
            events: Vec::new(),
        };
        streams.iter().map(append).collect()
    }

    fn ready(place: &mut Place) -> Option<bool> {
        let turn = pin!(place.turn());
        match turn.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn.is_ok()),
            Poll::Pending => None,
        }
    }

    fn elsewhere<T: Send>(of: impl FnOnce() -> T + Send) -> T {
        thread::scope(|scope| scope.spawn(of).join().expect("no panic"))
    }

    #[test]
    fn a_batch_waits_for_its_thread_and_for_its_streams_only() {
        let lanes = Lanes::new(&Options::default());
        let (a, b, c) = (batch(&["a", "x"]), batch(&["b"]), batch(&["c", "a"]));
        let mut first = lanes.enter(&a, 1);
        let mut second = lanes.enter(&b, 1);
        let mut other = elsewhere(|| lanes.enter(&batch(&["d"]), 1));
        let mut sharing = elsewhere(|| lanes.enter(&c, 1));
        assert_eq!((ready(&mut first), ready(&mut second)), (Some(true), None));
        assert_eq!((ready(&mut other), ready(&mut sharing)), (Some(true), None));
        lanes.leave(first, &a, End::Answered);
        assert_eq!((ready(&mut second), ready(&mut sharing)), (Some(true), Some(true)));
        let mut third = lanes.enter(&a, 1);
        assert_eq!(ready(&mut third), None, "behind the sharing one and the second");
        lanes.leave(second, &b, End::Answered);
        lanes.leave(sharing, &c, End::Answered);
        assert_eq!(ready(&mut third), Some(true));
    }

    #[test]
    fn what_a_thread_gave_behind_a_failure_is_not_sent() {
        let lanes = Lanes::new(&Options::default());
        let a = batch(&["a"]);
        let first = lanes.enter(&a, 1);
        let mut second = lanes.enter(&batch(&["b"]), 1);
        let mut other = elsewhere(|| lanes.enter(&a, 1));
        lanes.leave(first, &a, End::Failed(StoreError::closed()));
        assert_eq!(ready(&mut second), Some(false));
        assert_eq!(ready(&mut other), Some(true), "another thread's is");
        let mut later = elsewhere(|| lanes.enter(&batch(&["e"]), 1));
        assert_eq!(ready(&mut later), Some(true));
    }

    #[test]
    fn too_much_waits_for_room() {
        let options = Options { queue_bytes: 100, ..Options::default() };
        let lanes = Lanes::new(&options);
        let a = batch(&["a"]);
        let first = lanes.enter(&a, 500);
        thread::scope(|scope| {
            let second = scope.spawn(|| lanes.enter(&batch(&["b"]), 10));
            lanes.leave(first, &a, End::Answered);
            let second = second.join().expect("no panic");
            lanes.leave(second, &batch(&["b"]), End::Answered);
        });
        lanes.drain(Duration::ZERO);
    }
}
