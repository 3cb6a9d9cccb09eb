//! Following one stream, from after a revision on.

use super::feed::{Batch, Next, Source};
use super::stream::PageSize;
use crate::core::Core;
use crate::proto::read::{CaughtUp, Content, RevisionOption, UuidForm};
use crate::{clock, fault};
use souk_store::Direction;
use tonic::Status;

/// A subscription to one stream, which need not exist yet.
#[derive(Clone)]
pub(super) struct StreamFollow {
    stream: String,
    from: RevisionOption,
    form: UuidForm,
    /// The revision to read on from, once begun.
    next: Option<u64>,
    is_live: bool,
    pages: PageSize,
}

impl StreamFollow {
    pub(super) fn new(stream: String, from: RevisionOption, form: UuidForm) -> StreamFollow {
        let (next, is_live, pages) = (None, false, PageSize::default());
        StreamFollow { stream, from, form, next, is_live, pages }
    }

    fn begin(&self, core: &Core) -> Result<u64, Status> {
        Ok(match self.from {
            RevisionOption::Start(()) => 0,
            RevisionOption::Revision(revision) => revision.saturating_add(1),
            RevisionOption::End(()) => {
                let last = core.stream_state(&self.stream)?.last;
                last.map_or(0, |last| last.saturating_add(1))
            }
        })
    }

    /// Waits for more, and says so the first time.
    fn wait(
        &mut self,
        next: u64,
        last: Option<u64>,
        head: u64,
        batch: &mut Batch,
    ) -> Result<Next, Status> {
        if !self.is_live {
            self.is_live = true;
            let processed = next.checked_sub(1).and_then(|processed| Some(processed.min(last?)));
            batch.push(Content::CaughtUp(CaughtUp {
                timestamp: Some(clock::timestamp()),
                stream_revision: processed.and_then(|revision| i64::try_from(revision).ok()),
                position: None,
            }))?;
        }
        Ok(Next::Wait { beyond: head })
    }
}

impl Source for StreamFollow {
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status> {
        // Taken before anything is read, so that nothing written meanwhile is missed.
        let head = core.head();
        let next = match self.next {
            Some(next) => next,
            None => {
                batch.push(super::confirmation(core))?;
                self.begin(core)?
            }
        };
        self.next = Some(next);
        // Most of what wakes a follower is for other streams. A tombstone is an event of this one, so it is seen.
        if self.is_live {
            let last = core.store.stream_revision(&self.stream).map_err(fault::store)?;
            if last.is_none_or(|last| last < next) {
                return Ok(Next::Wait { beyond: head });
            }
        }
        let state = core.stream_state(&self.stream)?;
        if state.tombstoned {
            return Err(fault::stream_deleted(&self.stream));
        }
        // While the stream is deleted the place is kept: the append that brings it back is not to be missed.
        let last = state.last.filter(|last| state.exists() && *last >= next);
        let Some(last) = last else { return self.wait(next, state.last, head, batch) };
        let from = next.max(state.first());
        let limit = self.pages.limit(batch);
        let page = core.store.read_stream(&self.stream, from, Direction::Forwards, limit);
        let page = page.map_err(fault::store)?;
        self.pages.learn(&page);
        self.next = Some(from);
        let oldest = state.oldest();
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            // What came since the state was looked at is looked at again: it may be a tombstone.
            if record.revision > last || batch.is_full() {
                break;
            }
            self.next = Some(record.revision + 1);
            if oldest == 0 || core.created(&record)? >= oldest {
                batch.push_event(&core.render(&record, self.form)?)?;
            }
        }
        if self.next > Some(last) {
            return self.wait(last.saturating_add(1), Some(last), head, batch);
        }
        Ok(Next::More)
    }

    fn is_costly(&self) -> bool {
        false
    }

    fn again(&self) -> Box<dyn Source> {
        Box::new(self.clone())
    }
}
