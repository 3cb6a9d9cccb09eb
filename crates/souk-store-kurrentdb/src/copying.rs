//! A copy of a ledger that is under way: a note on the server beside the log, so that what is there of the ledger is
//! not taken for all of it.

use crate::connection::Failure;
use crate::store::KurrentStore;
use kurrentdb::{AppendToStreamOptions, Error, EventData, ReadStreamOptions, StreamPosition};
use souk_store::StoreError;
use std::sync::Arc;

/// Types of the notes: the last one counts. The data of the first is the number of entries in decimal digits.
const BEGUN: &str = "copy-begun";
const FINISHED: &str = "copy-finished";

impl KurrentStore {
    /// Notes that a ledger of `entries` entries is being copied here.
    ///
    /// # Errors
    /// `Unavailable` if the server is out of reach.
    pub fn begin_copy(&self, entries: u64) -> Result<(), StoreError> {
        self.note(BEGUN, entries.to_string())
    }

    /// Notes that the copy is whole.
    ///
    /// # Errors
    /// `Unavailable` if the server is out of reach.
    pub fn finish_copy(&self) -> Result<(), StoreError> {
        self.note(FINISHED, String::new())
    }

    fn note(&self, what: &'static str, data: String) -> Result<(), StoreError> {
        let inner = Arc::clone(self.inner());
        self.inner().block(async move {
            // Whoever notes the same again changes nothing.
            let options = AppendToStreamOptions::default();
            let stream = inner.namespace.copying();
            let event = EventData::binary(what, data.into_bytes().into());
            let append = inner.connection.call(|client| {
                let (options, event) = (options.clone(), event.clone());
                async move { client.append_to_stream(stream, &options, event).await }
            });
            match append.await {
                Ok(_) => Ok(()),
                Err(failure) => Err(inner.connection.unavailable("note a copy", &failure)),
            }
        })
    }

    /// How many entries the copy will have that is not finished; `None` if there is no such copy.
    ///
    /// # Errors
    /// `Unavailable` if the server is out of reach.
    pub fn unfinished_copy(&self) -> Result<Option<u64>, StoreError> {
        let inner = Arc::clone(self.inner());
        self.inner().block(async move {
            let options =
                ReadStreamOptions::default().position(StreamPosition::End).backwards().max_count(1);
            let stream = inner.namespace.copying();
            let read = inner.connection.call(|client| {
                let options = &options;
                async move {
                    let mut events = client.read_stream(stream, options).await?;
                    let Some(event) = events.next().await? else { return Ok(None) };
                    let event = event.get_original_event();
                    let entries =
                        str::from_utf8(&event.data).ok().and_then(|text| text.parse().ok());
                    Ok(entries.filter(|_| event.event_type == BEGUN))
                }
            });
            match read.await {
                Ok(found) => Ok(found),
                Err(Failure::Refused(Error::ResourceNotFound)) => Ok(None),
                Err(failure) => Err(inner.connection.unavailable("look for a copy", &failure)),
            }
        })
    }
}
