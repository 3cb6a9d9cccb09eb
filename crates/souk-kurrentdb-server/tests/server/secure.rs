//! TLS and credentials. The certificates in `tests/tls` are for these tests alone and prove nothing.

use crate::support::{client, events, url};
use kurrentdb::{AppendToStreamOptions, Authentication, Client, Credentials, Error};
use souk_kurrentdb_server::{Mode, Options, ServeError, Server, Tls, serve};
use souk_store::MemoryStore;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

fn tls() -> Tls {
    let read = |name| std::fs::read(path(name)).unwrap();
    Tls { certificate: read("server.pem"), key: read("server.key") }
}

fn start(options: Options) -> Result<Server, ServeError> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    serve(Arc::new(MemoryStore::new()), Mode::Plain, listener, options)
}

fn credentials() -> Options {
    let users = vec![("admin".to_owned(), "changeit".to_owned())];
    Options { users, tokens: vec!["t-1".to_owned()], ..Options::default() }
}

async fn append(client: &Client, options: &AppendToStreamOptions) -> kurrentdb::Result<()> {
    client.append_to_stream("s", options, events(0, 1)).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_asked_for_with_and_without_tls() {
    for is_secure in [false, true] {
        let tls = is_secure.then(tls);
        let server = start(Options { tls, ..credentials() }).unwrap();
        let address = server.address();
        let secure = |user: &str| {
            let trusted = path("ca.pem");
            let port = address.port();
            client(&format!("kurrentdb://{user}localhost:{port}?tlsCaFile={}", trusted.display()))
        };
        let plain = |user: &str| client(&format!("kurrentdb://{user}{address}?tls=false"));
        let connect = |user: &str| if is_secure { secure(user) } else { plain(user) };
        let none = AppendToStreamOptions::default();

        append(&connect("admin:changeit@"), &none).await.unwrap();
        let stranger = connect("");
        let bearer = none.clone().authenticated(Authentication::bearer("t-1"));
        append(&stranger, &bearer).await.unwrap();
        let wrong = none.clone().authenticated(Credentials::new("admin", "wrong"));
        for refused in [
            append(&stranger, &none).await,
            append(&stranger, &wrong).await,
            append(&stranger, &none.clone().authenticated(Authentication::bearer("t-2"))).await,
        ] {
            assert!(matches!(refused, Err(Error::AccessDenied)), "{refused:?}");
        }
        let mut follow = stranger.subscribe_to_all(&Default::default()).await;
        assert!(matches!(follow.next().await, Err(Error::AccessDenied)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_configured_those_given_are_not_looked_at() {
    let server = start(Options::default()).unwrap();
    let client = client(&url(&server).replace("//", "//anybody:anything@"));
    append(&client, &AppendToStreamOptions::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_is_refused_by_the_client() {
    let server = start(Options { tls: Some(tls()), ..Options::default() }).unwrap();
    let client = client(&format!("kurrentdb://localhost:{}", server.address().port()));
    assert!(append(&client, &AppendToStreamOptions::default()).await.is_err());
}

#[test]
fn options_out_of_range_are_named() {
    let certificate = |certificate: &[u8]| {
        let tls = Tls { certificate: certificate.to_vec(), ..tls() };
        Options { tls: Some(tls), ..Options::default() }
    };
    let cases = [
        (Options { max_append_bytes: 0, ..Options::default() }, "outside"),
        (Options { max_append_bytes: (16 << 20) + 1, ..Options::default() }, "outside"),
        (Options { users: vec![("a:b".to_owned(), String::new())], ..Options::default() }, "colon"),
        (Options { tokens: vec![String::new()], ..Options::default() }, "empty"),
        (certificate(b""), "PEM"),
        (certificate(b"no certificate"), "PEM"),
    ];
    for (options, word) in cases {
        let error = start(options).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?}", Options { tls: Some(tls()), ..credentials() });
    assert!(!shown.contains("changeit") && !shown.contains("t-1") && !shown.contains("BEGIN"));
}
