//! Starting and ending a server.

use crate::auth::Auth;
use crate::budget::Budget;
use crate::core::{Core, Head, Stripes};
use crate::net::Incoming;
use crate::options::{
    MAX_APPEND_BYTES_LIMIT, MIN_LARGEST_APPENDS, MIN_READ_MEMORY, Mode, Options, Tls,
};
use crate::read::Room;
use crate::service::Calls;
use crate::write::Recent;
use souk_store::{EventStore, StoreError, Subscription};
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tonic::transport::{Identity, ServerTlsConfig};

/// Threads that wait for the network; as few suffice, since they never block.
const WORKERS: usize = 2;
/// Threads that read and append.
const BLOCKING: usize = 32;
/// How often a silent connection is asked whether it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Bytes that one connection may send before they are looked at, over all its calls. Larger windows would let idle
/// calls hold more, and the system's own buffers come on top.
const RECEIVE_WINDOW: u32 = 512 << 10;

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The listener or the threads could not be used.
    #[error("the server cannot start: {0}")]
    Io(#[from] io::Error),
    /// The store could not be asked.
    #[error("the server cannot start: {0}")]
    Store(#[from] StoreError),
    /// An option is out of its range.
    #[error("the server cannot start: {what}")]
    Options {
        /// Which, and what is allowed.
        what: Box<str>,
    },
    /// Certificate and key cannot be used.
    #[error(
        "the server cannot start: certificate and key cannot be used: {why}; give both in PEM, the key unencrypted"
    )]
    Tls {
        /// Why not.
        why: Box<str>,
    },
}

/// A server that is running. Dropping it ends it at once; [`Server::shutdown`] ends it in order.
pub struct Server {
    address: SocketAddr,
    runtime: Option<Runtime>,
    stopping: watch::Sender<bool>,
    ended: Arc<Ended>,
    patience: Duration,
}

#[derive(Default)]
struct Ended {
    ended: Mutex<bool>,
    changed: Condvar,
}

/// Serves a store on a listener, on threads of its own. The store stays the caller's to close, after the server.
///
/// # Errors
/// Any [`ServeError`].
pub fn serve(
    store: Arc<dyn EventStore>,
    mode: Mode,
    listener: TcpListener,
    options: Options,
) -> Result<Server, ServeError> {
    check(&options)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let entries = store.head()?;
    let (head_sender, head) = watch::channel(Head { entries, closed: false });
    let (stopping, stops) = watch::channel(false);
    let subscription = store.subscribe(entries);
    let (patience, max_connections) = (options.shutdown_timeout, options.max_connections);
    let mut transport = tonic::transport::Server::builder()
        .timeout(options.call_timeout)
        .max_concurrent_streams(options.max_calls_per_connection)
        .initial_connection_window_size(RECEIVE_WINDOW)
        .initial_stream_window_size(RECEIVE_WINDOW)
        .http2_keepalive_interval(Some(KEEP_ALIVE));
    if let Some(tls) = &options.tls {
        transport = transport.tls_config(identity(tls)?).map_err(|error| tls_error(&error))?;
    }
    let core = Arc::new(Core {
        store,
        mode,
        auth: Auth::new(&options.users, &options.tokens),
        max_append_bytes: options.max_append_bytes,
        advertised: options.advertise.is_some(),
        endpoint: options.advertise.unwrap_or((address.ip().to_string(), address.port())),
        head,
        stopping: stops.clone(),
        stripes: Stripes::new(),
        recent: Recent::new(),
        subscriptions: AtomicU64::new(0),
        appends: Budget::new(options.max_append_memory),
        partial_append_timeout: options.partial_append_timeout,
        room: Room::new(options.max_read_memory, options.max_reads, options.slow_reader_timeout),
    });
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(BLOCKING)
        .thread_name("souk-kurrentdb")
        .enable_all()
        .build()?;
    let listener = {
        let _context = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    runtime.spawn(watch_head(subscription, head_sender));
    let ended = Arc::<Ended>::default();
    let ending = Arc::clone(&ended);
    runtime.spawn(async move {
        let mut stops = stops;
        let stopped = async move {
            // A sender that is gone means that the server is being dropped.
            let _ = stops.wait_for(|stopping| *stopping).await;
        };
        let incoming = Incoming::new(listener, Budget::new(max_connections));
        let served = transport.serve_with_incoming_shutdown(Calls { core }, incoming, stopped);
        // Accepting never fails; what fails on a connection is its client's to notice.
        let _ = served.await;
        ending.end();
    });
    Ok(Server { address, runtime: Some(runtime), stopping, ended, patience })
}

fn check(options: &Options) -> Result<(), ServeError> {
    let range = 1..=MAX_APPEND_BYTES_LIMIT;
    let what = if !range.contains(&options.max_append_bytes) {
        format!(
            "an append of at most {} bytes is outside 1 to {MAX_APPEND_BYTES_LIMIT}",
            options.max_append_bytes
        )
    } else if options.max_append_memory / MIN_LARGEST_APPENDS < options.max_append_bytes {
        format!(
            "{} bytes of memory for appends are too few for {MIN_LARGEST_APPENDS} appends of {} bytes; allow more, or \
             smaller appends",
            options.max_append_memory, options.max_append_bytes
        )
    } else if options.max_read_memory < MIN_READ_MEMORY {
        let memory = options.max_read_memory;
        format!("{memory} bytes of memory for reads are too few; allow {MIN_READ_MEMORY} or more")
    } else if options.max_connections == 0 || options.max_reads == 0 {
        "without connections or reads nobody is served; allow at least one of each".to_owned()
    } else if let Some((name, _)) = options.users.iter().find(|(name, _)| name.contains(':')) {
        format!("the user name {name:?} has a colon; choose one without")
    } else if options.tokens.iter().any(String::is_empty) {
        "a token is empty; leave it out, or choose one nobody can guess".to_owned()
    } else {
        return Ok(());
    };
    Err(ServeError::Options { what: what.into() })
}

fn identity(tls: &Tls) -> Result<ServerTlsConfig, ServeError> {
    // More than one implementation of cryptography may be in the build, so one is named; another part of the program
    // may have done so before.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    if tls.certificate.is_empty() || tls.key.is_empty() {
        return Err(ServeError::Tls { why: "one of them is empty".into() });
    }
    Ok(ServerTlsConfig::new().identity(Identity::from_pem(&tls.certificate, &tls.key)))
}

/// The whole chain of reasons.
fn tls_error(error: &dyn std::error::Error) -> ServeError {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        why = format!("{why}: {error}");
        source = error.source();
    }
    ServeError::Tls { why: why.into() }
}

/// Passes on how many entries are durable, from the store to everybody who waits.
async fn watch_head(mut subscription: Subscription, heads: watch::Sender<Head>) {
    loop {
        let known = heads.borrow().entries;
        let following = &mut subscription;
        let moved = poll_fn(move |context| following.poll_head(known, context)).await;
        match moved {
            Some(entries) => heads.send_modify(|head| head.entries = head.entries.max(entries)),
            None => {
                heads.send_modify(|head| head.closed = true);
                return;
            }
        }
    }
}

impl Ended {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        *self.lock() = true;
        self.changed.notify_all();
    }

    /// Blocks until the end, or for so long.
    fn wait(&self, patience: Option<Duration>) {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        let mut ended = self.lock();
        while !*ended {
            ended = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                None => self.changed.wait(ended).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return,
                Some(left) => {
                    let waited = self.changed.wait_timeout(ended, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl Server {
    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Blocks until the server has ended, which only [`Server::shutdown`] brings about.
    pub fn wait(&self) {
        self.ended.wait(None);
    }

    /// Ends the server: no more connections, subscriptions end as unavailable, calls under way are finished if they
    /// are within [`Options::shutdown_timeout`]. Blocks as long. May be called from any thread, and again.
    pub fn shutdown(&self) {
        self.stopping.send_replace(true);
        self.ended.wait(Some(self.patience));
        self.ended.end();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.send_replace(true);
        self.ended.end();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}
