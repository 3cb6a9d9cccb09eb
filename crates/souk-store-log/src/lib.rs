//! The embedded event store: an append-only segment log.
//!
//! ```text
//! <dir>/STORE                             says what the directory holds: a ledger or a plain event store
//! <dir>/LOCK                              held by the one writer, names its process
//! <dir>/WATERMARK                         how many entries are known to be durable
//! <dir>/log/00000000000000000000.seg      segments, named by their first entry
//! ```
//!
//! The bytes are specified in [`format`](mod@format). Appends of all callers are written as one group with one sync;
//! the index from streams to entries is derived, in memory, and rebuilt on opening. Opening verifies every checksum:
//! a torn tail that was never acknowledged is cut and reported, anything else that does not match halts with the
//! segment, the byte and the entry named.

pub mod format;
mod index;
mod lock;
mod mark;
mod options;
mod queue;
mod read;
mod recover;
mod scan;
mod store;
mod streams;
mod watermark;
mod writer;

pub use mark::Kind;
pub use options::{OpenReport, Options};
pub use store::LogStore;
