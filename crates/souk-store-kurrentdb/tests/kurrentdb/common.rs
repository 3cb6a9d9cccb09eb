//! Servers, ledgers on them, and a client that is not the adapter.

use kurrentdb::{AppendToStreamOptions, Client, EventData, StreamState, TombstoneStreamOptions};
use souk_kurrentdb_server::{Mode, Server, serve};
use souk_store::{Append, EventStore, Expected, MemoryStore, NewEvent};
use souk_store_kurrentdb::{Address, KurrentStore, Options};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

/// A server of this workspace over some store, in plain mode.
pub(crate) struct Plain {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) address: SocketAddr,
    server: Option<Server>,
}

impl Plain {
    /// Over a store in memory.
    pub(crate) fn memory() -> Plain {
        Plain::over(Arc::new(MemoryStore::new()))
    }

    pub(crate) fn over(store: Arc<dyn EventStore>) -> Plain {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut plain = Plain { store, address, server: None };
        plain.serve(listener);
        plain
    }

    fn serve(&mut self, listener: TcpListener) {
        let options = souk_kurrentdb_server::Options::default();
        self.server = Some(serve(Arc::clone(&self.store), Mode::Plain, listener, options).unwrap());
    }

    /// Ends the server; every connection breaks.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// Serves the same store on the same port again.
    pub(crate) fn start(&mut self) {
        self.serve(bind(self.address));
    }

    /// The address without a ledger.
    pub(crate) fn url(&self) -> String {
        format!("kurrentdb://{}?tls=false", self.address)
    }
}

/// A port that was just given up may be taken for a moment.
pub(crate) fn bind(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return listener,
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// The address of a ledger.
pub(crate) fn address(url: &str, ledger: &str) -> Address {
    format!("{url}&ledger={ledger}").parse().unwrap()
}

/// A name that no other test uses, on a server that outlives the tests neither.
pub(crate) fn fresh_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let run = Uuid::new_v4().simple().to_string();
    format!("t{}-{}", NEXT.fetch_add(1, Ordering::Relaxed), &run[..12])
}

pub(crate) fn open(url: &str, ledger: &str) -> KurrentStore {
    KurrentStore::open(&address(url, ledger), Options::default()).unwrap()
}

/// An event whose id and data tell which one it is.
pub(crate) fn event(number: u64) -> NewEvent {
    NewEvent {
        event_id: u128::from(number).to_be_bytes(),
        event_type: "thing-done".into(),
        metadata: b"{\"v\":1}".to_vec(),
        data: format!("{{\"number\":{number}}}").into_bytes(),
    }
}

pub(crate) fn append(stream: &str, revision: u64, number: u64) -> Append {
    let expected = Expected::after(revision.checked_sub(1));
    Append { stream: stream.into(), expected, events: vec![event(number)] }
}

/// Appends one event as the given revision.
pub(crate) fn put(store: &dyn EventStore, stream: &str, revision: u64) {
    store.append(vec![append(stream, revision, revision)]).wait_one().unwrap();
}

/// The bytes of all records.
pub(crate) fn all(store: &dyn EventStore) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    loop {
        let page = store.read_all(records.len() as u64, 1 << 20).unwrap();
        if page.is_empty() {
            return records;
        }
        records.extend(page.raw().map(|(_, bytes)| bytes.to_vec()));
    }
}

/// The official client, used as somebody else would.
pub(crate) struct Raw {
    runtime: Runtime,
    client: Client,
}

impl Raw {
    pub(crate) fn new(url: &str) -> Raw {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let settings = format!("{url}&discoveryInterval=20").parse().unwrap();
        let client = Client::with_runtime_handle(runtime.handle().clone(), settings).unwrap();
        Raw { runtime, client }
    }

    pub(crate) fn append(&self, stream: &str, event: EventData) {
        self.append_at(stream, StreamState::Any, event);
    }

    pub(crate) fn append_at(&self, stream: &str, state: StreamState, event: EventData) {
        let options = AppendToStreamOptions::default().stream_state(state);
        self.runtime.block_on(self.client.append_to_stream(stream, &options, event)).unwrap();
    }

    /// Sets the metadata of a stream.
    pub(crate) fn describe(&self, stream: &str, metadata: &str) {
        let event = EventData::json("$metadata", &json(metadata)).unwrap();
        self.append(&format!("$${stream}"), event.id(Uuid::new_v4()));
    }

    pub(crate) fn tombstone(&self, stream: &str) {
        let options = TombstoneStreamOptions::default();
        self.runtime.block_on(self.client.tombstone_stream(stream, &options)).unwrap();
    }

    pub(crate) fn delete(&self, stream: &str) {
        let options = kurrentdb::DeleteStreamOptions::default();
        self.runtime.block_on(self.client.delete_stream(stream, &options)).unwrap();
    }
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}
