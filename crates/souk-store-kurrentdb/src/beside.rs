//! The ledger's first tariff and terms, kept on the server beside its log, as a file beside a log on disk is. No part of
//! the ledger's records.

use crate::connection::Failure;
use crate::store::KurrentStore;
use kurrentdb::{AppendToStreamOptions, Error, EventData, ReadStreamOptions, StreamState};
use souk_store::StoreError;
use std::sync::Arc;

/// Type of the one event that holds the terms.
const EVENT_TYPE: &str = "terms-kept";

impl KurrentStore {
    /// Keeps the terms, for a ledger that has none kept yet.
    ///
    /// # Errors
    /// `Unavailable` if there are other terms already, or the server is out of reach.
    pub fn keep_terms(&self, text: &str) -> Result<(), StoreError> {
        let inner = Arc::clone(self.inner());
        let text = text.to_owned();
        self.inner().block(async move {
            let options = AppendToStreamOptions::default().stream_state(StreamState::NoStream);
            let stream = inner.namespace.terms();
            let event = EventData::binary(EVENT_TYPE, text.clone().into_bytes().into());
            let append = inner.connection.call(|client| {
                let (options, event) = (options.clone(), event.clone());
                async move { client.append_to_stream(stream, &options, event).await }
            });
            match append.await {
                Ok(_) => Ok(()),
                Err(Failure::Refused(Error::WrongExpectedVersion { .. })) => {
                    if inner.read_terms().await?.as_deref() == Some(&text) {
                        return Ok(());
                    }
                    let why = format!("{stream} holds other terms already; read them from there");
                    Err(StoreError::Unavailable { why: why.into() })
                }
                Err(failure) => Err(inner.connection.unavailable("keep the terms", &failure)),
            }
        })
    }

    /// The terms that are kept; `None` if there are none.
    ///
    /// # Errors
    /// `Unavailable` if the server is out of reach.
    pub fn kept_terms(&self) -> Result<Option<String>, StoreError> {
        let inner = Arc::clone(self.inner());
        self.inner().block(async move { inner.read_terms().await })
    }
}

impl crate::inner::Inner {
    async fn read_terms(&self) -> Result<Option<String>, StoreError> {
        let options = ReadStreamOptions::default().max_count(1);
        let stream = self.namespace.terms();
        let read = self.connection.call(|client| {
            let options = &options;
            async move {
                let mut events = client.read_stream(stream, options).await?;
                let event = events.next().await?;
                let data = event.map(|event| event.get_original_event().data.to_vec());
                Ok(data.map(|data| String::from_utf8_lossy(&data).into_owned()))
            }
        });
        match read.await {
            Ok(found) => Ok(found),
            Err(Failure::Refused(Error::ResourceNotFound)) => Ok(None),
            Err(failure) => Err(self.connection.unavailable("read the terms", &failure)),
        }
    }
}
