//! Reading the log once for a question that no read model keeps: decoded in parallel as for the read models, and folded in
//! order.

use souk_journal::projection::Projection;
use souk_projector::{Projector, ReadModels, Recorded, Register};
use souk_store::EventStore;

use crate::error::BooksError;

/// What folds events and is thrown away when it has answered.
pub(super) trait Fold: Send {
    /// Folds one event; an error is the answer, and nothing is folded after it.
    fn fold(&mut self, recorded: &Recorded<'_>) -> Result<(), BooksError>;
}

/// A fold as the projector feeds it: one register, which is never saved.
struct Once<F> {
    fold: F,
    failed: Option<BooksError>,
}

impl<F: Fold> Register for Once<F> {
    fn name(&self) -> &'static str {
        "once"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if self.failed.is_some() {
                return;
            }
            self.failed = self.fold.fold(recorded).err();
        }
    }

    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&mut self, _: &[u8]) -> Result<(), String> {
        Err("it is never saved".to_owned())
    }
}

impl<F: Fold> ReadModels for Once<F> {
    fn projections(&mut self) -> Vec<&mut dyn Projection> {
        Vec::new()
    }

    fn registers(&mut self) -> Vec<&mut dyn Register> {
        vec![self]
    }
}

/// Folds every event before entry `until`, or all of them.
pub(super) fn read<F: Fold>(
    store: &dyn EventStore,
    until: Option<u64>,
    fold: F,
) -> Result<F, BooksError> {
    let mut projector = Projector::new(Once { fold, failed: None });
    projector.catch_up(store, until)?;
    match projector.models.failed.take() {
        Some(error) => Err(error),
        None => Ok(projector.models.fold),
    }
}
