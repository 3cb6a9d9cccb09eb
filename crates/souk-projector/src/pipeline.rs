//! The pass over the log: pages are read ahead and decoded beside the thread that folds.
//!
//! Decoded events borrow from their page, so a round of pages is read, decoded and folded within one
//! thread scope while the pages of the next round are being read. Folding, and the numbering of
//! names with it, stays in log order on the calling thread.

use std::mem;
use std::ops::Range;
use std::thread;

use souk_store::EventStore;

use crate::decode::Batch;
use crate::desk::{Desk, StopAtEnd};
use crate::error::ProjectorError;
use crate::round::Round;
use crate::settings::Settings;

/// A round of fewer batches is not worth a thread.
const WORTH_A_THREAD: usize = 4;

/// What is done with each batch, in log order.
pub(crate) trait Fold {
    /// Folds the events; the pass stops at an error.
    fn fold(&mut self, batch: &Batch<'_>) -> Result<(), ProjectorError>;
}

/// Reads, decodes and folds some entries.
///
/// # Errors
/// The first thing that went wrong, after everything before it was folded.
pub(crate) fn run(
    store: &dyn EventStore,
    entries: Range<u64>,
    settings: &Settings,
    fold: &mut dyn Fold,
) -> Result<(), ProjectorError> {
    let (mut current, mut next) = (Round::default(), Round::default());
    current.fill(store, entries.start, entries.end, settings);
    loop {
        let read_on = current.failure.is_none() && current.end < entries.end;
        let read_next = |next: &mut Round| {
            if read_on {
                next.fill(store, current.end, entries.end, settings);
            }
        };
        let desk = Desk::new(current.spans(entries.end, settings.batch));
        let helpers = if desk.len() < WORTH_A_THREAD { 0 } else { settings.helpers };
        if helpers == 0 {
            fold_all(&desk, fold)?;
            read_next(&mut next);
        } else {
            thread::scope(|scope| {
                let _stop = StopAtEnd(&desk);
                for _ in 1..helpers {
                    scope.spawn(|| desk.help());
                }
                scope.spawn(|| {
                    read_next(&mut next);
                    desk.help();
                });
                fold_all(&desk, fold)
            })?;
        }
        drop(desk);
        if let Some(failure) = current.failure.take() {
            return Err(failure);
        }
        if current.end >= entries.end {
            return Ok(());
        }
        mem::swap(&mut current, &mut next);
    }
}

fn fold_all(desk: &Desk<'_>, fold: &mut dyn Fold) -> Result<(), ProjectorError> {
    while let Some(mut batch) = desk.next() {
        fold.fold(&batch)?;
        if let Some(failure) = batch.failure.take() {
            return Err(failure);
        }
        desk.take_back(batch.events);
    }
    if desk.is_done() { Ok(()) } else { Err(ProjectorError::DecoderEnded) }
}
