//! A plain event store over the KurrentDB protocol: `serve_plain PORT [DIRECTORY]`, in memory without a directory.

use souk_kurrentdb_server::{Mode, Options, serve};
use souk_store::{EventStore, MemoryStore};
use souk_store_log::{Kind, LogStore};
use std::error::Error;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().ok_or("usage: serve_plain PORT [DIRECTORY]")?.parse()?;
    let store: Arc<dyn EventStore> = match arguments.next() {
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
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let server = serve(store, Mode::Plain, listener, Options::default())?;
    println!("kurrentdb://{}?tls=false", server.address());
    server.wait();
    Ok(())
}
