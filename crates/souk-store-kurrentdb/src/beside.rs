//! The ledger's first tariff and terms, kept on the server beside its log, as a file beside a log on disk is. No part of
//! the ledger's records.
//!
//! They are kept before entry 0, so whoever tries to create a ledger keeps some, and only one of them comes to create
//! it. So every event of the stream says in its metadata for which ledger it is, as `{"ledger":"<32 hexadecimal
//! digits>"}`: the last one of the ledger that is there counts, and what others meant to begin with is passed over. The
//! nil ledger stands for any, as for one that is copied here.

use crate::connection::Failure;
use crate::store::KurrentStore;
use kurrentdb::{AppendToStreamOptions, Error, EventData, ReadStreamOptions, StreamState};
use serde::{Deserialize, Serialize};
use souk_store::StoreError;
use std::sync::Arc;
use uuid::Uuid;

/// Type of the events that hold terms.
const EVENT_TYPE: &str = "terms-kept";

/// Whose terms an event holds.
#[derive(Serialize, Deserialize)]
struct Of {
    #[serde(with = "uuid_text")]
    ledger: Uuid,
}

mod uuid_text {
    //! A ledger's identity as it is written in its records.

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(id: &Uuid, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&id.simple().to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
        Uuid::parse_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl KurrentStore {
    /// Keeps the terms of a ledger, nil for whichever comes here. Terms of ledgers that were never created stand in
    /// nobody's way.
    ///
    /// # Errors
    /// `Unavailable` if the ledger has entries and other terms, or the server is out of reach.
    pub fn keep_terms(&self, ledger: Uuid, text: &str) -> Result<(), StoreError> {
        let inner = Arc::clone(self.inner());
        let text = text.to_owned();
        self.inner().block(async move {
            let kept = inner.read_terms(ledger).await?;
            if kept.as_deref() == Some(&text) {
                return Ok(());
            }
            let stream = inner.namespace.terms();
            if kept.is_some() && inner.catch_up().await? > 0 {
                let why = format!(
                    "{stream} holds other terms of this ledger already, and it has entries; use those terms"
                );
                return Err(StoreError::Unavailable { why: why.into() });
            }
            // Any revision: terms of others may come before and behind.
            let options = AppendToStreamOptions::default().stream_state(StreamState::Any);
            let of = serde_json::to_vec(&Of { ledger }).unwrap_or_default();
            let event = EventData::binary(EVENT_TYPE, text.into_bytes().into());
            let event = event.id(Uuid::new_v4()).metadata(of.into());
            let append = inner.connection.call(|client| {
                let (options, event) = (options.clone(), event.clone());
                async move { client.append_to_stream(stream, &options, event).await }
            });
            let appended = append.await.map(drop);
            appended.map_err(|failure| inner.connection.unavailable("keep the terms", &failure))
        })
    }

    /// The terms that are kept for a ledger; `None` if there are none.
    ///
    /// # Errors
    /// `Unavailable` if the server is out of reach.
    pub fn kept_terms(&self, ledger: Uuid) -> Result<Option<String>, StoreError> {
        let inner = Arc::clone(self.inner());
        self.inner().block(async move { inner.read_terms(ledger).await })
    }
}

impl crate::inner::Inner {
    async fn read_terms(&self, ledger: Uuid) -> Result<Option<String>, StoreError> {
        let options = ReadStreamOptions::default().requires_leader(true).max_count(usize::MAX);
        let stream = self.namespace.terms();
        let read = self.connection.call(|client| {
            let options = &options;
            async move {
                let mut events = client.read_stream(stream, options).await?;
                let (mut own, mut anyones) = (None, None);
                while let Some(event) = events.next().await? {
                    let event = event.get_original_event();
                    let of = serde_json::from_slice(&event.custom_metadata).ok();
                    let of = of.map_or(Uuid::nil(), |of: Of| of.ledger);
                    let text = || Some(String::from_utf8_lossy(&event.data).into_owned());
                    if of.is_nil() {
                        anyones = text();
                    } else if of == ledger {
                        own = text();
                    }
                }
                Ok(own.or(anyones))
            }
        });
        match read.await {
            Ok(found) => Ok(found),
            Err(Failure::Refused(Error::ResourceNotFound)) => Ok(None),
            Err(failure) => Err(self.connection.unavailable("read the terms", &failure)),
        }
    }
}
