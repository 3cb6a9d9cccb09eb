//! Batched appends: in pieces, with deadlines, and their errors, which are part of the answer.

use super::*;
use crate::proto::shared::{
    BadRequest, CurrentRevision, ExpectedPosition, MaximumAppendSizeExceeded, RpcStatus,
    StreamDeleted, Timestamp, WrongExpectedVersion,
};
use crate::proto::write::{
    BatchAppendReq, BatchAppendResp, BatchExpected, BatchOptions, BatchResult, Deadline, DeleteReq,
    DeleteResp,
};
use prost::Message;
use tonic::Code;

pub(super) fn options(stream: &str, expected: ExpectedStreamRevision) -> BatchOptions {
    let stream_identifier = Some(name(stream));
    // As one client sends it: the time of day, as a span of time.
    let deadline = Some(Deadline::After(Timestamp { seconds: 1_800_000_000, nanos: 0 }));
    BatchOptions { stream_identifier, expected: Some(expected), deadline }
}

fn whole(n: i64, options: BatchOptions, events: Vec<ProposedMessage>) -> BatchAppendReq {
    BatchAppendReq {
        correlation_id: Some(id(n)),
        options: Some(options),
        proposed_messages: events,
        is_final: true,
    }
}

/// The answers in the order of the requests.
async fn run(wire: &Wire, messages: Vec<BatchAppendReq>) -> Vec<BatchAppendResp> {
    let asked = tokio_stream::iter(messages);
    let answers = wire.call::<_, BatchAppendResp>(&format!("{STREAMS}/BatchAppend"), asked).await;
    let mut answers = all(answers).await.unwrap();
    answers.sort_by_key(|answer| match &answer.correlation_id.as_ref().unwrap().value {
        Some(UuidValue::Structured(id)) => id.least_significant_bits,
        Some(UuidValue::Text(_)) | None => panic!("{answer:?}"),
    });
    answers
}

pub(super) fn error(answer: &BatchAppendResp) -> (&RpcStatus, &str, &[u8]) {
    let Some(BatchResult::Error(status)) = &answer.result else { panic!("{answer:?}") };
    let detail = status.details.as_ref().unwrap();
    let kind = detail.type_url.strip_prefix("type.googleapis.com/event_store.client.").unwrap();
    (status, kind, &detail.value)
}

const ANY: ExpectedStreamRevision = ExpectedStreamRevision::Any(());
const NO_STREAM: ExpectedStreamRevision = ExpectedStreamRevision::NoStream(());

#[tokio::test(flavor = "multi_thread")]
async fn pieces_of_several_appends_may_be_mixed() {
    let wire = Wire::plain();
    let piece = |n, options: Option<&BatchOptions>, event, is_final| BatchAppendReq {
        correlation_id: Some(id(n)),
        options: options.cloned(),
        proposed_messages: vec![proposed(event, 10)],
        is_final,
    };
    let (s, t) = (options("s", NO_STREAM), options("t", NO_STREAM));
    let answers = run(
        &wire,
        vec![
            piece(1, Some(&s), 1, false),
            piece(2, Some(&t), 10, false),
            piece(1, None, 2, false),
            piece(2, None, 11, true),
            piece(1, None, 3, true),
        ],
    )
    .await;
    let [first, second] = &answers[..] else { panic!("{answers:?}") };
    for (answer, stream, revision) in [(first, "s", 2), (second, "t", 1)] {
        let Some(BatchResult::Success(success)) = answer.result else { panic!("{answer:?}") };
        let expected = Some(crate::proto::write::CurrentRevisionOption::Revision(revision));
        assert_eq!(
            (success.current, answer.stream_identifier.clone()),
            (expected, Some(name(stream)))
        );
        assert_eq!(answer.expected, Some(BatchExpected::NoStream(())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn appends_to_one_stream_keep_their_order() {
    let wire = Wire::plain();
    let expected = |n: i64| match n {
        0 => NO_STREAM,
        n => ExpectedStreamRevision::Revision(n.cast_unsigned() - 1),
    };
    let messages = (0..500).map(|n| whole(n, options("s", expected(n)), vec![proposed(n, 1)]));
    let answers = run(&wire, messages.collect()).await;
    assert_eq!(answers.len(), 500);
    for answer in answers {
        assert!(matches!(answer.result, Some(BatchResult::Success(_))), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_an_answer_and_the_next_append_is_made() {
    let wire = Wire::plain();
    let tombstone = DeleteReq { options: Some(at("gone", ANY)) };
    let path = format!("{STREAMS}/Tombstone");
    wire.once::<_, DeleteResp>(&path, vec![tombstone]).await.unwrap();
    let late = Deadline::At(Timestamp { seconds: 1_000_000_000, nanos: 0 });
    let late = BatchOptions { deadline: Some(late), ..options("s", ANY) };
    let untyped = ProposedMessage { metadata: Default::default(), ..proposed(4, 1) };
    let answers = run(
        &wire,
        vec![
            whole(1, options("s", ExpectedStreamRevision::Revision(5)), vec![proposed(1, 1)]),
            whole(2, options("gone", ANY), vec![proposed(2, 1)]),
            whole(3, options("s", ANY), vec![proposed(3, 1 << 20)]),
            whole(4, options("s", ANY), vec![untyped]),
            whole(5, late, vec![proposed(5, 1)]),
            whole(6, options("s", NO_STREAM), vec![proposed(6, 1)]),
        ],
    )
    .await;

    let (status, kind, detail) = error(&answers[0]);
    assert_eq!((status.code, &*status.message), (6, "WrongExpectedVersion"));
    assert_eq!(kind, "WrongExpectedVersion");
    let detail = WrongExpectedVersion::decode(detail).unwrap();
    assert_eq!(detail.current, Some(CurrentRevision::NoStream(())));
    assert_eq!(detail.expected, Some(ExpectedPosition::Revision(5)));

    let (status, kind, detail) = error(&answers[1]);
    assert_eq!((status.code, kind), (Code::FailedPrecondition as i32, "StreamDeleted"));
    let detail = StreamDeleted::decode(detail).unwrap();
    assert_eq!(detail.stream_identifier, Some(name("gone")));

    let (status, kind, detail) = error(&answers[2]);
    assert_eq!((status.code, kind), (Code::InvalidArgument as i32, "MaximumAppendSizeExceeded"));
    assert_eq!(MaximumAppendSizeExceeded::decode(detail).unwrap().max_append_size, 1 << 20);

    let (status, kind, detail) = error(&answers[3]);
    assert_eq!((status.code, kind), (Code::InvalidArgument as i32, "BadRequest"));
    assert!(BadRequest::decode(detail).unwrap().message.contains("'type'"));

    let (status, kind, _) = error(&answers[4]);
    assert_eq!((status.code, kind), (Code::DeadlineExceeded as i32, "Timeout"));

    assert!(matches!(answers[5].result, Some(BatchResult::Success(_))), "{:?}", answers[5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_at_once_end_the_call() {
    let wire = Wire::plain();
    let begun = |n| BatchAppendReq { is_final: false, ..whole(n, options("s", ANY), Vec::new()) };
    let asked = tokio_stream::iter((0..65).map(begun));
    let answers = wire.call::<_, BatchAppendResp>(&format!("{STREAMS}/BatchAppend"), asked).await;
    assert_eq!(all(answers).await.unwrap_err().code(), Code::ResourceExhausted);
}
