//! Reading some entries of the whole log, forwards or backwards.

use super::feed::{Batch, Next, Source};
use crate::core::Core;
use crate::fault;
use crate::filter::Filter;
use crate::proto::read::{AllOption, UuidForm};
use souk_store::{Page, Record};
use std::sync::Arc;
use tonic::Status;

/// Entries read at once going backwards, to be turned round.
const WINDOW: u64 = 64;
/// Pages looked through in one go if a filter lets nothing pass.
const PAGES_AT_ONCE: usize = 16;

/// A read of the whole log.
#[derive(Clone)]
pub(super) struct AllRead {
    from: AllOption,
    backwards: bool,
    left: u64,
    filter: Option<Arc<Filter>>,
    form: UuidForm,
    /// What is left to read: entries `range.0..range.1`. Fixed when the read begins.
    range: Option<(u64, u64)>,
}

impl AllRead {
    pub(super) fn new(
        from: AllOption,
        backwards: bool,
        count: u64,
        filter: Option<Filter>,
        form: UuidForm,
    ) -> AllRead {
        let filter = filter.map(Arc::new);
        AllRead { from, backwards, left: count, filter, form, range: None }
    }

    fn range(&self, head: u64) -> (u64, u64) {
        match (self.from, self.backwards) {
            (AllOption::Start(()), false) => (0, head),
            (AllOption::Position(position), false) => (position.commit_position.min(head), head),
            (AllOption::End(()), false) => (head, head),
            (AllOption::Start(()), true) => (0, 0),
            (AllOption::Position(position), true) => (0, position.commit_position.min(head)),
            (AllOption::End(()), true) => (0, head),
        }
    }

    fn forwards(&mut self, core: &Core, batch: &mut Batch) -> Result<(u64, u64), Status> {
        let (mut next, end) = self.range.unwrap_or_default();
        let page_bytes = batch.page_bytes(self.filter.is_some());
        let page = core.store.read_all(next, page_bytes).map_err(fault::store)?;
        if page.is_empty() {
            return Ok((end, end));
        }
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            if record.entry >= end || self.left == 0 || batch.is_full() {
                break;
            }
            next = record.entry + 1;
            self.take(core, batch, &record)?;
        }
        Ok((next, end))
    }

    fn backwards(&mut self, core: &Core, batch: &mut Batch) -> Result<(u64, u64), Status> {
        let (start, mut end) = self.range.unwrap_or_default();
        let page_bytes = batch.page_bytes(self.filter.is_some());
        let mut next = end.saturating_sub(WINDOW).max(start);
        let mut pages: Vec<Page> = Vec::new();
        while next < end {
            let page = core.store.read_all(next, page_bytes).map_err(fault::store)?;
            if page.is_empty() {
                break;
            }
            next = page.next_entry();
            pages.push(page);
        }
        for page in pages.iter().rev() {
            for index in (0..page.len()).rev() {
                let Some(record) = page.record(index).map_err(fault::store)? else { continue };
                if record.entry >= end {
                    continue;
                }
                if self.left == 0 || batch.is_full() {
                    return Ok((start, end));
                }
                end = record.entry;
                self.take(core, batch, &record)?;
            }
        }
        Ok((start, end))
    }

    fn take(&mut self, core: &Core, batch: &mut Batch, record: &Record<'_>) -> Result<(), Status> {
        if !core.is_visible(record.stream) {
            return Ok(());
        }
        if let Some(filter) = &self.filter
            && !filter.matches(record, &mut batch.effort)?
        {
            return Ok(());
        }
        batch.push_event(&core.render(record, self.form)?)?;
        self.left -= 1;
        Ok(())
    }
}

impl Source for AllRead {
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status> {
        if self.range.is_none() {
            let head = core.store.head().map_err(fault::store)?;
            self.range = Some(self.range(head));
        }
        for _ in 0..PAGES_AT_ONCE {
            let is_done = self.range.is_none_or(|(start, end)| start >= end);
            if is_done || self.left == 0 {
                return Ok(Next::Done);
            }
            if batch.is_full() {
                break;
            }
            self.range = Some(if self.backwards {
                self.backwards(core, batch)?
            } else {
                self.forwards(core, batch)?
            });
        }
        Ok(Next::More)
    }

    fn is_costly(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.is_costly())
    }

    fn again(&self) -> Box<dyn Source> {
        Box::new(self.clone())
    }
}
