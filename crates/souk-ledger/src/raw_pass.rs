//! The raw pass of a close: every event decoded, posted and summed up naively, without any projection.
//!
//! What a close pays comes from a projection, which may be fed from a snapshot. So before a cycle is closed, what the
//! projection would claim is held against sums that only this pass made, from the log alone; and before the run finishes,
//! what the closes recorded is held against them again. It keeps 24 bytes per open item and nothing of what is closed.

use hashbrown::HashMap;
use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::dates::Date;
use souk_journal::entry::{Control, CycleClosed, EventRef, JournalEntry};
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Currency, minor_text};
use souk_journal::names::{MerchantNo, Names};
use souk_journal::statement_lines::{Claim, Head};
use souk_store::{EventStore, Page};

use crate::error::{BugCause, LedgerError};
use crate::ledger::Account;

/// Bytes of a page.
const PAGE: usize = 1 << 20;

/// An open item.
#[derive(Debug, Clone, Copy)]
struct Item {
    entry: u64,
    amount: i64,
    due_on: Date,
    carried: bool,
}

/// What a close claims: opening, lines and number of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sums {
    opening: i64,
    lines: i64,
    count: u64,
}

impl Sums {
    fn add(&mut self, item: &Item) {
        if item.carried {
            self.opening += item.amount;
        } else {
            self.lines += item.amount;
            self.count += 1;
        }
    }

    fn say(self, currency: Currency) -> String {
        let text = |minor: i64| minor_text(i128::from(minor), currency);
        format!("opening {}, {} lines of {}", text(self.opening), self.count, text(self.lines))
    }
}

/// A closing that the events do not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The merchant, as the books name it.
    pub merchant: String,
    /// The currency.
    pub currency: Currency,
    /// The cycle.
    pub cycle: String,
    /// Whether it was closed all the same, by a run before this one or a writer beside it.
    pub closed: bool,
    /// What the close claims or recorded.
    pub claimed: String,
    /// What the events give.
    pub events: String,
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { merchant, currency, cycle, claimed, events, .. } = self;
        let what = if self.closed { "was closed over" } else { "is not paid: claimed are" };
        write!(f, "{merchant} {cycle} {currency} {what} {claimed}; the events give {events}")
    }
}

/// The pass, as far as it has read.
#[derive(Debug, Default)]
pub(crate) struct RawPass {
    names: Names,
    next: u64,
    items: HashMap<(MerchantNo, Currency), Vec<Item>>,
    /// The last cut-off, where there was a close.
    closed: HashMap<(MerchantNo, Currency), Date>,
    /// Closes since the pass was told to watch that recorded something else.
    found: Vec<Disagreement>,
}

impl RawPass {
    /// Reads on to the head of the store.
    pub(crate) fn read(&mut self, store: &dyn EventStore) -> Result<(), LedgerError> {
        loop {
            let page = store.read_all(self.next, PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            self.fold(&page)?;
            self.next = page.next_entry();
        }
    }

    fn fold(&mut self, page: &Page) -> Result<(), LedgerError> {
        for record in page.records() {
            let record = record?;
            let damaged = |cause: BugCause| LedgerError::Damaged {
                stream: record.stream.to_owned(),
                revision: record.revision,
                cause,
            };
            let metadata = Metadata::parse(record.metadata).map_err(|of| damaged(of.into()))?;
            let category = record.stream.split_once('-').map_or("", |(category, _)| category);
            let event =
                LedgerEvent::decode(category, record.event_type, metadata.version, record.data)
                    .map_err(|of| damaged(of.into()))?;
            let source = EventRef { stream: record.stream, revision: record.revision };
            let entry = post(&event, &metadata, record.entry, source, &mut self.names)
                .map_err(|of| damaged(of.into()))?;
            if let Control::CycleClosed(of) = &entry.control {
                Self::close(&mut self.items, &mut self.found, &self.names, of);
                self.closed.insert((of.merchant, of.currency), of.cut_off);
            }
            Self::open(&mut self.items, &entry);
        }
        Ok(())
    }

    fn open(items: &mut HashMap<(MerchantNo, Currency), Vec<Item>>, entry: &JournalEntry<'_>) {
        for posting in &entry.postings {
            if let Some(due_on) = posting.due_on.filter(|_| posting.is_item()) {
                let carried = posting.kind == LineKind::Carried;
                let item = Item { entry: entry.entry, amount: -posting.amount, due_on, carried };
                items.entry((posting.merchant, posting.currency)).or_default().push(item);
            }
        }
    }

    /// Takes out what a close claims, and holds what it recorded against it.
    fn close(
        items: &mut HashMap<(MerchantNo, Currency), Vec<Item>>,
        found: &mut Vec<Disagreement>,
        names: &Names,
        of: &CycleClosed<'_>,
    ) {
        let mut sums = Sums::default();
        let before = of.claims_before();
        if let Some(items) = items.get_mut(&(of.merchant, of.currency)) {
            items.retain(|item| {
                let claimed = item.due_on < before && item.entry <= of.entry_limit;
                if claimed {
                    sums.add(item);
                }
                !claimed
            });
        }
        let recorded = Sums { opening: of.opening, lines: of.lines, count: of.count };
        let closing = of.opening + of.lines - of.reserve_withheld + of.reserve_released;
        if recorded != sums || closing != of.closing {
            let name = names.merchant(of.merchant);
            found.push(Disagreement {
                merchant: name.map_or_else(String::new, |name| name.to_string()),
                currency: of.currency,
                cycle: of.cycle.to_owned(),
                closed: true,
                claimed: recorded.say(of.currency),
                events: sums.say(of.currency),
            });
        }
    }

    /// Forgets what was found so far: closes of runs that finished.
    pub(crate) fn watch(&mut self) {
        self.found.clear();
    }

    /// Closes since [`RawPass::watch`] that recorded something else than the events give.
    pub(crate) fn found(&self) -> &[Disagreement] {
        &self.found
    }

    /// Holds what a projection would claim against the events; none when they agree, or when the cycle is closed already:
    /// such a close is refused.
    pub(crate) fn differs(
        &self,
        (merchant, currency): Account,
        head: &Head,
        claim: &Claim,
    ) -> Option<Disagreement> {
        let mut sums = Sums::default();
        let before = head.claims.before(head.cut_off);
        let number = self.names.find_merchant(merchant);
        let last = number.and_then(|number| self.closed.get(&(number, currency)));
        if last.is_some_and(|last| *last >= head.cut_off) {
            return None;
        }
        let items = number.and_then(|number| self.items.get(&(number, currency)));
        let due = |item: &&Item| item.due_on < before && item.entry <= head.entry_limit;
        items.into_iter().flatten().filter(due).for_each(|item| sums.add(item));
        let claimed = Sums { opening: claim.opening, lines: claim.lines, count: claim.count };
        (claimed != sums).then(|| not_paid(merchant, currency, head.cycle, claimed, sums))
    }
}

fn not_paid(
    merchant: MerchantId,
    currency: Currency,
    cycle: CycleId,
    claimed: Sums,
    events: Sums,
) -> Disagreement {
    Disagreement {
        merchant: merchant.to_string(),
        currency,
        cycle: cycle.to_string(),
        closed: false,
        claimed: claimed.say(currency),
        events: events.say(currency),
    }
}
