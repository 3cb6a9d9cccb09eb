//! Ledgers on a KurrentDB server: the one place in the binary that names the adapter. Without the cargo feature
//! `kurrentdb` it says the one command that brings it.

use crate::fail::{Exit, Failure};

/// The command that builds the program with everything for KurrentDB.
const BUILD: &str = "cargo install --path crates/souk --features kurrentdb";

/// What asks for KurrentDB in a program that was built without it.
#[cfg_attr(feature = "kurrentdb", expect(dead_code, reason = "for builds without the feature"))]
pub(crate) fn not_built(what: &str) -> Failure {
    let message = format!("{what}: this program was built without KurrentDB");
    Failure::new(Exit::Usage, "KurrentDbNotBuilt", message).with(format!("  get it with: {BUILD}"))
}

#[cfg(feature = "kurrentdb")]
mod built {
    use std::sync::Arc;

    use souk_store::EventStore;
    use souk_store_kurrentdb::{Address, KurrentStore, Options};
    use uuid::Uuid;

    use crate::fail::{Exit, Failure};

    /// A ledger on a server.
    #[derive(Clone, Debug)]
    pub(crate) struct Remote {
        store: Arc<KurrentStore>,
    }

    impl Remote {
        /// Opens the ledger that an address names; it may be empty.
        ///
        /// # Errors
        /// `CopyUnfinished` where a copy was cut short; what the store says.
        pub(crate) fn open(url: &str) -> Result<Self, Failure> {
            let remote = Self::open_to_copy(url)?;
            let Some(entries) = remote.unfinished_copy()? else { return Ok(remote) };
            let (name, there) = (super::shown(url), remote.store.head()?);
            let message =
                format!("{name} has {there} of {entries} entries: a copy was not finished");
            Err(Failure::new(Exit::OutOfReach, "CopyUnfinished", message)
                .with("  repeat the souk store copy: it goes on where it stopped"))
        }

        /// The same, whether a copy was finished or not.
        pub(crate) fn open_to_copy(url: &str) -> Result<Self, Failure> {
            let address = parse(url)?;
            Ok(Self { store: Arc::new(KurrentStore::open(&address, Options::default())?) })
        }

        /// How many entries a copy that is under way will have.
        pub(crate) fn unfinished_copy(&self) -> Result<Option<u64>, Failure> {
            Ok(self.store.unfinished_copy()?)
        }

        /// Notes that a copy of so many entries begins.
        pub(crate) fn begin_copy(&self, entries: u64) -> Result<(), Failure> {
            Ok(self.store.begin_copy(entries)?)
        }

        /// Notes that it is whole.
        pub(crate) fn finish_copy(&self) -> Result<(), Failure> {
            Ok(self.store.finish_copy()?)
        }

        /// The store.
        pub(crate) fn store(&self) -> Arc<dyn EventStore> {
            Arc::<KurrentStore>::clone(&self.store)
        }

        /// The terms kept beside a ledger.
        pub(crate) fn terms(&self, ledger: Uuid) -> Result<Option<String>, Failure> {
            Ok(self.store.kept_terms(ledger)?)
        }

        /// Keeps terms beside a ledger, nil for whichever comes here.
        pub(crate) fn keep_terms(&self, ledger: Uuid, text: &str) -> Result<(), Failure> {
            Ok(self.store.keep_terms(ledger, text)?)
        }
    }

    fn parse(url: &str) -> Result<Address, Failure> {
        url.parse().map_err(|error: souk_store_kurrentdb::AddressError| {
            Failure::new(Exit::Usage, "BadStoreAddress", error.to_string())
        })
    }

    /// Refuses what is no address, without asking a server.
    pub(crate) fn check(url: &str) -> Result<(), Failure> {
        parse(url).map(drop)
    }
}

#[cfg(not(feature = "kurrentdb"))]
mod built {
    use std::sync::Arc;

    use souk_store::EventStore;
    use uuid::Uuid;

    use crate::fail::Failure;

    /// A ledger on a server, of which there is none in this build.
    #[derive(Clone, Debug)]
    pub(crate) enum Remote {}

    impl Remote {
        pub(crate) fn open(url: &str) -> Result<Self, Failure> {
            Err(super::not_built(&format!("--store {}", super::shown(url))))
        }

        pub(crate) fn open_to_copy(url: &str) -> Result<Self, Failure> {
            Self::open(url)
        }

        pub(crate) fn unfinished_copy(&self) -> Result<Option<u64>, Failure> {
            match *self {}
        }

        pub(crate) fn begin_copy(&self, _entries: u64) -> Result<(), Failure> {
            match *self {}
        }

        pub(crate) fn finish_copy(&self) -> Result<(), Failure> {
            match *self {}
        }

        pub(crate) fn store(&self) -> Arc<dyn EventStore> {
            match *self {}
        }

        pub(crate) fn terms(&self, _ledger: Uuid) -> Result<Option<String>, Failure> {
            match *self {}
        }

        pub(crate) fn keep_terms(&self, _ledger: Uuid, _text: &str) -> Result<(), Failure> {
            match *self {}
        }
    }

    pub(crate) fn check(url: &str) -> Result<(), Failure> {
        Err(super::not_built(&format!("--store {}", super::shown(url))))
    }
}

pub(crate) use built::{Remote, check};

/// An address without user and password, for people.
pub(crate) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['?', '/']).unwrap_or(rest.len());
    let (hosts, parameters) = rest.split_at(end);
    let hosts = hosts.rsplit_once('@').map_or(hosts, |(_, hosts)| hosts);
    format!("{scheme}://{hosts}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn an_address_is_shown_without_user_and_password() {
        for (url, wanted) in [
            ("kurrentdb://a:p@ss@h:1?ledger=x", "kurrentdb://h:1?ledger=x"),
            (
                "kdb://a:p@h,i:2/?ledger=x&connectionName=a@b",
                "kdb://h,i:2/?ledger=x&connectionName=a@b",
            ),
            ("kdb://h?ledger=x", "kdb://h?ledger=x"),
            ("souk-data", "souk-data"),
        ] {
            assert_eq!(shown(url), wanted);
        }
    }
}
