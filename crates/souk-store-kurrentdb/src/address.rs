//! A server's address with the ledger's name in it: `kurrentdb://host:2113?tls=false&ledger=main`.

use crate::namespace::{NAME_RULE, Namespace};
use kurrentdb::ClientSettings;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Where a ledger is kept: a server, or several of one cluster, and the ledger's name there.
///
/// Written `kurrentdb://host:port?tls=false&ledger=NAME`. The schemes `kurrentdb`, `kdb`, `kurrent` and `esdb`, each
/// also with `+discover`, several hosts separated by commas, `user:password@` and the parameters of the official
/// client are understood; `ledger` is ours. The name is 1 to 40 of `A-Z a-z 0-9 . _ -` and stays for the ledger's life.
#[derive(Clone)]
pub struct Address {
    pub(crate) settings: ClientSettings,
    pub(crate) namespace: Namespace,
    /// The hosts, for messages: without user, password and parameters.
    pub(crate) hosts: Box<str>,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// There is no `ledger=`.
    #[error(
        "the address of the event store does not name its ledger; add ledger=NAME, as in \
         kurrentdb://localhost:2113?tls=false&ledger=main"
    )]
    NoLedger,
    /// The ledger's name cannot be used, or is there twice.
    #[error("ledger={name} in the address of the event store cannot be used: {what}")]
    BadLedger {
        /// The name.
        name: Box<str>,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The rest of the address is not one.
    #[error(
        "the address of the event store cannot be used: {what}; write it as in \
         kurrentdb://localhost:2113?tls=false&ledger=main"
    )]
    BadAddress {
        /// What the client says.
        what: Box<str>,
    },
}

impl Address {
    /// The ledger's streams begin with this on the server.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.namespace.prefix()
    }
}

impl fmt::Debug for Address {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Address");
        shown.field("hosts", &self.hosts).field("prefix", &self.prefix()).finish_non_exhaustive()
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut ledger = None;
        let mut rest = Vec::new();
        let mut discovery = false;
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if !key.eq_ignore_ascii_case("ledger") {
                discovery |= key.eq_ignore_ascii_case("discoveryInterval");
                rest.push(parameter);
            } else if ledger.replace(value).is_some() {
                return Err(AddressError::BadLedger {
                    name: value.into(),
                    what: "it is there twice",
                });
            }
        }
        let name = ledger.ok_or(AddressError::NoLedger)?;
        let namespace = Namespace::new(name)
            .ok_or_else(|| AddressError::BadLedger { name: name.into(), what: NAME_RULE })?;
        // The client waits this long before its first connection even; its own default is half a second.
        if !discovery {
            rest.push("discoveryInterval=20");
        }
        let settings = format!("{base}?{}", rest.join("&"));
        let settings = settings.parse::<ClientSettings>().map_err(|error| {
            // The message alone: the error's text repeats the address, and with it a password.
            let reason =
                error.error().map_or_else(|| error.message().to_owned(), ToString::to_string);
            AddressError::BadAddress { what: reason.into() }
        })?;
        check(&settings).map_err(|what| AddressError::BadAddress { what: what.into() })?;
        let hosts = base.split_once("://").map_or(base, |(_, hosts)| hosts);
        let hosts = hosts.rsplit_once('@').map_or(hosts, |(_, hosts)| hosts).trim_end_matches('/');
        Ok(Address { settings, namespace, hosts: hosts.into() })
    }
}

/// Refuses what the client takes and can never connect with.
fn check(settings: &ClientSettings) -> Result<(), &'static str> {
    // The client counts an attempt before it makes it.
    if settings.max_discover_attempts() < 2 {
        return Err("maxDiscoverAttempts is 2 or more");
    }
    if settings.gossip_timeout().is_zero() {
        return Err("gossipTimeout is 1 or more");
    }
    if settings.hosts().iter().any(|host| host.port == 0) {
        return Err("a port is 1 to 65535");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Address>().expect_err("it is no address").to_string()
    }

    #[test]
    fn the_ledger_is_taken_out_and_the_rest_is_the_clients() {
        for scheme in ["kurrentdb", "kdb", "kurrent", "esdb", "esdb+discover", "kdb+discover"] {
            let text = format!(
                "{scheme}://me:secret@db.example:2115?tls=false&ledger=main.2&connectionName=x"
            );
            let address: Address = text.parse().expect("an address");
            assert_eq!(address.prefix(), "souk.main.2/");
            assert_eq!(&*address.hosts, "db.example:2115");
            assert!(!format!("{address:?}").contains("secret"));
            assert!(!address.settings.is_secure_mode_enabled());
        }
        let address: Address = "kdb://a:1,b:2,c:3?LEDGER=x".parse().expect("a cluster");
        assert_eq!(&*address.hosts, "a:1,b:2,c:3");
        assert!(address.settings.is_secure_mode_enabled());
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        assert!(error("kurrentdb://localhost?tls=false").contains("add ledger=NAME"));
        assert!(error("kurrentdb://localhost?ledger=").contains("1 to 40"));
        assert!(error("kurrentdb://localhost?ledger=a%2Fb").contains("1 to 40"));
        assert!(error("kurrentdb://localhost?ledger=a&ledger=b").contains("twice"));
        assert!(error("http://localhost?ledger=a").contains("scheme"));
        assert!(error("kurrentdb://localhost:0?ledger=a").contains("a port is 1 to 65535"));
        for wrong in ["maxdiscoverattempts=0", "maxDiscoverAttempts=1", "gossipTimeout=0"] {
            let said = error(&format!("kurrentdb://localhost?{wrong}&ledger=a"));
            assert!(said.contains("or more"), "{said}");
        }
        let hidden = error("kurrentdb://me:secret@host:port?ledger=a");
        assert!(!hidden.contains("secret"), "{hidden}");
    }
}
