//! A closed cycle, as the entry that closed it recorded it.

use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::entry::{CycleClosed, EntryNumber};
use souk_journal::open_items::Claims;

/// A closed cycle as recorded; amounts in minor units, positive is the merchant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedCycle {
    /// The entry that closed it.
    pub entry: EntryNumber,
    /// The cycle's name.
    pub cycle: Box<str>,
    /// The statement's number.
    pub number: Box<str>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The day after the last: items due before it were claimed.
    pub cut_off: Date,
    /// Items of entries up to this one were claimed.
    pub entry_limit: EntryNumber,
    /// Carried from the cycle before.
    pub opening: i64,
    /// Sum of the lines.
    pub lines: i64,
    /// Number of lines.
    pub count: u64,
    /// Lines due before `from`, counted from the items.
    pub late: u64,
    /// Reserve withheld, ≥ 0.
    pub reserve_withheld: i64,
    /// Reserve released, ≥ 0.
    pub reserve_released: i64,
    /// Withheld to fill the deposit, ≥ 0.
    pub deposit_topped_up: i64,
    /// Used of the deposit to cover the balance, ≥ 0.
    pub deposit_used: i64,
    /// opening + lines − reserve withheld − deposit topped up + reserve released + deposit used.
    pub closing: i64,
    /// Paid out, ≥ 0.
    pub payout: i64,
    /// Carried into the next cycle.
    pub carried: i64,
    /// What became a debt, or, negative, was kept for one: closing = payout + carried − debt.
    pub debt: i64,
    /// Which items were claimed; all of them by the final settlement of an account.
    pub claims: Claims,
    /// SHA-256 of the lines in the form `statement-lines/v1`.
    pub digest: [u8; 32],
}

impl ClosedCycle {
    pub(crate) fn of(entry: EntryNumber, closed: &CycleClosed<'_>, late: u64) -> Self {
        Self {
            entry,
            cycle: closed.cycle.into(),
            number: closed.number.into(),
            from: closed.from,
            to: closed.to,
            cut_off: closed.cut_off,
            entry_limit: closed.entry_limit,
            opening: closed.opening,
            lines: closed.lines,
            count: closed.count,
            late,
            reserve_withheld: closed.reserve_withheld,
            reserve_released: closed.reserve_released,
            deposit_topped_up: closed.deposit_topped_up,
            deposit_used: closed.deposit_used,
            closing: closed.closing,
            payout: closed.payout,
            carried: closed.carried,
            debt: closed.debt,
            claims: closed.claims,
            digest: closed.digest,
        }
    }
}
