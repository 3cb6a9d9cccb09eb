//! What can happen to a book of the platform.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

/// A book was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookOpened<'a> {
    /// First day of its first month.
    pub first_month: Date,
    /// Zone of its dates.
    pub time_zone: &'a str,
}

/// A month was closed: what is recorded later is booked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthClosed {
    /// First day of the month.
    pub month: Date,
    /// Entries up to this one belong to it as reported.
    pub entry: u64,
}

event_table! {
    /// Everything that can happen to a book.
    pub enum BookEvent<'a> {
        /// Opened.
        Opened(BookOpened<'a>) = BookOpened v 1,
        /// A month closed.
        MonthClosed(MonthClosed) = MonthClosed v 1,
    }
}
