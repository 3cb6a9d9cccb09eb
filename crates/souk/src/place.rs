//! Where a ledger lives: the directory with the log, the first terms and the derived files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_domain::ledger::commands::CreateLedger;
use souk_formats::tariff_file::TariffFile;
use souk_journal::ids::{Id, MerchantId};
use souk_ledger::clock::Clock;
use souk_ledger::create::create;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;
use souk_store_log::{Kind, LogStore, Options};
use uuid::Uuid;

use crate::cli::Global;
use crate::creation;
use crate::fail::{Exit, Failure};
use crate::import::enrol::{enrol, publish};
use crate::intake::Intake;

/// The ledger's directory when none is named.
const DEFAULT: &str = "souk-data";
/// The first tariff and terms, kept beside the log for merchants enrolled later.
const TERMS: &str = "terms.toml";

/// A ledger's directory.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    dir: PathBuf,
}

impl Place {
    /// The directory that the flags name.
    pub(crate) fn of(global: &Global) -> Result<Self, Failure> {
        if let Some(url) = &global.store {
            let message = format!(
                "--store {url}: this edition stores ledgers in a directory; use --data DIR"
            );
            return Err(Failure::new(Exit::Usage, "StoreNotSupported", message));
        }
        Ok(Self { dir: global.data.clone().unwrap_or_else(|| DEFAULT.into()) })
    }

    /// A directory.
    pub(crate) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Its path.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where derived files are kept.
    pub(crate) fn projections(&self) -> PathBuf {
        self.dir.join("projections")
    }

    /// Whether a ledger is here.
    pub(crate) fn exists(&self) -> bool {
        self.dir.join("log").is_dir()
    }

    /// The directory as a flag, for `next:` lines; nothing when it is the default one.
    pub(crate) fn flag(&self) -> String {
        if self.dir == Path::new(DEFAULT) {
            String::new()
        } else {
            format!(" --data {}", self.dir.display())
        }
    }

    fn missing(&self) -> Failure {
        let message = format!("there is no ledger in {}", self.dir.display());
        Failure::new(Exit::OutOfReach, "NoLedger", message)
            .with("  create one with: souk init, or try: souk demo")
    }

    /// The log, to read.
    pub(crate) fn read(&self) -> Result<Arc<dyn EventStore>, Failure> {
        if !self.exists() {
            return Err(self.missing());
        }
        Ok(Arc::new(LogStore::open_read_only(&self.dir)?))
    }

    /// The log, to read and write; a torn tail that was cut is said.
    pub(crate) fn write(&self) -> Result<Arc<dyn EventStore>, Failure> {
        if !self.exists() {
            return Err(self.missing());
        }
        let store = LogStore::open(&self.dir, Kind::Ledger, Options::default())?;
        if let Some(said) = &store.report().truncated {
            let _ = writeln!(std::io::stderr(), "note: {said}");
        }
        Ok(Arc::new(store))
    }

    /// The ledger, to write real data into: not a demonstration.
    pub(crate) fn ledger(&self) -> Result<Ledger, Failure> {
        self.real(Ledger::open(self.write()?, Clock::System, Writers::Sole)?)
    }

    /// The ledger, unless it is a demonstration.
    fn real(&self, ledger: Ledger) -> Result<Ledger, Failure> {
        if ledger.identity().demonstration.is_some() {
            let message =
                format!("{} is a demonstration; real data does not go there", self.dir.display());
            return Err(Failure::new(Exit::Refused, "DemonstrationLedger", message)
                .with("  create a ledger of your own with: souk init --data DIR"));
        }
        Ok(ledger)
    }

    /// The ledger on an overlay: what is decided there is written nowhere, and nobody is locked out.
    pub(crate) fn rehearsal(&self) -> Result<Ledger, Failure> {
        let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(self.read()?)?);
        self.real(Ledger::open(overlay, Clock::System, Writers::Sole)?)
    }

    /// Refuses a directory with a ledger in it.
    fn is_free(&self) -> Result<(), Failure> {
        if self.exists() {
            return Err(LedgerError::from(
                souk_domain::ledger::decide::LedgerRefusal::LedgerExists,
            )
            .into());
        }
        Ok(())
    }

    /// Creates the ledger with entry 0, its schemas and its first tariff file: all of it or nothing.
    pub(crate) fn create(
        &self,
        command: &CreateLedger,
        clock: Clock,
        terms: &str,
    ) -> Result<Arc<dyn EventStore>, Failure> {
        let id = Uuid::parse_str(command.ledger.as_str()).unwrap_or_default();
        // What would be refused is refused before anything is on disk.
        let rehearsal = souk_store::MemoryStore::new();
        create(&rehearsal, command, clock)?;
        self.is_free()?;
        creation::whole(&self.dir, |dir| {
            // Another process may have been faster.
            self.is_free()?;
            let store = LogStore::create(dir, Kind::Ledger, *id.as_bytes(), Options::default())?;
            create(&store, command, clock)?;
            store.close();
            creation::write(&dir.join(TERMS), terms)
        })?;
        let store = LogStore::open(&self.dir, Kind::Ledger, Options::default())?;
        Ok(Arc::new(store))
    }

    /// The ledger's first tariff and terms.
    pub(crate) fn terms(&self) -> Result<TariffFile, Failure> {
        read_tariff(&self.dir.join(TERMS))
    }
}

/// Creates the ledger in memory with its first tariff and a merchant on its terms, so that what would
/// be refused is refused before anything is on disk.
pub(crate) fn rehearse(command: &CreateLedger, tariff: &TariffFile) -> Result<(), Failure> {
    let store: Arc<dyn EventStore> = Arc::new(souk_store::MemoryStore::new());
    create(store.as_ref(), command, Clock::System)?;
    let mut ledger = Ledger::open(store, Clock::System, Writers::Sole)?;
    let mut intake = Intake::new(&mut ledger);
    publish(&mut intake, tariff)?;
    let merchant = MerchantId::new("rehearsal").unwrap_or_else(|error| unreachable!("{error}"));
    enrol(&mut intake, merchant, tariff)?;
    Ok(intake.drain()?)
}

/// A new identity for a ledger.
pub(crate) fn new_ledger_id() -> Id {
    let text = Uuid::new_v4().simple().to_string();
    Id::new(&text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Reads a tariff file.
pub(crate) fn read_tariff(path: &Path) -> Result<TariffFile, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    parse_tariff(&path.display().to_string(), &text)
}

/// Reads the text of a tariff file.
pub(crate) fn parse_tariff(name: &str, text: &str) -> Result<TariffFile, Failure> {
    TariffFile::parse(name, text)
        .map_err(|error| Failure::new(Exit::BadInput, "BadTariffFile", error.to_string()))
}
