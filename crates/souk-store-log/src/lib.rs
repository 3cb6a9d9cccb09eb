//! The embedded event store: an append-only segment log.
//!
//! ```text
//! <dir>/STORE                             says what the directory holds: a ledger or a plain event store
//! <dir>/LOCK                              held by the one writer, names its process
//! <dir>/WATERMARK                         how many entries are known to be durable
//! <dir>/log/00000000000000000000.seg      segments, named by their first entry
//! <dir>/index/<first>-<next>.run          the index of sealed segments: derived, safe to delete
//! ```
//!
//! The bytes are specified in [`format`](mod@format). Appends of all callers are written as one group with one sync.
//! The index from streams to entries is derived and written behind the log; opening reads and verifies what it does
//! not cover, and every read verifies what it reads. A torn tail that was never acknowledged is cut and reported;
//! anything else that does not match halts with the segment, the byte and the entry named.

mod backup;
pub mod format;
mod fresh;
mod index;
mod indexer;
mod indexing;
mod inspect;
mod judge;
mod key;
mod lock;
mod lookup;
mod mark;
mod options;
mod queue;
mod read;
mod recover;
mod run;
mod scan;
mod store;
mod stream;
mod verify;
mod watermark;
mod writer;

pub use backup::copy;
pub use inspect::{FramePlace, SegmentInfo, Summary, bare_scan};
pub use mark::Kind;
pub use options::{OpenReport, Options};
pub use store::LogStore;
pub use verify::{Verified, renew_watermark, verify};
