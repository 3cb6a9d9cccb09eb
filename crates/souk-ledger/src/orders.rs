//! Commands to orders: which other streams a decision about one reads, and those streams as they are loaded for it.

use std::sync::Arc;

use souk_domain::decider::Decider;
use souk_domain::fxrate::pair::Pair;
use souk_domain::fxrate::quote::Quote;
use souk_domain::fxrate::state::FxRateState;
use souk_domain::merchant::state::MerchantState;
use souk_domain::order::commands::OrderCommand;
use souk_domain::order::corrected::Corrected;
use souk_domain::order::decide::{Directory, Order, OrderContext};
use souk_domain::order::state::OrderState;
use souk_domain::tariff::state::TariffState;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, TariffId};
use souk_journal::money::Currency;

use crate::cache::Cache;
use crate::error::LedgerError;
use crate::holds::sold_by;
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// The streams that a decision about an order reads.
struct Loads<'c> {
    merchants: &'c Cache<MerchantId, MerchantState>,
    tariffs: &'c Cache<TariffId, TariffState>,
    rates: &'c Cache<(Pair, i32), FxRateState>,
    claimed_by: Option<CycleId>,
    corrected: &'c [Corrected],
}

impl Directory for Loads<'_> {
    fn merchant(&self, id: MerchantId) -> Option<&MerchantState> {
        self.merchants.get(id).map(|loaded| &loaded.state)
    }

    fn tariff(&self, id: TariffId) -> Option<&TariffState> {
        self.tariffs.get(id).map(|loaded| &loaded.state)
    }

    /// Looked up for a command to place a hold, which is of one merchant's sale.
    fn claimed_by(&self, _: MerchantId) -> Option<CycleId> {
        self.claimed_by
    }

    /// Looked up for a command that gives back, or is of what came back.
    fn corrected(&self) -> &[Corrected] {
        self.corrected
    }

    fn rate(&self, from: Currency, to: Currency, on: Date) -> Option<Quote> {
        Quote::find(from, to, on, |pair, year| self.rates.get((pair, year)).map(|of| &of.state))
    }
}

impl Ledger {
    pub(crate) fn stage_order(
        &mut self,
        command: &OrderCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let order = command.order();
        let stream = format!("order-{order}");
        let store = Arc::clone(&self.store);
        self.load_rates_of(command, request.at)?;
        let claimed_by = self.claimed_sale(command)?;
        let corrected = self.corrected(command)?;
        let loaded = self.orders.load(order, &stream, store.as_ref(), self.look)?;
        let mut needed: Vec<MerchantId> = Vec::new();
        let mut completing = None;
        match command {
            OrderCommand::Place(of) => needed.extend(of.lines.iter().map(|line| line.merchant)),
            OrderCommand::Attribute(of) => needed.push(of.partner),
            OrderCommand::Complete(of) => {
                needed.push(of.merchant);
                completing = Some(of.merchant);
                if let OrderState::Placed(placed) = &loaded.state {
                    needed.extend(placed.attributions.iter().map(|of| of.partner));
                }
            }
            OrderCommand::Refund(_) | OrderCommand::RecoverAdvance(_) => match &loaded.state {
                OrderState::Placed(placed) => {
                    needed.extend(placed.lines.iter().map(|line| line.merchant));
                }
                OrderState::Absent => {}
            },
            OrderCommand::PlaceHold(of) => {
                needed.extend(sold_by(&loaded.state, of.line));
            }
            OrderCommand::ReleaseHold(of) => {
                if let OrderState::Placed(placed) = &loaded.state {
                    let hold = placed.holds.iter().find(|known| known.hold == of.hold);
                    needed.extend(hold.map(|hold| hold.merchant));
                }
            }
            OrderCommand::Pay(_)
            | OrderCommand::BookDifference(_)
            | OrderCommand::IncurChannelFee(_)
            | OrderCommand::Ship(_)
            | OrderCommand::ConfirmRefund(_)
            | OrderCommand::FailRefund(_)
            | OrderCommand::Advance(_)
            | OrderCommand::BearAdvance(_)
            | OrderCommand::PayClaim(_)
            | OrderCommand::CollectClaim(_)
            | OrderCommand::RemitSupplierPart(_)
            | OrderCommand::Cancel(_)
            | OrderCommand::InvoiceFee(_)
            | OrderCommand::IssueRedLetter(_) => {}
        }
        for merchant in needed {
            let name = format!("merchant-{merchant}");
            let known = self.merchants.load(merchant, &name, store.as_ref(), self.look)?;
            if completing == Some(merchant) {
                for terms in &known.state.terms {
                    let name = format!("tariff-{}", terms.tariff);
                    self.tariffs.load(terms.tariff, &name, store.as_ref(), self.look)?;
                }
            }
        }
        let loads = Loads {
            merchants: &self.merchants,
            tariffs: &self.tariffs,
            rates: &self.rates,
            claimed_by,
            corrected: &corrected,
        };
        let (zone, currency) = (&self.identity.zone, self.identity.currency);
        let context = OrderContext { zone, currency, directory: &loads };
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Order::decide(state, command, &context, request.at))
        })
    }
}
