//! What every call works with: the store, what may be done with it, and when there is more to read.

use crate::auth::Auth;
use crate::budget::Budget;
use crate::clock;
use crate::envelope::{Contents, Envelope};
use crate::options::Mode;
use crate::proto::read::{Content, EventPosition, ReadEvent, ReadResp, RecordedEvent, UuidForm};
use crate::read::Room;
use crate::write::Recent;
use crate::{fault, ids, parts};
use souk_store::{EventStore, Record};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tonic::Status;
use tonic::codegen::Bytes;

/// Appends to streams that share one of these are made one after the other.
const STRIPES: usize = 256;

/// The store's durable head, for those who wait for more.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    pub(crate) entries: u64,
    pub(crate) closed: bool,
}

/// What every call shares.
pub(crate) struct Core {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) mode: Mode,
    pub(crate) auth: Auth,
    pub(crate) max_append_bytes: usize,
    /// Where clients reach the server, for those that ask.
    pub(crate) endpoint: (String, u16),
    /// Whether `endpoint` was given, and so goes before the name the client used.
    pub(crate) advertised: bool,
    pub(crate) head: watch::Receiver<Head>,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) stripes: Stripes,
    pub(crate) recent: Recent,
    pub(crate) subscriptions: AtomicU64,
    /// Bytes of the appends under way.
    pub(crate) appends: Budget,
    pub(crate) partial_append_timeout: Duration,
    /// What reads hold for their clients.
    pub(crate) room: Room,
}

/// Locks of streams, so that what is decided about a stream still holds when it is written. The port would refuse
/// the write otherwise; this saves the attempt, and orders an append and a delete, which write different streams.
pub(crate) struct Stripes {
    hasher: RandomState,
    locks: Vec<Arc<Mutex<()>>>,
}

impl Stripes {
    pub(crate) fn new() -> Stripes {
        Stripes {
            hasher: RandomState::new(),
            locks: (0..STRIPES).map(|_| Arc::default()).collect(),
        }
    }

    /// Waits for the lock of a stream and the stream of its metadata. Waiting is first come, first served.
    pub(crate) async fn lock(&self, stream: &str) -> Option<OwnedMutexGuard<()>> {
        let stream = ids::described_by(stream).unwrap_or(stream);
        let index = usize::try_from(self.hasher.hash_one(stream)).unwrap_or(usize::MAX) % STRIPES;
        let lock = self.locks.get(index)?;
        Some(Arc::clone(lock).lock_owned().await)
    }
}

impl Core {
    /// Runs what blocks where it may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Core>,
        work: impl FnOnce(&Core) -> T + Send + 'static,
    ) -> Result<T, Status> {
        let core = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&core)).await;
        done.map_err(|_| Status::internal("the server failed while it worked on this call"))
    }

    /// Waits until there are more than `beyond` entries.
    ///
    /// # Errors
    /// Unavailable if the server or the store ends.
    pub(crate) async fn wait_beyond(&self, beyond: u64) -> Result<(), Status> {
        let (mut head, mut stopping) = (self.head.clone(), self.stopping.clone());
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => Err(fault::ending()),
            moved = head.wait_for(|head| head.entries > beyond || head.closed) => match moved {
                Ok(head) if head.entries > beyond => Ok(()),
                Ok(_) | Err(_) => Err(fault::ending()),
            },
        }
    }

    /// The durable head as last heard of.
    pub(crate) fn head(&self) -> u64 {
        self.head.borrow().entries
    }

    /// Whether the server is ending.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// A name for a subscription, unique while the server runs.
    pub(crate) fn subscription_id(&self) -> String {
        let number = self.subscriptions.fetch_add(1, Ordering::Relaxed);
        uuid::Uuid::from_u64_pair(clock::ticks(), number).to_string()
    }

    /// Whether clients may know of a stream.
    pub(crate) fn is_visible(&self, stream: &str) -> bool {
        match self.mode {
            Mode::Ledger { .. } => true,
            Mode::Plain => !parts::is_hidden(stream),
        }
    }

    /// The envelope of a record of a plain store.
    pub(crate) fn envelope<'a>(&self, record: &Record<'a>) -> Result<Envelope<'a>, Status> {
        Envelope::parse(record.metadata).map_err(|what| fault::damaged(record.entry, what))
    }

    /// When a record was written, in 100 ns since 1970.
    pub(crate) fn created(&self, record: &Record<'_>) -> Result<u64, Status> {
        match self.mode {
            Mode::Ledger { created } => Ok(created(record)),
            Mode::Plain => Ok(self.envelope(record)?.created),
        }
    }

    /// A record as clients read it.
    pub(crate) fn render(&self, record: &Record<'_>, form: UuidForm) -> Result<ReadResp, Status> {
        let (envelope, (metadata, data)) = match self.mode {
            Mode::Ledger { created } => {
                let contents = Contents::Here(record.metadata);
                let envelope = Envelope::event(true, created(record), contents);
                (envelope, (copy(record.metadata), copy(record.data)))
            }
            Mode::Plain => {
                let envelope = self.envelope(record)?;
                let contents = match &envelope.contents {
                    Contents::Here(metadata) => (copy(metadata), copy(record.data)),
                    Contents::Elsewhere(reference) => {
                        parts::read(&*self.store, reference, record.entry)?
                    }
                };
                (envelope, contents)
            }
        };
        let content_type =
            if envelope.json { "application/json" } else { "application/octet-stream" };
        let properties = [
            ("type", record.event_type.to_owned()),
            ("content-type", content_type.to_owned()),
            ("created", envelope.created.to_string()),
        ];
        let event = RecordedEvent {
            id: Some(ids::render(record.event_id, form)),
            stream_identifier: Some(ids::identifier(record.stream)),
            stream_revision: if envelope.tombstone { DELETED_REVISION } else { record.revision },
            prepare_position: record.entry,
            commit_position: record.entry,
            metadata: BTreeMap::from(properties.map(|(key, value)| (key.to_owned(), value))),
            custom_metadata: metadata,
            data,
        };
        let position = Some(EventPosition::Commit(record.entry));
        let event = ReadEvent { event: Some(event), position };
        Ok(ReadResp { content: Some(Content::Event(Box::new(event))) })
    }
}

/// The revision clients see a tombstone at.
const DELETED_REVISION: u64 = i64::MAX.cast_unsigned();

fn copy(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
