//! `statement-lines/v1`: the form of a statement's lines under its digest. A stored format.
//!
//! UTF-8, every line ended by LF, fields parted by TAB, nothing escaped because no field can hold
//! either. Amounts are decimals at the currency's scale in the merchant's view (positive is theirs).
//!
//! ```text
//! souk statement-lines/v1
//! <merchant> <currency> <cycle> <from> <cut_off> <entry_limit> <opening>
//! <line_no> <kind> <subject|-> <amount> <effective_on> <due_on> <late|-> <corrects|-> <entry>.<posting>
//! …
//! ```
//!
//! The subject is the order; of a payout that failed or came back it is the payout's id, which is the
//! id in the line's stream; every other line has none. Lines are numbered from 1 in entry order; the carried balance is the opening and not a line; an
//! item due before `from` is late. The digest is SHA-256 over all of it, printed as 64 hexadecimal
//! digits. Anyone can recompute it from the statement's JSON.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::dates::Date;
use crate::entry::EntryNumber;
use crate::ids::{CycleId, MerchantId};
use crate::line_kind::LineKind;
use crate::money::{Currency, minor_text, push_minor, push_number};
use crate::open_items::{Claims, OpenItem};

/// What stands above the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The merchant.
    pub merchant: MerchantId,
    /// The currency of every amount.
    pub currency: Currency,
    /// The cycle.
    pub cycle: CycleId,
    /// First day; items due before it are late.
    pub from: Date,
    /// The day after the last.
    pub cut_off: Date,
    /// Items of entries up to this one are claimed.
    pub entry_limit: EntryNumber,
    /// Which items are claimed; not part of the text.
    pub claims: Claims,
}

impl Head {
    /// Items due before this date are claimed.
    pub fn claims_before(&self) -> Date {
        self.claims.before(self.cut_off)
    }
}

/// A sum per kind of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindTotal {
    /// The kind.
    pub kind: LineKind,
    /// Lines of it.
    pub lines: u64,
    /// Their sum, minor units in the merchant's view.
    pub amount: i64,
}

/// What a close claims, summed up; the list itself stays in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The balance carried from the cycle before, minor units.
    pub opening: i64,
    /// Sum of the lines, minor units.
    pub lines: i64,
    /// Number of lines.
    pub count: u64,
    /// Of them late.
    pub late: u64,
    /// Per kind, in the order of [`LineKind::ALL`].
    pub totals: Vec<KindTotal>,
    /// SHA-256 of the text form.
    pub digest: [u8; 32],
}

/// The text form of the lines.
pub fn text<'i>(head: &Head, items: impl IntoIterator<Item = &'i OpenItem>) -> String {
    summarise(head, items, true).1
}

/// The claim over these items, which are in entry order.
pub fn claim<'i>(head: &Head, items: impl IntoIterator<Item = &'i OpenItem>) -> Claim {
    summarise(head, items, false).0
}

/// Bytes, such as a digest, as hexadecimal digits.
pub fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Sums and hashes in one pass; keeps the text only when it is wanted.
fn summarise<'i>(
    head: &Head,
    items: impl IntoIterator<Item = &'i OpenItem>,
    keep: bool,
) -> (Claim, String) {
    let (carried, lines): (Vec<&OpenItem>, Vec<&OpenItem>) =
        items.into_iter().partition(|item| item.is_carried());
    let mut claim = Claiming::new(head, carried.iter().map(|item| item.amount).sum());
    claim.kept = keep.then(String::new);
    lines.into_iter().for_each(|item| claim.line(item));
    claim.end()
}

/// A claim in the making: its lines pass by one at a time, in entry order, and none is kept.
#[derive(Debug)]
pub struct Claiming<'h> {
    head: &'h Head,
    opening: i64,
    hash: Sha256,
    row: String,
    kept: Option<String>,
    totals: [(u64, i128); LineKind::ALL.len()],
    lines: i128,
    count: u64,
    late: u64,
}

impl<'h> Claiming<'h> {
    /// A claim without lines yet. The opening is the sum of the carried items, which stands above the lines.
    pub fn new(head: &'h Head, opening: i64) -> Self {
        let mut row = String::with_capacity(160);
        let _ = write!(
            row,
            "souk statement-lines/v1\n{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            head.merchant,
            head.currency,
            head.cycle,
            head.from,
            head.cut_off,
            head.entry_limit,
            minor_text(i128::from(opening), head.currency)
        );
        Self {
            head,
            opening,
            hash: Sha256::new(),
            row,
            kept: None,
            totals: [(0, 0); LineKind::ALL.len()],
            lines: 0,
            count: 0,
            late: 0,
        }
    }

    /// Adds the next item; a carried one is the opening and not a line.
    pub fn line(&mut self, item: &OpenItem) {
        if item.is_carried() {
            return;
        }
        self.count += 1;
        self.lines += i128::from(item.amount);
        self.late += u64::from(item.due_on < self.head.from);
        let of_kind = &mut self.totals[item.kind as usize];
        *of_kind = (of_kind.0 + 1, of_kind.1 + i128::from(item.amount));
        write_line(&mut self.row, self.count, item, self.head);
        if self.row.len() > 4096 {
            self.flush();
        }
    }

    /// The claim.
    pub fn claim(self) -> Claim {
        self.end().0
    }

    fn flush(&mut self) {
        self.hash.update(self.row.as_bytes());
        if let Some(kept) = &mut self.kept {
            kept.push_str(&self.row);
        }
        self.row.clear();
    }

    fn end(mut self) -> (Claim, String) {
        self.flush();
        let totals = LineKind::ALL
            .iter()
            .map(|kind| (kind, self.totals[*kind as usize]))
            .filter(|(_, (lines, _))| *lines > 0)
            .map(|(kind, (lines, amount))| KindTotal { kind: *kind, lines, amount: within(amount) })
            .collect();
        let (opening, lines) = (self.opening, within(self.lines));
        let (count, late) = (self.count, self.late);
        let digest = self.hash.finalize().into();
        let kept = self.kept.unwrap_or_default();
        (Claim { opening, lines, count, late, totals, digest }, kept)
    }
}

/// A sum as a claim has it. Beyond what a posting can have it is beyond that still, so that no close records it, with room
/// for an opening balance.
fn within(sum: i128) -> i64 {
    const MOST: i64 = i64::MAX / 2;
    i64::try_from(sum.clamp(-i128::from(MOST), i128::from(MOST))).unwrap_or(MOST)
}

fn write_line(row: &mut String, number: u64, item: &OpenItem, head: &Head) {
    let date = |row: &mut String, date: Date| {
        row.extend(date.text().iter().map(|byte| char::from(*byte)));
        row.push('\t');
    };
    push_number(row, number);
    row.push('\t');
    row.push_str(item.kind.text());
    row.push('\t');
    row.push_str(item.subject.as_ref().map_or("-", |subject| subject.as_str()));
    row.push('\t');
    push_minor(row, item.amount, head.currency);
    row.push('\t');
    date(row, item.effective_on);
    date(row, item.due_on);
    row.push_str(if item.due_on < head.from { "late" } else { "-" });
    row.push('\t');
    row.push_str(item.corrects.as_deref().unwrap_or("-"));
    row.push('\t');
    push_number(row, item.entry);
    row.push('.');
    push_number(row, u64::from(item.posting));
    row.push('\n');
}

#[cfg(test)]
mod tests;
