//! What can be asked of a book.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::BookId;

/// Opens a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBook<'a> {
    /// The book; the platform's own is `main`.
    pub book: BookId,
    /// A day of its first month.
    pub first_month: Date,
    /// Zone of its dates.
    #[serde(borrow)]
    pub time_zone: Cow<'a, str>,
}

/// Closes the next month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseMonth {
    /// The book.
    pub book: BookId,
    /// A day of the month.
    pub month: Date,
}

/// A command to a book's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookCommand<'a> {
    /// Open.
    Open(OpenBook<'a>),
    /// Close a month.
    CloseMonth(CloseMonth),
}
