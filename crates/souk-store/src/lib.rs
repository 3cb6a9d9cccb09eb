//! The event store's port, the bytes of a record, an in-memory store and the conformance suite.
//!
//! A store keeps *streams* of events and one total order over all of them. A position in that order is the
//! *entry number*: dense, from 0. Every store returns the same bytes for the same record (see [`record`]).
//! Reads are plain blocking calls that fill a [`Page`]; an append returns a [`Ticket`] that resolves once durable.

mod append;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod memory;
mod page;
mod port;
pub mod record;
mod stream_id;
mod subscription;
mod ticket;
pub mod tree;

pub use append::{Append, AppendError, Appended, Expected, MAX_APPEND_BYTES, NewEvent, Token};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use page::Page;
pub use port::{Direction, EventStore, STREAM_PAGE_BYTES};
pub use record::{MAX_RECORD_BYTES, NewRecord, Record, RecordError, leaf_hash};
pub use stream_id::{StreamId, StreamIdError};
pub use subscription::{HeadSignal, Subscription};
pub use ticket::{AppendResults, Resolver, Ticket};
pub use tree::Tree;
