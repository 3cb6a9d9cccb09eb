//! Holds: what a sale brought a merchant is kept back, in whole or in part, and let go again.
//!
//! A hold is of a line's sale: goods with the discount that someone else funded, and shipping, less what went back. Its
//! fees stay where they are. It falls due with the sale, so the cycle that claims the sale claims the hold; what is let go
//! falls due then or on its own day. A hold takes an item of its own and never touches that of the sale, so nothing is
//! claimed twice whatever a close does meanwhile. A refund lets go what then exceeds the sale, in the same append.

pub(super) mod posting;
pub mod state;

#[cfg(test)]
mod tests;

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use super::commands::{PlaceHold, ReleaseHold};
use super::complete::terms_at;
use super::decide::{OrderContext, label, not_negative};
use super::events::{HoldPlaced, HoldReleased, OrderEvent};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;
use souk_journal::dates::Micros;

/// Places a hold on what a line's sale has left.
pub(super) fn place<'a>(
    order: &Placed,
    of: &'a PlaceHold<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    if order.holds.iter().any(|known| known.hold == of.hold) {
        return Err(OrderRefusal::HoldPlacedAlready(of.hold));
    }
    if let Some(note) = of.note.as_deref() {
        label(note)?;
    }
    let line = order.line(of.line).ok_or(OrderRefusal::UnknownLine(of.line))?;
    let sale = order.completion(line.merchant).filter(|_| line.completed);
    let sale = sale.ok_or(OrderRefusal::NothingToHold(of.line))?;
    let currency = order.settled_in(line.merchant);
    let left = line.brought() - order.held_of(of.line);
    let asked = asked(of.amount, left, currency)?;
    if asked == 0 {
        return Err(OrderRefusal::NothingToHold(of.line));
    }
    if asked > left {
        let amount = |minor| Amount::from_minor(minor, currency);
        let (asked, left) = (amount(asked), amount(left));
        return Err(OrderRefusal::HoldExceedsLeft { line: of.line, asked, left });
    }
    if let Some(cycle) = context.directory.claimed_by(line.merchant) {
        return Err(OrderRefusal::SaleSettledAlready { line: of.line, cycle });
    }
    let effective_on = business_date(line.merchant, context, at)?;
    let event = HoldPlaced {
        hold: of.hold,
        merchant: line.merchant,
        line: of.line,
        currency,
        amount: Amount::from_minor(asked, currency),
        due_on: sale.due_on,
        reason: of.reason,
        note: of.note.clone(),
    };
    Ok(Decision::one(effective_on, OrderEvent::HoldPlaced(event)))
}

/// Lets go of a hold.
pub(super) fn release<'a>(
    order: &Placed,
    of: &'a ReleaseHold<'a>,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let hold = order.holds.iter().find(|known| known.hold == of.hold);
    let hold = hold.ok_or(OrderRefusal::UnknownHold(of.hold))?;
    if let Some(note) = of.note.as_deref() {
        label(note)?;
    }
    let currency = order.settled_in(hold.merchant);
    let asked = asked(of.amount, hold.held, currency)?;
    if hold.held == 0 || asked == 0 {
        return Err(OrderRefusal::NothingToRelease(of.hold));
    }
    if asked > hold.held {
        let amount = |minor| Amount::from_minor(minor, currency);
        let (asked, held) = (amount(asked), amount(hold.held));
        return Err(OrderRefusal::ReleaseExceedsHold { hold: of.hold, asked, held });
    }
    let effective_on = business_date(hold.merchant, context, at)?;
    let event = HoldReleased {
        hold: hold.hold,
        merchant: hold.merchant,
        line: hold.line,
        currency,
        amount: Amount::from_minor(asked, currency),
        due_on: hold.due_on.max(effective_on),
        reason: hold.reason,
        refund: None,
        note: of.note.clone(),
    };
    Ok(Decision::one(effective_on, OrderEvent::HoldReleased(event)))
}

/// What a refund leaves held beyond what its sale still brings, the oldest hold first.
pub(super) fn released_by<'a>(
    after: &Placed,
    refund: RefundId,
    due_of: &dyn Fn(MerchantId) -> Option<Date>,
) -> Vec<OrderEvent<'a>> {
    let mut events = Vec::new();
    for line in after.lines.iter().filter(|line| line.completed) {
        let mut excess = after.held_of(line.line) - line.brought();
        for hold in after.holds.iter().filter(|hold| hold.line == line.line) {
            let part = hold.held.min(excess);
            let Some(due_on) = due_of(hold.merchant).filter(|_| part > 0) else { continue };
            excess -= part;
            let currency = after.settled_in(hold.merchant);
            events.push(OrderEvent::HoldReleased(HoldReleased {
                hold: hold.hold,
                merchant: hold.merchant,
                line: hold.line,
                currency,
                amount: Amount::from_minor(part, currency),
                due_on: due_on.max(hold.due_on),
                reason: hold.reason,
                refund: Some(refund),
                note: None,
            }));
        }
    }
    events
}

/// What is asked in minor units; without an amount all that is left.
fn asked(amount: Option<Amount>, left: i64, currency: Currency) -> Result<i64, OrderRefusal> {
    match amount {
        Some(amount) => Ok(not_negative(amount, currency)?.minor(currency)?),
        None => Ok(left.max(0)),
    }
}

/// The business date where the merchant is settled.
fn business_date(
    merchant: MerchantId,
    context: &OrderContext<'_>,
    at: Micros,
) -> Result<Date, OrderRefusal> {
    terms_at(merchant, context, at).map(|(_, date)| date)
}
