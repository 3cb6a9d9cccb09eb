//! The fold: items come in with postings and go out with a close.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::entry::{Control, CycleClosed, JournalEntry};
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};
use souk_journal::open_items::{OpenItem, OpenItems};
use souk_journal::statement_lines::{self, Head};

use crate::SettlementCycles;
use crate::check::Check;
use crate::closed_cycle::ClosedCycle;

/// One merchant in one currency; minor units in the merchant's view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Book {
    pub(crate) currency: Currency,
    pub(crate) items: OpenItems,
    /// Σ of all items ever posted, carried balances excluded.
    pub(crate) posted: i128,
    /// Σ of the lines that closes recorded.
    pub(crate) closed_lines: i128,
    /// In closing order.
    pub(crate) cycles: Vec<ClosedCycle>,
}

impl Book {
    fn new(currency: Currency) -> Self {
        let (items, cycles) = (OpenItems::default(), Vec::new());
        Self { currency, items, posted: 0, closed_lines: 0, cycles }
    }

    fn push(&mut self, item: OpenItem) {
        if !item.is_carried() {
            self.posted += i128::from(item.amount);
        }
        self.items.push(item);
    }

    /// Takes out the claimed items, holds the recorded figures against them, and keeps the cycle.
    fn close(&mut self, closed: &CycleClosed<'_>, names: &Names, check: &mut Check<'_, '_>) {
        let claimed = self.items.claim(closed.claims_before(), closed.entry_limit);
        let late = match head(closed, names) {
            Some(head) => {
                let claim = statement_lines::claim(&head, &claimed);
                check.claim(&claim);
                claim.late
            }
            None => {
                check.no_head();
                0
            }
        };
        check.sequence(self.cycles.last());
        check.identity();
        check.own_postings();
        self.closed_lines += i128::from(closed.lines);
        self.cycles.push(ClosedCycle::of(check.entry.entry, closed, late));
    }
}

/// The head of the recorded figures, if the cycle's name and the merchant's are identifiers.
pub(crate) fn head(closed: &CycleClosed<'_>, names: &Names) -> Option<Head> {
    let merchant: MerchantId = names.merchant(closed.merchant)?;
    Some(Head {
        merchant,
        currency: closed.currency,
        cycle: CycleId::new(closed.cycle).ok()?,
        from: closed.from,
        cut_off: closed.cut_off,
        entry_limit: closed.entry_limit,
        claims: closed.claims,
    })
}

impl SettlementCycles {
    /// Adds one entry. A close takes its items out first: the entry's own carried item is open.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        self.state.last_entry = Some(entry.entry);
        if let Control::CycleClosed(closed) = &entry.control {
            let book = book(&mut self.state.books, closed.merchant, closed.currency);
            book.close(closed, names, &mut Check { entry, closed, found: &mut self.mismatches });
            self.state.cycles_checked += 1;
        }
        for (index, posting) in entry.postings.iter().enumerate() {
            if posting.account == Account::MerchantPayable
                && let Some(item) = OpenItem::of(entry, index, posting)
            {
                book(&mut self.state.books, posting.merchant, posting.currency).push(item);
            }
        }
    }
}

fn book(books: &mut Vec<Vec<Book>>, merchant: MerchantNo, currency: Currency) -> &mut Book {
    let number = merchant.0 as usize;
    if number >= books.len() {
        books.resize_with(number + 1, Vec::new);
    }
    let books = &mut books[number];
    let known = books.iter().position(|book| book.currency == currency);
    let index = known.unwrap_or_else(|| {
        books.push(Book::new(currency));
        books.len() - 1
    });
    &mut books[index]
}
