//! What serving takes: the store kept up to date, who is let in, and an end in order.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use souk_domain::metadata::Metadata;
use souk_kurrentdb_server::{Mode, Options, Server, Tls, serve};
use souk_store::{EventStore, Record, StoreError};
use souk_store_log::{Kind, LogStore};
use tokio::signal::unix::SignalKind;
use tokio::sync::Notify;

use crate::cli::Global;
use crate::commands::serve::With;
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show;

/// How often a reader looks for what a writer in another process has acknowledged.
const LOOK: Duration = Duration::from_millis(50);
/// Microseconds have ten units of 100 ns.
const TICKS: u64 = 10;

/// Serves the ledger that the flags name until the process is told to end.
pub(crate) fn serve_ledger(
    global: &Global,
    address: SocketAddr,
    with: &With,
) -> Result<(), Failure> {
    let options = options(address, with)?;
    let place = Place::of(global)?;
    let mode = Mode::Ledger { created };
    let Ok(dir) = place.dir("") else {
        let store = place.read()?;
        let server = start(store, mode, address, options)?;
        say(global, &server, &format!("the ledger in {}, to read and follow", place.shown()), with);
        return until_told(&server, || Ok(()));
    };
    // Without the lock: a writer may come and go.
    place.has_log()?;
    let store = LogStore::open_read_only(dir)?;
    store.require(Kind::Ledger)?;
    let store = Arc::new(store);
    let served: Arc<dyn EventStore> = Arc::<LogStore>::clone(&store);
    let server = start(served, mode, address, options)?;
    say(global, &server, &format!("the ledger in {}, to read and follow", place.shown()), with);
    until_told(&server, || store.refresh().map(drop))
}

/// Serves a plain event store, which is created if need be, until the process is told to end.
pub(crate) fn plain(global: &Global, address: SocketAddr, with: &With) -> Result<(), Failure> {
    let options = options(address, with)?;
    let place = Place::of(global)?;
    let dir = place.dir("a plain event store")?;
    let log = souk_store_log::Options::default();
    let store = if LogStore::exists(dir) {
        LogStore::open(dir, Kind::Plain, log)?
    } else {
        LogStore::create(dir, Kind::Plain, *uuid::Uuid::new_v4().as_bytes(), log)?
    };
    if let Some(cut) = &store.report().truncated {
        show::note(global, cut);
    }
    let store = Arc::new(store);
    let served: Arc<dyn EventStore> = Arc::<LogStore>::clone(&store);
    let server = start(served, Mode::Plain, address, options)?;
    say(global, &server, &format!("the event store in {}", dir.display()), with);
    let ended = until_told(&server, || Ok(()));
    store.close();
    ended
}

fn say(global: &Global, server: &Server, what: &str, with: &With) {
    let address = server.address();
    let tls = if with.tls_certificate.is_some() { "" } else { "?tls=false" };
    let line = format!("serving {what}, on {address}: kurrentdb://{address}{tls}");
    // For whoever started it and waits for this line.
    let _ = show::text(global, &format!("{line}\n"));
}

/// When a record of a ledger was written, in units of 100 ns.
fn created(record: &Record<'_>) -> u64 {
    let metadata = Metadata::parse(record.metadata);
    let micros = metadata.map_or(0, |metadata| metadata.recorded_at.0);
    u64::try_from(micros).unwrap_or_default().saturating_mul(TICKS)
}

fn start(
    store: Arc<dyn EventStore>,
    mode: Mode,
    address: SocketAddr,
    options: Options,
) -> Result<Server, Failure> {
    let listener = TcpListener::bind(address).map_err(|error| {
        let message = format!("{address} cannot be listened on: {error}");
        Failure::new(Exit::OutOfReach, "AddressNotFree", message)
            .with("  name another address and port")
    })?;
    serve(store, mode, listener, options)
        .map_err(|error| Failure::new(Exit::OutOfReach, "ServerNotStarted", error.to_string()))
}

/// Serves until the process is told to end or `look` fails.
fn until_told(
    server: &Server,
    look: impl Fn() -> Result<(), StoreError> + Sync,
) -> Result<(), Failure> {
    let (told, failed) = (AtomicBool::new(false), Notify::new());
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            while !told.load(Ordering::Relaxed) {
                look().inspect_err(|_| failed.notify_one())?;
                std::thread::sleep(LOOK);
            }
            Ok::<(), StoreError>(())
        });
        let waited = wait_for_signal(&failed);
        told.store(true, Ordering::Relaxed);
        server.shutdown();
        looking.join().unwrap_or(Ok(()))?;
        waited
    })
}

/// Blocks until the process is asked to end, or `failed` says so.
fn wait_for_signal(failed: &Notify) -> Result<(), Failure> {
    let wait = || -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut end = tokio::signal::unix::signal(SignalKind::terminate())?;
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted,
                _ = end.recv() => Ok(()),
                () = failed.notified() => Ok(()),
            }
        })
    };
    wait().map_err(|error| Failure::new(Exit::OutOfReach, "ServerNotStarted", error.to_string()))
}

fn options(address: SocketAddr, with: &With) -> Result<Options, Failure> {
    let mut options = Options::default();
    if let (Some(certificate), Some(key)) = (&with.tls_certificate, &with.tls_key) {
        options.tls = Some(Tls { certificate: read(certificate)?, key: read(key)? });
    }
    if let Some(path) = &with.credentials {
        let text = String::from_utf8_lossy(&read(path)?).into_owned();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(token) = line.strip_prefix("bearer ") {
                options.tokens.push(token.trim().to_owned());
            } else if let Some((user, password)) = line.split_once(':') {
                options.users.push((user.to_owned(), password.to_owned()));
            } else {
                let message =
                    format!("{}:{number}: neither user:password nor bearer TOKEN", path.display());
                return Err(Failure::new(Exit::BadInput, "BadCredentials", message));
            }
        }
        if options.users.is_empty() && options.tokens.is_empty() {
            let message = format!("{} lets nobody in", path.display());
            return Err(Failure::new(Exit::BadInput, "BadCredentials", message));
        }
    }
    if let Some(text) = &with.advertise {
        let port = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let Some((host, port)) = port else {
            let message = format!("--advertise {text}: not HOST:PORT");
            return Err(Failure::new(Exit::Usage, "InvalidValue", message));
        };
        options.advertise = Some((host.to_owned(), port));
    }
    let guarded = !options.users.is_empty() || !options.tokens.is_empty();
    if !address.ip().is_loopback() && !guarded && !with.open_to_all {
        let message =
            format!("{address} can be reached from other machines, and everybody would be let in");
        return Err(Failure::new(Exit::Usage, "OpenToAll", message).with(
            "  name who is let in with --credentials FILE, or say --open-to-all if that is meant",
        ));
    }
    Ok(options)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::io(path, &error))
}
