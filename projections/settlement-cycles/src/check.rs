//! What must hold whenever a cycle closed: the recorded figures against the entries before.

use std::fmt::Display;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{CycleClosed, EntryNumber, JournalEntry, Posting};
use souk_journal::line_kind::LineKind;
use souk_journal::money::minor_text;
use souk_journal::projection::Mismatch;
use souk_journal::statement_lines::{Claim, hex};

use crate::closed_cycle::ClosedCycle;

/// One close under examination.
pub(crate) struct Check<'e, 'a> {
    /// The entry that closes.
    pub(crate) entry: &'e JournalEntry<'a>,
    /// What it recorded.
    pub(crate) closed: &'e CycleClosed<'a>,
    /// Where differences go.
    pub(crate) found: &'e mut Vec<Mismatch>,
}

impl Check<'_, '_> {
    /// The items give what was recorded.
    pub(crate) fn claim(&mut self, claim: &Claim) {
        let closed = self.closed;
        self.amount("opening", closed.opening, i128::from(claim.opening));
        self.amount("lines", closed.lines, i128::from(claim.lines));
        if closed.count != claim.count {
            self.differ("number of lines", closed.count, claim.count);
        }
        if closed.digest != claim.digest {
            self.differ("digest of the lines", hex(&closed.digest), hex(&claim.digest));
        }
    }

    /// The lines cannot be put under a head at all.
    pub(crate) fn no_head(&mut self) {
        self.differ("name", self.closed.cycle, "no merchant and cycle with identifiers");
    }

    /// It continues the cycle before, and both limits move on.
    pub(crate) fn sequence(&mut self, previous: Option<&ClosedCycle>) {
        let closed = self.closed;
        let carried = previous.map_or(0, |cycle| cycle.carried);
        self.amount("opening after the cycle before", closed.opening, i128::from(carried));
        let Some(previous) = previous else { return };
        let cut_off: Date = previous.cut_off;
        if closed.cut_off <= cut_off {
            self.differ("cut-off", closed.cut_off, format!("a date after {cut_off}"));
        }
        let limit: EntryNumber = previous.entry_limit;
        if closed.entry_limit <= limit {
            self.differ("entry limit", closed.entry_limit, format!("an entry after {limit}"));
        }
    }

    /// opening + lines − withheld and topped up + released and used = closing = payout + carried − debt.
    pub(crate) fn identity(&mut self) {
        let closed = self.closed;
        let taken = i128::from(closed.reserve_withheld) + i128::from(closed.deposit_topped_up);
        let given = i128::from(closed.reserve_released) + i128::from(closed.deposit_used);
        let closing = i128::from(closed.opening) + i128::from(closed.lines) - taken + given;
        self.amount("closing", closed.closing, closing);
        let paid_or_carried = i128::from(closed.payout) + i128::from(closed.carried);
        let owed = paid_or_carried - i128::from(closed.debt);
        self.amount("closing as payout, carried and debt", closed.closing, owed);
    }

    /// The entry posts what it recorded: settles the items, credits the payout, carries the rest.
    pub(crate) fn own_postings(&mut self) {
        let closed = self.closed;
        let settled = -self.posted(|posting| {
            posting.account == Account::MerchantPayable && posting.due_on.is_none()
        });
        let recorded = i128::from(closed.opening) + i128::from(closed.lines);
        self.wide("opening and lines as settled", recorded, settled);
        let payout = self.posted(|posting| posting.account == Account::PayoutsDue);
        self.amount("payout as posted", closed.payout, payout);
        let carried = self.posted(|posting| posting.is_item() && posting.kind == LineKind::Carried);
        self.amount("carried as posted", closed.carried, carried);
        let debt = -self.posted(|posting| posting.account == Account::MerchantDebt);
        self.amount("debt as posted", closed.debt, debt);
    }

    /// Σ of the entry's postings for this merchant and currency, merchant's view, minor units.
    fn posted(&self, wanted: impl Fn(&Posting) -> bool) -> i128 {
        let of = (self.closed.merchant, self.closed.currency);
        let own = self.entry.postings.iter().filter(|line| (line.merchant, line.currency) == of);
        own.filter(|line| wanted(line)).map(|line| -i128::from(line.amount)).sum()
    }

    fn amount(&mut self, what: &str, recorded: i64, computed: i128) {
        self.wide(what, i128::from(recorded), computed);
    }

    fn wide(&mut self, what: &str, recorded: i128, computed: i128) {
        if recorded != computed {
            let text = |minor| minor_text(minor, self.closed.currency);
            let (recorded, computed) = (text(recorded), text(computed));
            self.differ(what, recorded, computed);
        }
    }

    fn differ(&mut self, what: &str, recorded: impl Display, computed: impl Display) {
        let source = self.entry.source;
        self.found.push(Mismatch {
            entry: self.entry.entry,
            source_ref: format!("{}@{}", source.stream, source.revision),
            what: format!("{what} of {} ({})", self.closed.number, self.closed.cycle),
            recorded: recorded.to_string(),
            computed: computed.to_string(),
        });
    }
}
