//! Claims for the freight of returns: paid to the buyer on behalf of an insurer, by the insurer itself, or out of the
//! platform's own guarantee; collected from the insurer; and what suppliers are paid of the order's fees.
//!
//! A return's freight is a cost beside the order: the buyer paid a carrier for it. So claims have a bound of their own, all of
//! an order's claims within what was paid for it, and leave what may be refunded as it is.

pub(super) mod posting;
pub mod state;

#[cfg(test)]
mod tests;

use souk_journal::dates::Date;
use souk_journal::money::Amount;
use souk_journal::split::returned;

use super::commands::{CollectClaim, PayClaim, RemitSupplierPart};
use super::decide::{label, not_negative};
use super::events::{ClaimCollected, ClaimPaid, Cover, OrderEvent, SupplierPartRemitted};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;

/// Pays a claim, or notes that the insurer did.
pub(super) fn pay<'a>(
    order: &Placed,
    of: PayClaim,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let amount = not_negative(of.amount, order.currency)?;
    if amount.is_zero() {
        return Err(OrderRefusal::NothingClaimed(of.claim));
    }
    if !order.lines.iter().any(|line| line.merchant == of.merchant) {
        return Err(OrderRefusal::NotTheirOrder(of.merchant));
    }
    if order.claims.iter().any(|known| known.claim == of.claim)
        || order.refunds.iter().any(|known| known.refund == of.claim)
    {
        return Err(OrderRefusal::RefundIssuedAlready(of.claim));
    }
    let claimed: i64 = order.claims.iter().map(|claim| claim.amount).sum();
    let left = Amount::from_minor(order.paid() - claimed, order.currency);
    if amount > left {
        return Err(OrderRefusal::ClaimExceedsPaid { asked: amount, left });
    }
    let through = match of.cover {
        Cover::InsurerDirectly { .. } => None,
        Cover::Insurer { .. } | Cover::Guarantee => Some(through(order, of)?),
    };
    Ok(Decision::one(
        today,
        OrderEvent::ClaimPaid(ClaimPaid {
            claim: of.claim,
            merchant: of.merchant,
            currency: order.currency,
            amount,
            cover: of.cover,
            payment: through.map(|payment| payment.payment),
            voucher: through.is_some_and(|payment| payment.voucher),
        }),
    ))
}

/// The payment named; none named is the first, in money if there is one.
fn through(order: &Placed, of: PayClaim) -> Result<&super::state::Payment, OrderRefusal> {
    match of.payment {
        Some(id) => order
            .payments
            .iter()
            .find(|known| known.payment == id)
            .ok_or(OrderRefusal::UnknownPayment(id)),
        // Something was paid, or the claim would exceed it.
        None => order
            .payments
            .iter()
            .min_by_key(|known| known.voucher)
            .ok_or(OrderRefusal::NothingClaimed(of.claim)),
    }
}

/// Collects a claim from its insurer: what is asked, or all that is left.
pub(super) fn collect<'a>(
    order: &Placed,
    of: &'a CollectClaim<'a>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let known = order.claims.iter().find(|known| known.claim == of.claim);
    let known = known.ok_or(OrderRefusal::UnknownRefund(of.claim))?;
    let minor = |minor| Amount::from_minor(minor, order.currency);
    let left = minor(known.owed);
    let asked = of.amount.map_or(Ok(left), |amount| not_negative(amount, order.currency))?;
    let Some(supplier) = known.insurer.filter(|_| !asked.is_zero()) else {
        return Err(OrderRefusal::NothingToCollect(of.claim));
    };
    if asked > left {
        return Err(OrderRefusal::CollectionExceedsClaim { claim: of.claim, asked, left });
    }
    label(&of.transfer)?;
    Ok(Decision::one(
        today,
        OrderEvent::ClaimCollected(ClaimCollected {
            claim: of.claim,
            supplier,
            currency: order.currency,
            amount: asked,
            transfer: of.transfer.clone(),
        }),
    ))
}

/// Pays a supplier all that the order's fees have left for it.
pub(super) fn remit<'a>(
    order: &Placed,
    of: &'a RemitSupplierPart<'a>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    label(&of.transfer)?;
    let theirs = order.charges.iter().filter(|charge| charge.merchant == of.merchant);
    let left = |charge: &super::state::Charge| match charge.supplier {
        0 => 0,
        part => part - returned(part, charge.returned, charge.amount),
    };
    let owed: i64 = theirs.map(left).sum();
    let remitted = order.remitted.iter().filter(|(merchant, _)| *merchant == of.merchant);
    let owed = owed - remitted.map(|(_, amount)| amount).sum::<i64>();
    // Fees are in the currency of the settlement, and so is the supplier's part of them.
    let currency = order.settled_in(of.merchant);
    if owed <= 0 {
        return Err(OrderRefusal::NothingToRemit(of.merchant));
    }
    Ok(Decision::one(
        today,
        OrderEvent::SupplierPartRemitted(SupplierPartRemitted {
            merchant: of.merchant,
            supplier: of.supplier,
            currency,
            amount: Amount::from_minor(owed, currency),
            transfer: of.transfer.clone(),
        }),
    ))
}
