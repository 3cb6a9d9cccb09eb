//! The port: what every event store does. `conformance` checks it.

use crate::append::Append;
use crate::error::StoreError;
use crate::page::Page;
use crate::subscription::Subscription;
use crate::ticket::Ticket;

/// Which way a stream is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the revision given to the last one.
    Forwards,
    /// From the revision given, or the last one if that is smaller, down to 0.
    Backwards,
}

/// A page of a stream ends early once its records take this many bytes (16 MiB); `next_revision` says where to
/// read on.
pub const STREAM_PAGE_BYTES: usize = 16 << 20;

/// An append-only store of streams with one total order over all entries.
///
/// Streams are named by 1..=250 bytes of UTF-8 without NUL, compared bytewise. Only what is durable can be read.
pub trait EventStore: Send + Sync {
    /// Appends a batch. Each append is atomic and independent of the others: one that is refused does not stop the
    /// rest. The log's order is the order given, and an append sees those before it in the batch. When the ticket
    /// resolves, all that succeeded is durable and can be read. May block while earlier batches are being written.
    ///
    /// What is given by one thread is written in the order given, whether or not it waits in between, and so are
    /// batches that share a stream. Batches that different threads give may stand in either order.
    ///
    /// Nothing is written twice: an append that comes again finds its stream moved on by itself and is refused. Only
    /// where two writers send the very same records at the same moment may both be told that theirs were written.
    fn append(&self, batch: Vec<Append>) -> Ticket;

    /// Up to `limit` records of a stream from revision `from` on, at most about [`STREAM_PAGE_BYTES`] of them but at
    /// least one if there is any. Forwards beyond the end, or for an unknown stream, the page is empty;
    /// [`Page::last_revision`] tells the two apart.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be read.
    fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// As [`EventStore::read_stream`] for who does not look at entry numbers, as when a stream is loaded to decide
    /// something: what the records say in their place means nothing. A store that has to look the numbers up is
    /// spared that.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be read.
    fn read_stream_unnumbered(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.read_stream(stream, from, direction, limit)
    }

    /// The stream's last revision, `None` if it has no event.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be read.
    fn stream_revision(&self, stream: &str) -> Result<Option<u64>, StoreError>;

    /// Fills `page` with records in log order from entry `from` on: at least one if there is any, and no more than
    /// fit in `max_bytes`. A page may be smaller than asked for; it is empty only at the head. What the page held
    /// before is dropped, its memory reused.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be read; the page is then empty.
    fn read_all_into(&self, from: u64, max_bytes: usize, page: &mut Page)
    -> Result<(), StoreError>;

    /// As [`EventStore::read_all_into`] with a new page.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be read.
    fn read_all(&self, from: u64, max_bytes: usize) -> Result<Page, StoreError> {
        let mut page = Page::new();
        self.read_all_into(from, max_bytes, &mut page)?;
        Ok(page)
    }

    /// The number of durable entries, which is the number the next entry will have.
    ///
    /// # Errors
    /// A [`StoreError`] if the store cannot be asked.
    fn head(&self) -> Result<u64, StoreError>;

    /// Follows the log from entry `from` on: what is there, then what becomes durable, until the store closes.
    fn subscribe(&self, from: u64) -> Subscription;
}
