//! The read side: one pass over the log feeds every projection and register; checkpoints, snapshots, rebuild.
//!
//! A [`Projector`] owns the read models and nothing else does: it reads the log in order, decodes
//! every event, posts it (exactly one entry per event) and hands entries to [projections] and
//! recorded events to [registers](Register). It stops at the first event it cannot read or post, or
//! whose recorded figures the entries before it do not give.
//!
//! Everything here is derived from the log; deleting the snapshots is always safe.
//!
//! Reading order: [`model`], [`checkpoint`], [`projector`], `fold`, `pipeline`, `desk`, `round`,
//! `decode`, [`snapshot`], `snapshot_file`, [`measure`], [`error`].
//!
//! [projections]: souk_journal::projection::Projection

pub mod checkpoint;
mod decode;
mod desk;
pub mod error;
mod fold;
pub mod measure;
pub mod model;
mod pipeline;
pub mod projector;
mod round;
pub mod settings;
pub mod snapshot;
mod snapshot_file;

pub use checkpoint::{Checkpoint, Progress};
pub use error::ProjectorError;
pub use measure::{Scanned, decode_only, raw_scan};
pub use model::{ReadModels, Recorded, Register};
pub use projector::Projector;
pub use settings::Settings;
pub use snapshot::{NotRestored, Restored, SaveError};

#[cfg(test)]
mod tests;
