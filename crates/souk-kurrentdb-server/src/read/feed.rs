//! The stream of answers of a read: filled a page at a time, and only once the client has taken what there was.
//!
//! Nothing is read ahead of a slow client: it keeps its place and a page of answers, and no thread. Reading blocks,
//! so it is done on threads kept for that; waiting for more entries takes none.

use super::room::{FLOOR, Piece, Place};
use crate::core::Core;
use crate::fault;
use crate::filter::Effort;
use crate::proto::read::{Content, ReadResp};
use prost::Message;
use std::sync::Arc;
use tonic::Status;
use tonic::codegen::{BoxStream, Bytes};

/// Answers are handed on once they are so many.
const BATCH_LEN: usize = 1_024;
/// Bytes before a message: whether it is compressed, and its length.
const PREFIX: usize = 5;
/// Bytes of a page of which a filter may leave little.
const FILTERED_PAGE: usize = 256 << 10;

/// Where answers come from.
pub(super) trait Source: Send {
    /// Reads on, until the batch is full, there is nothing more, or it has taken long enough. Blocks.
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status>;

    /// Whether reading may take much work: such reads have fewer turns.
    fn is_costly(&self) -> bool;

    /// The same place again, to read from it once more.
    fn again(&self) -> Box<dyn Source>;
}

/// What comes after a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// More can be read now.
    More,
    /// More can be read once the log has more than so many entries.
    Wait { beyond: u64 },
    /// Nothing.
    Done,
}

/// Answers, encoded as they are sent: they take a third of the memory so.
#[derive(Debug)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    len: usize,
    limit: usize,
    /// What a filter has cost while this was filled.
    pub(super) effort: Effort,
}

impl Batch {
    /// Will have about so many bytes.
    pub(super) fn new(limit: usize) -> Batch {
        Batch { bytes: Vec::new(), len: 0, limit, effort: Effort::default() }
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// Internal if it is too large for the protocol, 4 GiB.
    pub(super) fn push(&mut self, content: Content) -> Result<(), Status> {
        self.push_event(&ReadResp { content: Some(content) })
    }

    /// Adds an event.
    ///
    /// # Errors
    /// As [`Batch::push`].
    pub(super) fn push_event(&mut self, event: &ReadResp) -> Result<(), Status> {
        let too_large = |_| Status::internal("an event is too large to be sent");
        let len = event.encoded_len();
        let prefix = u32::try_from(len).map_err(too_large)?.to_be_bytes();
        self.bytes.reserve(PREFIX + len);
        self.bytes.push(0);
        self.bytes.extend_from_slice(&prefix);
        event.encode_raw(&mut self.bytes);
        self.len += 1;
        Ok(())
    }

    /// Whether to stop here.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= self.limit || self.len >= BATCH_LEN || self.effort.is_enough()
    }

    /// Bytes of log to read in one go.
    pub(super) fn page_bytes(&self, is_filtered: bool) -> usize {
        if is_filtered { FILTERED_PAGE } else { self.limit }
    }
}

/// A stream of answers under way.
pub(super) struct Feed {
    core: Arc<Core>,
    source: Box<dyn Source>,
    place: Place,
    next: Next,
    failure: Option<Status>,
}

impl Feed {
    /// The answers of a source. Begins to read at once: clients look for some errors in the answer to the call itself.
    ///
    /// # Errors
    /// What stands in the way of the first answer.
    pub(super) async fn start(
        core: Arc<Core>,
        source: Box<dyn Source>,
    ) -> Result<BoxStream<Bytes>, Status> {
        let place = Place::take(&core)?;
        let mut feed = Feed { core, source, place, next: Next::More, failure: None };
        match feed.fill().await {
            Ok(next) => feed.next = next,
            Err(failure) if feed.place.is_empty() => return Err(failure),
            Err(failure) => feed.failure = Some(failure),
        }
        Ok(Box::pin(futures_util::stream::unfold(feed, |mut feed| async move {
            let piece = feed.piece().await?;
            Some((piece, feed))
        })))
    }

    /// The next piece of the answers; an error is the last one.
    async fn piece(&mut self) -> Option<Result<Bytes, Status>> {
        loop {
            match self.place.piece() {
                Piece::Some(piece) => return Some(Ok(piece)),
                Piece::Lost => return Some(Err(fault::does_not_read())),
                Piece::None => {}
            }
            if let Some(failure) = self.failure.take() {
                self.next = Next::Done;
                return Some(Err(failure));
            }
            let turn = match self.next {
                Next::Done => return None,
                Next::More => self.fill().await,
                Next::Wait { beyond } => self.core.wait_beyond(beyond).await.map(|()| Next::More),
            };
            match turn {
                Ok(next) => self.next = next,
                Err(failure) => self.failure = Some(failure),
            }
        }
    }

    async fn fill(&mut self) -> Result<Next, Status> {
        let core = Arc::clone(&self.core);
        let (mut share, mut charge) = (core.room.share(), core.room.charge());
        loop {
            if core.is_stopping() {
                return Err(fault::ending());
            }
            let turn = core.room.turn(self.source.is_costly()).await;
            let mut source = self.source.again();
            let filled = core.blocking(move |core| {
                let mut batch = Batch::new(share);
                let next = source.fill(core, &mut batch);
                let mut bytes = batch.bytes;
                bytes.shrink_to_fit();
                let size = bytes.len();
                if charge.set_at_most_all(size) {
                    Ok((source, bytes, charge, next))
                } else {
                    Err(size)
                }
            });
            let filled = filled.await?;
            drop(turn);
            match filled {
                Ok((source, bytes, charge, next)) => {
                    self.source = source;
                    self.place.keep(bytes, charge);
                    return next;
                }
                // Nothing is held while waiting; it is read again.
                Err(size) => charge = core.room.wait(size).await?,
            }
            share = FLOOR;
        }
    }
}
