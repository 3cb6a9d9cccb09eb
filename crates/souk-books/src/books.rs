//! The books: all read models at one entry number, and the log they were read from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_journal::ids::MerchantId;
use souk_journal::names::{MerchantNo, Names};
use souk_journal::projection::Mismatch;
use souk_projector::{Checkpoint, NotRestored, Progress, Projector};
use souk_store::EventStore;

use crate::error::BooksError;
use crate::models::Models;

/// All read models at one entry number, and the store behind them.
pub struct Books {
    pub(crate) projector: Projector<Models>,
    pub(crate) store: Arc<dyn EventStore>,
    ledger_id: String,
    snapshots: Option<PathBuf>,
    not_restored: Option<NotRestored>,
}

impl std::fmt::Debug for Books {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let checkpoint = self.projector.checkpoint();
        f.debug_struct("Books").field("checkpoint", checkpoint).finish_non_exhaustive()
    }
}

impl Books {
    /// Opens the books of a ledger: takes back snapshots where a directory is given and they fit,
    /// and otherwise starts empty. Nothing is read from the log until [`Books::catch_up`].
    ///
    /// # Errors
    /// None today; a damaged store shows in [`Books::catch_up`]. Snapshots that do not fit are no
    /// error: [`Books::not_restored`] says why.
    pub fn open(
        store: Arc<dyn EventStore>,
        snapshots: Option<&Path>,
        ledger_id: &str,
    ) -> Result<Self, BooksError> {
        let mut projector = Projector::new(Models::new());
        let mut not_restored = None;
        if let Some(dir) = snapshots {
            not_restored = projector.restore(dir, ledger_id, store.as_ref()).err();
        }
        let (ledger_id, snapshots) = (ledger_id.to_owned(), snapshots.map(Path::to_owned));
        Ok(Self { projector, store, ledger_id, snapshots, not_restored })
    }

    /// Empty books that go on past figures that do not match, for a replay that counts them all.
    pub fn for_replay(store: Arc<dyn EventStore>, ledger_id: &str) -> Self {
        let mut projector = Projector::new(Models::new());
        projector.collect_mismatches();
        let (snapshots, not_restored) = (None, None);
        Self { projector, store, ledger_id: ledger_id.to_owned(), snapshots, not_restored }
    }

    /// Reads what the log has beyond the books, up to entry `until` (exclusive) if given.
    ///
    /// # Errors
    /// What stopped the projector; everything before the entry it names is in the books.
    pub fn catch_up(&mut self, until: Option<u64>) -> Result<Progress, BooksError> {
        Ok(self.projector.catch_up(self.store.as_ref(), until)?)
    }

    /// Writes snapshots of all read models into the directory given at opening; without one it does
    /// nothing.
    ///
    /// # Errors
    /// When a file cannot be written. Snapshots are derived: without them the log is read again.
    pub fn save_snapshots(&mut self) -> Result<(), BooksError> {
        if let Some(dir) = &self.snapshots {
            self.projector.save(dir, &self.ledger_id)?;
        }
        Ok(())
    }

    /// Why the snapshots were not used, if they were not.
    pub fn not_restored(&self) -> Option<&NotRestored> {
        self.not_restored.as_ref()
    }

    /// The read models.
    pub fn models(&self) -> &Models {
        self.projector.models()
    }

    /// Names of merchants and dimensions.
    pub fn names(&self) -> &Names {
        self.projector.names()
    }

    /// The store behind the books.
    pub fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    /// Identity of the ledger.
    pub fn ledger_id(&self) -> &str {
        &self.ledger_id
    }

    /// Where the books stand.
    pub fn checkpoint(&self) -> &Checkpoint {
        self.projector.checkpoint()
    }

    /// The last entry they reflect; 0 also while they reflect none.
    pub fn entry(&self) -> u64 {
        self.checkpoint().next_entry.saturating_sub(1)
    }

    /// Entries of the log that the books do not reflect yet.
    ///
    /// # Errors
    /// The store's.
    pub fn lag(&self) -> Result<u64, BooksError> {
        Ok(self.store.head()?.saturating_sub(self.checkpoint().next_entry))
    }

    /// Recorded figures that the entries do not give, over all projections.
    pub fn mismatches(&self) -> Vec<&Mismatch> {
        self.models().all_projections().into_iter().flat_map(|of| of.mismatches()).collect()
    }

    /// The merchant of this name, enrolled or with postings.
    ///
    /// # Errors
    /// `UnknownMerchant`, with the nearest known one.
    pub fn find_merchant(&self, text: &str) -> Result<MerchantId, BooksError> {
        let merchants = &self.models().merchants;
        let known = |id: &MerchantId| merchants.get(*id).is_some() || self.number(*id).is_some();
        if let Some(found) = MerchantId::new(text).ok().filter(known) {
            return Ok(found);
        }
        let nearest = merchants.similar(text, 1).first().map(|name| (*name).to_owned());
        Err(BooksError::UnknownMerchant { merchant: text.to_owned(), nearest })
    }

    /// Every merchant that is enrolled or has postings, in order.
    pub fn merchants(&self) -> Vec<MerchantId> {
        let mut known: Vec<MerchantId> = self.names().merchants().to_vec();
        known.extend(self.models().merchants.iter().map(|of| of.merchant));
        known.sort();
        known.dedup();
        known
    }

    /// The number of a merchant; one that no posting names has none.
    pub(crate) fn number(&self, merchant: MerchantId) -> Option<MerchantNo> {
        self.names().find_merchant(merchant)
    }
}
