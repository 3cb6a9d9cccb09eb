//! Servers over both stores, clients of them, and events to append.

use kurrentdb::{
    AppendToStreamOptions, Client, EventData, ReadAllOptions, ReadStreamOptions, RecordedEvent,
    StreamState, WriteResult,
};
use souk_kurrentdb_server::{Mode, Options, Server, serve};
use souk_store::{EventStore, MemoryStore};
use souk_store_log::{Kind, LogStore};
use std::net::TcpListener;
use std::sync::Arc;
use tempfile::TempDir;

/// A server and a client of it.
pub(crate) struct Bench {
    pub(crate) client: Client,
    pub(crate) server: Server,
    pub(crate) store: Arc<dyn EventStore>,
    /// Removed at the end.
    _directory: Option<TempDir>,
}

impl Bench {
    /// A server in this mode over this store.
    pub(crate) fn start(store: Arc<dyn EventStore>, mode: Mode, options: Options) -> Bench {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = serve(Arc::clone(&store), mode, listener, options).unwrap();
        let client = client(&url(&server));
        Bench { client, server, store, _directory: None }
    }

    /// A plain server over a store in memory.
    pub(crate) fn memory() -> Bench {
        Bench::start(Arc::new(MemoryStore::new()), Mode::Plain, Options::default())
    }

    /// A plain server over a log.
    pub(crate) fn log() -> Bench {
        let directory = tempfile::tempdir().unwrap();
        let options = souk_store_log::Options::default();
        let store = LogStore::create(directory.path(), Kind::Plain, [7; 16], options).unwrap();
        let bench = Bench::start(Arc::new(store), Mode::Plain, Options::default());
        Bench { _directory: Some(directory), ..bench }
    }

    /// Plain servers over every store.
    pub(crate) fn all() -> [Bench; 2] {
        [Bench::memory(), Bench::log()]
    }

    /// Appends events whose data are `{"n":…}`.
    pub(crate) async fn append(
        &self,
        stream: &str,
        state: StreamState,
        events: Vec<EventData>,
    ) -> kurrentdb::Result<WriteResult> {
        let options = AppendToStreamOptions::default().stream_state(state);
        self.client.append_to_stream(stream, &options, events).await
    }

    /// All that can be read of a stream.
    pub(crate) async fn read(&self, stream: &str) -> kurrentdb::Result<Vec<RecordedEvent>> {
        self.read_with(stream, &ReadStreamOptions::default()).await
    }

    /// What a read of a stream returns.
    pub(crate) async fn read_with(
        &self,
        stream: &str,
        options: &ReadStreamOptions,
    ) -> kurrentdb::Result<Vec<RecordedEvent>> {
        collect(self.client.read_stream(stream, options).await?).await
    }

    /// What a read of everything returns.
    pub(crate) async fn read_all(
        &self,
        options: &ReadAllOptions,
    ) -> kurrentdb::Result<Vec<RecordedEvent>> {
        collect(self.client.read_all(options).await?).await
    }
}

/// Where a server without TLS is.
pub(crate) fn url(server: &Server) -> String {
    format!("kurrentdb://{}?tls=false", server.address())
}

/// A client of a URL.
pub(crate) fn client(url: &str) -> Client {
    Client::new(url.parse().unwrap()).unwrap()
}

async fn collect(mut read: kurrentdb::ReadStream) -> kurrentdb::Result<Vec<RecordedEvent>> {
    let mut events = Vec::new();
    while let Some(event) = read.next().await? {
        events.extend(event.event);
    }
    Ok(events)
}

/// The id of the `n`th event.
pub(crate) fn id(n: u64) -> uuid::Uuid {
    uuid::Uuid::from_u64_pair(0xFACE, n)
}

/// Events `first..first + count`, of type `Noted`.
pub(crate) fn events(first: u64, count: u64) -> Vec<EventData> {
    (first..first + count).map(|n| event("Noted", n)).collect()
}

/// One event of a type.
pub(crate) fn event(event_type: &str, n: u64) -> EventData {
    EventData::json(event_type, &serde_json::json!({ "n": n })).unwrap().id(id(n))
}

/// The numbers of the events' ids.
pub(crate) fn numbers(events: &[RecordedEvent]) -> Vec<u64> {
    events.iter().map(|event| event.id.as_u64_pair().1).collect()
}

/// The revisions of the events.
pub(crate) fn revisions(events: &[RecordedEvent]) -> Vec<u64> {
    events.iter().map(|event| event.revision).collect()
}
