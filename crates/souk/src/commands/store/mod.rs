//! `souk store`: what is done with an event store itself, whatever its events mean.

mod copy;
mod drill;

pub(crate) use copy::bring;

use clap::{Args, Subcommand};

use crate::cli::Global;
use crate::commands::serve::{self, ServeStore};
use crate::fail::Failure;

/// `souk store`
#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    what: What,
}

/// What to do with a store.
#[derive(Debug, Subcommand)]
enum What {
    /// Does this machine's disk lose what was acknowledged? Write, pull the plug, check
    Drill(drill::Drill),
    /// A ledger into another store, entry by entry, and compared
    Copy(copy::Copy),
    /// Serve a plain event store, never a ledger, to clients of KurrentDB
    Serve(ServeStore),
}

/// Runs one of them.
pub(crate) fn run(global: &Global, of: &Store) -> Result<(), Failure> {
    match &of.what {
        What::Drill(of) => drill::run(global, of),
        What::Copy(of) => copy::run(global, of),
        What::Serve(of) => serve::run_store(global, of),
    }
}
