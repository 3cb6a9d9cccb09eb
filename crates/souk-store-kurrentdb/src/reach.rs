//! The first connection: what keeps the server out of reach, in words, and soon.
//!
//! The client hides why it cannot connect. So when its first call is lost, each host is tried once more by hand: its
//! name, its port, and the first bytes it answers. What waiting cannot mend is told at once; a server that refuses may
//! be starting and is waited for, for as long as [`crate::Options::first`]. Later calls wait for the whole deadline.

use crate::connection::Tried;
use crate::inner::Inner;
use kurrentdb::{ClientSettings, Endpoint, ReadStreamOptions};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use souk_store::StoreError;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one step of a trial by hand may take.
const STEP: Duration = Duration::from_secs(2);
/// What a client of HTTP/2 says first: the preface and empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
/// The first byte of an alert of TLS.
const ALERT: u8 = 21;

/// Why a host cannot be used, with what to do about it.
struct Cause {
    words: String,
    /// Whether waiting cannot mend it.
    is_final: bool,
}

impl Cause {
    /// The whole of it: what passes has no advice of its own.
    fn told(&self) -> String {
        match self.is_final {
            true => self.words.clone(),
            false => format!("{}; check that it runs and that its address is right", self.words),
        }
    }
}

impl Inner {
    /// Makes the first connection.
    pub(crate) async fn reach(&self) -> Result<(), StoreError> {
        let connection = &self.connection;
        let settings = connection.settings().clone();
        files(&settings).map_err(|words| connection.unreachable(&words))?;
        connection.client().map_err(|words| connection.unreachable(&words))?;
        let (began, mut backoff) = (Instant::now(), connection.backoff());
        let options = ReadStreamOptions::default().max_count(1);
        let stream = self.namespace.anchors();
        loop {
            let tried = connection.attempt(|client| {
                let options = &options;
                async move { client.read_stream(stream, options).await.map(drop) }
            });
            let why = match tried.await {
                Tried::Done(()) | Tried::Refused(_) => return Ok(()),
                Tried::Lost(why) => why,
            };
            let settings = settings.clone();
            let cause = self.handle.spawn_blocking(move || cause(&settings)).await.ok().flatten();
            let is_told = |cause: &Cause| cause.is_final || began.elapsed() >= self.options.first;
            if let Some(cause) = cause.as_ref().filter(|cause| is_told(cause)) {
                return Err(connection.unreachable(&cause.told()));
            }
            if !backoff.wait().await {
                return Err(cause.map_or_else(
                    || connection.silent("answer", &why),
                    |cause| connection.unreachable(&cause.told()),
                ));
            }
        }
    }
}

/// Checks the files that an address names.
fn files(settings: &ClientSettings) -> Result<(), String> {
    if !settings.is_secure_mode_enabled() {
        return Ok(());
    }
    if let Some(path) = settings.tls_ca_file() {
        authorities(path)?;
    }
    if let Some((certificate, key)) = settings.user_certificate() {
        certificates("userCertFile", certificate)?;
        let key_file = PrivateKeyDer::from_pem_file(key);
        key_file.map_err(|error| unusable("userKeyFile", key, &error.to_string()))?;
    }
    Ok(())
}

fn unusable(parameter: &str, path: &str, why: &str) -> String {
    format!(
        "the file {path}, named by {parameter} in its address, cannot be used ({why}); correct the path or the file"
    )
}

fn certificates(parameter: &str, path: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    // Read first: the system's words are better than those about PEM.
    let text =
        std::fs::read(path).map_err(|error| unusable(parameter, path, &error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if found.is_empty() => {
            Err(unusable(parameter, path, "it holds no certificate in PEM"))
        }
        Ok(found) => Ok(found),
        Err(error) => Err(unusable(parameter, path, &error.to_string())),
    }
}

fn authorities(path: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("tlsCaFile", path)? {
        let added = roots.add(certificate);
        added.map_err(|error| unusable("tlsCaFile", path, &error.to_string()))?;
    }
    Ok(roots)
}

/// What is wrong with every host; none if there is one with which nothing is.
fn cause(settings: &ClientSettings) -> Option<Cause> {
    let mut all: Option<Cause> = None;
    for host in settings.hosts() {
        let Err(one) = trial(settings, host) else { return None };
        let words = format!("{}:{}: {}", host.host, host.port, one.words);
        all = Some(match all {
            None => Cause { words, is_final: one.is_final },
            Some(all) => Cause {
                words: format!("{}; {words}", all.words),
                is_final: all.is_final && one.is_final,
            },
        });
    }
    all
}

fn passing(words: impl Into<String>) -> Cause {
    Cause { words: words.into(), is_final: false }
}

fn lasting(words: impl Into<String>) -> Cause {
    Cause { words: words.into(), is_final: true }
}

/// Tries one host by hand.
fn trial(settings: &ClientSettings, of: &Endpoint) -> Result<(), Cause> {
    let name = of.host.trim_start_matches('[').trim_end_matches(']');
    let port = u16::try_from(of.port).unwrap_or(0);
    let stream = connect(name, port)?;
    let timed = stream.set_read_timeout(Some(STEP)).and(stream.set_write_timeout(Some(STEP)));
    timed.map_err(|error| passing(error.to_string()))?;
    if settings.is_secure_mode_enabled() { secure(settings, name, stream) } else { plain(stream) }
}

fn connect(name: &str, port: u16) -> Result<TcpStream, Cause> {
    let addresses = (name, port).to_socket_addrs().map_err(|error| {
        let words = format!("the host is unknown ({error}); check its name");
        // A machine that has just started may have no name service yet.
        if error.to_string().contains("Temporary") { passing(words) } else { lasting(words) }
    })?;
    let mut last = None;
    for address in addresses {
        match TcpStream::connect_timeout(&address, STEP) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    let Some(error) = last else { return Err(lasting("the host has no address; check its name")) };
    Err(passing(match error.kind() == ErrorKind::ConnectionRefused {
        true => "the connection is refused, so nothing listens on that port".to_owned(),
        false => format!("it cannot be connected to ({error})"),
    }))
}

/// A server that should not speak TLS.
fn plain(mut stream: TcpStream) -> Result<(), Cause> {
    let mut first = [0];
    let read = stream.write_all(PREFACE).and_then(|()| stream.read(&mut first));
    match read {
        Ok(1) if first == [ALERT] => {
            Err(lasting("the server speaks TLS; leave tls=false out of the address"))
        }
        Ok(1) if first == *b"H" => Err(passing("something answers that is no KurrentDB server")),
        Ok(0) => Err(passing(
            "the connection is closed without an answer; if the server speaks TLS, leave tls=false out of the address",
        )),
        // It answers, or says nothing for now.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// A server that should speak TLS.
fn secure(settings: &ClientSettings, name: &str, mut stream: TcpStream) -> Result<(), Cause> {
    let roots = match settings.tls_ca_file() {
        Some(path) => authorities(path).map_err(lasting)?,
        None => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots
        }
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| passing(error.to_string()))?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from(name.to_owned());
    let name = name.map_err(|error| {
        lasting(format!("the host is no name for TLS ({error}); check its name"))
    })?;
    let begun = ClientConnection::new(Arc::new(config), name);
    let mut connection = begun.map_err(|error| passing(error.to_string()))?;
    match connection.complete_io(&mut stream) {
        Ok(_) => Ok(()),
        Err(error) => judge(settings, &error),
    }
}

fn judge(settings: &ClientSettings, error: &io::Error) -> Result<(), Cause> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let no_tls =
        "the server does not speak TLS; if it is meant not to, add tls=false to the address";
    match inner {
        Some(rustls::Error::InvalidCertificate(_))
            if !settings.is_tls_certificate_verification_enabled() =>
        {
            Ok(())
        }
        Some(rustls::Error::InvalidCertificate(why)) => Err(lasting(format!(
            "the server's certificate is not trusted ({why}); name its authority with tlsCaFile=, and the host as in the \
             certificate"
        ))),
        Some(rustls::Error::InvalidMessage(_)) => Err(lasting(no_tls)),
        Some(other) => Err(passing(format!("TLS with the server fails: {other}"))),
        None if error.kind() == ErrorKind::UnexpectedEof => Err(passing(no_tls)),
        None => Err(passing(format!("TLS with the server fails: {error}"))),
    }
}
