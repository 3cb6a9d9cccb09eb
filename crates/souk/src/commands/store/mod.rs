//! `souk store`: what is done with an event store itself, whatever its events mean.

mod drill;

use clap::{Args, Subcommand};

use crate::cli::Global;
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
}

/// Runs one of them.
pub(crate) fn run(global: &Global, of: &Store) -> Result<(), Failure> {
    match &of.what {
        What::Drill(of) => drill::run(global, of),
    }
}
