//! The store: the port's calls, opening and closing.

use crate::address::Address;
use crate::connection::Connection;
use crate::follow;
use crate::inner::Inner;
use crate::log::Log;
use crate::options::Options;
use souk_store::{Append, Direction, EventStore, Page, StoreError, Subscription, Ticket};
use std::fmt;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// Bytes of a page of a subscription.
const SUBSCRIPTION_PAGE_BYTES: usize = 1 << 20;

/// A ledger on a KurrentDB server. Closes when dropped, after what was given to it has been appended or
/// [`Options::deadline`] has passed.
///
/// Any number of processes may have the same ledger open, and write to it.
pub struct KurrentStore {
    inner: Arc<Inner>,
    /// Ended without waiting: a call that hangs must not keep the caller.
    runtimes: Vec<Runtime>,
}

impl KurrentStore {
    /// Opens the ledger at an address; one that has no entry yet is empty.
    ///
    /// The entries between the last two anchors are read again and must come to what the last anchor says; then the
    /// log is followed to its end. That takes as long as reading up to two anchor intervals.
    ///
    /// # Errors
    /// `Unavailable`, with the cause in words, if the server cannot be reached (see [`Options::first`]) or refuses; `Corrupt` if the log is not what
    /// its anchor says, or a stream is truncated.
    pub fn open(address: &Address, options: Options) -> Result<KurrentStore, StoreError> {
        let calls = runtime("souk-kurrentdb", 2)?;
        let follower = runtime("souk-kurrentdb-follow", 1)?;
        let inner = Arc::new(Inner::new(address, options, calls.handle().clone()));
        let opening = Arc::clone(&inner);
        inner.block(async move { opening.open().await })?;
        let connection = Connection::new(address, &options, follower.handle().clone());
        follower.spawn(follow::follow(Arc::clone(&inner), connection));
        calls.spawn(follow::heartbeat(Arc::clone(&inner)));
        Ok(KurrentStore { inner, runtimes: vec![calls, follower] })
    }

    fn page_of(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
        numbered: bool,
    ) -> Result<Page, StoreError> {
        let (inner, stream) = (Arc::clone(&self.inner), stream.to_owned());
        self.inner
            .block(async move { inner.stream(&stream, from, direction, limit, numbered).await })
    }
}

impl Inner {
    async fn open(&self) -> Result<(), StoreError> {
        self.reach().await?;
        let anchors = self.load_anchors().await?;
        let count = anchors.len() as u64;
        let interval = anchors.first().map_or(self.options.anchor_interval.max(1), |a| a.entries());
        *self.log() =
            Log::new(self.namespace.prefix(), interval, anchors, Arc::clone(&self.signal));
        *self.anchored.lock().await = count;
        loop {
            let unchecked = self.log().unchecked();
            let Some((entry, after)) = unchecked else { break };
            self.fill_once(entry, after).await?;
        }
        self.catch_up().await.map(drop)
    }
}

impl Drop for KurrentStore {
    fn drop(&mut self) {
        self.inner.signal.close();
        self.inner.lanes.drain(self.inner.options.deadline);
        self.runtimes.drain(..).for_each(Runtime::shutdown_background);
    }
}

impl KurrentStore {
    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl EventStore for KurrentStore {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        self.inner.enqueue(batch)
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.page_of(stream, from, direction, limit, true)
    }

    /// The numbers of entries far back are found only by reading up to one anchor interval of the log: this does not.
    fn read_stream_unnumbered(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.page_of(stream, from, direction, limit, false)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        let (inner, stream) = (Arc::clone(&self.inner), stream.to_owned());
        self.inner.block(async move { inner.revision(&stream).await })
    }

    fn read_all_into(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        let taken = std::mem::take(page);
        page.clear(from);
        *page = read_all(&self.inner, from, max_bytes, taken)?;
        Ok(())
    }

    fn head(&self) -> Result<u64, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.inner.block(async move { inner.catch_up().await })
    }

    fn subscribe(&self, from: u64) -> Subscription {
        let inner = Arc::clone(&self.inner);
        Subscription::new(from, Arc::clone(&self.inner.signal), move |from| {
            read_all(&inner, from, SUBSCRIPTION_PAGE_BYTES, Page::new())
        })
    }
}

fn read_all(
    inner: &Arc<Inner>,
    from: u64,
    max_bytes: usize,
    page: Page,
) -> Result<Page, StoreError> {
    let call = Arc::clone(inner);
    inner.block(async move { call.all(from, max_bytes, page).await })
}

fn runtime(name: &str, threads: usize) -> Result<Runtime, StoreError> {
    let runtime =
        Builder::new_multi_thread().worker_threads(threads).thread_name(name).enable_all().build();
    runtime.map_err(|error| {
        let why = format!("no threads for it could be started: {error}");
        StoreError::Unavailable { why: why.into() }
    })
}

impl fmt::Debug for KurrentStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KurrentStore")
            .field("prefix", &self.inner.namespace.prefix())
            .finish_non_exhaustive()
    }
}
