//! Following the server's log: in pages when asked, and by a push subscription in between.
//!
//! Nothing depends on the subscription being alive: whoever must know reads. It only makes followers prompt and saves
//! appends a read. It has a runtime of its own, because a subscription that a server ends in good order keeps the
//! client's thread busy for ever.

use crate::connection::{Connection, Failure, Tried};
use crate::inner::Inner;
use crate::log::Start;
use crate::metadata;
use crate::wire::{Met, original};
use kurrentdb::{
    Client, Error, Position, ReadAllOptions, ReadStreamOptions, StreamPosition,
    SubscribeToAllOptions, SubscriptionEvent,
};
use souk_store::StoreError;
use std::sync::Arc;
use std::time::Duration;

/// Events asked for at once.
const PAGE_EVENTS: usize = 2_048;
/// Bytes after which a page ends.
const PAGE_BYTES: usize = 4 << 20;
/// The pause before a broken subscription is made anew.
const RESUBSCRIBE: Duration = Duration::from_millis(100);

/// Some events of the ledger in log order.
pub(crate) struct Batch {
    pub(crate) met: Vec<Met>,
    /// Whether they go to the end of the server's log.
    pub(crate) at_end: bool,
}

impl Inner {
    /// The events of the ledger after a position, at most `count` of them and about `bytes`.
    pub(crate) async fn events_after(
        &self,
        after: Option<Position>,
        count: usize,
        bytes: usize,
    ) -> Result<Batch, StoreError> {
        // A read begins with the event at the position itself.
        let count = count.saturating_add(usize::from(after.is_some()));
        let from = after.map_or(StreamPosition::Start, StreamPosition::Position);
        let options = ReadAllOptions::default()
            .requires_leader(true)
            .forwards()
            .position(from)
            .filter(self.filter())
            .max_count(count);
        let read = self.connection.call(|client| {
            let options = &options;
            async move {
                let mut events = client.read_all(options).await?;
                let (mut met, mut read, mut size) = (Vec::new(), 0, 0);
                while let Some(event) = events.next().await? {
                    read += 1;
                    let Some(event) = original(&event) else { continue };
                    if Some(event.position) <= after {
                        continue;
                    }
                    let one = Met::new(&self.namespace, event);
                    if let Met::Record(event) = &one {
                        size += event.record.len();
                    }
                    met.push(one);
                    if size >= bytes && read < count {
                        return Ok(Batch { met, at_end: false });
                    }
                }
                Ok(Batch { met, at_end: read < count })
            }
        });
        read.await.map_err(|failure| self.connection.unavailable("read the log", &failure))
    }

    /// Follows the log to its end as it is now or later; returns the number of entries.
    pub(crate) async fn catch_up(&self) -> Result<u64, StoreError> {
        self.log().check()?;
        let Some(end) = self.end_of_all().await? else { return Ok(self.log().count()) };
        if self.log().scanned() < Some(end) {
            let _one = self.catching_up.lock().await;
            while self.log().scanned() < Some(end) {
                let after = self.log().scanned();
                let batch = self.events_after(after, PAGE_EVENTS, PAGE_BYTES).await?;
                self.take_live(&batch.met).await?;
                if batch.at_end {
                    self.log().scanned_to(end);
                }
            }
        }
        self.write_anchors().await?;
        let log = self.log();
        log.check()?;
        Ok(log.count())
    }

    /// Fills the log from `entry` on until `until` has been taken; both in chunks that are behind the live one.
    pub(crate) async fn fill(&self, until: u64) -> Result<Option<Position>, StoreError> {
        loop {
            let start = self.log().start_of(until);
            let (entry, after) = match start {
                Start::After(position) => return Ok(position),
                Start::ReadOn { entry, after } => (entry, after),
            };
            self.fill_once(entry, after).await?;
        }
    }

    /// Takes a page of the entries from `entry` on, which is the next one after a position.
    pub(crate) async fn fill_once(
        &self,
        entry: u64,
        after: Option<Position>,
    ) -> Result<(), StoreError> {
        let batch = self.events_after(after, PAGE_EVENTS, PAGE_BYTES).await?;
        self.take_from(entry, &batch.met).await?;
        let mut log = self.log();
        match log.missing(entry).filter(|_| batch.at_end) {
            Some(error) => Err(log.halt(error)),
            None => Ok(()),
        }
    }

    /// Takes events read right after one another, the first record being `entry`; returns the entry after them.
    pub(crate) async fn take_from(&self, entry: u64, met: &[Met]) -> Result<u64, StoreError> {
        let mut next = entry;
        for one in met {
            if let Met::Record(event) = one {
                self.log().take(next, event)?;
                next += 1;
            } else {
                self.judge(one).await?;
            }
        }
        self.publish();
        Ok(next)
    }

    /// Takes events met while following the end.
    pub(crate) async fn take_live(&self, met: &[Met]) -> Result<(), StoreError> {
        for one in met {
            if let Met::Record(event) = one {
                self.log().take_live(event)?;
            } else {
                self.judge(one).await?;
            }
        }
        self.publish();
        Ok(())
    }

    /// Whether the ledger can live with an event that is no entry of it.
    async fn judge(&self, met: &Met) -> Result<(), StoreError> {
        let (stream, position, what) = match met {
            Met::Record(_) | Met::Foreign { .. } => return Ok(()),
            Met::Metadata { stream, .. } => {
                let Some(key) = self.truncating(stream).await? else { return Ok(()) };
                // Nothing is lost before the server scavenges, so nothing is damaged yet.
                let why = format!(
                    "the metadata of the stream {}{stream} sets {key}, which lets the server drop events; remove \
                     {key} before the server is scavenged, then open the event store again",
                    self.namespace.prefix()
                );
                return Err(self.log().halt(StoreError::Unavailable { why: why.into() }));
            }
            Met::Tombstone { stream, position } => {
                (stream, *position, "it was deleted for ever".to_owned())
            }
            Met::NoRecord { stream, position, source } => {
                (stream, *position, format!("an event in it is no record: {source}"))
            }
        };
        let mut log = self.log();
        let error = log.damage(stream, position, log.count(), what);
        Err(log.halt(error))
    }

    /// The key in the stream's metadata, as it is now, that lets the server drop events.
    async fn truncating(&self, stream: &str) -> Result<Option<&'static str>, StoreError> {
        let name = format!("{}{stream}", self.namespace.metadata_prefix());
        let options = ReadStreamOptions::default()
            .requires_leader(true)
            .position(StreamPosition::End)
            .backwards()
            .max_count(1);
        let read = self.connection.call(|client| {
            let (name, options) = (&name, &options);
            async move {
                let mut events = client.read_stream(name.as_str(), options).await?;
                let Some(event) = events.next().await? else { return Ok(None) };
                let Some(event) = original(&event) else { return Ok(None) };
                let set = event.event_type == metadata::EVENT_TYPE;
                Ok(set.then(|| metadata::truncating(&event.data)).flatten())
            }
        });
        match read.await {
            Ok(key) => Ok(key),
            Err(Failure::Refused(Error::ResourceNotFound | Error::ResourceDeleted)) => Ok(None),
            Err(failure) => {
                Err(self.connection.unavailable(format_args!("read the stream {name}"), &failure))
            }
        }
    }

    /// The position of the last event of all on the server.
    async fn end_of_all(&self) -> Result<Option<Position>, StoreError> {
        let options = ReadAllOptions::default()
            .requires_leader(true)
            .position(StreamPosition::End)
            .backwards()
            .max_count(1);
        let read = self.connection.call(|client| {
            let options = &options;
            async move {
                let mut events = client.read_all(options).await?;
                let last = events.next().await?;
                Ok(last.as_ref().and_then(original).map(|event| event.position))
            }
        });
        read.await
            .map_err(|failure| self.connection.unavailable("read the end of the log", &failure))
    }
}

/// Follows the log by a push subscription, over a connection of its own, until the store is closed.
pub(crate) async fn follow(inner: Arc<Inner>, connection: Connection) {
    while !inner.signal.is_closed() && inner.log().check().is_ok() {
        let ended = connection.attempt_unlimited(|client| subscription(&inner, client)).await;
        inner.pushed.send_replace(false);
        match ended {
            // What broke it is for the next call to find out and to say.
            Tried::Done(()) | Tried::Refused(_) | Tried::Lost(_) => {}
        }
        tokio::time::sleep(RESUBSCRIBE).await;
    }
}

/// One subscription, from where the log is followed to, until it breaks or the log is halted.
async fn subscription(inner: &Arc<Inner>, client: Client) -> kurrentdb::Result<()> {
    let from = inner.log().scanned().map_or(StreamPosition::Start, StreamPosition::Position);
    let options = SubscribeToAllOptions::default().position(from).filter(inner.filter());
    let mut events = client.subscribe_to_all(&options).await;
    loop {
        match events.next_subscription_event().await? {
            SubscriptionEvent::EventAppeared(event) => {
                let Some(event) = original(&event) else { continue };
                let met = vec![Met::new(&inner.namespace, event)];
                let taker = Arc::clone(inner);
                // On the calls' runtime, since it may have to make a call.
                let taken = inner.handle.spawn(async move { taker.take_live(&met).await });
                if !matches!(taken.await, Ok(Ok(()))) {
                    return Ok(());
                }
            }
            SubscriptionEvent::Confirmed(_) | SubscriptionEvent::CaughtUp(_) => {
                inner.pushed.send_replace(true);
            }
            // A checkpoint has been known to lie beyond an event not yet sent, so none is believed.
            SubscriptionEvent::Checkpoint(_)
            | SubscriptionEvent::FirstStreamPosition(_)
            | SubscriptionEvent::LastStreamPosition(_)
            | SubscriptionEvent::LastAllPosition(_)
            | SubscriptionEvent::FellBehind(_) => {}
        }
    }
}

/// Asks for the end of the log now and then, so that a subscription which is silently dead delays followers only.
pub(crate) async fn heartbeat(inner: Arc<Inner>) {
    while !inner.signal.is_closed() {
        tokio::time::sleep(inner.options.heartbeat).await;
        // What is wrong is said to whoever asks next.
        let _ = inner.catch_up().await;
    }
}
