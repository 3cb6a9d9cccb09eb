//! What can be asked of a book.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{BookId, Id};
use souk_journal::money::Amount;

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

/// Closes the next month: revenue of terms is recognised and positions are revalued through its end, and provisions of the
/// months before are reversed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseMonth<'a> {
    /// The book.
    pub book: BookId,
    /// A day of the month.
    pub month: Date,
    /// Two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
}

/// Books what is expected at the end of the next month to close: of revenue to go back, or of debts not to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookProvision<'a> {
    /// The book.
    pub book: BookId,
    /// The provision, unique in the book.
    pub provision: Id,
    /// A day of the month.
    pub month: Date,
    /// The account that bears it, by its name in the chart: a line of revenue, or `BadDebt`.
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// How much, > 0.
    pub amount: Amount,
    /// What it rests on, in a few words.
    #[serde(borrow)]
    pub explanation: Cow<'a, str>,
    /// Two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
}

/// Reverses a provision of a closed month; it is booked in the open one and concerns the month of the provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseProvision {
    /// The book.
    pub book: BookId,
    /// The provision.
    pub provision: Id,
}

/// A command to a book's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookCommand<'a> {
    /// Open.
    Open(OpenBook<'a>),
    /// Close a month.
    CloseMonth(CloseMonth<'a>),
    /// Book a provision.
    BookProvision(BookProvision<'a>),
    /// Reverse a provision.
    ReverseProvision(ReverseProvision),
}

impl BookCommand<'_> {
    /// The book.
    pub fn book(&self) -> BookId {
        match self {
            Self::Open(of) => of.book,
            Self::CloseMonth(of) => of.book,
            Self::BookProvision(of) => of.book,
            Self::ReverseProvision(of) => of.book,
        }
    }
}
