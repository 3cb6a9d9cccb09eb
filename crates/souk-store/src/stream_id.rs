//! The ledger's own stream ids: `category-part~part`. The port itself takes any UTF-8; a ledger uses only these.

use crate::record::MAX_NAME_BYTES;
use std::fmt;
use thiserror::Error;

/// The longest part of an id, in characters, all of them ASCII.
const MAX_PART: usize = 40;

/// A stream id of a ledger.
///
/// `category` is `[a-z0-9]+` and ends at the first dash; after it come one or more parts of
/// `[A-Za-z0-9._:-]{1,40}` joined by `~`. At most 250 bytes in all. `order-2024-0001` is the order `2024-0001`,
/// `settlement-m7~CNY` has two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId<'a> {
    text: &'a str,
    dash: usize,
}

/// Why a text is no stream id of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{id:?} is not a stream id: {what}; write it category-id, as in order-4711 or settlement-m7~CNY"
)]
pub struct StreamIdError {
    /// The text.
    pub id: Box<str>,
    /// What is wrong with it.
    pub what: &'static str,
}

impl<'a> StreamId<'a> {
    /// Reads a stream id.
    ///
    /// # Errors
    /// [`StreamIdError`] naming the rule that is broken.
    pub fn parse(text: &'a str) -> Result<StreamId<'a>, StreamIdError> {
        let wrong = |what| StreamIdError { id: text.into(), what };
        let (category, id) =
            text.split_once('-').ok_or_else(|| wrong("it has no dash after its category"))?;
        if category.is_empty()
            || !category.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        {
            return Err(wrong("its category, up to the first dash, is not made of a-z and 0-9"));
        }
        for part in id.split('~') {
            if part.is_empty() || part.len() > MAX_PART {
                return Err(wrong("a part of its id does not have 1 to 40 characters"));
            }
            if !part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b)) {
                return Err(wrong(
                    "a part of its id has a character other than A-Z a-z 0-9 . _ : -",
                ));
            }
        }
        if text.len() > MAX_NAME_BYTES {
            return Err(wrong("it is longer than 250 bytes"));
        }
        Ok(StreamId { text, dash: category.len() })
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// What stands before the first dash.
    #[must_use]
    pub fn category(&self) -> &'a str {
        &self.text[..self.dash]
    }

    /// What stands behind the first dash.
    #[must_use]
    pub fn id(&self) -> &'a str {
        &self.text[self.dash + 1..]
    }

    /// The parts of the id, at least one.
    pub fn parts(&self) -> impl Iterator<Item = &'a str> {
        self.id().split('~')
    }
}

impl fmt::Display for StreamId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}
