//! The event store's port over the official KurrentDB client.
//!
//! A ledger is a namespace of a server that others may use too ([`Address`]); its records are the server's events with
//! nothing added, so a record read back has the bytes it has in every store. The server's positions are its own: the
//! *entry number* is the dense count of the namespace's events in the server's order, kept in step by anchors.
//!
//! What holds:
//! - An append asks for an exact revision, is repeated while its outcome is unknown, cannot be there twice, and is
//!   answered when the log itself shows it; so the entry numbers are known with the answer. One whose events were
//!   there before is refused, as by every store, though the server calls it done. Only where two processes send the
//!   very same bytes at the same moment are both told that they wrote them.
//! - The log's order is the order given, within a batch and among the batches of one thread, and wherever batches
//!   share a stream. Batches of different threads overlap ([`Options::in_flight`]). One thread appends one after
//!   another, at the speed of the way to the server and back. The client's release leaves Nagle's algorithm on, which
//!   costs some 40 ms a call where the server does not acknowledge at once, as `souk-kurrentdb-server` does.
//! - Anything that would change entry numbers halts the store: truncating metadata, a deleted stream, a missing
//!   revision, an anchor that does not fit. Every later call answers what was found, and where.

mod address;
mod anchor;
mod anchors;
mod append;
mod beside;
mod connection;
mod copying;
mod follow;
mod inner;
mod lanes;
mod log;
mod metadata;
mod namespace;
mod options;
mod positions;
mod reach;
mod read;
mod store;
mod watch;
mod wire;

pub use address::{Address, AddressError};
pub use options::Options;
pub use store::KurrentStore;
