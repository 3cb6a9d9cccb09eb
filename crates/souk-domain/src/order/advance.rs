//! Refunds paid ahead: the platform pays the buyer while a case is open, and the merchant or the platform bears it later.
//!
//! What was paid ahead counts towards what may be refunded, per line and per payment, from the moment it is paid and for
//! ever. Recovering turns it into the merchant's refund, with what a refund returns of fees; a merchant whose part has not
//! completed gives it out of escrow. What the platform bears stays with the buyer, and the sale as it was.

pub(super) mod posting;
pub mod state;

#[cfg(test)]
mod tests;

use souk_journal::dates::Micros;
use souk_journal::money::{Amount, Currency};

use self::state::{Advance, AdvanceLine};
use super::commands::{AdvanceRefund, BearAdvance, LineToRefund, RecoverAdvance};
use super::decide::{OrderContext, not_negative};
use super::events::{AdvanceBorne, AdvanceRecovered, AdvancedLine, OrderEvent, RefundAdvanced};
use super::refund::{self, Asked};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;

/// Pays ahead.
pub(super) fn advance<'a>(
    order: &'a Placed,
    command: &'a AdvanceRefund<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let currency = order.currency;
    refund::name_is_free(order, command.advance)?;
    let asked = refund::lines(order, &command.lines)?;
    for of in &asked {
        if of.free_goods {
            return Err(OrderRefusal::NothingToRefund);
        }
        if order.taxes.iter().any(|tax| tax.line == of.line.line) {
            return Err(OrderRefusal::AdvanceOfTaxedLine(of.line.line));
        }
    }
    let cash = asked.iter().map(|of| of.goods + of.shipping).sum();
    let amount = |minor| Amount::from_minor(minor, currency);
    let line = |of: &Asked<'_>| AdvancedLine {
        line: of.line.line,
        merchant: of.line.merchant,
        principal: amount(of.goods),
        shipping: amount(of.shipping),
    };
    let event = RefundAdvanced {
        advance: command.advance,
        currency,
        lines: asked.iter().map(line).collect(),
        to: refund::targets(order, &command.payments, cash)?,
        reason: command.reason.clone(),
    };
    let mut after = order.clone();
    state::paid_ahead(&mut after, &event)?;
    let mut events = vec![OrderEvent::RefundAdvanced(event)];
    events.extend(refund::channel_fees_returned(order, &after, command.advance));
    Ok(Decision { effective_on: context.zone.date(at), events })
}

/// Recovers from the merchants what is named of an advance, or all that is left.
pub(super) fn recover<'a>(
    order: &'a Placed,
    command: &'a RecoverAdvance<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let known = open(order, command.advance)?;
    let mut asked: Vec<Asked<'a>> = Vec::with_capacity(known.lines.len());
    for left in &known.lines {
        let Some(line) = order.line(left.line) else { continue };
        let part = parts(left, &command.lines, order.currency)?;
        if part != (0, 0) {
            let (goods, shipping) = part;
            asked.push(Asked { line, goods, shipping, free_goods: false });
        }
    }
    let unknown = |of: &&LineToRefund| !known.lines.iter().any(|left| left.line == of.line);
    if let Some(of) = command.lines.iter().find(unknown) {
        return Err(OrderRefusal::UnknownLine(of.line));
    }
    if asked.is_empty() {
        return Err(OrderRefusal::NothingToRefund);
    }
    refund::escrow_suffices(order, &asked, &[])?;
    let due = refund::dues(order, &asked, context, at)?;
    let due_of = |merchant| due.iter().find(|(of, _)| *of == merchant).map(|(_, on)| *on);
    let line = |of: &Asked<'a>| refund::refunded_line(of, due_of(of.line.merchant), order);
    let event = AdvanceRecovered {
        advance: command.advance,
        currency: order.currency,
        lines: asked.iter().map(line).collect(),
        conversions: refund::conversions(order, &asked),
        reason: command.reason.clone(),
    };
    let mut after = order.clone();
    state::recovered(&mut after, &event)?;
    let mut events = vec![OrderEvent::AdvanceRecovered(event)];
    let corrected = context.directory.corrected();
    events.extend(refund::returned_of_sales(order, &after, command.advance, &due_of, corrected));
    let today = context.zone.date(at);
    Ok(Decision {
        effective_on: refund::effective_on(&asked, context, at).unwrap_or(today),
        events,
    })
}

/// The platform bears all that is left.
pub(super) fn bear<'a>(
    order: &'a Placed,
    command: &'a BearAdvance<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let known = open(order, command.advance)?;
    let amount = |minor| Amount::from_minor(minor, order.currency);
    let line = |of: &AdvanceLine| AdvancedLine {
        line: of.line,
        merchant: of.merchant,
        principal: amount(of.goods),
        shipping: amount(of.shipping),
    };
    let event = AdvanceBorne {
        advance: command.advance,
        currency: order.currency,
        lines: known.lines.iter().map(line).collect(),
        reason: command.reason.clone(),
    };
    Ok(Decision::one(context.zone.date(at), OrderEvent::AdvanceBorne(event)))
}

/// An advance of which something is neither recovered nor borne.
fn open(order: &Placed, id: souk_journal::ids::RefundId) -> Result<&Advance, OrderRefusal> {
    let known = order.advances.iter().find(|known| known.advance == id);
    let known = known.ok_or(OrderRefusal::UnknownAdvance(id))?;
    if known.lines.is_empty() { Err(OrderRefusal::AdvanceSettledAlready(id)) } else { Ok(known) }
}

/// What is asked of a line of the advance: what the command names of it, or all when it names no lines.
fn parts(
    left: &AdvanceLine,
    named: &[LineToRefund],
    currency: Currency,
) -> Result<(i64, i64), OrderRefusal> {
    if named.is_empty() {
        return Ok((left.goods, left.shipping));
    }
    let mut of = named.iter().filter(|of| of.line == left.line);
    let Some(part) = of.next() else { return Ok((0, 0)) };
    if of.next().is_some() {
        return Err(OrderRefusal::LineTwice(left.line));
    }
    let within = |asked: Amount, left_of: i64| -> Result<i64, OrderRefusal> {
        let asked = not_negative(asked, currency)?;
        let left_of = Amount::from_minor(left_of, currency);
        if asked > left_of {
            let line = left.line;
            return Err(OrderRefusal::RecoveryExceedsAdvance { line, asked, left: left_of });
        }
        Ok(asked.minor(currency)?)
    };
    Ok((within(part.principal, left.goods)?, within(part.shipping, left.shipping)?))
}
