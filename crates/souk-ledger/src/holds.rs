//! What a hold must know of the settlement: whether a close has claimed the sale that it is of.
//!
//! The order guards what is held; that a sale is not settled yet is a soft limit, read when the command is decided. A
//! close that pins its claim point before the hold and claims the sale after it is no harm: the hold is an item of its
//! own, which the next close claims, once.

use std::sync::Arc;

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::order::commands::OrderCommand;
use souk_domain::order::events::OrderEvent;
use souk_domain::order::state::OrderState;
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::{CycleId, LineId, MerchantId, OrderId};
use souk_store::Direction;

use crate::error::{BugCause, LedgerError};
use crate::ledger::Ledger;

/// Records read at once.
const PAGE: usize = 512;

/// Who sells a line.
pub(crate) fn sold_by(state: &OrderState, line: LineId) -> Option<MerchantId> {
    match state {
        OrderState::Placed(placed) => placed.line(line).map(|line| line.merchant),
        OrderState::Absent => None,
    }
}

impl Ledger {
    /// The cycle that has claimed the sale of which a hold is asked.
    pub(crate) fn claimed_sale(
        &mut self,
        command: &OrderCommand<'_>,
    ) -> Result<Option<CycleId>, LedgerError> {
        let OrderCommand::PlaceHold(of) = command else { return Ok(None) };
        let state = self.order(of.order)?;
        let Some(merchant) = sold_by(state, of.line) else { return Ok(None) };
        let OrderState::Placed(placed) = state else { return Ok(None) };
        let Some(sale) = placed.completion(merchant) else { return Ok(None) };
        let (due_on, currency) = (sale.due_on, placed.settled_in(merchant));
        let settlement = self.settlement((merchant, currency))?;
        // No close has gone beyond its due date: there is no need to look the entry up.
        if !settlement.claims.iter().any(|close| due_on < close.before) {
            return Ok(None);
        }
        let Some(entry) = self.completed_at(of.order, merchant)? else { return Ok(None) };
        let settlement = self.settlement((merchant, currency))?;
        Ok(settlement.claimed_by(entry, due_on).map(|close| close.cycle))
    }

    /// The entry at which a merchant completed an order.
    fn completed_at(
        &self,
        order: OrderId,
        merchant: MerchantId,
    ) -> Result<Option<u64>, LedgerError> {
        let stream = format!("order-{order}");
        let store = Arc::clone(&self.store);
        let mut from = 0;
        loop {
            let page = store.read_stream(&stream, from, Direction::Forwards, PAGE)?;
            if page.is_empty() {
                return Ok(None);
            }
            for record in page.records() {
                let record = record?;
                from = record.revision + 1;
                if record.event_type != EntryKind::OrderCompleted.text() {
                    continue;
                }
                let damaged = |cause: BugCause| LedgerError::Damaged {
                    stream: stream.clone(),
                    revision: record.revision,
                    cause,
                };
                let version = Metadata::parse(record.metadata)
                    .map_err(|error| damaged(error.into()))?
                    .version;
                let event = LedgerEvent::decode("order", record.event_type, version, record.data)
                    .map_err(|error| damaged(error.into()))?;
                if let LedgerEvent::Order(OrderEvent::Completed(of)) = event
                    && of.merchant == merchant
                {
                    return Ok(Some(record.entry));
                }
            }
        }
    }
}
