//! What is charged before it is earned: opening + charged − recognised − returned − forfeited = closing, for every fee,
//! month and segment. The kinds on `DeferredRevenue` name the fee.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_journal::account::{Account, Section};
use souk_journal::dates::Date;
use souk_journal::deferral::earned_on;
use souk_journal::entry::{JournalEntry, Posting};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use crate::PlatformRevenue;
use crate::booking_month::Booking;
use crate::segments::{Segment, SplitBy};
use crate::view::Months;

/// What moved on `DeferredRevenue`, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// Charged, and to be earned.
    pub charged: i128,
    /// Earned: revenue.
    pub recognised: i128,
    /// Unearned, and given back.
    pub returned: i128,
    /// Unearned, and kept: revenue.
    pub forfeited: i128,
}

impl Deferral {
    /// What it adds to what is deferred.
    pub fn net(self) -> i128 {
        self.charged - self.recognised - self.returned - self.forfeited
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.charged += other.charged;
        self.recognised += other.recognised;
        self.returned += other.returned;
        self.forfeited += other.forfeited;
    }
}

/// One fee in one month and segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeferralCell {
    pub(crate) months: Booking,
    pub(crate) fee: LineKind,
    pub(crate) currency: Currency,
    pub(crate) moved: Deferral,
}

/// The deferral of a kind of fee; minor units, credit positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferredRow {
    /// The fee.
    pub fee: LineKind,
    /// The currency of the amount.
    pub currency: Currency,
    /// Charged, not yet earned, given back or forfeited.
    pub amount: i128,
}

/// A line of revenue over a booking month: what was deferred before it, what moved, what is deferred after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferralRow {
    /// First day of the booking month.
    pub month: Date,
    /// The revenue account that earns it.
    pub line: Account,
    /// What it is split by.
    pub segment: Segment,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Deferred when the month began.
    pub opening: i128,
    /// What moved in it.
    pub moved: Deferral,
}

impl DeferralRow {
    /// Deferred when the month ends.
    pub fn closing(&self) -> i128 {
        self.opening + self.moved.net()
    }
}

/// The line that earns a fee; what no line earns stays visible under the account itself.
pub(crate) fn line_of(fee: LineKind) -> Account {
    earned_on(fee).unwrap_or(Account::DeferredRevenue)
}

/// What a posting to `DeferredRevenue` is. The fee's own kind stands for a charge and for what is earned of it; earned is
/// what the same entry books as revenue, whichever way round: a term that is cancelled earlier than it was recognised
/// takes revenue back.
fn moved(posting: &Posting, entry: &JournalEntry<'_>) -> Deferral {
    let credit = -i128::from(posting.amount);
    if posting.kind.is_return() {
        return Deferral { returned: -credit, ..Deferral::default() };
    }
    if posting.kind.component().is_some() {
        return Deferral { forfeited: -credit, ..Deferral::default() };
    }
    let earns = |of: &&Posting| {
        of.account.section() == Section::Revenue
            && of.kind == posting.kind
            && of.currency == posting.currency
            && of.amount == -posting.amount
    };
    if entry.postings.iter().any(|of| earns(&of)) {
        Deferral { recognised: -credit, ..Deferral::default() }
    } else {
        Deferral { charged: credit, ..Deferral::default() }
    }
}

impl PlatformRevenue {
    /// Adds a posting to `DeferredRevenue`.
    pub(crate) fn defer(
        &mut self,
        posting: &Posting,
        entry: &JournalEntry<'_>,
        months: Booking,
        names: &Names,
    ) {
        // A component without a plain kind stands for itself.
        let fee = posting.kind.plain().unwrap_or(posting.kind);
        let currency = posting.currency;
        let segment = self.segments.number(posting.dims, names);
        if segment >= self.deferral.len() {
            self.deferral.resize_with(segment + 1, Vec::new);
        }
        let cells = &mut self.deferral[segment];
        let key = (months, fee, currency);
        let known = cells.iter().rposition(|cell| (cell.months, cell.fee, cell.currency) == key);
        let index = known.unwrap_or_else(|| {
            cells.push(DeferralCell { months, fee, currency, moved: Deferral::default() });
            cells.len() - 1
        });
        cells[index].moved.add(moved(posting, entry));
    }

    /// What is deferred, by fee, then currency; their sum is the credit balance of `DeferredRevenue`.
    pub fn deferred(&self) -> Vec<DeferredRow> {
        let mut rows: BTreeMap<(LineKind, &str), DeferredRow> = BTreeMap::new();
        for cell in self.deferral.iter().flatten() {
            let (fee, currency) = (cell.fee, cell.currency);
            let empty = DeferredRow { fee, currency, amount: 0 };
            rows.entry((fee, currency.code())).or_insert(empty).amount += cell.moved.net();
        }
        rows.into_values().collect()
    }

    /// Deferral by booking month, line in the chart's order, currency and segment. A month stands here when something
    /// moved in it or was still deferred when it began.
    pub fn deferral(&self, months: Months, by: SplitBy) -> Vec<DeferralRow> {
        type Key<'c> = (Account, &'c str, Segment);
        let mut moves: BTreeMap<Key<'_>, (Currency, BTreeMap<Date, Deferral>)> = BTreeMap::new();
        for (cells, segment) in self.deferral.iter().zip(self.segments.known()) {
            for cell in cells {
                let key = (line_of(cell.fee), cell.currency.code(), by.of(segment));
                let of = moves.entry(key).or_insert((cell.currency, BTreeMap::new()));
                of.1.entry(cell.months.booked).or_default().add(cell.moved);
            }
        }
        let last_moved = moves.values().filter_map(|(_, of)| of.keys().next_back()).max();
        let Some(last) = months.to.map(Date::first_of_month).or(last_moved.copied()) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        for ((line, _, segment), (currency, moved)) in moves {
            let Some(mut month) = moved.keys().next().copied() else { continue };
            let mut opening = 0;
            while month <= last {
                let of = moved.get(&month).copied();
                let row = DeferralRow {
                    month,
                    line,
                    segment: segment.clone(),
                    currency,
                    opening,
                    moved: of.unwrap_or_default(),
                };
                opening = row.closing();
                if months.contain(month) && (of.is_some() || row.opening != 0) {
                    rows.push(row);
                }
                let next = month.first_of_next_month();
                // Nothing moves any more; and the last month there is has no next one.
                if next <= month || (opening == 0 && moved.range(next..).next().is_none()) {
                    break;
                }
                month = next;
            }
        }
        rows.sort_by(|a, b| {
            let key = |of: &DeferralRow| (of.month, of.line, of.currency.code());
            key(a).cmp(&key(b)).then_with(|| a.segment.cmp(&b.segment))
        });
        rows
    }
}
