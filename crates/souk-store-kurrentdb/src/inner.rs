//! What the store's calls and its background tasks share.

use crate::address::Address;
use crate::connection::Connection;
use crate::lanes::Lanes;
use crate::log::Log;
use crate::namespace::Namespace;
use crate::options::Options;
use kurrentdb::SubscriptionFilter;
use souk_store::{HeadSignal, StoreError};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Shared by calls and tasks.
pub(crate) struct Inner {
    pub(crate) namespace: Namespace,
    pub(crate) options: Options,
    pub(crate) connection: Connection,
    pub(crate) handle: Handle,
    pub(crate) signal: Arc<HeadSignal>,
    pub(crate) lanes: Lanes,
    log: Mutex<Log>,
    /// One catching up at a time: the others find it done.
    pub(crate) catching_up: tokio::sync::Mutex<()>,
    /// Number of anchors known to be on the server and right.
    pub(crate) anchored: tokio::sync::Mutex<u64>,
    /// Whether the server pushes what is appended.
    pub(crate) pushed: watch::Sender<bool>,
}

impl Inner {
    pub(crate) fn new(address: &Address, options: Options, handle: Handle) -> Inner {
        let namespace = address.namespace.clone();
        let signal = Arc::new(HeadSignal::new(0));
        let interval = options.anchor_interval.max(1);
        let log = Log::new(namespace.prefix(), interval, Vec::new(), Arc::clone(&signal));
        Inner {
            connection: Connection::new(address, &options, handle.clone()),
            signal,
            lanes: Lanes::new(&options),
            log: Mutex::new(log),
            catching_up: tokio::sync::Mutex::new(()),
            anchored: tokio::sync::Mutex::new(0),
            pushed: watch::Sender::new(false),
            namespace,
            options,
            handle,
        }
    }

    /// What is known of the log.
    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Followers learn how far the log is followed.
    pub(crate) fn publish(&self) {
        let count = self.log().count();
        self.signal.publish(count);
    }

    /// The events of the ledger and the metadata of its streams, and nothing of others.
    pub(crate) fn filter(&self) -> SubscriptionFilter {
        SubscriptionFilter::on_stream_name()
            .add_prefix(self.namespace.prefix())
            .add_prefix(self.namespace.metadata_prefix())
    }

    /// Runs a call on the store's own runtime and blocks for its result, on whatever thread that is: a thread of
    /// another runtime may not drive this one itself.
    pub(crate) fn block<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, result) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            // Whoever asked waits below for as long as it takes.
            let _ = done.send(call.await);
        });
        result.recv().unwrap_or_else(|_| Err(StoreError::closed()))
    }
}
