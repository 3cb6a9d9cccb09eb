//! Appends through the official KurrentDB client to our own server, over a log on disk, one after another.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_kurrentdb_server::{Mode, Options, serve};
use souk_ledger::ledger::all_appended;
use souk_store::EventStore;
use souk_store_kurrentdb::{Address, KurrentStore};

use super::durable::singles;
use crate::commands::bench::figures::{Aim, Figure};
use crate::fail::{Exit, Failure};
use crate::measure::{per_second, timed};

/// Appends.
const COUNT: usize = 2_000;
/// What a sequential writer may expect, in appends per second.
const EXPECTED: u64 = 500;

fn failed(error: impl ToString) -> Failure {
    Failure::new(Exit::OutOfReach, "ServerNotStarted", error.to_string())
}

/// Measures.
pub(super) fn measure(dir: &Path) -> Result<Figure, Failure> {
    let log: Arc<dyn EventStore> = Arc::new(super::create(dir)?);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let server = serve(log, Mode::Plain, listener, Options::default()).map_err(failed)?;
    let address = format!("kurrentdb://{}?tls=false&ledger=bench", server.address());
    let address: Address = address.parse().map_err(failed)?;
    let store = KurrentStore::open(&address, souk_store_kurrentdb::Options::default())?;
    let mut took = Duration::ZERO;
    for append in singles(0, 0, COUNT) {
        let (appended, one) = timed(|| all_appended(store.append(vec![append]).wait()));
        appended?;
        took += one;
    }
    drop(store);
    server.shutdown();
    Ok(Figure::new(
        "through the KurrentDB client to our server, one event at a time",
        (per_second(COUNT as u64, took), "appends/s"),
        (EXPECTED, "appends/s expected"),
        Aim::AtLeast(100),
    ))
}
