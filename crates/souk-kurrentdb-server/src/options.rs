//! What is served, and how.

use souk_store::Record;
use std::fmt;
use std::time::Duration;

/// What is served.
#[derive(Clone, Copy)]
pub enum Mode {
    /// A ledger: read and followed, never written. Its records are served as they are, as JSON.
    Ledger {
        /// When a record was written, in units of 100 ns since 1970-01-01T00:00Z.
        created: fn(&Record<'_>) -> u64,
    },
    /// A plain event store: everything may be done with it, and everything in it must have been written by this
    /// server.
    Plain,
}

impl Mode {
    pub(crate) fn is_ledger(self) -> bool {
        match self {
            Mode::Ledger { .. } => true,
            Mode::Plain => false,
        }
    }
}

impl fmt::Debug for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Ledger { .. } => "Ledger",
            Mode::Plain => "Plain",
        })
    }
}

/// How a server serves. The defaults: without TLS, to everybody, with KurrentDB's limits.
#[derive(Clone)]
pub struct Options {
    /// Certificate and key; without, everything crosses the network in the clear, credentials included.
    pub tls: Option<Tls>,
    /// Names and passwords that are let in. A name has no colon.
    pub users: Vec<(String, String)>,
    /// Bearer tokens that are let in. Once there is a user or a token, calls with neither are refused; only what
    /// the server can do and where it is may be asked without. The official clients for Node and Python send
    /// credentials over TLS alone, so a server that wants some needs TLS for them.
    pub tokens: Vec<String>,
    /// Host and port under which clients reach the server, told to those that ask. Without, it is what the client
    /// itself used.
    pub advertise: Option<(String, u16)>,
    /// Data and metadata of one append take at most this many bytes together: 1 to 16 MiB, default 1 MiB.
    pub max_append_bytes: usize,
    /// Calls at once on one connection, subscriptions included. Default 1,000.
    pub max_calls_per_connection: u32,
    /// A call other than a subscription, a read or a batch that takes longer is cancelled. Default 60 s.
    pub call_timeout: Duration,
    /// How long [`crate::Server::shutdown`] waits for calls under way. Default 5 s.
    pub shutdown_timeout: Duration,
}

/// The largest [`Options::max_append_bytes`].
pub(crate) const MAX_APPEND_BYTES_LIMIT: usize = 16 << 20;

impl Default for Options {
    fn default() -> Options {
        Options {
            tls: None,
            users: Vec::new(),
            tokens: Vec::new(),
            advertise: None,
            max_append_bytes: 1 << 20,
            max_calls_per_connection: 1_000,
            call_timeout: Duration::from_secs(60),
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}

impl fmt::Debug for Options {
    /// Without passwords, tokens and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("tls", &self.tls.is_some())
            .field("users", &self.users.len())
            .field("tokens", &self.tokens.len())
            .field("advertise", &self.advertise)
            .field("max_append_bytes", &self.max_append_bytes)
            .field("max_calls_per_connection", &self.max_calls_per_connection)
            .field("call_timeout", &self.call_timeout)
            .field("shutdown_timeout", &self.shutdown_timeout)
            .finish()
    }
}

/// What the server proves itself with, in PEM.
#[derive(Clone)]
pub struct Tls {
    /// The certificate, and those that lead from it to one the clients trust.
    pub certificate: Vec<u8>,
    /// The certificate's private key.
    pub key: Vec<u8>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
