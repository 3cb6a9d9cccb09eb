//! A closed statement: the recorded figures, sums per kind, and where its lines are.

use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::entry::{CycleClosed, EntryNumber};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::KindTotal;

/// Where a line of a statement is: the line itself stays in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRef {
    /// The entry.
    pub entry: EntryNumber,
    /// Index of the posting in the entry.
    pub posting: u16,
    /// Whether it was due before the cycle's first day.
    pub late: bool,
}

/// A line that no close has claimed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLine {
    /// The entry.
    pub entry: EntryNumber,
    /// Index of the posting in the entry.
    pub posting: u16,
    /// What it is for; `carried` is the opening of the next statement and not a line.
    pub kind: LineKind,
    /// When it falls due.
    pub due_on: Date,
    /// Minor units, positive is the merchant's.
    pub amount: i64,
}

/// A closed statement; amounts in minor units, positive is the merchant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The entry that closed the cycle.
    pub entry: EntryNumber,
    /// The statement's number.
    pub number: Box<str>,
    /// The cycle's name.
    pub cycle: Box<str>,
    /// The zone of its dates.
    pub time_zone: Box<str>,
    /// The currency of every amount.
    pub currency: Currency,
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
    /// Sum of the lines, as recorded.
    pub lines: i64,
    /// Number of lines, as recorded.
    pub count: u64,
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
    /// The lines in entry order: line number n is the n-th, from 1.
    pub line_refs: Vec<LineRef>,
    /// Kind, number of lines and sum, in the order of kinds.
    totals: Vec<(LineKind, u64, i64)>,
}

impl Statement {
    /// Sums per kind of line in the order of [`LineKind::ALL`]; kinds without lines are left out.
    pub fn subtotals(&self) -> impl Iterator<Item = KindTotal> {
        self.totals.iter().map(|(kind, lines, amount)| {
            let (kind, lines, amount) = (*kind, *lines, *amount);
            KindTotal { kind, lines, amount }
        })
    }

    /// Lines due before the first day.
    pub fn late(&self) -> u64 {
        self.line_refs.iter().filter(|line| line.late).count() as u64
    }

    /// The statement of a close over the lines it claimed, which are in entry order.
    pub(crate) fn of(entry: EntryNumber, closed: &CycleClosed<'_>, claimed: &[OpenLine]) -> Self {
        let lines = || claimed.iter().filter(|line| !line.is_carried());
        // The close summed these lines in 64 bits before it was recorded.
        let mut totals = [(0_u64, 0_i64); LineKind::ALL.len()];
        for line in lines() {
            let (count, sum) = &mut totals[line.kind as usize];
            (*count, *sum) = (*count + 1, *sum + line.amount);
        }
        let kinds = LineKind::ALL.iter().zip(totals).filter(|(_, (count, _))| *count > 0);
        Self {
            entry,
            number: closed.number.into(),
            cycle: closed.cycle.into(),
            time_zone: closed.time_zone.into(),
            currency: closed.currency,
            from: closed.from,
            to: closed.to,
            cut_off: closed.cut_off,
            entry_limit: closed.entry_limit,
            opening: closed.opening,
            lines: closed.lines,
            count: closed.count,
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
            line_refs: lines().map(|line| line.reference(closed.from)).collect(),
            totals: kinds.map(|(kind, (count, sum))| (*kind, count, sum)).collect(),
        }
    }
}

impl OpenLine {
    /// Where it is, and whether it is late in a cycle that begins on `from`.
    pub fn reference(&self, from: Date) -> LineRef {
        LineRef { entry: self.entry, posting: self.posting, late: self.due_on < from }
    }

    /// Whether it is the balance carried from the cycle before: the opening, and not a line.
    pub fn is_carried(&self) -> bool {
        self.kind == LineKind::Carried
    }
}
