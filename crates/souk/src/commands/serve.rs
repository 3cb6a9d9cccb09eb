//! `souk serve` and `souk store serve`: the KurrentDB protocol on an address. A ledger is read and followed, never
//! written; a plain event store may be appended to by anybody who is let in.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::cli::Global;
use crate::fail::Failure;
#[cfg(feature = "kurrentdb")]
use crate::serving::{plain, serve_ledger};

/// `souk serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Serve the KurrentDB protocol here
    #[arg(long, value_name = "ADDRESS:PORT", required = true)]
    pub(crate) kurrentdb: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) with: With,
}

/// `souk store serve`
#[derive(Debug, Args)]
pub(crate) struct ServeStore {
    /// Where to listen
    #[arg(value_name = "ADDRESS:PORT", default_value = "127.0.0.1:2113")]
    pub(crate) address: SocketAddr,
    #[command(flatten)]
    pub(crate) with: With,
}

/// What both take.
#[derive(Debug, Args)]
pub(crate) struct With {
    /// Certificate chain, in PEM; with --tls-key
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The certificate's private key, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Who is let in: lines of `user:password` or `bearer TOKEN`
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,
    /// Host and port under which clients reach this server
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) advertise: Option<String>,
    /// Listen beyond this machine although everybody is let in
    #[arg(long)]
    pub(crate) open_to_all: bool,
}

/// Serves a ledger.
#[cfg(feature = "kurrentdb")]
pub(crate) fn run(global: &Global, of: &Serve) -> Result<(), Failure> {
    of.kurrentdb.map_or(Ok(()), |address| serve_ledger(global, address, &of.with))
}

/// Serves a plain event store.
#[cfg(feature = "kurrentdb")]
pub(crate) fn run_store(global: &Global, of: &ServeStore) -> Result<(), Failure> {
    plain(global, of.address, &of.with)
}

/// Serves a ledger, had it been built.
#[cfg(not(feature = "kurrentdb"))]
pub(crate) fn run(_global: &Global, _of: &Serve) -> Result<(), Failure> {
    Err(crate::remote::not_built("souk serve --kurrentdb"))
}

/// Serves a plain event store, had it been built.
#[cfg(not(feature = "kurrentdb"))]
pub(crate) fn run_store(_global: &Global, _of: &ServeStore) -> Result<(), Failure> {
    Err(crate::remote::not_built("souk store serve"))
}
