//! Open items of one merchant in one currency, and the claim of a settlement cycle.
//!
//! A posting to `MerchantPayable` with a due date is an item. A close claims the items with
//! `due_on < cut_off` and `entry ≤ limit`; each item is claimed once, because a claim takes it out. The final settlement
//! of an account claims every item, whenever it is due ([`Claims::Everything`]).

use serde::{Deserialize, Serialize};

use crate::dates::Date;
use crate::entry::{EntryNumber, JournalEntry, Posting, RefKind};
use crate::ids::Id;
use crate::line_kind::LineKind;

/// Which of the open items a close claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Claims {
    /// Those due before the cut-off.
    #[default]
    Due,
    /// All of them: the account ends.
    Everything,
}

impl Claims {
    /// Items due before this date are claimed by a close with this cut-off.
    pub fn before(self, cut_off: Date) -> Date {
        match self {
            Self::Due => cut_off,
            Self::Everything => Date::MAX,
        }
    }
}

/// An item: a posting to `MerchantPayable` with a due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenItem {
    /// The entry that made it.
    pub entry: EntryNumber,
    /// Index of the posting in the entry.
    pub posting: u16,
    /// What it is for.
    pub kind: LineKind,
    /// When it falls due.
    pub due_on: Date,
    /// Its accounting date.
    pub effective_on: Date,
    /// Minor units in the merchant's view: positive is theirs.
    pub amount: i64,
    /// The order or payout it belongs to.
    pub subject: Option<Id>,
    /// What it corrects, `stream@revision`.
    pub corrects: Option<Box<str>>,
}

impl OpenItem {
    /// The item of a posting, if it is one.
    pub fn of(entry: &JournalEntry<'_>, index: usize, posting: &Posting) -> Option<Self> {
        if !posting.is_item() {
            return None;
        }
        let subject = entry
            .reference(RefKind::Order)
            .or_else(|| entry.reference(RefKind::Payout))
            .and_then(|text| Id::new(text).ok());
        Some(Self {
            entry: entry.entry,
            posting: u16::try_from(index).ok()?,
            kind: posting.kind,
            due_on: posting.due_on?,
            effective_on: entry.effective_on,
            amount: -posting.amount,
            subject,
            corrects: entry.corrects.map(|of| format!("{}@{}", of.stream, of.revision).into()),
        })
    }

    /// Whether it is the balance carried from the cycle before.
    pub fn is_carried(&self) -> bool {
        self.kind == LineKind::Carried
    }
}

/// The items not yet claimed, in entry order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenItems {
    items: Vec<OpenItem>,
}

impl OpenItems {
    /// Adds an item; entries arrive in log order.
    pub fn push(&mut self, item: OpenItem) {
        self.items.push(item);
    }

    /// The items not yet claimed, in entry order.
    pub fn items(&self) -> &[OpenItem] {
        &self.items
    }

    /// Whether a claim would take this item.
    pub fn matured(item: &OpenItem, before: Date, limit: EntryNumber) -> bool {
        item.due_on < before && item.entry <= limit
    }

    /// What a close would claim, in entry order, without claiming it.
    pub fn claimable(&self, before: Date, limit: EntryNumber) -> Vec<&OpenItem> {
        self.items.iter().filter(|item| Self::matured(item, before, limit)).collect()
    }

    /// Takes out what a close claims, in entry order.
    pub fn claim(&mut self, before: Date, limit: EntryNumber) -> Vec<OpenItem> {
        self.items.extract_if(.., |item| Self::matured(item, before, limit)).collect()
    }
}
