//! The JSON of an order's life.

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::address;
use crate::figure::Figure;

/// Everything that happened to an order, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderLife {
    /// The last entry of the ledger that is reflected.
    pub entry: u64,
    /// The order.
    pub order: String,
    /// Its state: `placed`, `paid`, `partly_completed`, `completed`, `refund_issued`, `cancelled`.
    pub status: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// What happened, in time order.
    pub facts: Vec<OrderFact>,
    /// Which statements claimed its items.
    pub statements: Vec<Claimed>,
    /// The buyer's money that is still held, per merchant.
    pub escrow: Vec<Escrow>,
    /// What is still open, and when or by what it ends.
    pub open: Vec<StillOpen>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderFact {
    /// Its entry.
    pub entry: u64,
    /// Its type.
    pub event: String,
    /// Its stream.
    pub stream: String,
    /// Its revision.
    pub revision: u64,
    /// When it happened.
    pub occurred_at: Micros,
    /// Its accounting date.
    pub effective_on: Date,
    /// In words.
    pub words: String,
    /// What was debited and credited; nothing for a memo.
    pub postings: Vec<PostingLine>,
}

/// One debit or credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PostingLine {
    /// The account.
    pub account: String,
    /// The merchant, where the account is kept for one.
    pub merchant: Option<MerchantId>,
    /// What it is for.
    pub kind: LineKind,
    /// In words.
    pub words: String,
    /// Debited, ≥ 0.
    pub debit: Figure,
    /// Credited, ≥ 0.
    pub credit: Figure,
    /// When it falls due, on a merchant's payable account.
    pub due_on: Option<Date>,
}

/// Items of the order that one statement claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claimed {
    /// The statement.
    pub number: String,
    /// The merchant.
    pub merchant: MerchantId,
    /// The cycle.
    pub cycle: String,
    /// Number of its lines.
    pub lines: u64,
    /// Their sum.
    pub amount: Figure,
    /// The statement's address.
    pub address: String,
}

/// The buyer's money held for a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Escrow {
    /// The merchant; null where the order has no lines.
    pub merchant: Option<MerchantId>,
    /// What is left.
    pub amount: Figure,
}

/// Something that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StillOpen {
    /// What.
    pub what: String,
    /// The account.
    pub account: String,
    /// The merchant, where the account is kept for one.
    pub merchant: Option<MerchantId>,
    /// The payment or refund it clears against.
    pub reference: Option<String>,
    /// How much; positive where the platform owes it.
    pub amount: Figure,
    /// When it falls due.
    pub due_on: Option<Date>,
}

impl OrderLife {
    /// The address of the whole.
    pub fn address(&self) -> String {
        address::order(&self.order)
    }
}
