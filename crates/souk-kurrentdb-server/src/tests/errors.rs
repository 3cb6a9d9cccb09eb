//! Errors, with the trailers that clients look at.

use super::*;
use crate::proto::read::{AllOptions, Extent, ReadOptions, ReadReq, ReadResp, Target};
use crate::proto::write::{
    AppendContent, AppendReq, AppendResp, AppendResult, ConflictCurrent, ConflictExpected,
    DeleteReq, DeleteResp, OldCurrent, OldExpected,
};
use souk_store::StoreError;
use tonic::Code;

async fn append(
    wire: &Wire,
    options: StreamAt,
    events: Vec<ProposedMessage>,
) -> Result<AppendResp, Status> {
    let events = events.into_iter().map(AppendContent::Proposed);
    let messages = std::iter::once(AppendContent::Options(options)).chain(events);
    let messages = messages.map(|content| AppendReq { content: Some(content) });
    wire.once(&format!("{STREAMS}/Append"), messages.collect()).await
}

async fn end(wire: &Wire, call: &str, options: StreamAt) -> Result<DeleteResp, Status> {
    let request = DeleteReq { options: Some(options) };
    wire.once(&format!("{STREAMS}/{call}"), vec![request]).await
}

const ANY: ExpectedStreamRevision = ExpectedStreamRevision::Any(());

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_an_answer_in_both_forms() {
    let wire = Wire::plain();
    append(&wire, at("s", ANY), vec![proposed(1, 1)]).await.unwrap();
    let exists = ExpectedStreamRevision::StreamExists(());
    let cases = [
        (at("s", ExpectedStreamRevision::Revision(7)), Some(0), ConflictExpected::Revision(7)),
        (at("s", ExpectedStreamRevision::NoStream(())), Some(0), ConflictExpected::NoStream(())),
        (at("t", exists), None, ConflictExpected::StreamExists(())),
    ];
    for (options, actual, expected) in cases {
        let answer = append(&wire, options, vec![proposed(2, 1)]).await.unwrap();
        let Some(AppendResult::Conflict(conflict)) = answer.result else { panic!("{answer:?}") };
        let current = actual.map_or(ConflictCurrent::NoStream(()), ConflictCurrent::Revision);
        let old = actual.map_or(OldCurrent::NoStream(()), OldCurrent::Revision);
        assert_eq!((conflict.current, conflict.old_current), (Some(current), Some(old)));
        assert_eq!(conflict.expected, Some(expected));
        let old = match expected {
            ConflictExpected::Revision(revision) => Some(OldExpected::Revision(revision)),
            ConflictExpected::StreamExists(()) => Some(OldExpected::StreamExists(())),
            ConflictExpected::Any(()) => Some(OldExpected::Any(())),
            ConflictExpected::NoStream(()) => None,
        };
        assert_eq!(conflict.old_expected, old);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_that_conflict_and_deleted_streams() {
    let wire = Wire::plain();
    for call in ["Delete", "Tombstone"] {
        let options = at("größe", ExpectedStreamRevision::Revision(3));
        let refused = end(&wire, call, options).await.unwrap_err();
        assert_eq!(refused.code(), Code::FailedPrecondition);
        let words = "Stream: größe, Expected version: 3, Actual version: -1";
        let message = format!("Delete failed due to WrongExpectedVersion. {words}");
        assert_eq!(refused.message(), message);
        let trailers = ["exception", "expected-version", "actual-version", "stream-name"];
        let trailers = trailers.map(|key| trailer(&refused, key));
        assert_eq!(trailers, ["wrong-expected-version", "3", "-1", "gr%C3%B6%C3%9Fe"]);
    }
    end(&wire, "Tombstone", at("s", ANY)).await.unwrap();
    let refused = append(&wire, at("s", ANY), vec![proposed(1, 1)]).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(trailer(&refused, "exception"), "stream-deleted");
    let refused = end(&wire, "Delete", at("$$s", ANY)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_lack_something_or_have_too_much() {
    let wire = Wire::plain();
    for key in ["type", "content-type"] {
        let mut event = proposed(1, 1);
        event.metadata.remove(key);
        let refused = append(&wire, at("s", ANY), vec![event]).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(trailer(&refused, "exception"), "missing-required-metadata-property");
    }
    let refused = append(&wire, at("s", ANY), vec![proposed(1, 1 << 20)]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(trailer(&refused, "exception"), "maximum-append-size-exceeded");
    assert_eq!(trailer(&refused, "maximum-append-size"), "1048576");
    let no_id = ProposedMessage { id: None, ..proposed(1, 1) };
    let refused = append(&wire, at("s", ANY), vec![no_id]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let text = Some(UuidValue::Text("not a uuid".to_owned()));
    let bad_id = ProposedMessage { id: Some(Uuid { value: text }), ..proposed(1, 1) };
    let refused = append(&wire, at("s", ANY), vec![bad_id]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_denies_every_write() {
    let store = Arc::new(MemoryStore::new());
    let wire = Wire::over(store, Mode::Ledger { created: |_| 0 }, Options::default());
    for refused in [
        append(&wire, at("s", ANY), vec![proposed(1, 1)]).await.map(|_| ()),
        append(&wire, at("$$s", ANY), vec![proposed(1, 1)]).await.map(|_| ()),
        end(&wire, "Delete", at("s", ANY)).await.map(|_| ()),
        end(&wire, "Tombstone", at("s", ANY)).await.map(|_| ()),
        wire.once::<(), ()>(&format!("{STREAMS}/BatchAppend"), vec![()]).await,
    ] {
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert_eq!(trailer(&refused, "exception"), "access-denied");
        assert!(refused.message().contains("bypass its decisions"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_or_closes_is_not_available() {
    let store = Arc::new(MemoryStore::new());
    let wire = Wire::over(Arc::clone(&store) as _, Mode::Plain, Options::default());
    store.fail_next_append(StoreError::Fatal { cause: "the disk is gone".into() });
    let refused = append(&wire, at("s", ANY), vec![proposed(1, 1)]).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    assert!(refused.message().contains("the disk is gone"));

    let options = ReadOptions {
        target: Some(Target::All(AllOptions { position: None })),
        extent: Some(Extent::Subscription(())),
        ..ReadOptions::default()
    };
    let asked = tokio_stream::iter([ReadReq { options: Some(options) }]);
    let follow = wire.call::<_, ReadResp>(&format!("{STREAMS}/Read"), asked).await;
    store.close();
    assert_eq!(all(follow).await.unwrap_err().code(), Code::Unavailable);
}
