//! Servers that cannot be reached: the cause is told in words, without waiting for the deadline.

use crate::common::{Plain, fresh_name};
use souk_kurrentdb_server::{Mode, Options as Serving, Server, Tls, serve};
use souk_store::MemoryStore;
use souk_store_kurrentdb::{KurrentStore, Options};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longer than any test may take: what is told is told before.
const DEADLINE: Duration = Duration::from_secs(3_600);

fn said(url: &str) -> String {
    let first = Duration::from_millis(100);
    let options = Options { first, deadline: DEADLINE, ..Options::default() };
    let address = format!("{url}&ledger={}", fresh_name()).parse().unwrap();
    let said = KurrentStore::open(&address, options).unwrap_err().to_string();
    assert!(!said.contains("MetadataMap") && !said.contains("Unmapped"), "{said}");
    said
}

fn tls(file: &str) -> PathBuf {
    let server = concat!(env!("CARGO_MANIFEST_DIR"), "/../souk-kurrentdb-server/tests/tls");
    PathBuf::from(server).join(file)
}

fn secure() -> Server {
    let read = |file: &str| std::fs::read(tls(file)).unwrap();
    let keys = Tls { certificate: read("server.pem"), key: read("server.key") };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let options = Serving { tls: Some(keys), ..Serving::default() };
    serve(Arc::new(MemoryStore::new()), Mode::Plain, listener, options).unwrap()
}

/// An address on which nothing listens.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_refused_connection_is_told_soon() {
    let at = nobody();
    for parameters in ["tls=false", "tls=true"] {
        let said = said(&format!("kurrentdb://{at}?{parameters}"));
        assert!(said.contains("refused") && said.contains(&at.to_string()), "{said}");
    }
    let (one, two) = (nobody(), nobody());
    let said = said(&format!("kurrentdb://{one},{two}?tls=false"));
    assert!(said.contains(&format!("{one}: the connection is refused")), "{said}");
    assert!(said.contains(&format!("{two}: the connection is refused")), "{said}");
}

#[test]
fn an_unknown_host_is_told() {
    let said = said("kurrentdb://no-such-host.invalid:2113?tls=false");
    assert!(said.contains("the host is unknown"), "{said}");
}

#[test]
fn a_server_without_tls_is_told_from_one_with_it() {
    let (plain, secure) = (Plain::memory(), secure());
    let said_plain = said(&format!("kurrentdb://{}?tls=true", plain.address));
    assert!(said_plain.contains("does not speak TLS"), "{said_plain}");
    let said_secure = said(&format!("kurrentdb://{}?tls=false", secure.address()));
    assert!(said_secure.contains("speaks TLS; leave tls=false out"), "{said_secure}");
}

#[test]
fn a_certificate_is_trusted_by_its_authority_and_for_its_name_alone() {
    let server = secure();
    let port = server.address().port();
    let url = format!("kurrentdb://localhost:{port}?tlsCaFile={}", tls("ca.pem").display());
    let address = format!("{url}&ledger={}", fresh_name()).parse().unwrap();
    KurrentStore::open(&address, Options::default()).unwrap();
    let unknown = said(&format!("kurrentdb://localhost:{port}?tls=true"));
    assert!(unknown.contains("certificate is not trusted"), "{unknown}");
    assert!(unknown.contains("tlsCaFile="), "{unknown}");
}

#[test]
fn files_of_an_address_that_cannot_be_used_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let at = nobody();
    let missing = said(&format!("kurrentdb://{at}?tlsCaFile=/nosuch/ca.pem"));
    assert!(missing.contains("/nosuch/ca.pem") && missing.contains("No such file"), "{missing}");
    let none = said(&format!("kurrentdb://{at}?tlsCaFile={}", empty.display()));
    assert!(none.contains("empty.pem") && none.contains("no certificate in PEM"), "{none}");
    let user = said(&format!(
        "kurrentdb://{at}?userCertFile={}&userKeyFile={}",
        tls("server.pem").display(),
        dir.path().join("no.key").display()
    ));
    assert!(user.contains("userKeyFile") && user.contains("no.key"), "{user}");
}
