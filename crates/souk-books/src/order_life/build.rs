//! Reading an order's stream into its life.

use std::collections::BTreeMap;

use souk_domain::event::LedgerEvent;
use souk_journal::entry::{JournalEntry, Posting, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::names::Names;

use super::contract::{Claimed, OrderFact, OrderLife, PostingLine, StillOpen};
use super::open::Balances;
use super::words::{of_event, of_posting};
use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::{Fetched, Fetcher};
use crate::figure::Figure;

/// An item of the order: its merchant, entry and index of the posting.
type Item = (MerchantId, u64, u16);

impl Books {
    /// The life of an order's money, up to the entry at which the books stand.
    ///
    /// # Errors
    /// `UnknownOrder` with the nearest known one, or what the store says.
    pub fn order_life(&self, order: &str) -> Result<OrderLife, BooksError> {
        let orders = &self.models().orders;
        let Some(known) = orders.find(order) else {
            let nearest = orders.similar(order, 1).first().map(|name| (*name).to_owned());
            return Err(BooksError::UnknownOrder { order: order.to_owned(), nearest });
        };
        let currency = known.currency;
        let (mut facts, mut balances) = (Vec::new(), Balances::default());
        let mut items: BTreeMap<Item, Posting> = BTreeMap::new();
        Fetcher::new(self.store.as_ref()).stream(&format!("order-{order}"), |fetched| {
            if fetched.entry.entry <= self.entry() {
                facts.push(fact(&fetched));
                balances.add(&fetched.entry, fetched.names);
                items.extend(items_of(&fetched.entry, fetched.names));
            }
            Ok(())
        })?;
        let mut open: Vec<StillOpen> = balances.open();
        let (statements, unclaimed) = self.claimed(&items);
        open.extend(unclaimed);
        Ok(OrderLife {
            entry: self.entry(),
            order: order.to_owned(),
            status: known.status.name().to_owned(),
            currency,
            facts,
            statements,
            escrow: balances.escrow(),
            open,
        })
    }

    /// Which statements claimed the items, and which items none has claimed.
    fn claimed(&self, items: &BTreeMap<Item, Posting>) -> (Vec<Claimed>, Vec<StillOpen>) {
        let mut claimed: BTreeMap<(MerchantId, u64), Claimed> = BTreeMap::new();
        let mut open = Vec::new();
        for ((merchant, entry, index), posting) in items {
            let currency = posting.currency;
            let amount = Figure::new(-i128::from(posting.amount), currency);
            let statement = self.closed(*merchant, currency).iter().find(|of| {
                let place = |line: &merchant_statements::LineRef| (line.entry, line.posting);
                of.line_refs.binary_search_by_key(&(*entry, *index), place).is_ok()
            });
            let Some(of) = statement else {
                open.push(StillOpen {
                    what: format!("{}: not in a statement yet", posting.kind.label()),
                    account: posting.account.to_string(),
                    merchant: Some(*merchant),
                    reference: None,
                    amount,
                    due_on: posting.due_on,
                });
                continue;
            };
            let empty = Claimed {
                number: of.number.to_string(),
                merchant: *merchant,
                cycle: of.cycle.to_string(),
                lines: 0,
                amount: Figure::zero(currency),
                address: address::statement(*merchant, &of.cycle, currency),
            };
            let sum = claimed.entry((*merchant, of.entry)).or_insert(empty);
            sum.lines += 1;
            sum.amount.minor += amount.minor;
        }
        (claimed.into_values().collect(), open)
    }
}

fn items_of<'e>(
    entry: &'e JournalEntry<'_>,
    names: &'e Names,
) -> impl Iterator<Item = (Item, Posting)> + 'e {
    let items = entry.postings.iter().enumerate().filter(|(_, posting)| posting.is_item());
    items.filter_map(|(index, posting)| {
        let merchant = names.merchant(posting.merchant)?;
        Some(((merchant, entry.entry, u16::try_from(index).ok()?), *posting))
    })
}

fn fact(fetched: &Fetched<'_>) -> OrderFact {
    let entry = &fetched.entry;
    let words = match fetched.event {
        LedgerEvent::Order(event) => of_event(event),
        LedgerEvent::Ledger(_)
        | LedgerEvent::Schema(_)
        | LedgerEvent::Merchant(_)
        | LedgerEvent::Tariff(_)
        | LedgerEvent::Settlement(_)
        | LedgerEvent::Payout(_)
        | LedgerEvent::Payee(_)
        | LedgerEvent::PayoutFile(_)
        | LedgerEvent::Advertising(_)
        | LedgerEvent::Deposit(_)
        | LedgerEvent::Membership(_)
        | LedgerEvent::Service(_)
        | LedgerEvent::Tax(_)
        | LedgerEvent::Opening(_)
        | LedgerEvent::CloseRun(_)
        | LedgerEvent::BankFile(_)
        | LedgerEvent::FxRate(_)
        | LedgerEvent::FxPosition(_)
        | LedgerEvent::Book(_) => entry.kind.text().to_owned(),
    };
    let line = |posting: &Posting| {
        let reference = entry.reference_of(posting).filter(|of| of.kind != RefKind::Order);
        let amount = i128::from(posting.amount);
        PostingLine {
            account: posting.account.to_string(),
            merchant: fetched.names.merchant(posting.merchant),
            kind: posting.kind,
            words: of_posting(posting, reference.map(|of| of.value)),
            debit: Figure::new(amount.max(0), posting.currency),
            credit: Figure::new((-amount).max(0), posting.currency),
            due_on: posting.due_on,
        }
    };
    OrderFact {
        entry: entry.entry,
        event: entry.kind.text().to_owned(),
        stream: entry.source.stream.to_owned(),
        revision: entry.source.revision,
        occurred_at: fetched.metadata.occurred_at,
        effective_on: entry.effective_on,
        words,
        postings: entry.postings.iter().map(line).collect(),
    }
}
