//! What a refund must know of the settlements: what corrections have given back of the order's fees.
//!
//! The order guards what refunds give back, the settlement what corrections do; each reads the other when it decides, so
//! that together they give back what was charged at most.

use std::sync::Arc;

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::order::commands::OrderCommand;
use souk_domain::order::corrected::{ChargedPart, Corrected};
use souk_domain::order::events::{FeeCharged, OrderEvent};
use souk_domain::order::state::OrderState;
use souk_domain::posting::post;
use souk_domain::settlement::events::SettlementEvent;
use souk_journal::entry::EventRef;
use souk_journal::ids::Id;
use souk_journal::names::Names;
use souk_store::{Direction, Record};

use crate::error::{BugCause, LedgerError};
use crate::ledger::{Account, Ledger};
use crate::objections::damaged;

/// What a corrected event turns out to be.
enum Found {
    /// A fee of an order, or nothing that a refund gives back.
    Part(Option<ChargedPart>),
    /// Another correction: of this event and posting.
    Correction(String, u16),
}

/// The charge of an event, if it is one.
pub(crate) fn charge<'e, 'a>(event: &'e LedgerEvent<'a>) -> Option<&'e FeeCharged<'a>> {
    let LedgerEvent::Order(event) = event else { return None };
    if let OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) = event {
        return Some(of);
    }
    None
}

impl Ledger {
    /// What corrections have given back of the fees of the order that a command refunds.
    pub(crate) fn corrected(
        &mut self,
        command: &OrderCommand<'_>,
    ) -> Result<Vec<Corrected>, LedgerError> {
        // Nothing else gives fees back.
        if !matches!(command, OrderCommand::Refund(_) | OrderCommand::RecoverAdvance(_)) {
            return Ok(Vec::new());
        }
        let order = command.order();
        let Ok(id) = Id::new(order.as_str()) else { return Ok(Vec::new()) };
        let OrderState::Placed(placed) = self.order(order)? else { return Ok(Vec::new()) };
        let settled = |merchant| (merchant, placed.settled_in(merchant));
        let mut accounts: Vec<Account> =
            placed.charges.iter().map(|charge| settled(charge.merchant)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut corrected = Vec::new();
        for account in accounts {
            let lines = self.settlement(account)?.objections.of_orders.get(&id).cloned();
            for line in lines.unwrap_or_default() {
                if let Some(part) = self.part(line.event.to_string(), line.posting)? {
                    corrected.push(Corrected { part, back: line.amount });
                }
            }
        }
        Ok(corrected)
    }

    /// The fee under a corrected line; a correction may be of a correction.
    fn part(&self, event: String, posting: u16) -> Result<Option<ChargedPart>, LedgerError> {
        let (mut event, mut posting) = (event, posting);
        loop {
            // A correction that is passed over would be given back twice, so one that names nothing stops the refund.
            let nowhere =
                || LedgerError::ReadSide(format!("a correction is of {event}, which is not there"));
            let (stream, revision) = event.rsplit_once('@').ok_or_else(nowhere)?;
            let revision = revision.parse::<u64>().map_err(|_| nowhere())?;
            let store = Arc::clone(&self.store);
            let page = store.read_stream_unnumbered(stream, revision, Direction::Forwards, 1)?;
            let record = page.records().next().ok_or_else(nowhere)??;
            match found(&record, posting).map_err(|cause| damaged(&record, cause))? {
                Found::Part(part) => return Ok(part),
                Found::Correction(of, at) => (event, posting) = (of, at),
            }
        }
    }
}

fn found(record: &Record<'_>, posting: u16) -> Result<Found, BugCause> {
    let category = record.stream.split_once('-').map_or("", |(category, _)| category);
    let metadata = Metadata::parse(record.metadata)?;
    let event = LedgerEvent::decode(category, record.event_type, metadata.version, record.data)?;
    if let LedgerEvent::Settlement(SettlementEvent::CorrectionBooked(of)) = &event {
        return Ok(Found::Correction(of.line.event.to_string(), of.line.posting));
    }
    let Some(of) = charge(&event) else { return Ok(Found::Part(None)) };
    let source = EventRef { stream: record.stream, revision: record.revision };
    let mut names = Names::default();
    // Which entry it is does not matter for its postings.
    let entry = post(&event, &metadata, 0, source, &mut names)?;
    Ok(Found::Part(ChargedPart::of_posting(of, &entry.postings, usize::from(posting))))
}
