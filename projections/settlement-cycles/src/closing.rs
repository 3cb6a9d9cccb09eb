//! What a close needs of the cycles, and no more: the open items, which may lie outside memory, the last closed cycle of
//! every merchant, and those that were closed since somebody began to watch.
//!
//! The answers are those of [`crate::SettlementCycles`], to the byte, and every closed cycle is computed again in the same
//! way. What is kept in memory does not grow with items or with cycles of the past.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{Control, CycleClosed, EntryNumber, JournalEntry};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};
use souk_journal::open_items::{OpenItem, OpenItems};
use souk_journal::projection::{Mismatch, Projection};
use souk_journal::statement_lines::{Claim, Claiming, Head};

use crate::check::Check;
use crate::closed_cycle::ClosedCycle;
use crate::piles::Piles;
use crate::state::head;

/// One merchant in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Book {
    currency: Currency,
    pile: usize,
    /// Open items, and the earliest due date among them.
    open: u64,
    earliest: Option<Date>,
    /// The last that closed before the watch began, and all since.
    cycles: Vec<ClosedCycle>,
}

impl Book {
    fn push<P: Piles>(&mut self, item: &OpenItem, piles: &mut P) {
        self.open += 1;
        self.earliest = Some(self.earliest.map_or(item.due_on, |date| date.min(item.due_on)));
        piles.push(self.pile, item);
    }

    /// Takes out the claimed items, holds the recorded figures against them, and keeps the cycle.
    fn close<P: Piles>(
        &mut self,
        closed: &CycleClosed<'_>,
        names: &Names,
        check: &mut Check<'_, '_>,
        piles: &mut P,
        watched: EntryNumber,
    ) {
        let (before, limit) = (closed.claims_before(), closed.entry_limit);
        let head = head(closed, names);
        let opening = opening(self.pile, before, limit, piles);
        let mut claiming = head.as_ref().map(|head| Claiming::new(head, opening));
        let (mut open, mut earliest) = (0, None::<Date>);
        piles.sift(self.pile, &mut |item| {
            let claimed = OpenItems::matured(item, before, limit);
            if claimed {
                claiming.iter_mut().for_each(|claiming| claiming.line(item));
            } else {
                open += 1;
                earliest = Some(earliest.map_or(item.due_on, |date| date.min(item.due_on)));
            }
            !claimed
        });
        (self.open, self.earliest) = (open, earliest);
        let late = match claiming.map(Claiming::claim) {
            Some(claim) => {
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
        let entry = check.entry.entry;
        if entry < watched {
            self.cycles.clear();
        }
        self.cycles.push(ClosedCycle::of(entry, closed, late));
    }
}

/// The carried items among those that a close claims.
fn opening<P: Piles>(pile: usize, before: Date, limit: EntryNumber, piles: &P) -> i64 {
    let mut opening = 0;
    piles.each(pile, &mut |item| {
        if item.is_carried() && OpenItems::matured(item, before, limit) {
            opening += item.amount;
        }
    });
    opening
}

/// Open items, the latest closed cycles, and what does not agree between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosingCycles<P> {
    piles: P,
    /// By merchant number, then the merchant's few currencies.
    books: Vec<Vec<Book>>,
    count: usize,
    /// Cycles closed by this entry and later ones are kept.
    watched: EntryNumber,
    last_entry: Option<EntryNumber>,
    last_effective: Option<Date>,
    mismatches: Vec<Mismatch>,
}

impl<P: Piles> ClosingCycles<P> {
    /// No items and no cycles yet. Of the cycles that close before entry `watched` only the last of each merchant and
    /// currency is kept.
    pub fn new(piles: P, watched: EntryNumber) -> Self {
        Self {
            piles,
            books: Vec::new(),
            count: 0,
            watched,
            last_entry: None,
            last_effective: None,
            mismatches: Vec::new(),
        }
    }

    /// Where the items lie.
    pub fn piles(&self) -> &P {
        &self.piles
    }

    /// What a close with this head would claim; nothing is claimed by asking. Meaningful once
    /// [`ClosingCycles::last_entry`] has reached the head's entry limit.
    pub fn claim(&self, merchant: MerchantNo, currency: Currency, head: &Head) -> Claim {
        let Some(book) = self.book(merchant, currency) else {
            return Claiming::new(head, 0).claim();
        };
        let (before, limit) = (head.claims_before(), head.entry_limit);
        let mut claiming = Claiming::new(head, opening(book.pile, before, limit, &self.piles));
        self.piles.each(book.pile, &mut |item| {
            if OpenItems::matured(item, before, limit) {
                claiming.line(item);
            }
        });
        claiming.claim()
    }

    /// The earliest due date of the open items.
    pub fn due_before(&self, merchant: MerchantNo, currency: Currency) -> Option<Date> {
        self.book(merchant, currency).and_then(|book| book.earliest)
    }

    /// Merchants and currencies with open items or a closed cycle, by merchant, then currency.
    pub fn accounts(&self, names: &Names) -> Vec<(MerchantId, Currency)> {
        let mut accounts: Vec<(MerchantId, Currency)> = Vec::new();
        for (number, books) in (0..).map(MerchantNo).zip(&self.books) {
            let some = |book: &&Book| book.open > 0 || !book.cycles.is_empty();
            for book in books.iter().filter(some) {
                accounts.extend(names.merchant(number).map(|merchant| (merchant, book.currency)));
            }
        }
        accounts.sort_by_key(|(merchant, currency)| (*merchant, currency.code()));
        accounts
    }

    /// Open items of a merchant in a currency, a carried balance among them.
    pub fn open(&self, merchant: MerchantNo, currency: Currency) -> u64 {
        self.book(merchant, currency).map_or(0, |book| book.open)
    }

    /// Closed cycles that are kept, in closing order; the last is the latest.
    pub fn closed(&self, merchant: MerchantNo, currency: Currency) -> &[ClosedCycle] {
        self.book(merchant, currency).map_or(&[], |book| &book.cycles)
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.last_entry
    }

    /// The latest accounting date among entries with postings.
    pub fn last_effective(&self) -> Option<Date> {
        self.last_effective
    }

    fn book(&self, merchant: MerchantNo, currency: Currency) -> Option<&Book> {
        let books = self.books.get(merchant.0 as usize)?;
        books.iter().find(|book| book.currency == currency)
    }

    fn place(&mut self, merchant: MerchantNo, currency: Currency) -> (&mut Book, &mut P) {
        let number = merchant.0 as usize;
        if number >= self.books.len() {
            self.books.resize_with(number + 1, Vec::new);
        }
        let books = &mut self.books[number];
        let known = books.iter().position(|book| book.currency == currency);
        let index = known.unwrap_or_else(|| {
            let pile = self.count;
            self.count += 1;
            books.push(Book { currency, pile, open: 0, earliest: None, cycles: Vec::new() });
            books.len() - 1
        });
        (&mut books[index], &mut self.piles)
    }

    /// Adds one entry. A close takes its items out first: the entry's own carried item is open.
    fn fold(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        self.last_entry = Some(entry.entry);
        if !entry.postings.is_empty() {
            self.last_effective = self.last_effective.max(Some(entry.effective_on));
        }
        if let Control::CycleClosed(closed) = &entry.control {
            let (watched, mut found) = (self.watched, Vec::new());
            let (book, piles) = self.place(closed.merchant, closed.currency);
            let mut check = Check { entry, closed, found: &mut found };
            book.close(closed, names, &mut check, piles, watched);
            self.mismatches.append(&mut found);
        }
        for (index, posting) in entry.postings.iter().enumerate() {
            if posting.account == Account::MerchantPayable
                && let Some(item) = OpenItem::of(entry, index, posting)
            {
                let (book, piles) = self.place(posting.merchant, posting.currency);
                book.push(&item, piles);
            }
        }
    }
}

impl<P: Piles> Projection for ClosingCycles<P> {
    fn name(&self) -> &'static str {
        "closing-cycles"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names) {
        for entry in entries {
            self.fold(entry, names);
        }
    }

    fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    /// Never saved: it lives as long as a close.
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&mut self, _: &[u8]) -> Result<(), String> {
        Err("the items of a close are read from the log each time".to_owned())
    }
}
