//! Where a ledger lives: a directory with the log, the first terms and the derived files, or a KurrentDB server.

use std::cell::OnceCell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use souk_domain::ledger::commands::CreateLedger;
use souk_formats::tariff_file::TariffFile;
use souk_journal::ids::{Id, MerchantId};
use souk_ledger::clock::Clock;
use souk_ledger::create::{begun, create, unfinished};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers, identity};
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;
use souk_store_log::{Kind, LogStore, Options};
use uuid::Uuid;

use crate::cli::Global;
use crate::creation;
use crate::fail::{Exit, Failure};
use crate::import::enrol::{enrol, publish};
use crate::intake::Intake;
use crate::remote::{self, Remote};

/// The ledger's directory when none is named.
const DEFAULT: &str = "souk-data";
/// The first tariff and terms, kept beside the log for merchants enrolled later.
pub(crate) const TERMS: &str = "terms.toml";
/// What to do about a ledger that was begun with other answers.
const UNFINISHED: &str = "  its creation is not finished; if it was broken off, go on with the same souk init, its \
                          answers and its tariff, or name another ledger= in the address";
/// How long a creation on a server may stand still before it counts as broken off.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a ledger lives.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    /// In a directory.
    Dir(PathBuf),
    /// On a KurrentDB server, asked once it is needed.
    Server { url: String, remote: OnceCell<Remote> },
}

impl Place {
    /// The place that the flags name.
    pub(crate) fn of(global: &Global) -> Result<Self, Failure> {
        match &global.store {
            // A directory is named with --data.
            Some(url) => Self::server(url),
            None => Ok(Self::at(global.data.as_deref().unwrap_or(Path::new(DEFAULT)))),
        }
    }

    /// A directory.
    pub(crate) fn at(dir: &Path) -> Self {
        Self { at: At::Dir(dir.to_owned()) }
    }

    /// An address (`kurrentdb://…?ledger=NAME`) or a directory.
    pub(crate) fn named(text: &str) -> Result<Self, Failure> {
        if text.contains("://") { Self::server(text) } else { Ok(Self::at(Path::new(text))) }
    }

    fn server(text: &str) -> Result<Self, Failure> {
        if !text.contains("://") {
            let message = format!("--store {text:?} is not an address");
            return Err(Failure::new(Exit::Usage, "BadStoreAddress", message)
                .with("  write kurrentdb://host:2113?tls=false&ledger=NAME, or name a directory with --data"));
        }
        remote::check(text)?;
        Ok(Self { at: At::Server { url: text.to_owned(), remote: OnceCell::new() } })
    }

    /// Its path.
    ///
    /// # Errors
    /// What is done there needs a directory.
    pub(crate) fn dir(&self, what: &str) -> Result<&Path, Failure> {
        match &self.at {
            At::Dir(dir) => Ok(dir),
            At::Server { url, .. } => {
                let message =
                    format!("{what} needs a directory, {} is a server", remote::shown(url));
                Err(Failure::new(Exit::Usage, "NeedsDirectory", message)
                    .with("  name one with --data DIR; souk store copy brings a ledger there"))
            }
        }
    }

    /// The place as people know it.
    pub(crate) fn shown(&self) -> String {
        match &self.at {
            At::Dir(dir) => dir.display().to_string(),
            At::Server { url, .. } => remote::shown(url),
        }
    }

    /// Where derived files are kept, if anywhere: for a server in the user's cache on this machine.
    pub(crate) fn projections(&self) -> Option<PathBuf> {
        let At::Server { url, .. } = &self.at else {
            return self.dir("").ok().map(|dir| dir.join("projections"));
        };
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let cache = set("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")))?;
        let safe =
            |of: char| if of.is_ascii_alphanumeric() || ".-_".contains(of) { of } else { '_' };
        let name: String = remote::shown(url).chars().map(safe).collect();
        Some(cache.join("souk").join(name))
    }

    fn remote<'r>(url: &str, remote: &'r OnceCell<Remote>) -> Result<&'r Remote, Failure> {
        if remote.get().is_none() {
            // Nobody else can have set it meanwhile: a cell is of one thread.
            let _ = remote.set(Remote::open(url)?);
        }
        remote.get().ok_or_else(|| Failure::new(Exit::Bug, "Bug", "the store was not opened"))
    }

    /// Whether a ledger is here.
    pub(crate) fn exists(&self) -> Result<bool, Failure> {
        match &self.at {
            At::Dir(dir) => match dir.join("log").metadata() {
                Ok(log) => Ok(log.is_dir()),
                Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    Err(souk_store::StoreError::io("read", dir, error).into())
                }
                Err(_) => Ok(false),
            },
            At::Server { url, remote } => Ok(Self::remote(url, remote)?.store().head()? > 0),
        }
    }

    /// Halts where no log is, of whatever kind.
    pub(crate) fn has_log(&self) -> Result<(), Failure> {
        match &self.at {
            At::Dir(_) if !self.exists()? => Err(self.missing()),
            At::Dir(_) | At::Server { .. } => Ok(()),
        }
    }

    /// The place as a flag, for `next:` lines; nothing when it is the default one.
    pub(crate) fn flag(&self) -> String {
        match &self.at {
            At::Dir(dir) if dir == Path::new(DEFAULT) => String::new(),
            At::Dir(dir) => format!(" --data {}", dir.display()),
            At::Server { url, .. } => format!(" --store '{}'", remote::shown(url)),
        }
    }

    /// Whether others may write here at the same time.
    pub(crate) fn writers(&self) -> Writers {
        match &self.at {
            At::Dir(_) => Writers::Sole,
            At::Server { .. } => Writers::Several,
        }
    }

    fn missing(&self) -> Failure {
        let message = format!("there is no ledger in {}", self.shown());
        Failure::new(Exit::OutOfReach, "NoLedger", message)
            .with("  create one with: souk init, or try: souk demo")
    }

    /// The log, to read.
    pub(crate) fn read(&self) -> Result<Arc<dyn EventStore>, Failure> {
        if !self.exists()? {
            return Err(self.missing());
        }
        match &self.at {
            At::Dir(dir) => {
                let store = LogStore::open_read_only(dir)?;
                store.require(Kind::Ledger)?;
                Ok(Arc::new(store))
            }
            At::Server { url, remote } => Ok(Self::remote(url, remote)?.store()),
        }
    }

    /// The log, to read and write; a torn tail that was cut is said.
    pub(crate) fn write(&self) -> Result<Arc<dyn EventStore>, Failure> {
        if !self.exists()? {
            return Err(self.missing());
        }
        let dir = match &self.at {
            At::Dir(dir) => dir,
            At::Server { url, remote } => return Ok(Self::remote(url, remote)?.store()),
        };
        let store = LogStore::open(dir, Kind::Ledger, Options::default())?;
        if let Some(said) = &store.report().truncated {
            let _ = writeln!(std::io::stderr(), "note: {said}");
        }
        Ok(Arc::new(store))
    }

    /// The ledger, to write real data into: not a demonstration.
    pub(crate) fn ledger(&self) -> Result<Ledger, Failure> {
        self.real(Ledger::open(self.write()?, Clock::System, self.writers())?)
    }

    /// The ledger, unless it is a demonstration.
    fn real(&self, ledger: Ledger) -> Result<Ledger, Failure> {
        if ledger.identity().demonstration.is_some() {
            let message =
                format!("{} is a demonstration; real data does not go there", self.shown());
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

    /// Refuses a place with a ledger in it.
    pub(crate) fn is_free(&self) -> Result<(), Failure> {
        if self.exists()? {
            return Err(LedgerError::from(
                souk_domain::ledger::decide::LedgerRefusal::LedgerExists,
            )
            .into());
        }
        Ok(())
    }

    /// Creates the ledger with entry 0, its schemas and its first tariff file: in a directory all of it or nothing. On
    /// a server it goes on with one whose creation with the same answers was broken off; that one's identity stays.
    pub(crate) fn create(
        &self,
        command: &CreateLedger,
        clock: Clock,
        terms: &str,
    ) -> Result<Arc<dyn EventStore>, Failure> {
        self.create_with(command, clock, terms, |_| Ok(()))
    }

    /// The same, and what `fill` writes into the new ledger belongs to its creation.
    pub(crate) fn create_with(
        &self,
        command: &CreateLedger,
        clock: Clock,
        terms: &str,
        fill: impl FnOnce(Arc<dyn EventStore>) -> Result<(), Failure>,
    ) -> Result<Arc<dyn EventStore>, Failure> {
        let id = Uuid::parse_str(command.ledger.as_str()).unwrap_or_default();
        // What would be refused is refused before anything is written.
        let rehearsal = souk_store::MemoryStore::new();
        create(&rehearsal, command, clock)?;
        let dir = match &self.at {
            At::Dir(dir) => dir,
            At::Server { url, remote } => {
                let store = create_on(Self::remote(url, remote)?, command, clock, terms)?;
                fill(Arc::clone(&store))?;
                return Ok(store);
            }
        };
        self.is_free()?;
        creation::whole(dir, |dir| {
            // Another process may have been faster.
            self.is_free()?;
            let store = LogStore::create(dir, Kind::Ledger, *id.as_bytes(), Options::default())?;
            create(&store, command, clock)?;
            let store = Arc::new(store);
            let filled = fill(Arc::clone(&store) as Arc<dyn EventStore>);
            store.close();
            filled?;
            creation::write(&dir.join(TERMS), terms)
        })?;
        let store = LogStore::open(dir, Kind::Ledger, Options::default())?;
        Ok(Arc::new(store))
    }

    /// The ledger's first tariff and terms, as written.
    pub(crate) fn terms_text(&self) -> Result<String, Failure> {
        match &self.at {
            At::Dir(dir) => read_text(&dir.join(TERMS)),
            At::Server { url, remote } => {
                let remote = Self::remote(url, remote)?;
                let ledger = identity(remote.store().as_ref())?.ledger;
                remote.terms(ledger)?.ok_or_else(|| {
                    let message = format!("{} has no terms kept beside it", remote::shown(url));
                    Failure::new(Exit::BadInput, "FileNotReadable", message)
                })
            }
        }
    }

    /// The server, if it is one: to copy a ledger to, whether an earlier copy was finished or not.
    pub(crate) fn server_to_copy(&self) -> Result<Option<Remote>, Failure> {
        match &self.at {
            At::Dir(_) => Ok(None),
            At::Server { url, .. } => Remote::open_to_copy(url).map(Some),
        }
    }

    /// The ledger's first tariff and terms.
    pub(crate) fn terms(&self) -> Result<TariffFile, Failure> {
        parse_tariff(TERMS, &self.terms_text()?)
    }
}

/// Creates a ledger on a server. The terms come first, so that a ledger that is there has its terms.
fn create_on(
    remote: &Remote,
    command: &CreateLedger,
    clock: Clock,
    terms: &str,
) -> Result<Arc<dyn EventStore>, Failure> {
    let store = remote.store();
    let begun = match begun(store.as_ref(), command, PATIENCE) {
        Ok(begun) => begun,
        Err(error) => {
            let failure = Failure::from(error);
            let is_unfinished = unfinished(store.as_ref()).is_ok_and(|of| of.is_some());
            return Err(if is_unfinished { failure.with(UNFINISHED) } else { failure });
        }
    };
    let Some(ledger) = begun else {
        let ledger = Uuid::parse_str(command.ledger.as_str()).unwrap_or_default();
        remote.keep_terms(ledger, terms)?;
        create(store.as_ref(), command, clock)?;
        return Ok(store);
    };
    if remote.terms(ledger)?.is_some_and(|kept| kept != terms) {
        let exists = LedgerError::from(souk_domain::ledger::decide::LedgerRefusal::LedgerExists);
        return Err(Failure::from(exists).with(UNFINISHED));
    }
    remote.keep_terms(ledger, terms)?;
    Ok(store)
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
    parse_tariff(&path.display().to_string(), &read_text(path)?)
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}

/// Reads the text of a tariff file; everything that is wrong with it is said, in the order of the file.
pub(crate) fn parse_tariff(name: &str, text: &str) -> Result<TariffFile, Failure> {
    TariffFile::check(name, text).map_err(|errors| {
        let bad = |message: String| Failure::new(Exit::BadInput, "BadTariffFile", message);
        match &errors[..] {
            [one] => bad(one.to_string()),
            several => {
                let mut failure = bad(format!("{} faults in {name}", several.len()));
                failure.details = several.iter().map(ToString::to_string).collect();
                failure
            }
        }
    })
}
