//! Folding: every event is posted, its entry goes to the projections, the event to the registers.

use std::mem;

use souk_domain::posting::post;
use souk_journal::entry::{Control, EventRef, JournalEntry};
use souk_journal::names::Names;

use crate::checkpoint::{Checkpoint, Progress};
use crate::decode::{Batch, Decoded};
use crate::error::ProjectorError;
use crate::model::{ReadModels, Recorded};
use crate::pipeline::Fold;

/// Folds batches into read models.
pub(crate) struct IntoModels<'m, M> {
    pub(crate) models: &'m mut M,
    pub(crate) names: &'m mut Names,
    pub(crate) checkpoint: &'m mut Checkpoint,
    pub(crate) progress: Progress,
    pub(crate) collect_mismatches: bool,
    /// Empty; its memory is used for every batch.
    pub(crate) entries: Vec<JournalEntry<'static>>,
    /// Empty as well.
    pub(crate) events: Vec<Recorded<'static>>,
}

impl<M: ReadModels> Fold for IntoModels<'_, M> {
    fn fold(&mut self, batch: &Batch<'_>) -> Result<(), ProjectorError> {
        let mut entries = reuse(mem::take(&mut self.entries));
        let mut failure = None;
        let mut recorded_at = self.checkpoint.recorded_at;
        for decoded in &batch.events {
            match entry_of(decoded, self.names) {
                Ok(mut entry) => {
                    recorded_at = recorded_at.max(entry.recorded_at);
                    entry.recorded_at = recorded_at;
                    entries.push(entry);
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        self.progress.events += batch.events.len() as u64;
        let mut events = reuse(mem::take(&mut self.events));
        events.extend(batch.events[..entries.len()].iter().map(recorded));
        self.apply(&entries, &events)?;
        (self.entries, self.events) = (reuse(entries), reuse(events));
        failure.map_or(Ok(()), Err)
    }
}

impl<M: ReadModels> IntoModels<'_, M> {
    /// Applies entries and their events, in slices that end where figures are checked: nothing after
    /// a figure that does not match is applied.
    fn apply(
        &mut self,
        mut entries: &[JournalEntry<'_>],
        mut events: &[Recorded<'_>],
    ) -> Result<(), ProjectorError> {
        while !entries.is_empty() {
            let checked = entries.iter().position(|entry| entry.control != Control::None);
            let len = match checked {
                Some(index) if !self.collect_mismatches => index + 1,
                Some(_) | None => entries.len(),
            };
            let (now, later) = entries.split_at(len);
            for projection in self.models.projections() {
                projection.apply(now, self.names);
            }
            for register in self.models.registers() {
                register.apply(&events[..len]);
            }
            self.advance(now);
            if checked.is_some() && !self.collect_mismatches {
                first_mismatch(self.models)?;
            }
            (entries, events) = (later, &events[len..]);
        }
        Ok(())
    }

    fn advance(&mut self, entries: &[JournalEntry<'_>]) {
        self.progress.entries += entries.len() as u64;
        let checkpoint = &mut *self.checkpoint;
        for entry in entries {
            checkpoint.next_entry = entry.entry + 1;
            checkpoint.recorded_at = entry.recorded_at;
            checkpoint.last_effective = checkpoint.last_effective.max(Some(entry.effective_on));
        }
    }
}

/// Refuses read models that hold a figure that does not match.
pub(crate) fn first_mismatch<M: ReadModels>(models: &mut M) -> Result<(), ProjectorError> {
    for projection in models.projections() {
        if let Some(mismatch) = projection.mismatches().first() {
            let (projection, mismatch) = (projection.name(), Box::new(mismatch.clone()));
            return Err(ProjectorError::Mismatch { projection, mismatch });
        }
    }
    Ok(())
}

fn entry_of<'b>(
    decoded: &'b Decoded<'b>,
    names: &mut Names,
) -> Result<JournalEntry<'b>, ProjectorError> {
    let source = EventRef { stream: decoded.stream, revision: decoded.revision };
    post(&decoded.event, &decoded.metadata, decoded.entry, source, names).map_err(|source| {
        ProjectorError::Posting { entry: decoded.entry, event: decoded.name(), source }
    })
}

/// The memory of a vector for values of another lifetime: collecting in place allocates nothing.
/// A batch has a hundred kilobytes of entries and events.
fn reuse<A, B>(mut values: Vec<A>) -> Vec<B> {
    values.clear();
    values.into_iter().filter_map(|_| None).collect()
}

fn recorded<'b>(decoded: &'b Decoded<'_>) -> Recorded<'b> {
    Recorded {
        entry: decoded.entry,
        stream: decoded.stream,
        revision: decoded.revision,
        metadata: decoded.metadata,
        event: &decoded.event,
    }
}
