//! Following the whole log, from after a position on, with checkpoints if there is a filter.

use super::feed::{Batch, Next, Source};
use crate::core::Core;
use crate::filter::Filter;
use crate::proto::read::{AllOption, CaughtUp, Checkpoint, Content, UuidForm};
use crate::proto::shared::Position;
use crate::{clock, fault};
use std::sync::Arc;
use tonic::Status;

/// A subscription to the whole log.
#[derive(Clone)]
pub(super) struct AllFollow {
    from: AllOption,
    filter: Option<Arc<Filter>>,
    form: UuidForm,
    /// The entry to read on from, once begun. Everything before it was delivered, or is not for this client.
    next: Option<u64>,
    is_live: bool,
    /// Entries considered since the last checkpoint.
    considered: u64,
}

impl AllFollow {
    pub(super) fn new(from: AllOption, filter: Option<Filter>, form: UuidForm) -> AllFollow {
        let filter = filter.map(Arc::new);
        AllFollow { from, filter, form, next: None, is_live: false, considered: 0 }
    }

    fn begin(&self, core: &Core) -> Result<u64, Status> {
        Ok(match self.from {
            AllOption::Start(()) => 0,
            AllOption::Position(position) => match position.commit_position.checked_add(1) {
                Some(next) => next,
                None => core.store.head().map_err(fault::store)?,
            },
            AllOption::End(()) => core.store.head().map_err(fault::store)?,
        })
    }

    /// Reads one page; `false` if there is nothing to read.
    fn page(&mut self, core: &Core, batch: &mut Batch, next: &mut u64) -> Result<bool, Status> {
        let page = core
            .store
            .read_all(*next, batch.page_bytes(self.filter.is_some()))
            .map_err(fault::store)?;
        for record in page.records() {
            let record = record.map_err(fault::store)?;
            if batch.is_full() {
                break;
            }
            if core.is_visible(record.stream) {
                let passes = match &self.filter {
                    Some(filter) => filter.matches(&record, &mut batch.effort)?,
                    None => true,
                };
                if passes {
                    batch.push_event(&core.render(&record, self.form)?)?;
                }
                self.considered += 1;
            }
            *next = record.entry + 1;
            if self.filter.as_ref().is_some_and(|filter| self.considered >= filter.interval) {
                self.checkpoint(batch, *next)?;
            }
        }
        Ok(!page.is_empty())
    }

    /// Says that everything before `next` has been considered: never more than was read and handed on.
    fn checkpoint(&mut self, batch: &mut Batch, next: u64) -> Result<(), Status> {
        self.considered = 0;
        if let (Some(_), Some(entry)) = (&self.filter, next.checked_sub(1)) {
            batch.push(Content::Checkpoint(Checkpoint {
                commit_position: entry,
                prepare_position: entry,
                timestamp: Some(clock::timestamp()),
            }))?;
        }
        Ok(())
    }

    fn go_live(&mut self, batch: &mut Batch, next: u64) -> Result<(), Status> {
        if self.is_live {
            return Ok(());
        }
        self.is_live = true;
        self.checkpoint(batch, next)?;
        batch.push(Content::CaughtUp(CaughtUp {
            timestamp: Some(clock::timestamp()),
            stream_revision: None,
            position: next.checked_sub(1).map(Position::of),
        }))
    }
}

impl Source for AllFollow {
    fn fill(&mut self, core: &Core, batch: &mut Batch) -> Result<Next, Status> {
        let mut next = match self.next {
            Some(next) => next,
            None => {
                batch.push(super::confirmation(core))?;
                self.begin(core)?
            }
        };
        let has_read = self.page(core, batch, &mut next);
        self.next = Some(next);
        if has_read? {
            return Ok(Next::More);
        }
        self.go_live(batch, next)?;
        Ok(Next::Wait { beyond: next })
    }

    fn is_costly(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.is_costly())
    }

    fn again(&self) -> Box<dyn Source> {
        Box::new(self.clone())
    }
}
