//! Snapshots: the read models as files, so that the next start need not read the whole log.
//!
//! One file per read model, and one for the names. They are used all together or not at all: same
//! ledger, same versions, same posting rules, same checkpoint, and the log's entry before the
//! checkpoint must have the leaf hash they were made with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use souk_journal::names::Names;
use souk_store::EventStore;

use crate::checkpoint::Checkpoint;
use crate::error::ProjectorError;
use crate::fold::first_mismatch;
use crate::model::ReadModels;
use crate::projector::{Projector, leaf_before};
use crate::snapshot_file::{Header, read, write};

/// The snapshot of the names is called so; no read model is.
const NAMES: &str = "names";
/// Raised when the form of the names changes.
const NAMES_VERSION: u32 = 1;

/// Snapshots were taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The first entry that is not in them: the log is read from here.
    pub from_entry: u64,
}

/// Why the snapshots were not used. The read models are empty; a pass from entry 0 fills them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRestored {
    /// There is no snapshot of a read model.
    #[error("there is no snapshot {}", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// A snapshot cannot be used.
    #[error("snapshot {name} is not used: {why}")]
    Unusable {
        /// The read model.
        name: String,
        /// Why.
        why: String,
    },
    /// The snapshots do not belong to this log.
    #[error("the snapshots are not used: {why}")]
    AnotherLog {
        /// Why.
        why: String,
    },
    /// Only read models that hold nothing are restored.
    #[error("the read models hold entries already")]
    NotEmpty,
}

/// Why no snapshots were written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A file operation failed.
    #[error("cannot write snapshot {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A snapshot cannot be put into its form.
    #[error("cannot write snapshot {name}: {why}")]
    Unwritable {
        /// The read model.
        name: &'static str,
        /// Why.
        why: String,
    },
    /// Read models with a figure that does not match are not saved.
    #[error(transparent)]
    Mismatch(ProjectorError),
}

/// What each read model is called, its version and its state.
type Saved = Vec<(&'static str, u32, Vec<u8>)>;

impl<M: ReadModels> Projector<M> {
    /// Writes a snapshot of every read model and of the names into `dir` (`DATA/projections`), which
    /// is made if it is missing. `ledger_id` is the ledger's identity.
    ///
    /// Derived data: nothing is synced, a file is replaced whole or not at all.
    ///
    /// # Errors
    /// [`SaveError`]; older snapshots may then be replaced in part, which the next restore notices.
    pub fn save(&mut self, dir: &Path, ledger_id: &str) -> Result<(), SaveError> {
        first_mismatch(&mut self.models).map_err(SaveError::Mismatch)?;
        let names = postcard::to_stdvec(&self.names);
        let names =
            names.map_err(|error| SaveError::Unwritable { name: NAMES, why: error.to_string() })?;
        let io = |path: &Path, source| SaveError::Io { path: path.to_owned(), source };
        fs::create_dir_all(dir).map_err(|error| io(dir, error))?;
        let mut saved = self.states();
        saved.push((NAMES, NAMES_VERSION, names));
        for (name, version, body) in saved {
            let header = Header::new(ledger_id, name, version, self.checkpoint);
            let path = path_of(dir, name);
            write(&path, &header, &body).map_err(|error| io(&path, error))?;
        }
        Ok(())
    }

    /// Takes the snapshots in `dir` back if all of them are there and fit this ledger, this edition
    /// of Souk and this log.
    ///
    /// # Errors
    /// [`NotRestored`], to be shown; the read models are then as empty as they were.
    pub fn restore(
        &mut self,
        dir: &Path,
        ledger_id: &str,
        store: &dyn EventStore,
    ) -> Result<Restored, NotRestored> {
        if self.checkpoint != Checkpoint::default() {
            return Err(NotRestored::NotEmpty);
        }
        let empty = self.states();
        let mut wanted: Vec<_> = empty.iter().map(|(name, version, _)| (*name, *version)).collect();
        wanted.push((NAMES, NAMES_VERSION));
        let mut bodies = Vec::with_capacity(wanted.len());
        let mut checkpoint = None;
        for (name, version) in wanted {
            let path = path_of(dir, name);
            let unusable = |why| NotRestored::Unusable { name: name.to_owned(), why };
            let Some((header, body)) = read(&path).map_err(unusable)? else {
                return Err(NotRestored::Absent { path });
            };
            let common = *checkpoint.get_or_insert(header.checkpoint);
            header.check(&Header::new(ledger_id, name, version, common)).map_err(unusable)?;
            bodies.push((name, body));
        }
        let checkpoint: Checkpoint = checkpoint.unwrap_or_default();
        check_log(store, &checkpoint)?;
        let names = bodies.pop().map(|(_, body)| body).unwrap_or_default();
        let names: Names = postcard::from_bytes(&names).map_err(|error| NotRestored::Unusable {
            name: NAMES.to_owned(),
            why: error.to_string(),
        })?;
        let bodies: Vec<_> = bodies.iter().map(|(name, body)| (*name, body.as_slice())).collect();
        if let Err((name, why)) = self.load(&bodies) {
            let empty: Vec<_> =
                empty.iter().map(|(name, _, body)| (*name, body.as_slice())).collect();
            self.half_loaded = self.load(&empty).err().map(|(name, why)| format!("{name}: {why}"));
            return Err(NotRestored::Unusable { name: name.to_owned(), why });
        }
        self.names = names;
        self.names.reindex();
        self.checkpoint = checkpoint;
        Ok(Restored { from_entry: checkpoint.next_entry })
    }

    /// The state of every read model.
    fn states(&mut self) -> Saved {
        let mut saved: Saved = Vec::new();
        for of in self.models.projections() {
            saved.push((of.name(), of.version(), of.save()));
        }
        for of in self.models.registers() {
            saved.push((of.name(), of.version(), of.save()));
        }
        saved
    }

    /// Loads states in the order of [`Projector::states`].
    fn load<'b>(&mut self, bodies: &[(&'b str, &[u8])]) -> Result<(), (&'b str, String)> {
        let mut bodies = bodies.iter();
        for (of, (name, body)) in self.models.projections().into_iter().zip(&mut bodies) {
            of.load(body).map_err(|why| (*name, why))?;
        }
        for (of, (name, body)) in self.models.registers().into_iter().zip(&mut bodies) {
            of.load(body).map_err(|why| (*name, why))?;
        }
        Ok(())
    }
}

fn path_of(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.snap"))
}

/// Whether the log has the entry that the snapshots were made after.
fn check_log(store: &dyn EventStore, checkpoint: &Checkpoint) -> Result<(), NotRestored> {
    let entry = checkpoint.next_entry;
    match leaf_before(store, entry) {
        Ok(hash) if hash == checkpoint.leaf_hash => Ok(()),
        Ok(_) => Err(NotRestored::AnotherLog {
            why: format!("the entry before {entry} is another one than when they were made"),
        }),
        Err(error) => Err(NotRestored::AnotherLog { why: error.to_string() }),
    }
}
