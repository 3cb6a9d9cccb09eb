//! What a server says about itself, and the form of what it answers.

use super::*;
use crate::proto::read::{
    AllOption, AllOptions, Content, ControlOption, Extent, ReadOptions, ReadReq, ReadResp,
    RevisionOption, StreamOptions, Target, UuidForm, UuidOption,
};
use crate::proto::topology::{ClusterInfo, LEADER, SupportedMethods};
use crate::proto::write::{AppendContent, AppendReq, AppendResp};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tonic::Code;

fn read(target: Target, form: UuidForm, compatibility: u32) -> ReadReq {
    let options = ReadOptions {
        target: Some(target),
        read_direction: 0,
        extent: Some(Extent::Count(10)),
        filter: None,
        uuid_option: Some(UuidOption { content: Some(form) }),
        control_option: Some(ControlOption { compatibility }),
    };
    ReadReq { options: Some(options) }
}

fn stream(stream: &str) -> Target {
    let revision = Some(RevisionOption::Start(()));
    Target::Stream(StreamOptions { stream_identifier: Some(name(stream)), revision })
}

async fn append(wire: &Wire, n: i64) {
    let options = at("s", ExpectedStreamRevision::Any(()));
    let messages = [AppendContent::Options(options), AppendContent::Proposed(proposed(n, 1))];
    let messages = messages.map(|content| AppendReq { content: Some(content) });
    let path = format!("{STREAMS}/Append");
    wire.once::<_, AppendResp>(&path, messages.into()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_are_in_lower_case_and_a_ledger_has_none_that_write() {
    let path = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
    let store = || Arc::new(MemoryStore::new());
    for (mode, count) in [(Mode::Plain, 8), (Mode::Ledger { created: |_| 0 }, 4)] {
        // Nobody sends credentials here.
        let options = Options { tokens: vec!["t".to_owned()], ..Options::default() };
        let wire = Wire::over(store(), mode, options);
        let methods: SupportedMethods = wire.once(path, vec![()]).await.unwrap();
        assert_eq!(methods.event_store_server_version, "23.10.0");
        assert_eq!(methods.methods.len(), count);
        let names = methods.methods.iter().flat_map(|of| [&of.method_name, &of.service_name]);
        assert!(names.into_iter().all(|name| *name == name.to_lowercase()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_leads_where_it_was_called_or_says_it_is() {
    let path = "/event_store.client.gossip.Gossip/Read";
    let advertise = Some(("ledger.example".to_owned(), 443));
    let elsewhere = Options { advertise, ..Options::default() };
    for (options, expected) in [(Options::default(), None), (elsewhere, Some(443))] {
        let wire = Wire::over(Arc::new(MemoryStore::new()), Mode::Plain, options);
        let members: ClusterInfo = wire.once(path, vec![()]).await.unwrap();
        let [member] = &members.members[..] else { panic!("{members:?}") };
        assert_eq!((member.state, member.is_alive), (LEADER, true));
        let end_point = member.http_end_point.as_ref().unwrap();
        let here = u32::from(wire.server.address().port());
        let host = if expected.is_some() { "ledger.example" } else { "127.0.0.1" };
        assert_eq!((&*end_point.address, end_point.port), (host, expected.unwrap_or(here)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_come_in_the_form_asked_for_and_positions_with_every_event() {
    let wire = Wire::plain();
    append(&wire, 5).await;
    let text = UuidValue::Text("ffffffff-ffff-ffff-0000-000000000005".to_owned());
    let forms = [(UuidForm::Structured(()), id(5).value), (UuidForm::Text(()), Some(text))];
    let everything = AllOptions { position: Some(AllOption::Start(())) };
    for (form, expected) in forms {
        for target in [stream("s"), Target::All(everything)] {
            let asked = tokio_stream::iter([read(target, form, 0)]);
            let answers = wire.call::<_, ReadResp>(&format!("{STREAMS}/Read"), asked).await;
            let answers = all(answers).await.unwrap();
            let [ReadResp { content: Some(Content::Event(event)) }] = &answers[..] else {
                panic!("{answers:?}");
            };
            let recorded = event.event.as_ref().unwrap();
            assert_eq!(recorded.id.as_ref().unwrap().value, expected);
            assert_eq!(event.position, Some(crate::proto::read::EventPosition::Commit(0)));
            assert_eq!(recorded.metadata.len(), 3);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_stream_is_a_message_and_the_end_is_told_to_those_who_understand() {
    let wire = Wire::plain();
    append(&wire, 1).await;
    let ask = |target, compatibility| {
        let asked = tokio_stream::iter([read(target, UuidForm::Text(()), compatibility)]);
        let wire = &wire;
        async move { all(wire.call::<_, ReadResp>(&format!("{STREAMS}/Read"), asked).await).await }
    };
    let missing = ask(stream("none"), 1).await.unwrap();
    let [ReadResp { content: Some(Content::StreamNotFound(found)) }] = &missing[..] else {
        panic!("{missing:?}");
    };
    assert_eq!(found.stream_identifier, Some(name("none")));
    assert_eq!(ask(stream("s"), 0).await.unwrap().len(), 1);
    let told = ask(stream("s"), 1).await.unwrap();
    assert_eq!(told.last().unwrap().content, Some(Content::LastStreamPosition(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_not_to_be() {
    let wire = Wire::plain();
    let service = "/event_store.client.persistent_subscriptions.PersistentSubscriptions";
    let list = wire.once::<(), ()>(&format!("{service}/List"), vec![()]).await;
    assert!(list.is_ok());
    for path in [&format!("{service}/Create"), "/event_store.client.users.Users/Create"] {
        let refused = wire.once::<(), ()>(path, vec![()]).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unimplemented);
    }
}

/// A message, and some time later the end of the call, which is noted.
fn ending_late<T: Send + 'static>(message: T) -> (impl Stream<Item = T> + Send, Arc<AtomicBool>) {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let ended = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&ended);
    tokio::spawn(async move {
        sender.send(message).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        noted.store(true, Ordering::SeqCst);
    });
    (tokio_stream::wrappers::ReceiverStream::new(receiver), ended)
}

/// A stream that is reset while its answer is on the way looks like a failure of the server to official clients.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_complete_before_the_call_is() {
    let guarded = Options { tokens: vec!["t".to_owned()], ..Options::default() };
    for (options, path, code) in [
        (Options::default(), "Read", None),
        (guarded, "Read", Some(Code::Unauthenticated)),
        (Options::default(), "Forget", Some(Code::Unimplemented)),
    ] {
        let wire = Wire::over(Arc::new(MemoryStore::new()), Mode::Plain, options);
        let form = UuidForm::Structured(());
        let (asked, ended) = ending_late(read(stream("s"), form, 1));
        let answers = wire.call::<_, ReadResp>(&format!("{STREAMS}/{path}"), asked).await;
        assert_eq!(all(answers).await.err().map(|status| status.code()), code);
        assert!(ended.load(Ordering::SeqCst), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_asks_once() {
    let wire = Wire::plain();
    let asked = || read(stream("s"), UuidForm::Structured(()), 1);
    let path = format!("{STREAMS}/Read");
    let refused = wire.once::<_, ReadResp>(&path, vec![asked(), asked()]);
    assert_eq!(refused.await.unwrap_err().code(), Code::InvalidArgument);
}
