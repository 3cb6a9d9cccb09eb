//! Reading some events of one stream.

use super::feed::{Batch, Next, Source};
use crate::core::Core;
use crate::proto::read::{Content, RevisionOption, StreamNotFound, UuidForm};
use crate::{fault, ids};
use souk_store::{Direction, Page};
use tonic::Status;

/// A read of one stream.
#[derive(Clone)]
pub(super) struct StreamRead {
    stream: String,
    from: RevisionOption,
    backwards: bool,
    left: u64,
    form: UuidForm,
    says_positions: bool,
    plan: Option<Plan>,
    is_empty: bool,
}

/// What is read, fixed when the read begins.
#[derive(Clone)]
struct Plan {
    next: Option<u64>,
    first: u64,
    last: u64,
    oldest: u64,
    pages: PageSize,
}

impl StreamRead {
    pub(super) fn new(
        stream: String,
        from: RevisionOption,
        backwards: bool,
        count: u64,
        form: UuidForm,
    ) -> StreamRead {
        let (plan, says_positions) = (None, false);
        let is_empty = true;
        StreamRead { stream, from, backwards, left: count, form, says_positions, plan, is_empty }
    }

    /// Whether the client understands where the stream begins and ends.
    pub(super) fn saying_positions(self, says_positions: bool) -> StreamRead {
        StreamRead { says_positions, ..self }
    }

    fn plan(&self, core: &Core) -> Result<Option<Plan>, Status> {
        let state = core.stream_state(&self.stream)?;
        if state.tombstoned {
            return Err(fault::stream_deleted(&self.stream));
        }
        let Some(last) = state.last.filter(|_| state.exists()) else { return Ok(None) };
        let first = state.first();
        let start = match (self.from, self.backwards) {
            (RevisionOption::Start(()), _) => 0,
            (RevisionOption::Revision(revision), false) => revision,
            (RevisionOption::Revision(revision), true) => revision.min(last),
            (RevisionOption::End(()), false) => last.saturating_add(1),
            (RevisionOption::End(()), true) => last,
        };
        let start = if self.backwards { start } else { start.max(first) };
        let next = Some(start).filter(|start| (first..=last).contains(start));
        Ok(Some(Plan { next, first, last, oldest: state.oldest(), pages: PageSize::default() }))
    }

    /// Reads one page.
    fn page(&mut self, core: &Core, batch: &mut Batch) -> Result<(), Status> {
        let Some(plan) = self.plan.as_mut() else { return Ok(()) };
        let Some(from) = plan.next else { return Ok(()) };
        let direction = if self.backwards { Direction::Backwards } else { Direction::Forwards };
        let limit = plan.pages.limit(batch).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let page = core.store.read_stream(&self.stream, from, direction, limit);
        let page = page.map_err(fault::store)?;
        plan.pages.learn(&page);
        plan.next = None;
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            if !(plan.first..=plan.last).contains(&record.revision) {
                plan.next = None;
                return Ok(());
            }
            let next = if self.backwards {
                record.revision.checked_sub(1)
            } else {
                record.revision.checked_add(1)
            };
            plan.next = next.filter(|next| (plan.first..=plan.last).contains(next));
            if plan.oldest > 0 && core.created(&record)? < plan.oldest {
                continue;
            }
            batch.push_event(&core.render(&record, self.form)?)?;
            self.is_empty = false;
            self.left -= 1;
            if batch.is_full() {
                break;
            }
        }
        Ok(())
    }
}

impl Source for StreamRead {
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status> {
        if self.plan.is_none() {
            self.plan = self.plan(core)?;
            if self.plan.is_none() {
                let stream_identifier = Some(ids::identifier(&self.stream));
                batch.push(Content::StreamNotFound(StreamNotFound { stream_identifier }))?;
                return Ok(Next::Done);
            }
        }
        if self.left > 0 {
            self.page(core, batch)?;
        }
        let Some(plan) = &self.plan else { return Ok(Next::Done) };
        if plan.next.is_some() && self.left > 0 {
            return Ok(Next::More);
        }
        if self.says_positions {
            if self.is_empty {
                batch.push(Content::FirstStreamPosition(plan.first))?;
            }
            batch.push(Content::LastStreamPosition(plan.last))?;
        }
        Ok(Next::Done)
    }

    fn is_costly(&self) -> bool {
        false
    }

    fn again(&self) -> Box<dyn Source> {
        Box::new(self.clone())
    }
}

/// How large a stream's records are, learned from the page before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PageSize {
    average: Option<usize>,
}

impl PageSize {
    /// How many records to read for a batch.
    pub(super) fn limit(self, batch: &Batch) -> usize {
        let limit = self.average.map(|average| batch.page_bytes(false) / average.max(1));
        limit.map_or(32, |limit| limit.clamp(4, 1_024))
    }

    pub(super) fn learn(&mut self, page: &Page) {
        self.average = page.record_bytes().checked_div(page.len()).or(self.average);
    }
}
