//! What is shown: open items, the claim of a close, closed cycles, control totals.

use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};
use souk_journal::open_items::OpenItem;
use souk_journal::statement_lines::{self, Claim, Head};

use crate::SettlementCycles;
use crate::closed_cycle::ClosedCycle;
use crate::state::Book;

/// A merchant and currency with open items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBook {
    /// The merchant.
    pub merchant: MerchantId,
    /// Its number, for the other queries here.
    pub number: MerchantNo,
    /// The currency of the amount.
    pub currency: Currency,
    /// Number of open items.
    pub items: u64,
    /// Their sum with a carried balance, minor units, positive is the merchant's.
    pub amount: i128,
    /// The earliest due date among them.
    pub earliest_due: Date,
}

/// Where all items of a currency went; minor units, carried balances excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTotal {
    /// The currency of the sums.
    pub currency: Currency,
    /// Σ items ever posted.
    pub item_postings: i128,
    /// Σ lines that closes recorded.
    pub closed_lines: i128,
    /// Σ items still open.
    pub open_items: i128,
}

impl ControlTotal {
    /// Whether every item is either in one closed cycle or open.
    pub fn holds(&self) -> bool {
        self.closed_lines + self.open_items == self.item_postings
    }
}

impl SettlementCycles {
    /// What a close with this head would claim; nothing is claimed by asking. Meaningful once
    /// [`SettlementCycles::last_entry`] has reached the head's entry limit.
    pub fn claim(&self, merchant: MerchantNo, currency: Currency, head: &Head) -> Claim {
        let items = self.book(merchant, currency).map(|book| &book.items);
        let claimable = items.map(|items| items.claimable(head.claims_before(), head.entry_limit));
        statement_lines::claim(head, claimable.unwrap_or_default())
    }

    /// Open items in entry order, a carried balance among them.
    pub fn open(&self, merchant: MerchantNo, currency: Currency) -> &[OpenItem] {
        self.book(merchant, currency).map_or(&[], |book| book.items.items())
    }

    /// The earliest due date of the open items.
    pub fn due_before(&self, merchant: MerchantNo, currency: Currency) -> Option<Date> {
        self.open(merchant, currency).iter().map(|item| item.due_on).min()
    }

    /// Merchants and currencies with open items, by merchant, then currency.
    pub fn open_books(&self, names: &Names) -> Vec<OpenBook> {
        let mut open: Vec<OpenBook> = self
            .books()
            .filter_map(|(number, book)| {
                let items = book.items.items();
                Some(OpenBook {
                    merchant: names.merchant(number)?,
                    number,
                    currency: book.currency,
                    items: items.len() as u64,
                    amount: items.iter().map(|item| i128::from(item.amount)).sum(),
                    earliest_due: items.iter().map(|item| item.due_on).min()?,
                })
            })
            .collect();
        open.sort_by_key(|book| (book.merchant, book.currency.code()));
        open
    }

    /// Closed cycles in closing order; the last is the latest.
    pub fn closed(&self, merchant: MerchantNo, currency: Currency) -> &[ClosedCycle] {
        self.book(merchant, currency).map_or(&[], |book| &book.cycles)
    }

    /// Currencies in which a merchant has or had items, by code.
    pub fn currencies(&self, merchant: MerchantNo) -> Vec<Currency> {
        let books = self.state.books.get(merchant.0 as usize);
        let mut codes: Vec<Currency> = books.into_iter().flatten().map(|of| of.currency).collect();
        codes.sort_by_key(|currency| currency.code());
        codes
    }

    /// Where all items went, by currency code.
    pub fn control_totals(&self) -> Vec<ControlTotal> {
        let mut totals: Vec<ControlTotal> = Vec::new();
        for (_, book) in self.books() {
            let open = book.items.items().iter().filter(|item| !item.is_carried());
            let open_items = open.map(|item| i128::from(item.amount)).sum();
            let (currency, item_postings, closed_lines) =
                (book.currency, book.posted, book.closed_lines);
            match totals.iter_mut().find(|total| total.currency == currency) {
                Some(total) => {
                    total.item_postings += item_postings;
                    total.closed_lines += closed_lines;
                    total.open_items += open_items;
                }
                None => {
                    totals.push(ControlTotal { currency, item_postings, closed_lines, open_items })
                }
            }
        }
        totals.sort_by_key(|total| total.currency.code());
        totals
    }

    /// Closed cycles whose recorded figures were computed again from their items.
    pub fn cycles_checked(&self) -> u64 {
        self.state.cycles_checked
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.state.last_entry
    }

    fn book(&self, merchant: MerchantNo, currency: Currency) -> Option<&Book> {
        let books = self.state.books.get(merchant.0 as usize)?;
        books.iter().find(|book| book.currency == currency)
    }

    fn books(&self) -> impl Iterator<Item = (MerchantNo, &Book)> {
        let merchants = (0..).map(MerchantNo).zip(&self.state.books);
        merchants.flat_map(|(number, books)| books.iter().map(move |book| (number, book)))
    }
}
