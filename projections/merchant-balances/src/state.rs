//! The fold: unclaimed items with their due dates, and one sum per other state.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{Control, EntryNumber, JournalEntry};
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;

use crate::MerchantBalances;

/// The states that are one sum each; a purse keeps its sums in this order.
pub(crate) const STATES: [Account; 7] = [
    Account::PayoutsDue,
    Account::MerchantHeld,
    Account::MerchantReserve,
    Account::MerchantDeposit,
    Account::AdWallet,
    Account::PayoutsInTransit,
    Account::MerchantDebt,
];

/// What one entry owes on one date and no close has claimed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) due_on: Date,
    entry: EntryNumber,
    /// Minor units, positive is the merchant's.
    pub(crate) amount: i64,
}

/// What a merchant has in one currency; minor units, positive is the merchant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Purse {
    pub(crate) currency: Currency,
    /// In entry order.
    pub(crate) items: Vec<Item>,
    pub(crate) sums: [i128; STATES.len()],
}

impl Purse {
    /// Items of one entry with one due date stand and are claimed together.
    fn push(&mut self, item: Item) {
        if let Some(last) = self.items.last_mut()
            && (last.entry, last.due_on) == (item.entry, item.due_on)
            && let Some(sum) = last.amount.checked_add(item.amount)
        {
            last.amount = sum;
            return;
        }
        self.items.push(item);
    }

    fn claim(&mut self, before: Date, limit: EntryNumber) {
        self.items.retain(|item| item.due_on >= before || item.entry > limit);
    }
}

impl MerchantBalances {
    /// Adds one entry. A close takes its items out first: the entry's own carried item is open.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>) {
        // A memo entry has no accounting date that anybody's money waits for.
        if !entry.postings.is_empty() {
            self.last_effective = self.last_effective.max(Some(entry.effective_on));
        }
        self.last_entry = Some(entry.entry);
        if let Control::CycleClosed(closed) = &entry.control {
            self.purse(closed.merchant, closed.currency)
                .claim(closed.claims_before(), closed.entry_limit);
        }
        for posting in &entry.postings {
            if posting.account == Account::MerchantPayable {
                // Without a due date it settles a cycle: the sum of items that the claim took out.
                if let Some(due_on) = posting.due_on {
                    let item = Item { due_on, entry: entry.entry, amount: -posting.amount };
                    self.purse(posting.merchant, posting.currency).push(item);
                }
            } else if let Some(state) = STATES.iter().position(|of| *of == posting.account) {
                let purse = self.purse(posting.merchant, posting.currency);
                purse.sums[state] -= i128::from(posting.amount);
            }
        }
    }

    fn purse(&mut self, merchant: MerchantNo, currency: Currency) -> &mut Purse {
        let number = merchant.0 as usize;
        if number >= self.purses.len() {
            self.purses.resize_with(number + 1, Vec::new);
        }
        let purses = &mut self.purses[number];
        let known = purses.iter().position(|purse| purse.currency == currency);
        let index = known.unwrap_or_else(|| {
            purses.push(Purse { currency, items: Vec::new(), sums: [0; STATES.len()] });
            purses.len() - 1
        });
        &mut purses[index]
    }
}
