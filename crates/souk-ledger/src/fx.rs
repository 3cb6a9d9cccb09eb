//! Rates and positions: the rates that a conversion may need, and what was converted, read from the log itself.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::event::LedgerEvent;
use souk_domain::fxposition::commands::FxPositionCommand;
use souk_domain::fxposition::decide::{FxPosition, FxPositionContext, FxPositionRefusal};
use souk_domain::fxposition::position::Position;
use souk_domain::fxrate::commands::FxRateCommand;
use souk_domain::fxrate::decide::FxRate;
use souk_domain::fxrate::pair::Pair;
use souk_domain::fxrate::quote::Quote;
use souk_domain::fxrate::state::FxRateState;
use souk_domain::metadata::Metadata;
use souk_domain::order::commands::OrderCommand;
use souk_domain::order::state::OrderState;
use souk_domain::posting::post;
use souk_journal::account::Account;
use souk_journal::dates::{Date, Micros};
use souk_journal::entry::{EventRef, JournalEntry, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_store::Record;

use crate::error::{BugCause, LedgerError};
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// Bytes of a page of the log.
const PAGE: usize = 1 << 20;

/// The stream of a position.
pub(crate) fn position_stream(code: &str) -> String {
    format!("fxposition-{code}")
}

/// What the log says of a position.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// Entries looked at.
    head: u64,
    /// What orders converted after the entry up to which it is counted in.
    taken: Position,
    /// What stood there at the end of a day, by accounting dates and without revaluations.
    at_end_of_day: Position,
}

impl Ledger {
    /// The rates of a pair in a year.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn rates(&mut self, pair: Pair, year: i32) -> Result<&FxRateState, LedgerError> {
        let store = Arc::clone(&self.store);
        let stream = pair.stream(year);
        Ok(&self.rates.load((pair, year), &stream, store.as_ref(), self.look)?.state)
    }

    pub(crate) fn stage_fxrate(
        &mut self,
        command: &FxRateCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (pair, year) = command.of();
        let stream = pair.stream(year);
        let store = Arc::clone(&self.store);
        let loaded = self.rates.load((pair, year), &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(FxRate::decide(state, command, &(), request.at))
        })
    }

    /// What is staged and not written yet is not counted in: a later exchange will do that.
    pub(crate) fn stage_fxposition(
        &mut self,
        command: &FxPositionCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let code = command.currency();
        let currency = Currency::from_code(code).map_err(FxPositionRefusal::UnknownCurrency)?;
        let platform = self.identity.currency;
        let stream = position_stream(code);
        let store = Arc::clone(&self.store);
        let loaded = self.positions.load(currency, &stream, store.as_ref(), self.look)?;
        let since = loaded.state.through.map_or(0, |through| through + 1);
        let on = match command {
            FxPositionCommand::Settle(_) => None,
            FxPositionCommand::Revalue(of) => Some(of.on),
        };
        // A command that was carried out before needs nothing.
        let found = if loaded.find(request.id).is_some() || currency == platform {
            Found::default()
        } else {
            self.converted(currency, since, on)?
        };
        let mut rate = None;
        if let Some(on) = on {
            self.load_rates(currency, platform, on)?;
            rate = Quote::find(currency, platform, on, |pair, year| {
                self.rates.get((pair, year)).map(|of| &of.state)
            });
        }
        let context = FxPositionContext {
            currency,
            platform,
            today: self.identity.zone.date(request.at),
            through: found.head.saturating_sub(1),
            taken: found.taken,
            at_end_of_day: found.at_end_of_day,
            rate,
        };
        let loaded = self.positions.load(currency, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(FxPosition::decide(state, command, &context, request.at))
        })
    }

    /// Loads the rates that the completion of an order may be converted at.
    pub(crate) fn load_rates_of(
        &mut self,
        command: &OrderCommand<'_>,
        at: Micros,
    ) -> Result<(), LedgerError> {
        let OrderCommand::Complete(of) = command else { return Ok(()) };
        let from = match self.order(of.order)? {
            OrderState::Placed(placed) => placed.currency,
            OrderState::Absent => return Ok(()),
        };
        // The business day where the merchant is settled, or one beside it.
        let day = self.identity.zone.date(at);
        let days = [day.plus_days(-1), day, day.plus_days(1)];
        for day in days {
            let Some(into) = self.merchant(of.merchant)?.settlement_currency_on(day) else {
                continue;
            };
            self.load_rates(from, into, day)?;
        }
        Ok(())
    }

    /// Loads the rates of a pair, either way round, of a day's year and of the year before.
    fn load_rates(&mut self, from: Currency, into: Currency, on: Date) -> Result<(), LedgerError> {
        let store = Arc::clone(&self.store);
        for pair in [Pair::of(from, into), Pair::of(into, from)].into_iter().flatten() {
            let this = on.parts().0;
            for year in [this - 1, this] {
                self.rates.load((pair, year), &pair.stream(year), store.as_ref(), self.look)?;
            }
        }
        Ok(())
    }

    /// Reads what was converted: after an entry for an exchange, the whole log for the end of a day.
    fn converted(
        &self,
        currency: Currency,
        since: u64,
        on: Option<Date>,
    ) -> Result<Found, LedgerError> {
        let mut found = Found { head: if on.is_some() { 0 } else { since }, ..Found::default() };
        let mut names = Names::default();
        loop {
            let page = self.store.read_all(found.head, PAGE)?;
            if page.is_empty() {
                return Ok(found);
            }
            for (record, entry) in page.records().zip(found.head..) {
                let record = record?;
                let look = |posted: &JournalEntry<'_>| {
                    let order = record.stream.starts_with("order-");
                    let (amount, converted) = moved(posted, currency);
                    if order && entry >= since {
                        found.taken.amount += amount;
                        found.taken.cost += converted;
                    }
                    if on.is_some_and(|on| posted.effective_on <= on) {
                        found.at_end_of_day.amount += amount;
                        found.at_end_of_day.cost += converted;
                    }
                };
                posted(&record, &mut names, look).map_err(|cause| LedgerError::Damaged {
                    stream: record.stream.to_owned(),
                    revision: record.revision,
                    cause,
                })?;
            }
            found.head = page.next_entry();
        }
    }
}

/// Posts a record of those types that can move a position.
fn posted(
    record: &Record<'_>,
    names: &mut Names,
    mut look: impl FnMut(&JournalEntry<'_>),
) -> Result<(), BugCause> {
    let kinds = [
        EntryKind::OrderCompleted,
        EntryKind::RefundIssued,
        EntryKind::AdvanceRecovered,
        EntryKind::FxSettled,
    ];
    if !kinds.iter().any(|kind| kind.text() == record.event_type) {
        return Ok(());
    }
    let category = record.stream.split_once('-').map_or("", |(category, _)| category);
    let metadata = Metadata::parse(record.metadata)?;
    let event = LedgerEvent::decode(category, record.event_type, metadata.version, record.data)?;
    let source = EventRef { stream: record.stream, revision: record.revision };
    look(&post(&event, &metadata, 0, source, names)?);
    Ok(())
}

/// What an entry brings of a currency, and what that costs in the platform's: credits of the one, debits of the other.
fn moved(entry: &JournalEntry<'_>, currency: Currency) -> (i64, i64) {
    let (mut amount, mut cost) = (0, 0);
    for posting in entry.postings.iter().filter(|of| of.account == Account::FxPosition) {
        let of = entry.reference_of(posting);
        let this = of.is_some_and(|of| of.kind == RefKind::Currency && of.value == currency.code());
        if !this || posting.kind == LineKind::FxRevaluationReversed {
            continue;
        }
        if posting.currency == currency {
            amount -= posting.amount;
        } else {
            cost += posting.amount;
        }
    }
    (amount, cost)
}
