//! What a book remembers: its next month, and what is provided for.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

use crate::business_time::Zone;

/// A provision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// First day of its month.
    pub month: Date,
    /// The account that bears it.
    pub account: Box<str>,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Whether it is reversed.
    pub reversed: bool,
}

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BookState {
    /// Not opened.
    #[default]
    Absent,
    /// Open.
    Open {
        /// First day of the first month that is not closed.
        next: Date,
        /// Zone of its dates.
        zone: Zone,
        /// Provisions, by id.
        provisions: BTreeMap<Id, Provision>,
    },
}

impl BookState {
    /// Provisions of closed months that are not reversed, by id.
    pub fn to_reverse(&self) -> Vec<Id> {
        match self {
            Self::Absent => Vec::new(),
            Self::Open { next, provisions, .. } => {
                let open = provisions.iter().filter(|(_, of)| !of.reversed && of.month < *next);
                open.map(|(id, _)| *id).collect()
            }
        }
    }
}
