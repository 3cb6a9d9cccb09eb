//! The projector: owns the read models and keeps them at one entry number.

use souk_journal::names::Names;
use souk_store::{EventStore, leaf_hash};

use crate::checkpoint::{Checkpoint, Progress};
use crate::error::ProjectorError;
use crate::fold::{IntoModels, first_mismatch};
use crate::model::ReadModels;
use crate::pipeline;
use crate::settings::Settings;

/// Read models, the names behind their numbers, and where they stand in the log.
#[derive(Debug)]
pub struct Projector<M> {
    /// The read models.
    pub models: M,
    /// Names of merchants and dimensions, numbered in log order.
    pub names: Names,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) settings: Settings,
    pub(crate) collect_mismatches: bool,
    /// Set when a failed restore could not be undone.
    pub(crate) half_loaded: Option<String>,
}

impl<M: ReadModels> Projector<M> {
    /// Read models that hold nothing yet.
    pub fn new(models: M) -> Self {
        Self::with_settings(models, Settings::default())
    }

    /// As [`Projector::new`], with other sizes; the result is the same with any.
    pub fn with_settings(models: M, settings: Settings) -> Self {
        Self {
            models,
            names: Names::default(),
            checkpoint: Checkpoint::default(),
            settings,
            collect_mismatches: false,
            half_loaded: None,
        }
    }

    /// From now on goes on past figures that do not match; the projections list them all. For
    /// `souk replay`.
    pub fn collect_mismatches(&mut self) {
        self.collect_mismatches = true;
    }

    /// The read models.
    pub fn models(&self) -> &M {
        &self.models
    }

    /// Names of merchants and dimensions.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Where the read models stand.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// How many recorded figures the entries do not give, over all projections.
    pub fn mismatches(&mut self) -> u64 {
        self.models.projections().iter().map(|of| of.mismatches().len() as u64).sum()
    }

    /// Folds what the log has beyond the checkpoint: up to its head, or up to entry `until`
    /// (exclusive) if that comes first.
    ///
    /// # Errors
    /// [`ProjectorError`]. Everything before the entry it names is folded and nothing after it; a
    /// second call stops at the same place.
    pub fn catch_up(
        &mut self,
        store: &dyn EventStore,
        until: Option<u64>,
    ) -> Result<Progress, ProjectorError> {
        if let Some(why) = &self.half_loaded {
            return Err(ProjectorError::HalfLoaded { why: why.clone() });
        }
        if !self.collect_mismatches {
            first_mismatch(&mut self.models)?;
        }
        let from = self.checkpoint.next_entry;
        if let Some(until) = until.filter(|until| *until < from) {
            return Err(ProjectorError::Beyond { next_entry: from, until });
        }
        let head = store.head()?;
        let end = until.map_or(head, |until| until.min(head));
        let mut fold = IntoModels {
            models: &mut self.models,
            names: &mut self.names,
            checkpoint: &mut self.checkpoint,
            progress: Progress::default(),
            collect_mismatches: self.collect_mismatches,
            entries: Vec::new(),
            events: Vec::new(),
        };
        let folded = pipeline::run(store, from..end, &self.settings, &mut fold);
        let progress = fold.progress;
        let hashed = self.hash_last(store, from);
        folded?;
        hashed?;
        let Progress { events, entries } = progress;
        if events != entries || events != end.saturating_sub(from) {
            return Err(ProjectorError::Counts { from, events, entries });
        }
        Ok(progress)
    }

    /// Hashes the last entry alone: hashing each would cost as much as folding it.
    fn hash_last(&mut self, store: &dyn EventStore, from: u64) -> Result<(), ProjectorError> {
        if self.checkpoint.next_entry > from {
            self.checkpoint.leaf_hash = leaf_before(store, self.checkpoint.next_entry)?;
        }
        Ok(())
    }
}

/// The leaf hash of the entry before `next_entry`; zeros before entry 0.
///
/// # Errors
/// The store's, or `NotDense` when it has no such entry.
pub(crate) fn leaf_before(
    store: &dyn EventStore,
    next_entry: u64,
) -> Result<[u8; 32], ProjectorError> {
    let Some(entry) = next_entry.checked_sub(1) else { return Ok([0; 32]) };
    let page = store.read_all(entry, 1)?;
    match page.raw().next() {
        Some((found, bytes)) if found == entry => Ok(leaf_hash(bytes)),
        other => Err(ProjectorError::NotDense { entry, found: other.map(|(found, _)| found) }),
    }
}
