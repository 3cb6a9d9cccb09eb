//! The names of one ledger's streams on a server that others use too.
//!
//! | on the server | what |
//! |---|---|
//! | `souk.NAME/<stream>` | the ledger's streams; the prefix is no part of a record |
//! | `souk.NAME:anchors` | its anchors, see [`crate::anchor`] |
//! | `souk.NAME:copy` | whether a copy to this name is under way, see [`crate::copying`] |
//! | `souk.NAME:terms` | the terms it began with, see [`crate::beside`] |
//! | `$$souk.NAME/<stream>` | the server's metadata about one of its streams, see [`crate::metadata`] |
//!
//! A name has neither `/` nor `:`, so no ledger's prefix begins another's, and no stream of a ledger can be named
//! like its anchors. The server's categories (up to the first dash) are those of the ledger: `souk.NAME/order`.

use std::fmt;

/// The longest name, in characters.
pub(crate) const MAX_NAME: usize = 40;

/// What is wrong with a name that is none.
pub(crate) const NAME_RULE: &str = "a name is 1 to 40 of A-Z a-z 0-9 . _ -";

/// One ledger's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Namespace {
    prefix: Box<str>,
    metadata_prefix: Box<str>,
    anchors: Box<str>,
    terms: Box<str>,
    copying: Box<str>,
}

/// What a stream on the server is to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    /// A stream of the ledger.
    Stream(&'a str),
    /// The server's metadata about a stream of the ledger.
    MetadataOf(&'a str),
    /// Nothing to do with its log.
    Foreign,
}

impl Namespace {
    /// The names of the ledger `name`; `None` if it cannot be a name.
    pub(crate) fn new(name: &str) -> Option<Namespace> {
        let fits = (1..=MAX_NAME).contains(&name.len());
        if !fits || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
            return None;
        }
        Some(Namespace {
            prefix: format!("souk.{name}/").into(),
            metadata_prefix: format!("$$souk.{name}/").into(),
            anchors: format!("souk.{name}:anchors").into(),
            terms: format!("souk.{name}:terms").into(),
            copying: format!("souk.{name}:copy").into(),
        })
    }

    /// What the names of the ledger's streams begin with on the server.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What the names of their metadata streams begin with.
    pub(crate) fn metadata_prefix(&self) -> &str {
        &self.metadata_prefix
    }

    /// The stream of the anchors.
    pub(crate) fn anchors(&self) -> &str {
        &self.anchors
    }

    /// The stream of the terms.
    pub(crate) fn terms(&self) -> &str {
        &self.terms
    }

    /// The stream of notes about copies.
    pub(crate) fn copying(&self) -> &str {
        &self.copying
    }

    /// A stream's name on the server.
    pub(crate) fn on_server(&self, stream: &str) -> String {
        format!("{}{stream}", self.prefix)
    }

    /// What a stream on the server is.
    pub(crate) fn named<'a>(&self, on_server: &'a str) -> Named<'a> {
        if let Some(stream) = on_server.strip_prefix(&*self.prefix) {
            return Named::Stream(stream);
        }
        on_server.strip_prefix(&*self.metadata_prefix).map_or(Named::Foreign, Named::MetadataOf)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_namespace_reaches_into_another() {
        let names = ["a", "a.", "a-", "A", "ab", "a_", "a.b", "souk.a", "0"];
        for one in names {
            let space = Namespace::new(one).expect("a name");
            for other in names.into_iter().filter(|other| *other != one) {
                let other = Namespace::new(other).expect("a name");
                for stream in ["", "x", "/x", ":anchors", "souk.a/x"] {
                    let named = other.on_server(stream);
                    assert_eq!(space.named(&named), Named::Foreign, "{named} for {one}");
                    assert_eq!(space.named(&format!("$${named}")), Named::Foreign);
                }
                assert_ne!(space.anchors(), other.anchors());
            }
            assert_eq!(space.named(space.anchors()), Named::Foreign);
            assert_eq!(space.named(&space.on_server("订单-1/2")), Named::Stream("订单-1/2"));
            assert_eq!(space.named(&format!("$${space}x")), Named::MetadataOf("x"));
        }
    }

    #[test]
    fn a_name_that_could_reach_into_another_is_none() {
        for wrong in ["", "a/b", "a:b", "a b", "é", "a~b", &"x".repeat(41)] {
            assert_eq!(Namespace::new(wrong), None, "{wrong}");
        }
        assert!(Namespace::new(&"x".repeat(40)).is_some());
    }
}
