//! The protocol on the wire: what the official client for Rust hides, and others look at.

mod batches;
mod calls;
mod errors;
mod limits;

use crate::proto::shared::{StreamIdentifier, StructuredUuid, Uuid, UuidValue};
use crate::proto::write::{ExpectedStreamRevision, ProposedMessage, StreamAt};
use crate::{Mode, Options, Server, serve};
use souk_store::{EventStore, MemoryStore};
use std::net::TcpListener;
use std::sync::Arc;
use tokio_stream::{Stream, StreamExt};
use tonic::client::Grpc;
use tonic::codec::ProstCodec;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};

/// A server and a connection to it.
struct Wire {
    server: Server,
    channel: Channel,
}

const STREAMS: &str = "/event_store.client.streams.Streams";

impl Wire {
    fn over(store: Arc<dyn EventStore>, mode: Mode, options: Options) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = serve(store, mode, listener, options).unwrap();
        let url = format!("http://{}", server.address());
        let channel = Endpoint::from_shared(url).unwrap().connect_lazy();
        Wire { server, channel }
    }

    fn plain() -> Wire {
        Wire::over(Arc::new(MemoryStore::new()), Mode::Plain, Options::default())
    }

    /// Any call: messages to the server, messages from it.
    async fn call<Asked, Answer>(
        &self,
        path: &str,
        asked: impl Stream<Item = Asked> + Send + 'static,
    ) -> Result<Streaming<Answer>, Status>
    where
        Asked: prost::Message + 'static,
        Answer: prost::Message + Default + 'static,
    {
        let mut grpc = Grpc::new(self.channel.clone());
        grpc.ready().await.unwrap();
        let codec = ProstCodec::<Asked, Answer>::default();
        let answers = grpc.streaming(Request::new(asked), path.parse().unwrap(), codec).await?;
        Ok(answers.into_inner())
    }

    /// A call that is answered once.
    async fn once<Asked, Answer>(&self, path: &str, asked: Vec<Asked>) -> Result<Answer, Status>
    where
        Asked: prost::Message + 'static,
        Answer: prost::Message + Default + 'static,
    {
        let mut answers = self.call(path, tokio_stream::iter(asked)).await?;
        let answer = answers.message().await?;
        Ok(answer.expect("no answer"))
    }
}

async fn all<Answer>(answers: Result<Streaming<Answer>, Status>) -> Result<Vec<Answer>, Status> {
    let answers: Vec<Result<Answer, Status>> = answers?.collect().await;
    answers.into_iter().collect()
}

fn name(stream: &str) -> StreamIdentifier {
    crate::ids::identifier(stream)
}

fn at(stream: &str, expected: ExpectedStreamRevision) -> StreamAt {
    StreamAt { stream_identifier: Some(name(stream)), expected: Some(expected) }
}

/// The id of the `n`th event.
fn id(n: i64) -> Uuid {
    let value = StructuredUuid { most_significant_bits: -1, least_significant_bits: n };
    Uuid { value: Some(UuidValue::Structured(value)) }
}

/// The `n`th event, with `size` bytes of data.
fn proposed(n: i64, size: usize) -> ProposedMessage {
    let metadata = [("type", "Noted"), ("content-type", "application/octet-stream")];
    ProposedMessage {
        id: Some(id(n)),
        metadata: metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        custom_metadata: b"{}".as_slice().into(),
        data: vec![7; size].into(),
    }
}

/// The trailers that say what went wrong.
fn trailer<'a>(status: &'a Status, key: &str) -> &'a str {
    status.metadata().get(key).map_or("", |value| value.to_str().unwrap())
}
