//! Limits that clients cannot make the server exceed.

use super::batches::{error, options};
use super::*;
use crate::proto::read::{
    AllOption, AllOptions, Content, Extent, ReadOptions, ReadReq, ReadResp, Target,
};
use crate::proto::write::{
    AppendContent, AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, BatchResult,
};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Code;

const ANY: ExpectedStreamRevision = ExpectedStreamRevision::Any(());
const MIB: usize = 1 << 20;

fn wire(options: Options) -> Wire {
    Wire::over(Arc::new(MemoryStore::new()), Mode::Plain, options)
}

/// A call whose messages are sent one by one.
async fn open<Asked, Answer>(
    wire: &Wire,
    call: &str,
    first: Asked,
) -> (mpsc::UnboundedSender<Asked>, Streaming<Answer>)
where
    Asked: prost::Message + 'static,
    Answer: prost::Message + Default + 'static,
{
    let (sender, messages) = mpsc::unbounded_channel();
    sender.send(first).unwrap();
    let messages = UnboundedReceiverStream::new(messages);
    let answers = wire.call(&format!("{STREAMS}/{call}"), messages).await;
    (sender, answers.unwrap())
}

/// The first piece of an append to a stream of its own, nearly the largest there may be.
fn begun(n: i64) -> BatchAppendReq {
    BatchAppendReq {
        correlation_id: Some(id(n)),
        options: Some(options(&format!("s{n}"), ANY)),
        proposed_messages: vec![proposed(n, MIB - 1_000)],
        is_final: false,
    }
}

fn finished(n: i64) -> BatchAppendReq {
    BatchAppendReq { options: None, proposed_messages: Vec::new(), is_final: true, ..begun(n) }
}

async fn append(wire: &Wire, n: i64, size: usize) -> Result<AppendResp, Status> {
    let content =
        [AppendContent::Options(at("s", ANY)), AppendContent::Proposed(proposed(n, size))];
    let messages = content.map(|content| AppendReq { content: Some(content) });
    wire.once(&format!("{STREAMS}/Append"), messages.into()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn appends_under_way_have_a_bounded_memory_together() {
    let wire = wire(Options { max_append_memory: 4 * MIB, ..Options::default() });
    // What does not fit is refused, as an answer or by the end of the call, whichever comes first.
    let mut calls = Vec::new();
    let mut refused = 0;
    for call in 0..4 {
        let first = 10 * call;
        let (sender, mut answers) =
            open::<_, BatchAppendResp>(&wire, "BatchAppend", begun(first)).await;
        for n in first + 1..first + 3 {
            sender.send(begun(n)).unwrap();
            sender.send(finished(n)).unwrap();
            match answers.message().await {
                Ok(answer) => {
                    let answer = answer.unwrap();
                    if !matches!(answer.result, Some(BatchResult::Success(_))) {
                        assert_eq!(error(&answer).0.code, Code::ResourceExhausted as i32);
                        refused += 1;
                    }
                }
                Err(status) => {
                    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
                    refused += 1;
                    break;
                }
            }
        }
        calls.push((sender, answers));
    }
    assert!(refused > 0);
    // Small appends are let in all the time, large ones once there is room again.
    append(&wire, 100, 1_000).await.unwrap();
    drop(calls);
    while let Err(status) = append(&wire, 101, MIB - 1_000).await {
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
        assert!(status.message().contains("finish what is begun"), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streamed_appends_count_too() {
    let wire = wire(Options { max_append_memory: 4 * MIB, ..Options::default() });
    let mut calls = Vec::new();
    for call in 0..8 {
        let (sender, messages) = mpsc::unbounded_channel();
        let contents = [
            AppendContent::Options(at(&format!("s{call}"), ANY)),
            AppendContent::Proposed(proposed(call, MIB - 1_000)),
        ];
        for content in contents {
            sender.send(AppendReq { content: Some(content) }).unwrap();
        }
        let channel = wire.channel.clone();
        let answer = tokio::spawn(async move {
            let mut grpc = Grpc::new(channel);
            grpc.ready().await.unwrap();
            let codec = ProstCodec::<AppendReq, AppendResp>::default();
            let path = format!("{STREAMS}/Append").parse().unwrap();
            let messages = UnboundedReceiverStream::new(messages);
            grpc.client_streaming(Request::new(messages), path, codec).await.map(|_| ())
        });
        calls.push((sender, answer));
    }
    // Nobody has finished, and there is room for four; for fewer if those that are refused came halfway.
    let (senders, mut answers): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
    for _ in 0..4 {
        let (answer, _, others) = futures_util::future::select_all(answers).await;
        assert_eq!(answer.unwrap().unwrap_err().code(), Code::ResourceExhausted);
        answers = others;
    }
    drop(senders);
    for answer in answers {
        if let Err(status) = answer.await.unwrap() {
            assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_stops_in_the_middle_is_dropped_and_answered() {
    let timeout = Duration::from_millis(50);
    let wire = wire(Options { partial_append_timeout: timeout, ..Options::default() });
    let (sender, mut answers) = open::<_, BatchAppendResp>(&wire, "BatchAppend", begun(1)).await;
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!(answer.correlation_id, Some(id(1)));
    let (status, kind, _) = error(&answer);
    assert_eq!((status.code, kind), (Code::DeadlineExceeded as i32, "Timeout"));
    assert!(status.message.contains("send it again"), "{}", status.message);
    // The call goes on.
    sender.send(BatchAppendReq { is_final: true, ..begun(1) }).unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    assert!(matches!(answer.result, Some(BatchResult::Success(_))), "{answer:?}");
}

fn everything(extent: Extent) -> ReadReq {
    let target = Target::All(AllOptions { position: Some(AllOption::Start(())) });
    let (target, extent) = (Some(target), Some(extent));
    let options = ReadOptions {
        target,
        read_direction: 0,
        extent,
        filter: None,
        uuid_option: None,
        control_option: None,
    };
    ReadReq { options: Some(options) }
}

async fn follow(wire: &Wire) -> Result<Streaming<ReadResp>, Status> {
    let asked = everything(Extent::Subscription(()));
    wire.call(&format!("{STREAMS}/Read"), tokio_stream::iter([asked])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_beyond_the_limit_are_refused() {
    let wire = wire(Options { max_reads: 2, ..Options::default() });
    let first = follow(&wire).await.unwrap();
    let _second = follow(&wire).await.unwrap();
    let refused = follow(&wire).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    assert!(refused.message().starts_with("2 reads"), "{refused}");
    drop(first);
    // The server notices the end soon.
    while let Err(status) = follow(&wire).await {
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    }
}

/// The numbers of the events until the end.
async fn numbers(mut answers: Streaming<ReadResp>) -> Result<Vec<u64>, Status> {
    let mut numbers = Vec::new();
    while let Some(answer) = answers.message().await? {
        if let Some(Content::Event(read)) = answer.content {
            numbers.extend(read.event.map(|event| event.commit_position));
        }
    }
    Ok(numbers)
}

#[tokio::test(flavor = "multi_thread")]
async fn large_events_find_room_though_many_do_not_read() {
    const EVENTS: i64 = 3;
    let slow_reader_timeout = Duration::from_millis(100);
    let wire = wire(Options { max_read_memory: MIB, slow_reader_timeout, ..Options::default() });
    for n in 0..EVENTS {
        append(&wire, n, MIB - 1_000).await.unwrap();
    }
    // Each wants all the room there is. A connection of its own, since those that are not read fill it.
    let listener_url = format!("http://{}", wire.server.address());
    let mut idle = Vec::new();
    for _ in 0..8 {
        let endpoint = Endpoint::from_shared(listener_url.clone()).unwrap();
        let endpoint =
            endpoint.initial_stream_window_size(65_535).initial_connection_window_size(65_535);
        let mut grpc = Grpc::new(endpoint.connect_lazy());
        grpc.ready().await.unwrap();
        let codec = ProstCodec::<ReadReq, ReadResp>::default();
        let asked = tokio_stream::iter([everything(Extent::Subscription(()))]);
        let path = format!("{STREAMS}/Read").parse().unwrap();
        let answers = grpc.streaming(Request::new(asked), path, codec).await;
        // Some are refused by now: there is no room, and those before have not been there for long enough.
        idle.extend(answers.map(tonic::Response::into_inner));
    }
    loop {
        let asked = tokio_stream::iter([everything(Extent::Count(100))]);
        let answers = wire.call(&format!("{STREAMS}/Read"), asked).await;
        let read = match answers {
            Ok(answers) => numbers(answers).await,
            Err(status) => Err(status),
        };
        match read {
            Ok(read) => {
                assert_eq!(read.len(), 3);
                break;
            }
            Err(status) => assert_eq!(status.code(), Code::ResourceExhausted, "{status}"),
        }
    }
    let ends = futures_util::future::join_all(idle.into_iter().take(1).map(numbers)).await;
    for end in ends {
        assert_eq!(end.unwrap_err().code(), Code::ResourceExhausted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_limit_are_closed() {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpStream;
    let wire = wire(Options { max_connections: 2, ..Options::default() });
    append(&wire, 1, 10).await.unwrap();
    let second = TcpStream::connect(wire.server.address()).await.unwrap();
    let mut third = TcpStream::connect(wire.server.address()).await.unwrap();
    // Closed at once, or reset.
    assert_eq!(third.read(&mut [0; 1]).await.unwrap_or(0), 0);
    append(&wire, 2, 10).await.unwrap();
    drop(second);
    // The place is free again, once the server has noticed.
    loop {
        let endpoint = Endpoint::from_shared(format!("http://{}", wire.server.address())).unwrap();
        if let Ok(channel) = endpoint.connect().await {
            let mut grpc = Grpc::new(channel);
            if grpc.ready().await.is_ok() {
                let codec = ProstCodec::<(), crate::proto::topology::SupportedMethods>::default();
                let path = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
                if grpc.unary(Request::new(()), path.parse().unwrap(), codec).await.is_ok() {
                    break;
                }
            }
        }
    }
}
