//! Payments, differences and channel fees.

use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Amount;
use souk_journal::split::{largest_remainder, percentage};

use super::commands::{BookDifference, IncurChannelFee, PayOrder};
use super::decide::{MAX_PAYMENTS, not_negative, plus};
use super::events::{ChannelFeeIncurred, OrderDifferenceBooked, OrderEvent, OrderPaid, Part};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;
use crate::ledger::decide::is_label;

/// Records a payment, split over merchants so that the cumulative split is by largest remainder.
pub(crate) fn pay<'a>(
    order: &Placed,
    command: &'a PayOrder<'a>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let currency = order.currency;
    if order.payments.iter().any(|known| known.payment == command.payment) {
        return Err(OrderRefusal::PaymentRecordedAlready(command.payment));
    }
    if order.payments.len() >= MAX_PAYMENTS {
        return Err(OrderRefusal::OrderTooLarge(order.payments.len() + 1));
    }
    if order.difference.is_some() || !order.completions.is_empty() {
        return Err(OrderRefusal::PaymentsClosed);
    }
    if !is_label(&command.method) {
        return Err(OrderRefusal::UnusableLabel(command.method.clone().into_owned()));
    }
    let amount = not_negative(command.amount, currency)?;
    plus(Amount::from_minor(order.paid(), currency), amount, currency)?;
    let event = OrderPaid {
        payment: command.payment,
        method: &command.method,
        voucher: command.voucher,
        currency,
        amount,
        split: split(order, amount.minor(currency)?),
    };
    Ok(Decision::one(today, OrderEvent::Paid(event)))
}

/// The difference between the cumulative splits before and after a payment.
fn split(order: &Placed, amount: i64) -> Vec<Part> {
    let part = |merchant: Option<MerchantId>, amount: i64| Part {
        merchant,
        amount: Amount::from_minor(amount, order.currency),
    };
    if let [] | [_] = order.owed.as_slice() {
        let merchant = order.owed.first().map(|(merchant, _)| *merchant);
        return vec![part(merchant, amount)];
    }
    let weights: Vec<i64> = order.owed.iter().map(|(_, owed)| *owed).collect();
    let before = largest_remainder(order.paid(), &weights);
    let after = largest_remainder(order.paid() + amount, &weights);
    let parts = order.owed.iter().zip(after.iter().zip(&before));
    parts.map(|((merchant, _), (after, before))| part(Some(*merchant), after - before)).collect()
}

/// Books what was paid beyond or below items and freight; escrow is whole afterwards.
pub(crate) fn book_difference<'a>(
    order: &Placed,
    command: BookDifference,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let currency = order.currency;
    if order.difference.is_some() {
        return Err(OrderRefusal::DifferenceBookedAlready);
    }
    let mut split = Vec::new();
    let mut sum = 0;
    let mut add = |merchant: Option<MerchantId>, amount: i64| {
        if amount != 0 {
            sum += amount;
            split.push(Part { merchant, amount: Amount::from_minor(amount, currency) });
        }
    };
    for (merchant, _) in &order.owed {
        add(Some(*merchant), order.escrow_of(Some(*merchant)) - order.owed_now(*merchant));
    }
    add(None, order.escrow_of(None));
    if split.is_empty() {
        return Err(OrderRefusal::NoDifference);
    }
    let amount = Amount::from_minor(sum, currency);
    let event = OrderDifferenceBooked { class: command.class, currency, amount, split };
    Ok(Decision::one(today, OrderEvent::DifferenceBooked(event)))
}

/// Records what the channel took.
pub(crate) fn incur_channel_fee<'a>(
    order: &'a Placed,
    command: IncurChannelFee,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let payment = order.payments.iter().find(|known| known.payment == command.payment);
    let payment = payment.ok_or(OrderRefusal::UnknownPayment(command.payment))?;
    if payment.voucher {
        return Err(OrderRefusal::VoucherHasNoChannel(command.payment));
    }
    if payment.channel_fee.is_some() {
        return Err(OrderRefusal::ChannelFeeRecordedAlready(command.payment));
    }
    let fee = percentage(command.rate.decimal(), payment.amount, order.currency)?;
    let event = ChannelFeeIncurred {
        payment: command.payment,
        method: &payment.method,
        currency: order.currency,
        base: Amount::from_minor(payment.amount, order.currency),
        rate: command.rate,
        amount: Amount::from_minor(fee, order.currency),
        returned_on_refund: command.returned_on_refund,
    };
    Ok(Decision::one(today, OrderEvent::ChannelFeeIncurred(event)))
}

#[cfg(test)]
mod tests;
