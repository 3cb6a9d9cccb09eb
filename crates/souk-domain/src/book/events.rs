//! What can happen to a book of the platform.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthClosed<'a> {
    /// First day of the month.
    pub month: Date,
    /// Entries up to this one belong to it as reported.
    pub entry: u64,
    /// Who approved it; from version 2 on two persons at least.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<Cow<'a, str>>,
}

/// What is expected at a month's end was booked: of revenue to go back, or of debts not to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvisionBooked<'a> {
    /// The provision, unique in the book.
    pub provision: Id,
    /// First day of the month.
    pub month: Date,
    /// The account that bears it: a line of revenue, or `BadDebt`.
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// What it rests on.
    #[serde(borrow)]
    pub explanation: Cow<'a, str>,
    /// Who approved it: two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
}

/// A provision was reversed after its month had closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvisionReversed<'a> {
    /// The provision.
    pub provision: Id,
    /// First day of the month that it had been booked in.
    pub month: Date,
    /// The account that bore it.
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
}

event_table! {
    /// Everything that can happen to a book.
    pub enum BookEvent<'a> {
        /// Opened.
        Opened(BookOpened<'a>) = BookOpened v 1,
        /// A month closed.
        MonthClosed(MonthClosed<'a>) = MonthClosed v 2,
        /// A provision booked.
        ProvisionBooked(ProvisionBooked<'a>) = ProvisionBooked v 1,
        /// A provision reversed.
        ProvisionReversed(ProvisionReversed<'a>) = ProvisionReversed v 1,
    }
}
