//! What a decision about lines of statements reads of the log: the items that it names, and the day of the close.

use std::sync::Arc;

use souk_domain::business_time::Zone;
use souk_domain::decider::Decider as _;
use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_domain::settlement::events::SettlementEvent;
use souk_domain::settlement::objections::commands::{LineAt, ObjectionCommand};
use souk_domain::settlement::objections::decide::{FoundLine, Objecting, ObjectionContext};
use souk_domain::settlement::objections::refusal::ObjectionRefusal;
use souk_journal::dates::Date;
use souk_journal::entry::{EventRef, RefKind};
use souk_journal::ids::{CycleId, Id};
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_store::{Direction, Record};

use crate::error::{BugCause, LedgerError};
use crate::ledger::{Account, Ledger, settlement_stream};
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// Records read at once.
const PAGE: usize = 512;

impl Ledger {
    pub(crate) fn stage_objection(
        &mut self,
        command: &ObjectionCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (merchant, code) = command.of();
        let currency = Currency::from_code(code).map_err(ObjectionRefusal::UnknownCurrency)?;
        let account = (merchant, currency);
        let (today, merchant_known) = self.date_at(merchant, request.at)?;
        let (zone, time_zone) = self.zone_of(account)?;
        let closed_on = match command.cycle() {
            Some(cycle) => self.closed_on(account, cycle, &zone)?,
            None => None,
        };
        let (recorded_on, _) = self.date_at(merchant, self.clock().now())?;
        let lines = self.items(account, &command.lines())?;
        let context = ObjectionContext {
            merchant_known,
            currency,
            today,
            recorded_on,
            time_zone: &time_zone,
            closed_on,
            lines: &lines,
        };
        let stream = settlement_stream(account);
        let store = Arc::clone(&self.store);
        let loaded = self.settlements.load(account, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Objecting::decide(state, command, &context, request.at))
        })
    }

    /// The zone where a merchant is settled, or the platform's while it has no terms.
    fn zone_of(&mut self, (merchant, _): Account) -> Result<(Zone, Box<str>), LedgerError> {
        let platform = (self.identity.zone.clone(), self.identity.time_zone.clone());
        let terms = self.merchant(merchant)?.terms.last();
        Ok(terms.map_or(platform, |terms| (terms.zone.clone(), terms.time_zone.clone())))
    }

    /// The day in a zone on which the close of a cycle was recorded.
    fn closed_on(
        &self,
        account: Account,
        cycle: CycleId,
        zone: &Zone,
    ) -> Result<Option<Date>, LedgerError> {
        let stream = settlement_stream(account);
        let mut from = 0;
        loop {
            let page =
                self.store.read_stream_unnumbered(&stream, from, Direction::Forwards, PAGE)?;
            if page.is_empty() {
                return Ok(None);
            }
            for record in page.records() {
                let record = record?;
                from = record.revision + 1;
                let mut closed = None;
                let mut look = || -> Result<(), BugCause> {
                    let metadata = Metadata::parse(record.metadata)?;
                    let (kind, version) = (record.event_type, metadata.version);
                    let event = LedgerEvent::decode("settlement", kind, version, record.data)?;
                    let LedgerEvent::Settlement(event) = &event else { return Ok(()) };
                    let of_cycle =
                        matches!(event, SettlementEvent::CycleClosed(of) if of.cycle == cycle);
                    let this = of_cycle
                        || matches!(event, SettlementEvent::AccountSettled(of) if of.cycle == cycle);
                    closed = this.then(|| zone.date(metadata.recorded_at));
                    Ok(())
                };
                look().map_err(|cause| damaged(&record, cause))?;
                if closed.is_some() {
                    return Ok(closed);
                }
            }
        }
    }

    /// Those of the lines that are items of a merchant in a currency, as the log has them.
    fn items(&mut self, account: Account, lines: &[LineAt]) -> Result<Vec<FoundLine>, LedgerError> {
        let mut found = Vec::with_capacity(lines.len());
        let head = self.store.head()?;
        for at in lines.iter().filter(|at| at.entry < head) {
            // One byte asks for one record: a page has one at least.
            let page = self.store.read_all(at.entry, 1)?;
            let Some(record) = page.records().next() else { continue };
            let record = record?;
            let item = item(&record, *at, account).map_err(|cause| damaged(&record, cause))?;
            found.extend(item);
        }
        for line in &mut found {
            let (place, amount) = ((line.at.entry, line.at.posting), line.amount);
            let root = self.settlement(account)?.objections.root(&line.event, place, amount);
            line.given_back = self.given_back(account, &root)?;
        }
        Ok(found)
    }
}

pub(crate) fn damaged(record: &Record<'_>, cause: BugCause) -> LedgerError {
    LedgerError::Damaged { stream: record.stream.to_owned(), revision: record.revision, cause }
}

/// A posting of a record, if it is an item of the account.
fn item(
    record: &Record<'_>,
    at: LineAt,
    (merchant, currency): Account,
) -> Result<Option<FoundLine>, BugCause> {
    let category = record.stream.split_once('-').map_or("", |(category, _)| category);
    let metadata = Metadata::parse(record.metadata)?;
    let event = LedgerEvent::decode(category, record.event_type, metadata.version, record.data)?;
    let source = EventRef { stream: record.stream, revision: record.revision };
    let mut names = Names::default();
    let entry = post(&event, &metadata, at.entry, source, &mut names)?;
    let posting = entry.postings.get(usize::from(at.posting));
    let posting = posting.filter(|of| {
        of.is_item() && of.currency == currency && names.merchant(of.merchant) == Some(merchant)
    });
    Ok(posting.and_then(|posting| {
        Some(FoundLine {
            at,
            kind: posting.kind,
            amount: -posting.amount,
            due_on: posting.due_on?,
            event: format!("{}@{}", record.stream, record.revision).into(),
            order: entry.reference(RefKind::Order).and_then(|order| Id::new(order).ok()),
            given_back: 0,
        })
    }))
}
