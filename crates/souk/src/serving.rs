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
        let server = start(store, mode, listen(address)?, options)?;
        say(global, &server, &format!("the ledger in {}, to read and follow", place.shown()), with);
        return until_told(&server, || Ok(()));
    };
    // Without the lock: a writer may come and go.
    place.has_log()?;
    let store = LogStore::open_read_only(dir)?;
    store.require(Kind::Ledger)?;
    let store = Arc::new(store);
    let served: Arc<dyn EventStore> = Arc::<LogStore>::clone(&store);
    let server = start(served, mode, listen(address)?, options)?;
    say(global, &server, &format!("the ledger in {}, to read and follow", place.shown()), with);
    until_told(&server, || store.refresh().map(drop))
}

/// Serves a plain event store, which is created if need be, until the process is told to end.
pub(crate) fn plain(global: &Global, address: SocketAddr, with: &With) -> Result<(), Failure> {
    let options = options(address, with)?;
    let place = Place::of(global)?;
    let dir = place.dir("a plain event store")?;
    let log = souk_store_log::Options::default();
    // First, so that nothing is created for an address that is taken.
    let listener = listen(address)?;
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
    let server = start(served, Mode::Plain, listener, options)?;
    say(global, &server, &format!("the event store in {}", dir.display()), with);
    let ended = until_told(&server, || Ok(()));
    store.close();
    ended
}

fn say(global: &Global, server: &Server, what: &str, with: &With) {
    let address = with.advertise.clone().unwrap_or_else(|| server.address().to_string());
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

fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        let message = format!("{address} cannot be listened on: {error}");
        Failure::new(Exit::OutOfReach, "AddressNotFree", message)
            .with("  name another address and port")
    })
}

fn start(
    store: Arc<dyn EventStore>,
    mode: Mode,
    listener: TcpListener,
    options: Options,
) -> Result<Server, Failure> {
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
        (options.users, options.tokens) = credentials(path)?;
    }
    if let Some(text) = &with.advertise {
        options.advertise = Some(advertised(text)?);
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

/// Users with their passwords, and tokens.
type Credentials = (Vec<(String, String)>, Vec<String>);

fn credentials(path: &Path) -> Result<Credentials, Failure> {
    let bad = |what: String| Failure::new(Exit::BadInput, "BadCredentials", what);
    let shown = path.display();
    let text = String::from_utf8(read(path)?)
        .map_err(|error| bad(format!("{shown}: not UTF-8: {error}")))?;
    let (mut users, mut tokens) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let token = line.strip_prefix("bearer ").map(str::trim).filter(|token| !token.is_empty());
        let user = line.split_once(':').filter(|(user, word)| !user.is_empty() && !word.is_empty());
        match (token, user) {
            (Some(token), _) => tokens.push(token.to_owned()),
            (None, Some((user, word))) => users.push((user.to_owned(), word.to_owned())),
            (None, None) => {
                let what = format!("{shown}:{number}: neither user:password nor bearer TOKEN");
                return Err(bad(what));
            }
        }
    }
    if users.is_empty() && tokens.is_empty() {
        return Err(bad(format!("{shown} lets nobody in")));
    }
    Ok((users, tokens))
}

fn advertised(text: &str) -> Result<(String, u16), Failure> {
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    // A colon within a host is one of an IPv6 address, which has brackets.
    let is_host = |host: &str| !host.is_empty() && (!host.contains(':') || host.starts_with('['));
    match parts.filter(|(host, _)| is_host(host)) {
        Some((host, port)) => Ok((host.to_owned(), port)),
        None => {
            let message = format!("--advertise {text}: not HOST:PORT");
            Err(Failure::new(Exit::Usage, "InvalidValue", message))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::io(path, &error))
}
