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

    use crate::fail::{Exit, Failure};

    /// A ledger on a server.
    #[derive(Clone, Debug)]
    pub(crate) struct Remote {
        store: Arc<KurrentStore>,
    }

    impl Remote {
        /// Opens the ledger that an address names; it may be empty.
        pub(crate) fn open(url: &str) -> Result<Self, Failure> {
            let address = parse(url)?;
            Ok(Self { store: Arc::new(KurrentStore::open(&address, Options::default())?) })
        }

        /// The store.
        pub(crate) fn store(&self) -> Arc<dyn EventStore> {
            Arc::<KurrentStore>::clone(&self.store)
        }

        /// The terms kept beside the ledger.
        pub(crate) fn terms(&self) -> Result<Option<String>, Failure> {
            Ok(self.store.kept_terms()?)
        }

        /// Keeps terms beside the ledger.
        pub(crate) fn keep_terms(&self, text: &str) -> Result<(), Failure> {
            Ok(self.store.keep_terms(text)?)
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

    use crate::fail::Failure;

    /// A ledger on a server, of which there is none in this build.
    #[derive(Clone, Debug)]
    pub(crate) enum Remote {}

    impl Remote {
        pub(crate) fn open(url: &str) -> Result<Self, Failure> {
            Err(super::not_built(&format!("--store {url}")))
        }

        pub(crate) fn store(&self) -> Arc<dyn EventStore> {
            match *self {}
        }

        pub(crate) fn terms(&self) -> Result<Option<String>, Failure> {
            match *self {}
        }

        pub(crate) fn keep_terms(&self, _text: &str) -> Result<(), Failure> {
            match *self {}
        }
    }

    pub(crate) fn check(url: &str) -> Result<(), Failure> {
        Err(super::not_built(&format!("--store {url}")))
    }
}

pub(crate) use built::{Remote, check};

/// An address without user and password, for people.
pub(crate) fn shown(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?.1))) {
        Some((scheme, rest)) => format!("{scheme}://{rest}"),
        None => url.to_owned(),
    }
}
