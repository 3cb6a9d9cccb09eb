//! Refunds: one path before completion, after it and after payout.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};
use souk_journal::split::returned;

use super::commands::{IssueRefund, LineToRefund, PaymentToRefund};
use super::complete::terms_at;
use super::corrected::Corrected;
use super::decide::{OrderContext, not_negative};
use super::events::{
    ChannelFeeReturned, FeeReturned, MerchantConversion, OrderEvent, RefundIssued, RefundTarget,
    RefundedDifference, RefundedLine, ReturnedLine,
};
use super::refusal::OrderRefusal;
use super::state::{self, Completion, Line, Placed};
use super::{hold, partner};
use super::{tax, withholding};
use crate::decider::Decision;
use crate::segment::Segment;

/// What is asked of a line, in minor units.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) line: &'a Line,
    pub(super) goods: i64,
    pub(super) shipping: i64,
    pub(super) free_goods: bool,
}

impl Line {
    /// Whether the line cost the buyer nothing and its goods are still with the buyer.
    fn is_free_and_kept(&self) -> bool {
        self.cash() == 0 && self.list > 0 && !self.given_back
    }
}

/// Issues a refund, and gives back what it returns of fees and channel fees.
pub(crate) fn refund<'a>(
    order: &'a Placed,
    command: &'a IssueRefund<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let currency = order.currency;
    name_is_free(order, command.refund)?;
    let (asked, difference) = if command.everything {
        everything(order, command)?
    } else {
        (lines(order, &command.lines)?, None)
    };
    let taxes = tax::going_back(order, &asked);
    escrow_suffices(order, &asked, &taxes)?;
    let today = context.zone.date(at);
    let due = dues(order, &asked, context, at)?;
    let due_of = |merchant: MerchantId| due.iter().find(|(of, _)| *of == merchant).map(|(_, d)| *d);
    let cash: i64 = asked.iter().map(|of| of.goods + of.shipping).sum();
    let tax = taxes.iter().map(|of| of.sum()).sum();
    let (difference, of_tax) = tax::split_difference(difference, (cash, tax), currency);
    let signed =
        |of: Option<RefundedDifference>| of.map_or(0, |of| of.amount.minor(currency).unwrap_or(0));
    let (cash, tax) = (cash + signed(difference), tax + signed(of_tax));
    let (to, tax_to) =
        tax::split_targets(targets(order, &command.payments, cash + tax)?, cash, currency);
    let event = RefundIssued {
        refund: command.refund,
        currency,
        lines: asked.iter().map(|of| refunded_line(of, due_of(of.line.merchant), order)).collect(),
        conversions: conversions(order, &asked),
        difference,
        to,
        reason: command.reason.clone(),
    };
    let mut after = order.clone();
    state::refund(&mut after, &event)?;
    let mut events = vec![OrderEvent::RefundIssued(event)];
    if let Some(event) = tax::refunded(&taxes, command.refund, currency, (of_tax, tax_to)) {
        state::taxes::refund(&mut after, &event)?;
        events.push(OrderEvent::TaxRefunded(event));
    }
    let corrected = context.directory.corrected();
    events.extend(returned_of_sales(order, &after, command.refund, &due_of, corrected));
    events.extend(channel_fees_returned(order, &after, command.refund));
    Ok(Decision { effective_on: effective_on(&asked, context, at).unwrap_or(today), events })
}

/// A refund, a claim and an advance have names of their own within the order.
pub(super) fn name_is_free(order: &Placed, refund: RefundId) -> Result<(), OrderRefusal> {
    if order.refunds.iter().any(|known| known.refund == refund)
        || order.claims.iter().any(|known| known.claim == refund)
    {
        return Err(OrderRefusal::RefundIssuedAlready(refund));
    }
    Ok(())
}

/// When what goes back falls due, for each merchant that has completed.
pub(super) fn dues(
    order: &Placed,
    asked: &[Asked<'_>],
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Vec<(MerchantId, Date)>, OrderRefusal> {
    let mut due: Vec<(MerchantId, Date)> = Vec::new();
    for Asked { line, .. } in asked {
        if line.completed && !due.iter().any(|(merchant, _)| *merchant == line.merchant) {
            due.push((line.merchant, due_on(order, line.merchant, context, at)?));
        }
    }
    Ok(due)
}

/// What comes back with a refund of what was charged on the sales: fees, withheld tax, commissions of partners.
pub(super) fn returned_of_sales<'a>(
    order: &'a Placed,
    after: &Placed,
    refund: RefundId,
    due_of: &dyn Fn(MerchantId) -> Option<Date>,
    corrected: &[Corrected],
) -> Vec<OrderEvent<'a>> {
    let mut events = fees_returned(order, after, refund, due_of, corrected);
    events.extend(withholding::returned(order, after, refund, due_of, corrected));
    events.extend(partner::returned(order, after, refund, due_of, corrected));
    events.extend(hold::released_by(after, refund, due_of));
    events
}

/// The accounting date: the business date of the merchant when the refund concerns one merchant
/// after completion, else the platform's.
pub(super) fn effective_on(
    asked: &[Asked<'_>],
    context: &OrderContext<'_>,
    at: Micros,
) -> Option<Date> {
    let first = asked.first()?.line;
    let one = |of: &Asked<'_>| of.line.merchant == first.merchant && of.line.completed;
    let one = asked.iter().all(one);
    if !one {
        return None;
    }
    terms_at(first.merchant, context, at).ok().map(|(_, date)| date)
}

/// A refund after completion falls due with the sale, or on its own date when that is later.
fn due_on(
    order: &Placed,
    merchant: MerchantId,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Date, OrderRefusal> {
    let (_, own) = terms_at(merchant, context, at)?;
    Ok(order.completion(merchant).map_or(own, |sale| sale.due_on.max(own)))
}

/// Everything that is left, with the difference.
fn everything<'a>(
    order: &'a Placed,
    command: &IssueRefund<'_>,
) -> Result<(Vec<Asked<'a>>, Option<RefundedDifference>), OrderRefusal> {
    if !command.lines.is_empty() {
        return Err(OrderRefusal::EverythingNamesNoLines);
    }
    let amount = |minor| Amount::from_minor(minor, order.currency);
    let (paid, owed) = (order.paid(), order.owed_in_all());
    if paid != owed && order.difference.is_none() {
        return Err(OrderRefusal::DifferenceNotBooked { paid: amount(paid), owed: amount(owed) });
    }
    let left = order.lines.iter().filter(|line| !line.is_refunded());
    let all = |line: &'a Line| Asked {
        line,
        goods: line.goods_refundable(),
        shipping: line.shipping_refundable(),
        free_goods: line.is_free_and_kept(),
    };
    let some = |of: &Asked<'_>| of.goods + of.shipping > 0 || of.free_goods;
    let asked: Vec<Asked<'a>> = left.map(all).filter(some).collect();
    let difference = match order.difference {
        Some((class, minor, false)) => Some(RefundedDifference { class, amount: amount(minor) }),
        Some((_, _, true)) | None => None,
    };
    if asked.is_empty() && difference.is_none() {
        return Err(OrderRefusal::NothingToRefund);
    }
    Ok((asked, difference))
}

/// The lines named, each within what is left of it.
pub(super) fn lines<'a>(
    order: &'a Placed,
    named: &[LineToRefund],
) -> Result<Vec<Asked<'a>>, OrderRefusal> {
    let mut asked: Vec<Asked<'a>> = Vec::with_capacity(named.len());
    for of in named {
        let line = order.line(of.line).ok_or(OrderRefusal::UnknownLine(of.line))?;
        if asked.iter().any(|known| known.line.line == of.line) {
            return Err(OrderRefusal::LineTwice(of.line));
        }
        let (goods, shipping) = within(line, of, order.currency)?;
        let free_goods = of.free_goods && line.is_free_and_kept();
        if goods + shipping > 0 || free_goods {
            asked.push(Asked { line, goods, shipping, free_goods });
        }
    }
    if asked.is_empty() { Err(OrderRefusal::NothingToRefund) } else { Ok(asked) }
}

fn within(line: &Line, of: &LineToRefund, currency: Currency) -> Result<(i64, i64), OrderRefusal> {
    let check = |asked: Amount, left: i64| -> Result<i64, OrderRefusal> {
        let asked = not_negative(asked, currency)?;
        let left_amount = Amount::from_minor(left, currency);
        if asked > left_amount {
            return Err(exceeds(line.line, asked, left_amount));
        }
        Ok(asked.minor(currency)?)
    };
    let left = (line.goods_refundable(), line.shipping_refundable());
    Ok((check(of.principal, left.0)?, check(of.shipping, left.1)?))
}

fn exceeds(line: LineId, asked: Amount, left: Amount) -> OrderRefusal {
    OrderRefusal::RefundExceedsLeft { line, asked, left }
}

/// Before completion, the money must be in escrow.
pub(super) fn escrow_suffices(
    order: &Placed,
    asked: &[Asked<'_>],
    taxes: &[tax::GoingBack],
) -> Result<(), OrderRefusal> {
    for (merchant, _) in &order.owed {
        let merchant = *merchant;
        let of = asked.iter().filter(|of| of.line.merchant == merchant && !of.line.completed);
        let needed: i64 = of.map(|of| of.goods + of.shipping).sum();
        let of = taxes.iter().filter(|of| of.merchant == merchant && !of.collected);
        let needed = needed + of.map(|of| of.sum()).sum::<i64>();
        let held = order.escrow_of(Some(merchant));
        if needed > held {
            let amount = |minor| Amount::from_minor(minor, order.currency);
            let (held, needed) = (amount(held), amount(needed));
            return Err(OrderRefusal::EscrowShort { merchant, held, needed });
        }
    }
    Ok(())
}

/// How the sales of which something goes back had been converted, by merchant.
pub(super) fn conversions(order: &Placed, asked: &[Asked<'_>]) -> Vec<MerchantConversion> {
    let concerned =
        |merchant| asked.iter().any(|of| of.line.merchant == merchant && of.line.settled.is_some());
    let converted = order.completions.iter().filter(|of| concerned(of.merchant));
    let of = |of: &Completion| {
        of.conversion.map(|conversion| MerchantConversion { merchant: of.merchant, conversion })
    };
    converted.filter_map(of).collect()
}

pub(super) fn refunded_line<'a>(
    Asked { line, goods, shipping, free_goods }: &Asked<'a>,
    due_on: Option<Date>,
    order: &'a Placed,
) -> RefundedLine<'a> {
    let currency = order.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let given_back = line.given_back || *free_goods;
    let settled_in = order.settled_in(line.merchant);
    // What comes back before completion had no segment yet.
    let segment = if line.completed { order.segment_of(line.merchant) } else { Segment::default() };
    let subsidy = if line.completed {
        line.share_returned(line.subsidy, line.refunded_goods + goods, given_back)
            - line.subsidy_returned
    } else {
        0
    };
    RefundedLine {
        line: line.line,
        merchant: line.merchant,
        category: line.category.as_deref(),
        due_on: due_on.filter(|_| line.completed),
        principal: amount(*goods),
        shipping: amount(*shipping),
        subsidy: amount(subsidy),
        funding: line.funding.filter(|_| subsidy != 0),
        free_goods: *free_goods,
        settled: line.settled_refund((*goods, *shipping, given_back), settled_in),
        segment,
    }
}

/// Where the money goes: as the command says, or the payments in their order.
pub(super) fn targets(
    order: &Placed,
    named: &[PaymentToRefund],
    cash: i64,
) -> Result<Vec<RefundTarget>, OrderRefusal> {
    let currency = order.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let mut to = Vec::new();
    if named.is_empty() {
        let mut rest = cash;
        for payment in &order.payments {
            let part = rest.min(payment.amount - payment.refunded);
            if part > 0 {
                let (payment, voucher) = (payment.payment, payment.voucher);
                to.push(RefundTarget { payment, voucher, amount: amount(part) });
                rest -= part;
            }
        }
        if rest > 0 {
            let (asked, left) = (amount(cash), amount(cash - rest));
            return Err(OrderRefusal::RefundExceedsPayments { asked, left });
        }
        return Ok(to);
    }
    let mut sum = 0;
    for of in named {
        let payment = order.payments.iter().find(|known| known.payment == of.payment);
        let payment = payment.ok_or(OrderRefusal::UnknownPayment(of.payment))?;
        let asked = not_negative(of.amount, currency)?;
        let before = to.iter().filter(|known: &&RefundTarget| known.payment == of.payment);
        let before: i64 = before.map(|known| known.amount.minor(currency).unwrap_or(0)).sum();
        let left = amount(payment.amount - payment.refunded - before);
        if asked > left {
            let payment = of.payment;
            return Err(OrderRefusal::RefundExceedsPayment { payment, asked, left });
        }
        sum += asked.minor(currency)?;
        to.push(RefundTarget { payment: of.payment, voucher: payment.voucher, amount: asked });
    }
    if sum != cash {
        let (named, asked) = (amount(sum), amount(cash));
        return Err(OrderRefusal::RefundTargetsDiffer { named, asked });
    }
    Ok(to)
}

/// One event per fee and merchant, with the lines of which something comes back.
fn fees_returned<'a>(
    order: &'a Placed,
    after: &Placed,
    refund: RefundId,
    due_of: &dyn Fn(MerchantId) -> Option<Date>,
    corrected: &[Corrected],
) -> Vec<OrderEvent<'a>> {
    let mut events: Vec<FeeReturned<'a>> = Vec::new();
    for charge in &order.charges {
        let currency = order.settled_in(charge.merchant);
        let amount = |minor| Amount::from_minor(minor, currency);
        let (fee, tax) = after.returned_beside(charge, corrected);
        // The supplier's part goes the same way, on the same cumulative amount.
        let of_supplier = |fee| returned(charge.supplier, fee, charge.amount);
        let supplier =
            if charge.supplier == 0 { 0 } else { of_supplier(fee) - of_supplier(charge.returned) };
        let (fee, tax) = (fee - charge.returned, tax - charge.tax_returned);
        let Some(due_on) = due_of(charge.merchant) else { continue };
        if fee == 0 && tax == 0 {
            continue;
        }
        let line = ReturnedLine {
            line: charge.line,
            category: charge.category.as_deref(),
            rule: charge.rule,
            amount: amount(fee),
            tax: amount(tax),
            supplier: amount(supplier),
        };
        let same =
            |of: &&mut FeeReturned<'_>| of.merchant == charge.merchant && of.fee == charge.fee;
        match events.iter_mut().find(same) {
            Some(event) => event.lines.push(line),
            None => events.push(FeeReturned {
                merchant: charge.merchant,
                fee: charge.fee,
                refund,
                currency,
                due_on,
                tariff: charge.tariff,
                version: charge.version,
                role: charge.role,
                segment: order.segment_of(charge.merchant),
                lines: vec![line],
            }),
        }
    }
    events.into_iter().map(OrderEvent::FeeReturned).collect()
}

/// One event per payment of which the channel gives something back.
pub(super) fn channel_fees_returned<'a>(
    order: &'a Placed,
    after: &Placed,
    refund: RefundId,
) -> Vec<OrderEvent<'a>> {
    let mut events = Vec::new();
    for (payment, now) in order.payments.iter().zip(&after.payments) {
        if let Some((fee, true, before)) = payment.channel_fee {
            let back = returned(fee, now.refunded, now.amount) - before;
            if back != 0 {
                events.push(OrderEvent::ChannelFeeReturned(ChannelFeeReturned {
                    payment: payment.payment,
                    method: &payment.method,
                    refund,
                    currency: order.currency,
                    amount: Amount::from_minor(back, order.currency),
                }));
            }
        }
    }
    events
}

#[cfg(test)]
mod tests;
