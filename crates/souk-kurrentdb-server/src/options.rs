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
    /// Connections at once; further ones are closed as they come. 1 or more, default 1,000.
    pub max_connections: usize,
    /// Reads and subscriptions at once, over all connections; further ones are refused as resource exhausted. 1 or
    /// more, default 10,000.
    pub max_reads: usize,
    /// Bytes of answers that clients have not taken yet, over all reads and subscriptions, beside about 24 KiB that
    /// each may hold anyway. At the limit less is read at once, and large events wait. 1 MiB or more, default 32 MiB.
    pub max_read_memory: usize,
    /// A read or subscription whose client takes nothing for so long is ended as resource exhausted if its memory is
    /// needed; a large event that finds no memory within twice the time ends its read. Default 30 s.
    pub slow_reader_timeout: Duration,
    /// Bytes of all appends that have begun to arrive or are being written; what would exceed it is refused as
    /// resource exhausted. Every event counts with its data, metadata and 256 bytes. At least
    /// [`Options::max_append_bytes`] four times over, default 64 MiB.
    pub max_append_memory: usize,
    /// An append in a batch that does not go on for so long is dropped and answered as deadline exceeded; a batch
    /// whose answers are not taken for so long ends. Default 60 s.
    pub partial_append_timeout: Duration,
    /// How long [`crate::Server::shutdown`] waits for calls under way. Default 5 s.
    pub shutdown_timeout: Duration,
}

/// The smallest [`Options::max_read_memory`].
pub(crate) const MIN_READ_MEMORY: usize = 1 << 20;
/// So many appends of the largest size are to fit in [`Options::max_append_memory`].
pub(crate) const MIN_LARGEST_APPENDS: usize = 4;
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
            max_connections: 1_000,
            max_reads: 10_000,
            max_read_memory: 32 << 20,
            slow_reader_timeout: Duration::from_secs(30),
            max_append_memory: 64 << 20,
            partial_append_timeout: Duration::from_secs(60),
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
            .field("max_connections", &self.max_connections)
            .field("max_reads", &self.max_reads)
            .field("max_read_memory", &self.max_read_memory)
            .field("slow_reader_timeout", &self.slow_reader_timeout)
            .field("max_append_memory", &self.max_append_memory)
            .field("partial_append_timeout", &self.partial_append_timeout)
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
