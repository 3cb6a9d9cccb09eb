//! Which call is answered by what.

use crate::core::Core;
use crate::intake::Intake;
use crate::proto::read::ReadReq;
use crate::proto::topology::{ClusterInfo, SupportedMethods};
use crate::proto::write::{
    AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq, DeleteResp,
};
use crate::{fault, read, topology, write};
use http_body::Body as _;
use prost::Message;
use std::convert::Infallible;
use std::future::{Future, Ready, poll_fn, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tonic::body::Body;
use tonic::codec::{Codec, ProstCodec};
use tonic::codegen::{BoxFuture, Bytes, Service, http};
use tonic::server::Grpc;
use tonic::{Request, Response, Status, Streaming};

/// A message may have so many bytes beside the events of an append.
const MESSAGE_OVERHEAD: usize = 1 << 20;

/// So many bytes, and for so long, a call that is refused is listened to.
const REFUSED_BYTES: usize = 64 << 10;
const REFUSED_WAIT: Duration = Duration::from_millis(200);

/// Answers calls.
#[derive(Clone)]
pub(crate) struct Calls {
    pub(crate) core: Arc<Core>,
}

impl Service<http::Request<Body>> for Calls {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<http::Response<Body>, Infallible>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let core = Arc::clone(&self.core);
        Box::pin(async move { Ok(answer(core, request).await) })
    }
}

async fn answer(core: Arc<Core>, request: http::Request<Body>) -> http::Response<Body> {
    // What the server can do and where it is may be asked by everybody: clients send no credentials with it.
    match request.uri().path() {
        "/event_store.client.server_features.ServerFeatures/GetSupportedMethods" => {
            let methods = topology::methods(&core);
            return grpc::<SupportedMethods, ()>(&core).unary(constant(methods), request).await;
        }
        "/event_store.client.gossip.Gossip/Read" => {
            let members = topology::members(&core, request.uri().authority());
            return grpc::<ClusterInfo, ()>(&core).unary(constant(members), request).await;
        }
        _ => {}
    }
    if let Err(status) = core.auth.check(request.headers()) {
        return refuse(request.into_body(), status).await;
    }
    streams(core, request).await
}

async fn streams(core: Arc<Core>, request: http::Request<Body>) -> http::Response<Body> {
    let (parts, body) = request.into_parts();
    let (body, intake) = Intake::of(body, &core.appends);
    let request = http::Request::from_parts(parts, body);
    match request.uri().path() {
        "/event_store.client.streams.Streams/Read" => {
            let answered = match asked(&core, request.into_body()).await {
                Ok(asked) => read::read(core, asked).await,
                Err(status) => Err(status),
            };
            answered.unwrap_or_else(Status::into_http)
        }
        "/event_store.client.streams.Streams/Append" => {
            let mut grpc = grpc::<AppendResp, AppendReq>(&core);
            let handler = Handler(move |request: Request<Streaming<AppendReq>>| {
                write::append(Arc::clone(&core), request.into_inner(), intake.clone())
            });
            grpc.client_streaming(handler, request).await
        }
        "/event_store.client.streams.Streams/BatchAppend" => {
            let mut grpc = grpc::<BatchAppendResp, BatchAppendReq>(&core);
            let handler = Handler(move |request: Request<Streaming<BatchAppendReq>>| {
                let messages = request.into_inner();
                let answers = write::batch_append(Arc::clone(&core), messages, intake.clone());
                ready(answers.map(Response::new))
            });
            grpc.streaming(handler, request).await
        }
        "/event_store.client.streams.Streams/Delete" => {
            let mut grpc = grpc::<DeleteResp, DeleteReq>(&core);
            let handler = Handler(move |request: Request<DeleteReq>| {
                write::delete(Arc::clone(&core), request.into_inner())
            });
            grpc.unary(handler, request).await
        }
        "/event_store.client.streams.Streams/Tombstone" => {
            let mut grpc = grpc::<DeleteResp, DeleteReq>(&core);
            let handler = Handler(move |request: Request<DeleteReq>| {
                write::tombstone(Arc::clone(&core), request.into_inner())
            });
            grpc.unary(handler, request).await
        }
        // There are no persistent subscriptions, so a list of them is empty.
        "/event_store.client.persistent_subscriptions.PersistentSubscriptions/List" => {
            grpc::<(), ()>(&core).unary(constant(()), request).await
        }
        path => {
            let what = format!("{path} is not served here; append, read, subscribe and delete are");
            refuse(request.into_body(), Status::unimplemented(what)).await
        }
    }
}

/// The one message of a call whose answers are not encoded in the usual way.
///
/// The end of the call is awaited too: an answer that is complete before it makes the transport reset the stream, and
/// official clients take the reset for a failure of the server.
async fn asked(core: &Core, body: Body) -> Result<ReadReq, Status> {
    let decoder = ProstCodec::<ReadReq, ReadReq>::default().decoder();
    let mut messages = Streaming::new_request(decoder, body, None, Some(message_limit(core)));
    let asked = messages.message().await?;
    let asked = asked.ok_or_else(|| fault::invalid("the call has no message"))?;
    match messages.message().await? {
        None => Ok(asked),
        Some(_) => Err(fault::invalid("the call has more than one message")),
    }
}

/// Refuses a call that nobody reads, after its end, for the reason above; a call that is long or slow is not waited for.
async fn refuse(mut body: Body, status: Status) -> http::Response<Body> {
    let mut left = REFUSED_BYTES;
    let end = async {
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(bytes) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    };
    // Either way it is refused.
    let _ = tokio::time::timeout(REFUSED_WAIT, end).await;
    status.into_http()
}

/// Bytes of the largest message.
fn message_limit(core: &Core) -> usize {
    core.max_append_bytes.saturating_add(MESSAGE_OVERHEAD)
}

fn grpc<Answer, Asked>(core: &Core) -> Grpc<ProstCodec<Answer, Asked>>
where
    Answer: Message + 'static,
    Asked: Message + Default + 'static,
{
    // Answers are larger than appends, an event at a time; nothing else bounds what was let in before.
    Grpc::new(ProstCodec::default())
        .max_decoding_message_size(message_limit(core))
        .max_encoding_message_size(usize::MAX)
}

/// A function as a service.
struct Handler<F>(F);

impl<F, Asked, Answer, Answered> Service<Request<Asked>> for Handler<F>
where
    F: FnMut(Request<Asked>) -> Answered,
    Answered: Future<Output = Result<Response<Answer>, Status>>,
{
    type Response = Response<Answer>;
    type Error = Status;
    type Future = Answered;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Asked>) -> Answered {
        (self.0)(request)
    }
}

type Answered<Answer> = Ready<Result<Response<Answer>, Status>>;

/// Always the same answer.
fn constant<Answer: Clone + Send>(
    answer: Answer,
) -> Handler<impl FnMut(Request<()>) -> Answered<Answer>> {
    Handler(move |_| ready(Ok(Response::new(answer.clone()))))
}
