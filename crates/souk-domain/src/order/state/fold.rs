//! What each event changes of an order.

use souk_journal::ids::{MerchantId, PaymentId};
use souk_journal::money::MoneyError;

use super::{Charge, Completion, Line, OrderState, Payment, Placed, Refund, taxes};
use crate::order::advance::state as advance;
use crate::order::claim::state as claim;
use crate::order::conversion::SettledLine;
use crate::order::events::{
    FeeCharged, FeeReturned, OrderEvent, RefundIssued, RefundTarget, RefundedLine,
};
use crate::order::hold::state as hold;
use crate::order::partner::state as partner;
use crate::tariff::events::OnRefund;
use crate::tariff::returns::{ReRating, Returns};

/// Folds an event; the stream begins with `order-placed`.
pub(crate) fn evolve(state: &mut OrderState, event: &OrderEvent<'_>) -> Result<(), MoneyError> {
    let placed = match (&mut *state, event) {
        (OrderState::Absent, OrderEvent::Placed(of)) => {
            let mut lines = Vec::with_capacity(of.lines.len());
            let mut owed: Vec<(MerchantId, i64)> = Vec::with_capacity(1);
            for line in &of.lines {
                let line = Line {
                    line: line.line,
                    merchant: line.merchant,
                    category: line.category.map(Into::into),
                    list: line.price.minor(of.currency)?,
                    shipping: line.shipping.minor(of.currency)?,
                    discount: line.merchant_discount.minor(of.currency)?,
                    subsidy: line.platform_discount.minor(of.currency)?,
                    funding: line.funding,
                    refunded_goods: 0,
                    refunded_shipping: 0,
                    subsidy_returned: 0,
                    advanced_goods: 0,
                    advanced_shipping: 0,
                    given_back: false,
                    units: line.units,
                    fulfilment: line.fulfilment.map(Into::into),
                    completed: false,
                    settled: None,
                };
                let amount = line.cash() + line.shipping;
                match owed.iter_mut().find(|(merchant, _)| *merchant == line.merchant) {
                    Some((_, sum)) => *sum += amount,
                    None => owed.push((line.merchant, amount)),
                }
                lines.push(line);
            }
            *state = OrderState::Placed(Placed {
                currency: of.currency,
                placed_on: of.placed_on,
                region: of.region.map(Into::into),
                lines,
                payments: Vec::new(),
                owed,
                escrow: Vec::new(),
                difference: None,
                shipped: Vec::new(),
                completions: Vec::new(),
                charges: Vec::new(),
                attributions: Vec::new(),
                partner_commissions: Vec::new(),
                refunds: Vec::new(),
                advances: Vec::new(),
                claims: Vec::new(),
                remitted: Vec::new(),
                holds: Vec::new(),
                cancelled: false,
                taxes: Vec::new(),
                withheld: Vec::new(),
                invoices: Vec::new(),
            });
            return Ok(());
        }
        (OrderState::Absent, _) => return Ok(()),
        (OrderState::Placed(placed), _) => placed,
    };
    let currency = placed.currency;
    match event {
        OrderEvent::Placed(_) => {}
        OrderEvent::Paid(of) => {
            for part in &of.split {
                placed.add_escrow(part.merchant, part.amount.minor(currency)?);
            }
            placed.payments.push(Payment {
                payment: of.payment,
                method: of.method.into(),
                voucher: of.voucher,
                amount: of.amount.minor(currency)?,
                refunded: 0,
                channel_fee: None,
            });
        }
        OrderEvent::DifferenceBooked(of) => {
            for part in &of.split {
                placed.add_escrow(part.merchant, -part.amount.minor(currency)?);
            }
            placed.difference = Some((of.class, of.amount.minor(currency)?, false));
        }
        OrderEvent::ChannelFeeIncurred(of) => {
            let fee = of.amount.minor(currency)?;
            for payment in placed.payments.iter_mut().filter(|known| known.payment == of.payment) {
                payment.channel_fee = Some((fee, of.returned_on_refund, 0));
            }
        }
        OrderEvent::ChannelFeeReturned(of) => {
            let back = of.amount.minor(currency)?;
            for payment in placed.payments.iter_mut().filter(|known| known.payment == of.payment) {
                if let Some((_, _, returned)) = &mut payment.channel_fee {
                    *returned += back;
                }
            }
        }
        OrderEvent::Shipped(of) => placed.shipped.push(of.merchant),
        OrderEvent::Completed(of) => {
            let mut taken = 0;
            for done in &of.lines {
                let tax = placed.complete_tax(done.line);
                for line in placed.lines.iter_mut().filter(|line| line.line == done.line) {
                    line.list = done.principal.minor(currency)?;
                    line.shipping = done.shipping.minor(currency)?;
                    line.discount = done.merchant_discount.minor(currency)?;
                    line.subsidy = done.platform_discount.minor(currency)?;
                    line.refunded_goods = 0;
                    line.refunded_shipping = 0;
                    line.subsidy_returned = 0;
                    line.given_back = false;
                    line.completed = true;
                    line.settled = SettledLine::of(done, of.conversion.as_ref(), tax, currency)?;
                    taken += line.cash() + line.shipping;
                }
            }
            placed.add_escrow(Some(of.merchant), -taken);
            let (merchant, due_on, segment) = (of.merchant, of.due_on, of.segment.into());
            let conversion = of.conversion;
            placed.completions.push(Completion { merchant, due_on, conversion, segment });
        }
        OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => charge(placed, of)?,
        OrderEvent::Attributed(of) => partner::attributed(placed, of),
        OrderEvent::PartnerCommissionCharged(of) => partner::charged(placed, of)?,
        OrderEvent::PartnerCommissionReturned(of) => partner::given_back(placed, of)?,
        OrderEvent::RefundIssued(of) => refund(placed, of)?,
        OrderEvent::RefundPaid(of) => {
            for refund in placed.refunds.iter_mut().filter(|known| known.refund == of.refund) {
                refund.paid = true;
            }
        }
        OrderEvent::RefundFailed(_) => {}
        OrderEvent::FeeReturned(of) => give_back(placed, of)?,
        OrderEvent::RefundAdvanced(of) => advance::paid_ahead(placed, of)?,
        OrderEvent::AdvanceRecovered(of) => advance::recovered(placed, of)?,
        OrderEvent::AdvanceBorne(of) => advance::borne(placed, of),
        OrderEvent::ClaimPaid(of) => claim::paid(placed, of)?,
        OrderEvent::ClaimCollected(of) => claim::collected(placed, of)?,
        OrderEvent::SupplierPartRemitted(of) => claim::remitted(placed, of)?,
        OrderEvent::HoldPlaced(of) => hold::placed(placed, of)?,
        OrderEvent::HoldReleased(of) => hold::released(placed, of)?,
        OrderEvent::Cancelled(_) => placed.cancelled = true,
        OrderEvent::TaxAssessed(of) => taxes::assess(placed, of)?,
        OrderEvent::TaxCollected(of) => taxes::collect(placed, of)?,
        OrderEvent::TaxRefunded(of) => taxes::refund(placed, of)?,
        OrderEvent::TaxWithheld(of) => taxes::withhold(placed, of)?,
        OrderEvent::WithholdingReturned(of) => taxes::return_withheld(placed, of)?,
        OrderEvent::FeeInvoiced(of) => taxes::invoice(placed, of)?,
        OrderEvent::RedLetterIssued(of) => taxes::red_letter(placed, of)?,
    }
    Ok(())
}

fn charge(placed: &mut Placed, of: &FeeCharged<'_>) -> Result<(), MoneyError> {
    for line in &of.lines {
        let returns = match of.on_refund {
            OnRefund::Kept => Returns::Kept,
            OnRefund::Proportional => Returns::Proportional(of.retained),
            OnRefund::ReRated => {
                let facts = of.rule_of(line);
                Returns::ReRated(Box::new(ReRating::of(facts, of.currency)?), of.retained)
            }
        };
        placed.charges.push(Charge {
            merchant: of.merchant,
            fee: of.fee,
            line: line.line,
            category: line.category.map(Into::into),
            tariff: of.tariff,
            version: of.version,
            rule: line.rule,
            base: of.base,
            base_tax: of.base_tax,
            returns,
            role: of.role,
            supplier: line.supplier.minor(of.currency)?,
            amount: line.amount.minor(of.currency)?,
            tax: line.tax.minor(of.currency)?,
            returned: 0,
            tax_returned: 0,
        });
    }
    Ok(())
}

fn give_back(placed: &mut Placed, of: &FeeReturned<'_>) -> Result<(), MoneyError> {
    for line in &of.lines {
        let same = |charge: &&mut Charge| {
            charge.merchant == of.merchant && charge.fee == of.fee && charge.line == line.line
        };
        if let Some(charge) = placed.charges.iter_mut().find(same) {
            charge.returned += line.amount.minor(of.currency)?;
            charge.tax_returned += line.tax.minor(of.currency)?;
        }
    }
    Ok(())
}

/// Folds a refund into lines, escrow, payments and the difference.
pub(crate) fn refund(placed: &mut Placed, of: &RefundIssued<'_>) -> Result<(), MoneyError> {
    refund_lines(placed, &of.lines)?;
    if of.difference.is_some()
        && let Some((_, _, refunded)) = &mut placed.difference
    {
        *refunded = true;
    }
    let to = refund_to(placed, &of.to)?;
    placed.refunds.push(Refund { refund: of.refund, paid: false, to });
    Ok(())
}

/// Folds what goes back of lines, and out of escrow before completion.
pub(in crate::order) fn refund_lines(
    placed: &mut Placed,
    lines: &[RefundedLine<'_>],
) -> Result<(), MoneyError> {
    let currency = placed.currency;
    for back in lines {
        let (principal, shipping) =
            (back.principal.minor(currency)?, back.shipping.minor(currency)?);
        let subsidy = back.subsidy.minor(currency)?;
        let settled_in = placed.settled_in(back.merchant);
        let mut from_escrow = None;
        for line in placed.lines.iter_mut().filter(|line| line.line == back.line) {
            line.refunded_goods += principal;
            line.refunded_shipping += shipping;
            line.subsidy_returned += subsidy;
            line.given_back |= back.free_goods;
            if let (Some(settled), Some(back)) = (&mut line.settled, &back.settled) {
                settled.take(back, settled_in)?;
            }
            if !line.completed {
                from_escrow = Some((line.merchant, principal + shipping));
            }
        }
        if let Some((merchant, amount)) = from_escrow {
            placed.add_escrow(Some(merchant), -amount);
        }
    }
    Ok(())
}

/// Folds what goes to payments: payment, buyer credit, amount.
pub(in crate::order) fn refund_to(
    placed: &mut Placed,
    targets: &[RefundTarget],
) -> Result<Vec<(PaymentId, bool, i64)>, MoneyError> {
    let currency = placed.currency;
    let mut to = Vec::with_capacity(targets.len());
    for target in targets {
        let amount = target.amount.minor(currency)?;
        for payment in placed.payments.iter_mut().filter(|known| known.payment == target.payment) {
            payment.refunded += amount;
        }
        to.push((target.payment, target.voucher, amount));
    }
    Ok(to)
}
