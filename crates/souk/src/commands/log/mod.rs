//! `souk log`: looking into the log's files, and verifying them.

mod elsewhere;
mod inspect;
mod verify;

pub(crate) use verify::print as printed;

use clap::{Args, Subcommand};

use crate::cli::Global;
use crate::fail::Failure;

/// `souk log`
#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(subcommand)]
    what: What,
}

/// What to do with a log.
#[derive(Debug, Subcommand)]
enum What {
    /// What is in the files: segments, index, watermark; or one entry, or one stream
    Inspect(inspect::Inspect),
    /// Read every byte, check every checksum, compute the root of all records
    Verify(verify::Verify),
}

/// Runs one of them.
pub(crate) fn run(global: &Global, of: &Log) -> Result<(), Failure> {
    match &of.what {
        What::Inspect(of) => inspect::run(global, of),
        What::Verify(of) => verify::run(global, of),
    }
}
