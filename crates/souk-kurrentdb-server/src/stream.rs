//! How a stream stands: where it ends, whether it is deleted, and which of its events can still be read.

use crate::core::Core;
use crate::envelope::Contents;
use crate::{clock, fault, ids, parts};
use serde_json::Value;
use souk_store::{Direction, Page, Record};
use tonic::Status;

/// The `$tb` of a stream that is deleted, but not for good.
pub(crate) const DELETED: u64 = i64::MAX.cast_unsigned();

/// How a stream stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct StreamState {
    /// The last revision, that of a tombstone left out.
    pub(crate) last: Option<u64>,
    /// Whether the stream is deleted for good.
    pub(crate) tombstoned: bool,
    /// The last revision of the stream of its metadata.
    pub(crate) metadata_revision: Option<u64>,
    /// The metadata as JSON; null if there is none.
    pub(crate) metadata: Value,
    /// Whether the stream holds metadata of another.
    pub(crate) is_metastream: bool,
}

impl StreamState {
    fn limit(&self, key: &str) -> Option<u64> {
        self.metadata.get(key).and_then(Value::as_u64)
    }

    /// Whether the stream is deleted, and comes back with the next append.
    pub(crate) fn is_soft_deleted(&self) -> bool {
        self.limit("$tb") == Some(DELETED)
    }

    /// Whether there is anything to read, or was.
    pub(crate) fn exists(&self) -> bool {
        self.last.is_some() && !self.is_soft_deleted()
    }

    /// The first revision that metadata leaves readable, whatever the age.
    pub(crate) fn first(&self) -> u64 {
        let before = self.limit("$tb").unwrap_or(0);
        let max_count = if self.is_metastream { Some(1) } else { self.limit("$maxCount") };
        let counted = match (self.last, max_count.filter(|count| *count > 0)) {
            (Some(last), Some(count)) => last.saturating_add(1).saturating_sub(count),
            (Some(_) | None, _) => 0,
        };
        before.max(counted)
    }

    /// Events written before this are too old to be read, in 100 ns since 1970.
    pub(crate) fn oldest(&self) -> u64 {
        let ticks = |seconds: u64| seconds.saturating_mul(clock::TICKS_PER_SECOND);
        let age = self.limit("$maxAge").filter(|seconds| *seconds > 0).map(ticks);
        age.map_or(0, |age| clock::ticks().saturating_sub(age))
    }
}

impl Core {
    /// How a stream stands now.
    pub(crate) fn stream_state(&self, stream: &str) -> Result<StreamState, Status> {
        if self.mode.is_ledger() {
            let last = self.store.stream_revision(stream).map_err(fault::store)?;
            return Ok(StreamState { last, ..StreamState::default() });
        }
        if parts::is_hidden(stream) {
            return Ok(StreamState::default());
        }
        let (last, tombstoned) = self.end(stream)?;
        if let Some(described) = ids::described_by(stream) {
            let (_, tombstoned) = self.end(described)?;
            let is_metastream = true;
            return Ok(StreamState { last, tombstoned, is_metastream, ..StreamState::default() });
        }
        let metastream = format!("{}{stream}", ids::METASTREAM);
        let page = self.last_event(&metastream)?;
        let metadata = match page.record(0).map_err(fault::store)? {
            Some(record) => self.metadata(&record)?,
            None => Value::Null,
        };
        let metadata_revision = page.last_revision();
        Ok(StreamState { last, tombstoned, metadata_revision, metadata, is_metastream: false })
    }

    fn last_event(&self, stream: &str) -> Result<Page, Status> {
        self.store.read_stream(stream, u64::MAX, Direction::Backwards, 1).map_err(fault::store)
    }

    /// The last revision but for a tombstone, and whether there is one.
    fn end(&self, stream: &str) -> Result<(Option<u64>, bool), Status> {
        let page = self.last_event(stream)?;
        let last = page.last_revision();
        let Some(record) = page.record(0).map_err(fault::store)? else { return Ok((last, false)) };
        if self.envelope(&record)?.tombstone {
            return Ok((record.revision.checked_sub(1), true));
        }
        Ok((last, false))
    }

    /// Metadata as JSON; null if it is none, as if there were no metadata.
    fn metadata(&self, record: &Record<'_>) -> Result<Value, Status> {
        let parsed = match self.envelope(record)?.contents {
            Contents::Here(_) => serde_json::from_slice(record.data),
            Contents::Elsewhere(reference) => {
                let (_, data) = parts::read(&*self.store, &reference, record.entry)?;
                serde_json::from_slice(&data)
            }
        };
        Ok(parsed.unwrap_or(Value::Null))
    }
}
