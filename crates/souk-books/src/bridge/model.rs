//! The bridge as data.

use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::figure::Figure;

/// Whether the figures can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A close recorded them.
    Frozen,
    /// The cycle is not closed.
    SoFar,
    /// Nothing happened, so nothing was recorded.
    Zero,
}

/// The bridge of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// Number of the statement.
    pub number: String,
    /// The merchant.
    pub merchant: MerchantId,
    /// The cycle.
    pub cycle: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Zone of every date here.
    pub time_zone: String,
    /// Its offset on the first day, `UTC+08:00`.
    pub offset: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Whether it settles the account for the last time.
    pub is_final: bool,
    /// Whether the figures can still change.
    pub status: Status,
    /// What you sold, what was taken, what was kept or carried; without rows a block is left out.
    pub blocks: Vec<BridgeBlock>,
    /// The proof.
    pub check: Check,
    /// Said instead of rows where there is nothing to show.
    pub message: Option<String>,
}

/// A block of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeBlock {
    /// Title in English.
    pub title: &'static str,
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// Its rows.
    pub rows: Vec<BridgeRow>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeRow {
    /// The kind of its lines, where it sums some.
    pub kind: Option<LineKind>,
    /// Label in English.
    pub label: &'static str,
    /// Label in Chinese.
    pub label_zh: &'static str,
    /// Whether it is a result of the rows above it.
    pub is_result: bool,
    /// The amount as the merchant's balance sees it.
    pub amount: Figure,
    /// Number of lines it sums.
    pub lines: Option<u64>,
    /// Count, rate, date or reason beside it.
    pub note: Option<String>,
    /// The address of the amount.
    pub address: Option<String>,
}

/// opening + lines − withheld + released = closing = payout + carried − debt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Carried from the cycle before.
    pub opening: Figure,
    /// Sum of the lines.
    pub lines: Figure,
    /// Reserve withheld, ≥ 0.
    pub withheld: Figure,
    /// Reserve released, ≥ 0.
    pub released: Figure,
    /// The closing balance.
    pub closing: Figure,
    /// Paid out.
    pub payout: Figure,
    /// Carried into the next cycle.
    pub carried: Figure,
    /// Owed from now on, or, below zero, kept for a debt.
    pub debt: Figure,
    /// Whether all of it holds.
    pub holds: bool,
    /// The digest of the lines, where a close recorded one.
    pub digest: Option<String>,
}
