//! What who gives back must know of the settlements: what corrections have given back of a charge; and the other way round,
//! what of a charge was given back otherwise.
//!
//! The stream of a charge guards what is given back there, the settlement what corrections do; each reads the other when it
//! decides, so that together they give back what was charged at most.

use std::sync::Arc;

use souk_domain::event::LedgerEvent;
use souk_domain::membership::events::MembershipEvent;
use souk_domain::metadata::Metadata;
use souk_domain::order::commands::OrderCommand;
use souk_domain::order::corrected::{ChargedPart, Corrected};
use souk_domain::order::state::OrderState;
use souk_domain::posting::post;
use souk_domain::service::events::ServiceEvent;
use souk_domain::service::state::Charged;
use souk_domain::settlement::objections::state::{CorrectedLine, Root};
use souk_journal::account::Account as Of;
use souk_journal::entry::{EventRef, Posting};
use souk_journal::ids::{ChargeId, OrderId};
use souk_journal::names::Names;
use souk_store::Direction;

use crate::beside::service_stream;
use crate::error::{BugCause, LedgerError};
use crate::ledger::{Account, Ledger};
use crate::objections::damaged;

/// Records read at once.
const PAGE: usize = 64;

/// What was charged by an event.
enum Charge {
    /// A part of an order.
    Order(ChargedPart),
    /// A service or a penalty; whether the line is the tax on it.
    Service(ChargeId, bool),
    /// A plan of a term; likewise.
    Plan(bool),
}

impl Ledger {
    /// What corrections have given back of what was charged on an order, for a command that needs to know.
    pub(crate) fn corrected(
        &mut self,
        command: &OrderCommand<'_>,
    ) -> Result<Vec<Corrected>, LedgerError> {
        // Nothing else gives back, or is of what came back.
        let concerned =
            matches!(command, OrderCommand::Refund(_) | OrderCommand::RecoverAdvance(_))
                || matches!(command, OrderCommand::InvoiceFee(_) | OrderCommand::IssueRedLetter(_));
        if !concerned {
            return Ok(Vec::new());
        }
        let order = command.order();
        let OrderState::Placed(placed) = self.order(order)? else { return Ok(Vec::new()) };
        let settled = |merchant| (merchant, placed.settled_in(merchant));
        let charged = placed.charges.iter().map(|charge| settled(charge.merchant));
        let withheld = placed.withheld.iter().map(|of| settled(of.merchant));
        // A partner is settled in the seller's currency.
        let partners = placed.partner_commissions.iter().flat_map(|of| {
            let (seller, currency) = settled(of.merchant);
            [(seller, currency), (of.partner, currency)]
        });
        let mut accounts: Vec<Account> = charged.chain(withheld).chain(partners).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut corrected = Vec::new();
        let stream = format!("order-{order}");
        for account in accounts {
            for line in self.corrections_of(account, &stream)? {
                if let Some(Charge::Order(part)) = self.charge(&line.event, line.posting)? {
                    let (back, revenue, output_vat) = (line.amount, line.revenue, line.output_vat);
                    corrected.push(Corrected { part, back, revenue, output_vat });
                }
            }
        }
        Ok(corrected)
    }

    /// What corrections have given back of a charge of services or of a penalty, minor units.
    pub(crate) fn corrected_service(
        &mut self,
        account: Account,
        stream: &str,
        charge: ChargeId,
    ) -> Result<i64, LedgerError> {
        let mut sum = 0;
        for line in self.corrections_of(account, stream)? {
            if let Some(Charge::Service(of, _)) = self.charge(&line.event, line.posting)?
                && of == charge
            {
                sum += line.amount;
            }
        }
        Ok(sum)
    }

    /// What corrections have given back of the present plan of a term, without tax and of tax, minor units.
    pub(crate) fn corrected_plan(
        &mut self,
        account: Account,
        stream: &str,
    ) -> Result<(i64, i64), LedgerError> {
        let lines = self.corrections_of(account, stream)?;
        let mut sum = (0, 0);
        for line in lines {
            // What a later plan has replaced has nothing left to give back.
            if let Some(Charge::Plan(is_tax)) = self.charge(&line.event, line.posting)?
                && self.ended(&line.event)?.is_none()
            {
                let part = if is_tax { &mut sum.1 } else { &mut sum.0 };
                *part += line.amount;
            }
        }
        Ok(sum)
    }

    /// What of a charge was given back otherwise than by corrections, in the view of whoever the line is of.
    pub(crate) fn given_back(&mut self, account: Account, root: &Root) -> Result<i64, LedgerError> {
        let stream = root.event.rsplit_once('@').map_or("", |(stream, _)| stream);
        match self.charge(&root.event, root.at.1)? {
            None => Ok(0),
            Some(Charge::Order(part)) => {
                let order = stream.split_once('-').map_or("", |(_, order)| order);
                let Ok(order) = OrderId::new(order) else { return Ok(0) };
                let OrderState::Placed(placed) = self.order(order)? else { return Ok(0) };
                Ok(placed.given_back(&part))
            }
            Some(Charge::Service(charge, is_tax)) => {
                let (of, store) = (service_stream(account), Arc::clone(&self.store));
                let loaded = self.services.load(account, &of, store.as_ref(), self.look)?;
                let Some(of) = loaded.state.charges.get(&charge) else { return Ok(0) };
                // As an agent the platform collects one price: its tax is no line of the merchant's.
                let own = matches!(of.charged, Charged::Service { supplier: None, .. });
                let tax = if own { of.parts.returned(of.returned).tax } else { 0 };
                Ok(if is_tax { tax } else { of.returned - tax })
            }
            Some(Charge::Plan(is_tax)) => {
                let back = self.ended(&root.event)?.unwrap_or_default();
                Ok(if is_tax { back.1 } else { back.0 })
            }
        }
    }

    fn corrections_of(
        &mut self,
        account: Account,
        stream: &str,
    ) -> Result<Vec<CorrectedLine>, LedgerError> {
        let lines = self.settlement(account)?.objections.of_streams.get(stream).cloned();
        Ok(lines.unwrap_or_default())
    }

    /// What was charged by a posting of an event, if something else gives it back.
    fn charge(&self, event: &str, posting: u16) -> Result<Option<Charge>, LedgerError> {
        self.events_from(event, 1, |event, postings| {
            Ok(Some(charge(event, postings, usize::from(posting))))
        })?
        // A correction that is passed over would be given back twice, so one that names nothing stops who gives back.
        .ok_or_else(|| LedgerError::ReadSide(format!("{event} is not there")))
    }

    /// What came back of a plan when it ended, without tax and of tax: credited by the next one, or refunded.
    fn ended(&self, event: &str) -> Result<Option<(i64, i64)>, LedgerError> {
        let mut first = true;
        self.events_from(event, PAGE, |event, _| {
            // The plan's own event is the first.
            if std::mem::take(&mut first) {
                return Ok(None);
            }
            let LedgerEvent::Membership(event) = event else { return Ok(None) };
            let (currency, net, tax) = if let MembershipEvent::Upgraded(of) = event {
                (of.currency, of.credited_net, of.credited_tax)
            } else if let MembershipEvent::Cancelled(of) = event {
                (of.currency, of.refunded_net, of.refunded_tax)
            } else {
                return Ok(None);
            };
            Ok(Some((net.minor(currency)?, tax.minor(currency)?)))
        })
    }

    /// Reads a stream from an event on until something is found.
    fn events_from<T>(
        &self,
        event: &str,
        page: usize,
        mut look: impl FnMut(&LedgerEvent<'_>, &[Posting]) -> Result<Option<T>, BugCause>,
    ) -> Result<Option<T>, LedgerError> {
        let Some((stream, revision)) = event.rsplit_once('@') else { return Ok(None) };
        let Ok(mut from) = revision.parse::<u64>() else { return Ok(None) };
        let store = Arc::clone(&self.store);
        loop {
            let read = store.read_stream_unnumbered(stream, from, Direction::Forwards, page)?;
            if read.is_empty() {
                return Ok(None);
            }
            for record in read.records() {
                let record = record?;
                from = record.revision + 1;
                let mut decode = || -> Result<Option<T>, BugCause> {
                    let category = stream.split_once('-').map_or("", |(category, _)| category);
                    let metadata = Metadata::parse(record.metadata)?;
                    let (kind, version) = (record.event_type, metadata.version);
                    let event = LedgerEvent::decode(category, kind, version, record.data)?;
                    let source = EventRef { stream, revision: record.revision };
                    let mut names = Names::default();
                    // Which entry it is does not matter for its postings.
                    let entry = post(&event, &metadata, 0, source, &mut names)?;
                    look(&event, &entry.postings)
                };
                let found = decode().map_err(|cause| damaged(&record, cause))?;
                if found.is_some() || page == 1 {
                    return Ok(found);
                }
            }
        }
    }
}

/// What was charged by a posting, if something else gives it back.
fn charge(event: &LedgerEvent<'_>, postings: &[Posting], index: usize) -> Option<Charge> {
    if let LedgerEvent::Order(event) = event {
        return ChargedPart::of_posting(event, postings, index).map(Charge::Order);
    }
    let kind = postings.get(index).filter(|of| of.account == Of::MerchantPayable)?.kind;
    if let LedgerEvent::Service(ServiceEvent::Charged(of)) = event {
        return Some(Charge::Service(of.charge, kind == of.service.lines().tax));
    }
    if let LedgerEvent::Service(ServiceEvent::Imposed(of)) = event {
        return Some(Charge::Service(of.charge, false));
    }
    if let LedgerEvent::Membership(MembershipEvent::Charged(of)) = event {
        return Some(Charge::Plan(kind == of.service.lines().tax));
    }
    if let LedgerEvent::Membership(MembershipEvent::Upgraded(of)) = event {
        return Some(Charge::Plan(kind == of.service.lines().tax));
    }
    None
}
