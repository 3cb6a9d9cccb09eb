//! Why the projector stopped, at which entry, and what to do.

use souk_domain::event::Undecodable;
use souk_domain::posting::PostingError;
use souk_journal::projection::Mismatch;
use souk_store::StoreError;

/// The pass over the log stopped. What came before the named entry is in the read models, nothing
/// after it is.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store left entries out or repeated some.
    #[error(
        "the store gave {} where entry {entry} was due; entries are numbered without gaps, so this is not the log that was written: verify the store or restore it from a backup",
        found.map_or_else(|| "nothing".to_owned(), |found| format!("entry {found}"))
    )]
    NotDense {
        /// The entry that was due.
        entry: u64,
        /// What came instead.
        found: Option<u64>,
    },
    /// The metadata of a record are not in their stored form.
    #[error(
        "entry {entry} ({event}): its metadata cannot be read: {what}; run the version of Souk that wrote it, or verify the store"
    )]
    Metadata {
        /// The entry.
        entry: u64,
        /// Its event, `stream@revision`.
        event: String,
        /// What was found, with line and column.
        what: String,
    },
    /// An event cannot be read.
    #[error(
        "entry {entry} ({event}): {source}; run the version of Souk that wrote it, or verify the store"
    )]
    Undecodable {
        /// The entry.
        entry: u64,
        /// Its event, `stream@revision`.
        event: String,
        /// Why.
        source: Undecodable,
    },
    /// An event cannot be posted.
    #[error(
        "entry {entry} ({event}) cannot be posted: {source}; no command writes such an event, so verify the store, then report this"
    )]
    Posting {
        /// The entry.
        entry: u64,
        /// Its event, `stream@revision`.
        event: String,
        /// Why.
        source: PostingError,
    },
    /// A recorded figure is not what the entries before it give.
    #[error(
        "projection {projection}: {mismatch}; no figure from here on is shown: verify the store, then run souk replay to see every such figure"
    )]
    Mismatch {
        /// The projection that noticed.
        projection: &'static str,
        /// The two figures.
        mismatch: Box<Mismatch>,
    },
    /// Events read and entries written differ.
    #[error(
        "{events} events were read and {entries} entries written from entry {from} on; each event has exactly one entry: report this"
    )]
    Counts {
        /// Where the pass began.
        from: u64,
        /// Events read.
        events: u64,
        /// Entries written.
        entries: u64,
    },
    /// Read models do not go back.
    #[error(
        "the read models stand at entry {next_entry}, beyond entry {until}; build new ones to look back"
    )]
    Beyond {
        /// Their first missing entry.
        next_entry: u64,
        /// The entry asked for, exclusive.
        until: u64,
    },
    /// A failed restore left the read models half loaded.
    #[error("the read models are half loaded ({why}); delete the snapshots and start again")]
    HalfLoaded {
        /// What failed.
        why: String,
    },
    /// The thread that decodes ended early; it has said why on standard error.
    #[error("decoding ended early; report this with what was printed before")]
    DecoderEnded,
}

impl ProjectorError {
    /// The entry at which it stopped, if it is one event's fault.
    pub fn entry(&self) -> Option<u64> {
        match self {
            Self::NotDense { entry, .. }
            | Self::Metadata { entry, .. }
            | Self::Undecodable { entry, .. }
            | Self::Posting { entry, .. } => Some(*entry),
            Self::Mismatch { mismatch, .. } => Some(mismatch.entry),
            Self::Store(_)
            | Self::Counts { .. }
            | Self::Beyond { .. }
            | Self::HalfLoaded { .. }
            | Self::DecoderEnded => None,
        }
    }

    /// The event at which it stopped, `stream@revision`.
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Metadata { event, .. }
            | Self::Undecodable { event, .. }
            | Self::Posting { event, .. } => Some(event),
            Self::Mismatch { mismatch, .. } => Some(&mismatch.source_ref),
            Self::Store(_)
            | Self::NotDense { .. }
            | Self::Counts { .. }
            | Self::Beyond { .. }
            | Self::HalfLoaded { .. }
            | Self::DecoderEnded => None,
        }
    }
}
