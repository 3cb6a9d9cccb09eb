//! Reading anchors when the log is opened, and writing new ones.

use crate::anchor::{Anchor, EVENT_TYPE};
use crate::connection::Failure;
use crate::inner::Inner;
use kurrentdb::{
    AppendToStreamOptions, Error, EventData, ReadStreamOptions, StreamPosition, StreamState,
};
use souk_store::StoreError;

impl Inner {
    /// All anchors on the server, in order and one interval apart.
    pub(crate) async fn load_anchors(&self) -> Result<Vec<Anchor>, StoreError> {
        let mut anchors: Vec<Anchor> = Vec::new();
        for (revision, (number, bytes)) in (0..).zip(self.read_anchors(0, usize::MAX).await?) {
            let wrong = |what: &str| self.bad_anchor(revision, what);
            if number != revision {
                return Err(wrong("an anchor before it is missing"));
            }
            let anchor = Anchor::read(&bytes).map_err(wrong)?;
            let interval = anchors.first().unwrap_or(&anchor).entries();
            let due = interval.checked_mul(revision + 1);
            if interval == 0 || due != Some(anchor.entries()) {
                return Err(wrong("it is not one interval behind the anchor before it"));
            }
            anchors.push(anchor);
        }
        Ok(anchors)
    }

    /// Writes the anchors that are due and compares those that others wrote. That it cannot be written is no error:
    /// it can be computed again at any time. That it differs is.
    pub(crate) async fn write_anchors(&self) -> Result<(), StoreError> {
        let mut written = self.anchored.lock().await;
        loop {
            let index = usize::try_from(*written).unwrap_or(usize::MAX);
            let Some(anchor) = self.log().anchor(index).cloned() else { return Ok(()) };
            let Some(event) = anchor.event() else { return Ok(()) };
            let state =
                written.checked_sub(1).map_or(StreamState::NoStream, StreamState::StreamRevision);
            match self.write_anchor(state, event).await {
                Ok(()) => {}
                Err(Failure::Refused(Error::WrongExpectedVersion { .. })) => {
                    let there = self.read_anchors(*written, 1).await?;
                    match there.first() {
                        Some((revision, bytes))
                            if *revision == *written && *bytes == anchor.to_bytes() => {}
                        Some(_) => {
                            let what = "it is not what the entries before it come to";
                            let error = self.bad_anchor(*written, what);
                            return Err(self.log().halt(error));
                        }
                        // An earlier one is gone, or another server answers: not for us to mend.
                        None => return Ok(()),
                    }
                }
                Err(_) => return Ok(()),
            }
            *written += 1;
        }
    }

    async fn write_anchor(&self, state: StreamState, event: EventData) -> Result<(), Failure> {
        let options = AppendToStreamOptions::default().stream_state(state).requires_leader(true);
        let stream = self.namespace.anchors();
        let append = self.connection.call(|client| {
            let (options, event) = (options.clone(), event.clone());
            async move { client.append_to_stream(stream, &options, event).await }
        });
        append.await.map(drop)
    }

    /// Revision and data of anchors from a revision on.
    async fn read_anchors(
        &self,
        from: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let options = ReadStreamOptions::default()
            .requires_leader(true)
            .position(StreamPosition::Position(from))
            .max_count(limit);
        let stream = self.namespace.anchors();
        let read = self.connection.call(|client| {
            let options = &options;
            async move {
                let mut events = client.read_stream(stream, options).await?;
                let mut found = Vec::new();
                while let Some(event) = events.next().await? {
                    let event = event.get_original_event();
                    if event.event_type == EVENT_TYPE {
                        found.push((event.revision, event.data.to_vec()));
                    }
                }
                Ok(found)
            }
        });
        match read.await {
            Ok(found) => Ok(found),
            Err(Failure::Refused(Error::ResourceNotFound)) => Ok(Vec::new()),
            Err(failure) => Err(self.connection.unavailable("read the ledger's anchors", &failure)),
        }
    }

    /// The error of an anchor that cannot be right.
    fn bad_anchor(&self, revision: u64, what: &str) -> StoreError {
        StoreError::Corrupt {
            segment: format!("stream {}, revision {revision}", self.namespace.anchors()).into(),
            offset: 0,
            entry: revision.saturating_add(1).saturating_mul(self.log().interval()),
            what: what.into(),
        }
    }
}
