//! `souk store drill`: does this machine's disk lose what was acknowledged?
//!
//! `write` appends invented events and prints one line per append once it is durable. Whoever keeps those lines
//! elsewhere may then kill the process, fill the disk or pull the plug; `check` opens the store as a restart would and
//! holds it against the lines. Every event is a function of seed, stream and revision (see `invent`), so what is read
//! back is compared to the byte.

mod acks;
mod check;
mod invent;
mod log;
mod write;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use souk_store_log::{Kind, LogStore, Options};

use crate::cli::Global;
use crate::fail::{Exit, Failure};

/// The first bytes of the id of a store that a drill made; the seed follows. So a drill writes into no other store,
/// and `check` needs no seed.
const MARK: [u8; 8] = *b"SKDRILL1";

/// `souk store drill`
#[derive(Debug, Args)]
pub(crate) struct Drill {
    #[command(subcommand)]
    what: What,
}

/// The two halves of a drill.
#[derive(Debug, Subcommand)]
enum What {
    /// Append invented events; print one line per append that is durable
    Write(Write),
    /// Open the store as a restart would and hold it against those lines
    Check(Check),
}

/// `souk store drill write`
#[derive(Debug, Args)]
pub(crate) struct Write {
    /// Threads that append
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    writers: u16,
    /// Seed of the invented events [default: that of the store there, else 42]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Stop after so many appends; 0 goes on until stopped
    #[arg(long, value_name = "K", default_value_t = 10_000)]
    appends: u64,
    /// A segment is closed before it grows beyond this, in bytes [default: as for a ledger, 64 MiB]
    #[arg(long, value_name = "B")]
    segment_bytes: Option<u64>,
    /// A group is written and synced once it has this many bytes [default: as for a ledger, 4 MiB]
    #[arg(long, value_name = "B")]
    group_bytes: Option<usize>,
}

/// `souk store drill check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// What `write` printed, of one run or of several, one file after the other; may be repeated
    #[arg(long, value_name = "FILE")]
    acks: Vec<PathBuf>,
    /// Change nothing: leave a torn tail where it is
    #[arg(long)]
    read_only: bool,
}

/// Runs one half.
pub(crate) fn run(global: &Global, of: &Drill) -> Result<(), Failure> {
    let dir = global.data.as_deref().ok_or_else(|| {
        Failure::new(Exit::Usage, "MissingArgument", "a drill needs a directory of its own")
            .with("  name one on the disk in question with --data DIR")
    })?;
    match &of.what {
        What::Write(of) => write::run(global, dir, of),
        What::Check(of) => check::run(global, dir, of),
    }
}

/// The id of the store of a seed.
fn store_id(seed: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&MARK);
    id[8..].copy_from_slice(&seed.to_be_bytes());
    id
}

/// The seed of a store that a drill made.
fn seed_of(dir: &Path, store: &LogStore) -> Result<u64, Failure> {
    let id = u128::from_be_bytes(store.store_id());
    let seed = u64::try_from(id & u128::from(u64::MAX)).unwrap_or_default();
    if store.kind() == Kind::Plain && store.store_id() == store_id(seed) {
        return Ok(seed);
    }
    let message = format!("{} holds a store that no drill made", dir.display());
    Err(Failure::new(Exit::Refused, "NotADrill", message)
        .with("  invented events go into a directory of their own: name another with --data"))
}

/// Opens the store for writing, which recovers it, unless it is not a drill's.
fn open(dir: &Path, options: Options) -> Result<(LogStore, u64), Failure> {
    // Looked at first without changing anything: opening for writing cuts a torn tail.
    if let Ok(store) = LogStore::open_read_only(dir) {
        seed_of(dir, &store)?;
    }
    let store = LogStore::open(dir, Kind::Plain, options)?;
    let seed = seed_of(dir, &store)?;
    Ok((store, seed))
}
