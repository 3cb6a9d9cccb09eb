//! The store: creating, opening, closing, and the port on top of the other modules.

use crate::format::{SEGMENT_HEADER, SegmentHeader};
use crate::index::{Index, Start};
use crate::indexer::{self, Bell};
use crate::indexing::{self, Of};
use crate::judge::judge;
use crate::lock::Lock;
use crate::mark::{self, Kind, Mark};
use crate::options::{OpenReport, Options};
use crate::queue::Queue;
use crate::read::Shared;
use crate::recover::{self, Follow, Sink, Torn};
use crate::run;
use crate::scan::Cursor;
use crate::watermark::{self, Watermark};
use crate::writer::{Group, Tail, Writer, sync_dir};
use souk_store::{Append, Direction, EventStore, Page, StoreError, Subscription, Ticket};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Bytes of a page of a subscription.
const SUBSCRIPTION_PAGE_BYTES: usize = 1 << 20;

/// An event store in a directory. One writer at a time, any number of readers beside it, in any process.
///
/// Dropping it closes it: everything queued is written, subscriptions end.
#[derive(Debug)]
pub struct LogStore {
    shared: Arc<Shared>,
    role: Role,
    mark: Mark,
    report: OpenReport,
}

#[derive(Debug)]
enum Role {
    Writer { queue: Arc<Queue>, thread: Mutex<Option<JoinHandle<()>>> },
    Reader { follow: Mutex<Follow> },
}

impl LogStore {
    /// Creates an empty log in `dir`, which is created if need be, and opens it for writing. `kind` is what the
    /// directory holds for life; `store_id` is 16 random bytes and marks all its files.
    ///
    /// # Errors
    /// `Unavailable` if there is a log already, `Locked` if another process writes there, `Io`, `DiskFull`.
    pub fn create(
        dir: impl AsRef<Path>,
        kind: Kind,
        store_id: [u8; 16],
        options: Options,
    ) -> Result<LogStore, StoreError> {
        let dir = dir.as_ref();
        let log = dir.join("log");
        fs::create_dir_all(&log).map_err(|error| StoreError::io("create", &log, error))?;
        let lock = Lock::acquire(dir)?;
        // `STORE` is written last. Without it, creating was cut short, and what there is has no entry.
        let begun = recover::list(dir)?;
        if Mark::exists(dir) || begun.iter().any(|(_, len)| *len > SEGMENT_HEADER as u64) {
            let why = format!(
                "{} holds a log already; open it, or choose another directory",
                dir.display()
            );
            return Err(StoreError::Unavailable { why: why.into() });
        }
        for (first, _) in begun {
            let path = recover::segment_path(dir, first);
            fs::remove_file(&path).map_err(|error| StoreError::io("remove", path, error))?;
        }
        Tail::create(dir, &SegmentHeader { store_id, first_entry: 0, seed: 0 })?;
        let watermark = Watermark::open(dir)?;
        watermark.write(0)?;
        watermark.sync()?;
        Mark { kind, store_id }.write(dir)?;
        sync_dir(dir)?;
        LogStore::start(dir, kind, lock, options)
    }

    /// Opens the log in `dir` for writing. Verifies all of it; cuts a torn tail that was never acknowledged, see
    /// [`LogStore::report`].
    ///
    /// # Errors
    /// `Locked` naming the writer there is, `Corrupt` naming segment, offset and entry, `Unavailable` if there is no
    /// log or one of another kind, `Io`, `DiskFull`.
    pub fn open(
        dir: impl AsRef<Path>,
        kind: Kind,
        options: Options,
    ) -> Result<LogStore, StoreError> {
        let dir = dir.as_ref();
        check_exists(dir)?;
        LogStore::start(dir, kind, Lock::acquire(dir)?, options)
    }

    /// Whether a store is in `dir`, whole or damaged; not where there is none, nor where creating was cut short, so
    /// that one can be created.
    #[must_use]
    pub fn exists(dir: impl AsRef<Path>) -> bool {
        let dir = dir.as_ref();
        Mark::exists(dir) || (dir.join("log").is_dir() && mark::has_entries(dir))
    }

    fn start(dir: &Path, kind: Kind, lock: Lock, options: Options) -> Result<LogStore, StoreError> {
        let mark = Mark::read(dir)?;
        mark.check(kind, dir)?;
        let acknowledged = watermark::read(dir)?;
        let listed = recover::list(dir)?;
        let mut index = Index::default();
        let mut follow = Follow { store_id: Some(mark.store_id), ..Follow::default() };
        follow.skip_covered(dir, &listed, &mut index)?;
        let of = Of { dir, store_id: mark.store_id };
        let unread = follow.unread(&listed);
        let read = |sink: &mut dyn Sink| follow.advance(dir, &listed, u64::MAX, sink);
        let torn = indexing::fill(of, &mut index, unread, read)?;
        judge(dir, &follow, torn.as_ref(), acknowledged)?;
        let Some((first, cursor)) = follow.at else { return Err(no_segment(dir)) };
        if let Some(torn) = torn.as_ref().filter(|torn| torn.offset == 0) {
            let removed = fs::remove_file(&torn.path);
            removed.map_err(|error| StoreError::io("remove", &torn.path, error))?;
            sync_dir(&dir.join("log"))?;
        }
        let tail = match &index.tail {
            Some(_) => Tail::open(dir, first, cursor)?,
            // The segment after those that runs cover was never begun, or its header never finished.
            None => begin_segment(dir, mark.store_id, cursor, &mut index)?,
        };
        // What the watermark covers is durable; the rest, if any, must be before anybody can read it.
        if torn.is_some() || acknowledged != Ok(cursor.next_entry) {
            let known = acknowledged.unwrap_or(0).clamp(first, cursor.next_entry);
            let from = match index.start(first, known.saturating_sub(1).max(first)) {
                Start::At { offset, .. } => offset,
                Start::AskRun(_) | Start::Unknown => SEGMENT_HEADER as u32,
            };
            tail.settle(from.into())?;
        }
        let mut watermark = Watermark::open(dir)?;
        watermark.write(cursor.next_entry)?;
        let report = report(&follow, &index, torn.as_ref());
        run::tidy(dir, &index.runs.iter().map(|run| run.path.clone()).collect::<Vec<_>>());
        let shared = Arc::new(Shared::new(dir, mark.store_id, index));
        let queue = Arc::new(Queue::new(options.queue_bytes));
        watermark.keep_synced(Arc::clone(&queue))?;
        let bell = Arc::new(Bell::default());
        let started = indexer::start(Arc::clone(&shared), Arc::clone(&bell));
        let indexer = started.map_err(|error| StoreError::io("start a thread for", dir, error))?;
        let writer = Writer {
            shared: Arc::clone(&shared),
            queue: Arc::clone(&queue),
            options,
            watermark,
            bell,
            indexer,
            lock,
            tail,
            group: Group::default(),
        };
        let thread = thread::Builder::new().name("souk-log-writer".into());
        let thread = thread.spawn(move || writer.run());
        let thread = thread.map_err(|error| StoreError::io("start the writer of", dir, error))?;
        let role = Role::Writer { queue, thread: Mutex::new(Some(thread)) };
        Ok(LogStore { shared, role, mark, report })
    }

    /// Opens the log in `dir` for reading, beside a writer or not, without a lock. Sees what is acknowledged at this
    /// moment; [`LogStore::refresh`] sees more.
    ///
    /// # Errors
    /// `Corrupt` naming segment, offset and entry, `Unavailable` if there is no log, `Io`.
    pub fn open_read_only(dir: impl AsRef<Path>) -> Result<LogStore, StoreError> {
        let dir = dir.as_ref();
        check_exists(dir)?;
        let mark = Mark::read(dir)?;
        let mut follow = Follow { store_id: Some(mark.store_id), ..Follow::default() };
        let mut index = Index::default();
        let torn = follow_up(dir, mark.store_id, &mut follow, &mut index)?;
        if follow.at.is_none() {
            return Err(no_segment(dir));
        }
        let report = report(&follow, &index, torn.as_ref());
        let shared = Arc::new(Shared::new(dir, mark.store_id, index));
        let role = Role::Reader { follow: Mutex::new(follow) };
        Ok(LogStore { shared, role, mark, report })
    }

    /// For a store opened for reading: looks for entries acknowledged since and returns the head. A writer's store
    /// always sees everything.
    ///
    /// # Errors
    /// As [`LogStore::open_read_only`].
    pub fn refresh(&self) -> Result<u64, StoreError> {
        if let Role::Reader { follow } = &self.role {
            let mut follow = follow.lock().unwrap_or_else(PoisonError::into_inner);
            let mut index = self.shared.index_mut();
            follow_up(&self.shared.dir, self.mark.store_id, &mut follow, &mut index)?;
            let head = index.head();
            drop(index);
            self.shared.signal.publish(head);
        }
        Ok(self.shared.signal.head())
    }

    /// The 16 bytes given when the store was created.
    #[must_use]
    pub fn store_id(&self) -> [u8; 16] {
        self.mark.store_id
    }

    /// What the directory holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.mark.kind
    }

    /// Halts if the directory holds something else: for readers, which open any kind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub fn require(&self, kind: Kind) -> Result<(), StoreError> {
        self.mark.check(kind, &self.shared.dir)
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// What opening found.
    #[must_use]
    pub fn report(&self) -> &OpenReport {
        &self.report
    }

    /// Writes everything queued, ends subscriptions and releases the lock. Reads still work. Closing again does
    /// nothing.
    pub fn close(&self) {
        if let Role::Writer { queue, thread } = &self.role {
            queue.end(StoreError::closed());
            let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            // A writer that panicked has answered its tickets by dropping them.
            let _ = thread.map(JoinHandle::join);
        }
        self.shared.signal.close();
    }
}

impl Drop for LogStore {
    fn drop(&mut self) {
        self.close();
    }
}

impl EventStore for LogStore {
    fn append(&self, batch: Vec<Append>) -> Ticket {
        match &self.role {
            Role::Writer { queue, .. } => queue.put(batch),
            Role::Reader { .. } => {
                let why = "it was opened for reading; open it for writing".into();
                Ticket::failed(batch.len(), &StoreError::Unavailable { why })
            }
        }
    }

    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.shared.read_stream(stream, from, direction, limit)
    }

    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.shared.stream_revision(stream)
    }

    fn read_all_into(
        &self,
        from: u64,
        max_bytes: usize,
        page: &mut Page,
    ) -> Result<(), StoreError> {
        self.shared.read_all(from, max_bytes, page)
    }

    fn head(&self) -> Result<u64, StoreError> {
        Ok(self.shared.signal.head())
    }

    fn subscribe(&self, from: u64) -> Subscription {
        let shared = Arc::clone(&self.shared);
        Subscription::new(from, Arc::clone(&self.shared.signal), move |from| {
            let mut page = Page::new();
            shared.read_all(from, SUBSCRIPTION_PAGE_BYTES, &mut page)?;
            Ok(page)
        })
    }
}

/// A new segment behind the last one.
fn begin_segment(
    dir: &Path,
    store_id: [u8; 16],
    at: Cursor,
    index: &mut Index,
) -> Result<Tail, StoreError> {
    let header = SegmentHeader { store_id, first_entry: at.next_entry, seed: at.checksum };
    let tail = Tail::create(dir, &header)?;
    index.begin_segment(at.next_entry, SEGMENT_HEADER as u32, tail.cursor.checksum);
    Ok(tail)
}

/// Reads what is acknowledged and not yet read. Beside a writer that is what its watermark says; without one, every
/// whole frame, since the next writer will take it over.
fn follow_up(
    dir: &Path,
    store_id: [u8; 16],
    follow: &mut Follow,
    index: &mut Index,
) -> Result<Option<Torn>, StoreError> {
    // In this order: what is listed cannot be of a writer that begins after the look for one, and what is
    // acknowledged by then is listed.
    let mut acknowledged = watermark::read(dir)?;
    let mut listed = recover::list(dir)?;
    let beside_writer = Lock::is_held(dir);
    let mut limit = u64::MAX;
    if beside_writer {
        acknowledged = watermark::read(dir)?;
        limit = acknowledged.unwrap_or(0);
        listed = recover::list(dir)?;
    }
    if follow.at.is_none() {
        follow.skip_covered(dir, &listed, index)?;
    } else {
        index.adopt(dir, store_id);
    }
    let unread = follow.unread(&listed);
    let read = |sink: &mut dyn Sink| follow.advance(dir, &listed, limit, sink);
    let torn = indexing::fill(Of { dir, store_id }, index, unread, read)?;
    judge(dir, follow, torn.as_ref(), acknowledged)?;
    // What a writer has not acknowledged yet is none of a reader's business.
    Ok(torn.filter(|_| !beside_writer))
}

fn report(follow: &Follow, index: &Index, torn: Option<&Torn>) -> OpenReport {
    OpenReport {
        entries: follow.entries(),
        segments: index.segments.len(),
        bytes: follow.bytes,
        indexed: follow.covered,
        truncated_bytes: torn.map_or(0, |torn| torn.len - torn.offset),
        truncated: torn.map(Torn::describe),
    }
}

fn check_exists(dir: &Path) -> Result<(), StoreError> {
    if dir.join("log").is_dir() {
        return Ok(());
    }
    let why =
        format!("there is no log in {}; create one, or name another directory", dir.display());
    Err(StoreError::Unavailable { why: why.into() })
}

fn no_segment(dir: &Path) -> StoreError {
    let why = format!(
        "the log in {} has no whole segment and nothing was ever acknowledged there; create it again",
        dir.display()
    );
    StoreError::Unavailable { why: why.into() }
}
