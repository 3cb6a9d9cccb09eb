//! The stream of answers of a read: filled a page at a time, and only once the client has taken what there was.
//!
//! Nothing is read ahead of a slow client: it keeps its place and a page of answers, and no thread. Reading blocks,
//! so it is done on threads kept for that; waiting for more entries takes none.

use crate::core::Core;
use crate::fault;
use crate::proto::read::{Content, ReadResp};
use std::collections::VecDeque;
use std::sync::Arc;
use tonic::Status;
use tonic::codegen::BoxStream;

/// Answers are handed on once they take this many bytes.
const BATCH_BYTES: usize = 256 << 10;
/// Or are so many.
const BATCH_LEN: usize = 1_024;

/// Where answers come from.
pub(super) trait Source: Send {
    /// Reads on, until the batch is full, there is nothing more, or it has taken long enough. Blocks.
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status>;
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

/// Answers not yet taken.
#[derive(Debug, Default)]
pub(super) struct Batch {
    answers: VecDeque<ReadResp>,
    bytes: usize,
}

impl Batch {
    /// Adds an answer.
    pub(super) fn push(&mut self, content: Content) {
        self.push_event(ReadResp { content: Some(content) }, 0);
    }

    /// Adds an event; `bytes` is the size of its record.
    pub(super) fn push_event(&mut self, event: ReadResp, bytes: usize) {
        let size = match &event.content {
            Some(Content::Event(read)) => {
                bytes + read.event.as_ref().map_or(0, |e| e.data.len() + e.custom_metadata.len())
            }
            Some(_) | None => bytes,
        };
        self.bytes += size;
        self.answers.push_back(event);
    }

    /// Whether to stop here.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= BATCH_BYTES || self.answers.len() >= BATCH_LEN
    }
}

/// A stream of answers under way.
pub(super) struct Feed {
    core: Arc<Core>,
    source: Option<Box<dyn Source>>,
    batch: Batch,
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
    ) -> Result<BoxStream<ReadResp>, Status> {
        let (batch, next, failure) = (Batch::default(), Next::More, None);
        let mut feed = Feed { core, source: Some(source), batch, next, failure };
        match feed.fill().await {
            Ok(next) => feed.next = next,
            Err(failure) if feed.batch.answers.is_empty() => return Err(failure),
            Err(failure) => feed.failure = Some(failure),
        }
        Ok(Box::pin(futures_util::stream::unfold(feed, |mut feed| async move {
            let answer = feed.answer().await?;
            Some((answer, feed))
        })))
    }

    /// The next answer; an error is the last one.
    async fn answer(&mut self) -> Option<Result<ReadResp, Status>> {
        loop {
            if let Some(answer) = self.batch.answers.pop_front() {
                return Some(Ok(answer));
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
        if self.core.is_stopping() {
            return Err(fault::ending());
        }
        let Some(mut source) = self.source.take() else { return Ok(Next::Done) };
        let filled = self.core.blocking(move |core| {
            let mut batch = Batch::default();
            let next = source.fill(core, &mut batch);
            (source, batch, next)
        });
        let (source, batch, next) = filled.await?;
        self.source = Some(source);
        self.batch = batch;
        next
    }
}
