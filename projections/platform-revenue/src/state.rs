//! The fold: cells of revenue and of the value of merchandise, by segment.
//!
//! The log moves forward in time, so the cell of a posting is near the end of its short list.

use std::array::from_fn;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use souk_journal::account::{Account, Section};
use souk_journal::entry::{Control, JournalEntry, Posting};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use crate::PlatformRevenue;
use crate::booking_month::Booking;

/// The kinds on `MerchantPayable` that make up the value of merchandise, in the merchant's view:
/// after the merchant's discount, before the platform's, without shipping and tax.
const MERCHANDISE: [LineKind; 4] = [
    LineKind::SalePrincipal,
    LineKind::DiscountMerchant,
    LineKind::RefundPrincipal,
    LineKind::RefundSubsidy,
];

/// Whether a kind is a return, by kind.
static RETURNS: LazyLock<[bool; LineKind::ALL.len()]> =
    LazyLock::new(|| from_fn(|kind| LineKind::ALL[kind].is_return()));

/// One revenue line in one month; minor units, credit positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RevenueCell {
    pub(crate) months: Booking,
    pub(crate) line: Account,
    pub(crate) currency: Currency,
    pub(crate) gross: i128,
    pub(crate) returned: i128,
    pub(crate) contra: i128,
}

impl RevenueCell {
    pub(crate) fn net(&self) -> i128 {
        self.gross - self.returned - self.contra
    }
}

/// Merchandise in one month; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MerchandiseCell {
    pub(crate) months: Booking,
    pub(crate) currency: Currency,
    pub(crate) value: i128,
}

impl PlatformRevenue {
    /// Adds one entry; a month closes for the entries after it.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        self.last_entry = Some(entry.entry);
        let mut months = None;
        for posting in &entry.postings {
            let section = posting.account.section();
            let earns = section == Section::Revenue || section == Section::ContraRevenue;
            let defers = posting.account == Account::DeferredRevenue;
            let sells =
                posting.account == Account::MerchantPayable && MERCHANDISE.contains(&posting.kind);
            if !(earns || defers || sells) {
                continue;
            }
            let booking = || self.calendar.booking(entry.effective_on);
            let months = *months.get_or_insert_with(booking);
            if earns {
                self.earn(posting, months, names);
            } else if defers {
                self.defer(posting, entry, months, names);
            } else {
                self.sell(posting, months, names);
            }
        }
        if let Control::MonthClosed { month, .. } = &entry.control {
            self.calendar.close(*month);
        }
    }

    fn earn(&mut self, posting: &Posting, months: Booking, names: &Names) {
        let segment = self.segments.number(posting.dims, names);
        if segment >= self.revenue.len() {
            self.revenue.resize_with(segment + 1, Vec::new);
        }
        let cells = &mut self.revenue[segment];
        let (line, currency) = (posting.account, posting.currency);
        let key = (months, line, currency);
        let known = cells.iter().rposition(|cell| (cell.months, cell.line, cell.currency) == key);
        let index = known.unwrap_or_else(|| {
            cells.push(RevenueCell { months, line, currency, gross: 0, returned: 0, contra: 0 });
            cells.len() - 1
        });
        let debit = i128::from(posting.amount);
        if line.section() == Section::ContraRevenue {
            cells[index].contra += debit;
        } else if RETURNS[posting.kind as usize] {
            cells[index].returned += debit;
        } else {
            cells[index].gross -= debit;
        }
    }

    fn sell(&mut self, posting: &Posting, months: Booking, names: &Names) {
        let segment = self.segments.number(posting.dims, names);
        if segment >= self.merchandise.len() {
            self.merchandise.resize_with(segment + 1, Vec::new);
        }
        let (cells, currency) = (&mut self.merchandise[segment], posting.currency);
        let key = (months, currency);
        let known = cells.iter().rposition(|cell| (cell.months, cell.currency) == key);
        let index = known.unwrap_or_else(|| {
            cells.push(MerchandiseCell { months, currency, value: 0 });
            cells.len() - 1
        });
        cells[index].value -= i128::from(posting.amount);
    }
}
