//! The order's decisions, one row per command; the longer ones have a file each.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, MerchantId, TariffId};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{CancelOrder, ConfirmRefund, FailRefund, OrderCommand, ShipOrder};
use super::corrected::Corrected;
use super::events::{
    OrderCancelled, OrderEvent, OrderShipped, RefundFailed, RefundPaid, RefundTarget,
};
use super::place::place;
use super::refusal::OrderRefusal;
use super::state::{OrderState, Placed, evolve};
use super::{advance, claim, complete, hold, partner, pay, red_letter, refund};
use crate::business_time::Zone;
use crate::decider::{Decider, Decision};
use crate::fxrate::quote::Quote;
use crate::ledger::decide::is_label;
use crate::merchant::state::MerchantState;
use crate::tariff::state::TariffState;

/// Most payments of an order.
pub const MAX_PAYMENTS: usize = 50;

/// Terms and tariffs, as the write side has loaded them for this decision.
pub trait Directory {
    /// A merchant, if enrolled.
    fn merchant(&self, id: MerchantId) -> Option<&MerchantState>;
    /// A tariff, if published.
    fn tariff(&self, id: TariffId) -> Option<&TariffState>;
    /// The rate in force on a day for an exchange of two currencies, if one is recorded.
    fn rate(&self, from: Currency, to: Currency, on: Date) -> Option<Quote>;
    /// The cycle that has claimed what a merchant sold by the order, if one has.
    fn claimed_by(&self, merchant: MerchantId) -> Option<CycleId>;
    /// What corrections have given back of the order's fees.
    fn corrected(&self) -> &[Corrected];
}

/// What a decision about an order reads of other streams.
#[derive(Clone, Copy)]
pub struct OrderContext<'a> {
    /// The platform's zone.
    pub zone: &'a Zone,
    /// The platform's currency.
    pub currency: Currency,
    /// Terms and tariffs.
    pub directory: &'a dyn Directory,
}

impl std::fmt::Debug for OrderContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderContext").field("zone", self.zone).finish_non_exhaustive()
    }
}

/// Order streams.
#[derive(Debug)]
pub struct Order;

impl Decider for Order {
    const CATEGORY: &'static str = "order";
    type Command<'a> = OrderCommand<'a>;
    type Event<'a> = OrderEvent<'a>;
    type State = OrderState;
    type Refusal = OrderRefusal;
    type Context<'a> = OrderContext<'a>;

    fn decide<'a>(
        state: &'a OrderState,
        command: &'a OrderCommand<'a>,
        context: &'a OrderContext<'a>,
        at: Micros,
    ) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
        let today = context.zone.date(at);
        let order = match (state, command) {
            (OrderState::Absent, OrderCommand::Place(of)) => return place(of, context, today, at),
            (OrderState::Absent, _) => return Err(OrderRefusal::UnknownOrder),
            (OrderState::Placed(order), _) => order,
        };
        match command {
            OrderCommand::Place(_) => Err(OrderRefusal::OrderPlacedAlready),
            OrderCommand::Attribute(of) => partner::attribute(order, of, context, today),
            OrderCommand::Pay(of) => pay::pay(order, of, today),
            OrderCommand::BookDifference(of) => pay::book_difference(order, *of, today),
            OrderCommand::IncurChannelFee(of) => pay::incur_channel_fee(order, *of, today),
            OrderCommand::Ship(of) => ship(order, *of, today),
            OrderCommand::Complete(of) => complete::complete(order, *of, context, at),
            OrderCommand::Refund(of) => refund::refund(order, of, context, at),
            OrderCommand::ConfirmRefund(of) => confirm_refund(order, *of, today),
            OrderCommand::FailRefund(of) => fail_refund(order, of, today),
            OrderCommand::Advance(of) => advance::advance(order, of, context, at),
            OrderCommand::RecoverAdvance(of) => advance::recover(order, of, context, at),
            OrderCommand::BearAdvance(of) => advance::bear(order, of, context, at),
            OrderCommand::PayClaim(of) => claim::pay(order, *of, today),
            OrderCommand::CollectClaim(of) => claim::collect(order, of, today),
            OrderCommand::RemitSupplierPart(of) => claim::remit(order, of, today),
            OrderCommand::PlaceHold(of) => hold::place(order, of, context, at),
            OrderCommand::ReleaseHold(of) => hold::release(order, of, context, at),
            OrderCommand::Cancel(of) => cancel(order, of, today),
            OrderCommand::InvoiceFee(of) => {
                red_letter::invoice(order, *of, context.directory.corrected(), today)
            }
            OrderCommand::IssueRedLetter(of) => {
                red_letter::issue(order, *of, context.directory.corrected(), today)
            }
        }
    }

    fn evolve(state: &mut OrderState, event: &OrderEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

/// An amount ≥ 0 at the currency's scale.
pub(crate) fn not_negative(amount: Amount, currency: Currency) -> Result<Amount, OrderRefusal> {
    let amount = amount.at_scale(currency)?;
    if amount < Amount::ZERO { Err(OrderRefusal::NegativeAmount(amount)) } else { Ok(amount) }
}

/// The sum of two amounts that a posting can hold, if a posting can hold it.
pub(crate) fn plus(sum: Amount, more: Amount, currency: Currency) -> Result<Amount, MoneyError> {
    Amount::from(sum.decimal() + more.decimal()).at_scale(currency)
}

pub(super) fn label(text: &str) -> Result<&str, OrderRefusal> {
    if is_label(text) { Ok(text) } else { Err(OrderRefusal::UnusableLabel(text.to_owned())) }
}

fn ship<'a>(
    order: &Placed,
    command: ShipOrder,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let merchant = command.merchant;
    if !order.lines.iter().any(|line| line.merchant == merchant) {
        return Err(OrderRefusal::NotTheirOrder(merchant));
    }
    if order.cancelled {
        return Err(OrderRefusal::OrderIsCancelled);
    }
    if order.shipped.contains(&merchant) {
        return Err(OrderRefusal::ShippedAlready(merchant));
    }
    Ok(Decision::one(today, OrderEvent::Shipped(OrderShipped { merchant })))
}

fn confirm_refund<'a>(
    order: &Placed,
    command: ConfirmRefund,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let refund = order.refunds.iter().find(|known| known.refund == command.refund);
    let refund = refund.ok_or(OrderRefusal::UnknownRefund(command.refund))?;
    if refund.paid {
        return Err(OrderRefusal::RefundPaidAlready(command.refund));
    }
    let cash = refund.to.iter().filter(|(_, voucher, _)| !voucher);
    let to = cash.map(|(payment, voucher, amount)| RefundTarget {
        payment: *payment,
        voucher: *voucher,
        amount: Amount::from_minor(*amount, order.currency),
    });
    let event = RefundPaid { refund: command.refund, currency: order.currency, to: to.collect() };
    Ok(Decision::one(today, OrderEvent::RefundPaid(event)))
}

fn fail_refund<'a>(
    order: &Placed,
    command: &'a FailRefund<'a>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let refund = order.refunds.iter().find(|known| known.refund == command.refund);
    if refund.ok_or(OrderRefusal::UnknownRefund(command.refund))?.paid {
        return Err(OrderRefusal::RefundPaidAlready(command.refund));
    }
    let event = RefundFailed { refund: command.refund, reason: command.reason.clone() };
    Ok(Decision::one(today, OrderEvent::RefundFailed(event)))
}

fn cancel<'a>(
    order: &Placed,
    command: &'a CancelOrder<'a>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    if order.cancelled {
        return Err(OrderRefusal::OrderIsCancelled);
    }
    if let Some(done) = order.completions.first() {
        return Err(OrderRefusal::CompletedOrderNotCancellable(done.merchant));
    }
    let event = OrderCancelled { reason: command.reason.clone() };
    Ok(Decision::one(today, OrderEvent::Cancelled(event)))
}

#[cfg(test)]
mod tests;
