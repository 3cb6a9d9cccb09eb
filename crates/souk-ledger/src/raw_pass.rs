//! The raw pass of a close: every event decoded, posted and summed up naively, without any projection.
//!
//! What a close pays comes from a projection. So before a cycle is closed, what the projection would claim is held against
//! sums that only this pass made, from the log alone; and before the run finishes, what the closes recorded is held against
//! them again.
//!
//! It keeps no items. A close claims what is due before a day and was recorded up to the claim point of its run, and those
//! points are few: so amounts with the same due date, between the same two points, are claimed together or not at all, and
//! one sum of them is enough. What it keeps is a sum per merchant, currency and due date with something open, however many
//! items there are.

use hashbrown::HashMap;
use smallvec::SmallVec;
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

use crate::close_run::{Progress, Watcher};
use crate::error::{BugCause, LedgerError};
use crate::ledger::Account;

/// Bytes of a page.
const PAGE: usize = 1 << 20;

/// What is open of one due date and one age: recorded after so many of the claim points.
#[derive(Debug, Clone, Copy)]
struct Open {
    due_on: Date,
    age: u32,
    sums: Sums,
}

/// By due date, then age.
type OpenSums = SmallVec<[Open; 1]>;

/// What a close claims: opening, lines and number of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sums {
    opening: i64,
    lines: i64,
    count: u64,
}

impl Sums {
    fn add(&mut self, of: Self) {
        // Beyond 64 bits no closing can be recorded, and what is compared with none may stop there.
        self.opening = self.opening.saturating_add(of.opening);
        self.lines = self.lines.saturating_add(of.lines);
        self.count += of.count;
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
    /// Claim points, increasing.
    points: Vec<u64>,
    open: HashMap<(MerchantNo, Currency), OpenSums>,
    /// The last cut-off, where there was a close.
    closed: HashMap<(MerchantNo, Currency), Date>,
    /// Closes since the pass was told to watch that recorded something else.
    found: Vec<Disagreement>,
}

impl RawPass {
    /// Expects closes with this claim point. One that the pass has passed already makes it begin again: it has added up
    /// what the point parts.
    pub(crate) fn expect(&mut self, point: u64) {
        let Err(place) = self.points.binary_search(&point) else { return };
        self.points.insert(place, point);
        if point + 1 < self.next {
            let points = std::mem::take(&mut self.points);
            *self = Self { points, ..Self::default() };
        }
    }

    /// Reads on to the head of the store.
    pub(crate) fn read(
        &mut self,
        store: &dyn EventStore,
        watcher: &mut Watcher<'_>,
    ) -> Result<(), LedgerError> {
        let head = store.head()?;
        loop {
            let page = store.read_all(self.next, PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            match self.fold(&page)? {
                Some(point) => self.expect(point),
                None => self.next = page.next_entry(),
            }
            watcher(Progress::Checking { done: self.next, of: head.max(self.next) });
        }
    }

    /// Folds a page, up to a close with a claim point that nobody expected: that point.
    fn fold(&mut self, page: &Page) -> Result<Option<u64>, LedgerError> {
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
            self.next = record.entry + 1;
            if let Control::CycleClosed(of) = &entry.control {
                if self.points.binary_search(&of.entry_limit).is_err() {
                    return Ok(Some(of.entry_limit));
                }
                self.close(of);
                self.closed.insert((of.merchant, of.currency), of.cut_off);
            }
            self.open(&entry);
        }
        Ok(None)
    }

    fn open(&mut self, entry: &JournalEntry<'_>) {
        let before = self.points.partition_point(|point| *point < entry.entry);
        // Nobody makes so many runs that this does not count them.
        let age = u32::try_from(before).unwrap_or(u32::MAX);
        for posting in &entry.postings {
            if let Some(due_on) = posting.due_on.filter(|_| posting.is_item()) {
                let amount = -posting.amount;
                let sums = match posting.kind == LineKind::Carried {
                    true => Sums { opening: amount, ..Sums::default() },
                    false => Sums { lines: amount, count: 1, ..Sums::default() },
                };
                let open = self.open.entry((posting.merchant, posting.currency)).or_default();
                match open.binary_search_by_key(&(due_on, age), |of| (of.due_on, of.age)) {
                    Ok(place) => open[place].sums.add(sums),
                    Err(place) => open.insert(place, Open { due_on, age, sums }),
                }
            }
        }
    }

    /// Up to this age an amount was recorded by the claim point.
    fn oldest(&self, point: u64) -> usize {
        self.points.partition_point(|of| *of < point)
    }

    /// Takes out what a close claims, and holds what it recorded against it.
    fn close(&mut self, of: &CycleClosed<'_>) {
        let mut sums = Sums::default();
        let (before, oldest) = (of.claims_before(), self.oldest(of.entry_limit));
        if let Some(open) = self.open.get_mut(&(of.merchant, of.currency)) {
            open.retain(|open| {
                let claimed = open.due_on < before && open.age as usize <= oldest;
                if claimed {
                    sums.add(open.sums);
                }
                !claimed
            });
        }
        let recorded = Sums { opening: of.opening, lines: of.lines, count: of.count };
        let closing = of.opening + of.lines - of.kept();
        if recorded != sums || closing != of.closing {
            let name = self.names.merchant(of.merchant);
            self.found.push(Disagreement {
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
        let open = number.and_then(|number| self.open.get(&(number, currency)));
        let oldest = self.oldest(head.entry_limit);
        let due = |of: &&Open| of.due_on < before && of.age as usize <= oldest;
        open.into_iter().flatten().filter(due).for_each(|of| sums.add(of.sums));
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
