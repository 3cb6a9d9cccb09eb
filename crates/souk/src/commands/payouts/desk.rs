//! What every step of payouts works on: the ledger to write to, the books at its head, and the vault.

use std::path::{Path, PathBuf};

use souk_books::Books;
use souk_ledger::command::Command;
use souk_ledger::ledger::Ledger;
use souk_ledger::request::Request;
use souk_vault::{Vault, VaultError};

use crate::cli::Global;
use crate::commands::reading::Reading;
use crate::fail::{Exit, Failure};
use crate::place::Place;

/// The vault's name in the ledger's directory.
const VAULT: &str = "vault.json";

/// A vault that cannot be used.
pub(crate) fn unusable(error: VaultError) -> Failure {
    Failure::new(Exit::OutOfReach, "VaultOutOfReach", error.to_string())
}

/// The vault that is named, or the one beside the ledger.
pub(crate) fn vault(place: &Place, named: Option<&Path>) -> Result<Vault, Failure> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => place.dir("a vault without --vault FILE")?.join(VAULT),
    };
    Vault::open(&path).map_err(unusable)
}

/// Everything at hand.
pub(crate) struct Desk {
    pub(crate) place: Place,
    pub(crate) ledger: Ledger,
    pub(crate) books: Books,
    pub(crate) vault: Vault,
}

impl Desk {
    /// Opens the ledger to write, its books and its vault.
    pub(crate) fn open(global: &Global, named: Option<&Path>) -> Result<Self, Failure> {
        let place = Place::of(global)?;
        let vault = vault(&place, named)?;
        let mut desk = Self::without_vault(place)?;
        // Read again under the ledger's lock: another process may have written it before.
        desk.vault = Vault::open(vault.path()).map_err(unusable)?;
        Ok(desk)
    }

    /// The same, for what needs no details.
    pub(crate) fn without_vault(place: Place) -> Result<Self, Failure> {
        let ledger = place.ledger()?;
        let id = ledger.identity().ledger.simple().to_string();
        let snapshots = place.projections();
        let mut books = Books::open(ledger.store().clone(), snapshots.as_deref(), &id)?;
        books.catch_up(None)?;
        Ok(Self { place, ledger, books, vault: Vault::none() })
    }

    /// Reads what was written since.
    pub(crate) fn catch_up(&mut self) -> Result<(), Failure> {
        self.books.catch_up(None)?;
        // Derived: a failure costs time at the next command and nothing else.
        let _ = self.books.save_snapshots();
        Ok(())
    }

    /// Decides a command without writing it.
    pub(crate) fn rehearse(&self, command: &Command<'_>) -> Result<(), Failure> {
        let mut rehearsal = self.place.rehearsal()?;
        let (ledger, at) = (rehearsal.identity().ledger, rehearsal.clock().now());
        let body = format!("{command:?}");
        let request = Request::of(ledger, "rehearsal", &body, body.as_bytes(), at);
        rehearsal.stage(command, &request)?;
        Ok(())
    }

    /// The books for showing, at the head.
    pub(crate) fn reading(&self, global: &Global) -> Result<Reading, Failure> {
        Reading::on(global, self.place.clone(), self.ledger.store().clone())
    }

    /// A path in the ledger's directory.
    pub(crate) fn beside(&self, what: &str, name: &str) -> Result<PathBuf, Failure> {
        match self.place.dir(what) {
            Ok(dir) => Ok(dir.join(name)),
            // Where the ledger is on a server, the vault's directory is the one at hand.
            Err(failure) => match self.vault.path().parent() {
                Some(dir) => Ok(dir.join(name)),
                None => Err(failure),
            },
        }
    }
}
