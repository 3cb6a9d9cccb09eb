//! A plain event store over the KurrentDB protocol: `serve_plain PORT [DIRECTORY] [--tls CERTIFICATE KEY]
//! [--user NAME PASSWORD]`, in memory without a directory.

use souk_kurrentdb_server::{Mode, Options, Tls, serve};
use souk_store::{EventStore, MemoryStore};
use souk_store_log::{Kind, LogStore};
use std::error::Error;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

const USAGE: &str =
    "usage: serve_plain PORT [DIRECTORY] [--tls CERTIFICATE KEY] [--user NAME PASSWORD]";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().ok_or(USAGE)?.parse()?;
    let mut options = Options::default();
    let mut directory = None;
    while let Some(argument) = arguments.next() {
        let mut next = || arguments.next().ok_or(USAGE);
        match argument.as_str() {
            "--tls" => {
                let (certificate, key) = (std::fs::read(next()?)?, std::fs::read(next()?)?);
                options.tls = Some(Tls { certificate, key });
            }
            "--user" => options.users.push((next()?, next()?)),
            _ => directory = Some(argument),
        }
    }
    let store: Arc<dyn EventStore> = match directory {
        None => Arc::new(MemoryStore::new()),
        Some(directory) => {
            let options = souk_store_log::Options::default();
            Arc::new(if Path::new(&directory).join("log").is_dir() {
                LogStore::open(directory, Kind::Plain, options)?
            } else {
                LogStore::create(directory, Kind::Plain, *b"souk serve_plain", options)?
            })
        }
    };
    let query = if options.tls.is_some() { "" } else { "?tls=false" };
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let server = serve(store, Mode::Plain, listener, options)?;
    println!("kurrentdb://{}{query}", server.address());
    server.wait();
    Ok(())
}
