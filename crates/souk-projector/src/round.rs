//! A round: a few pages that are read together, decoded in parallel and folded in order.

use souk_store::{EventStore, Page};

use crate::decode::Span;
use crate::error::ProjectorError;
use crate::settings::Settings;

/// Pages of consecutive entries; their memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pages: Vec<Page>,
    /// Pages that hold something.
    used: usize,
    /// The first entry.
    start: u64,
    /// The entry after the last.
    pub(crate) end: u64,
    /// Why no more could be read.
    pub(crate) failure: Option<ProjectorError>,
}

impl Round {
    /// Reads pages from entry `from` on, none that begins at `until` or later.
    pub(crate) fn fill(
        &mut self,
        store: &dyn EventStore,
        from: u64,
        until: u64,
        settings: &Settings,
    ) {
        (self.used, self.start, self.end, self.failure) = (0, from, from, None);
        while self.used < settings.pages.max(1) && self.end < until && self.failure.is_none() {
            if self.pages.len() == self.used {
                self.pages.push(Page::new());
            }
            let page = &mut self.pages[self.used];
            match store.read_all_into(self.end, settings.page_bytes, page) {
                Ok(()) if page.is_empty() => {
                    self.failure = Some(ProjectorError::NotDense { entry: self.end, found: None });
                }
                Ok(()) => {
                    self.end += page.len() as u64;
                    self.used += 1;
                }
                Err(error) => self.failure = Some(error.into()),
            }
        }
    }

    /// The records before `until`, cut into batches.
    pub(crate) fn spans(&self, until: u64, batch: usize) -> Vec<Span<'_>> {
        let batch = batch.max(1);
        let mut spans = Vec::new();
        let mut entry = self.start;
        for page in &self.pages[..self.used] {
            let mut index = 0;
            while index < page.len() && entry < until {
                let wanted = usize::try_from(until - entry).unwrap_or(usize::MAX);
                let len = batch.min(page.len() - index).min(wanted);
                spans.push(Span { page, index, entry, len });
                (index, entry) = (index + len, entry + len as u64);
            }
        }
        spans
    }
}
