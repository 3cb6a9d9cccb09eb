//! Invoices of fees, and the red letters that what comes back of them needs.
//!
//! The order's stream knows what of a fee came back, so it guards that a red letter is for exactly that: everything that
//! came back since the invoice, or since the red letter before.

use souk_journal::dates::Date;
use souk_journal::money::Amount;

use super::commands::{InvoiceFee, IssueRedLetter};
use super::events::{FeeInvoiced, OrderEvent, RedLetterIssued};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;

/// Records that a fee stands on an invoice, less what came back of it before.
pub(super) fn invoice<'a>(
    order: &Placed,
    command: InvoiceFee,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let InvoiceFee { merchant, fee, invoice, .. } = command;
    let same = |of: &&super::state::Charge| of.merchant == merchant && of.fee == fee;
    if !order.charges.iter().any(|of| same(&of)) {
        return Err(OrderRefusal::FeeNotCharged { merchant, fee });
    }
    let known = order.invoices.iter().find(|of| of.merchant == merchant && of.fee == fee);
    if let Some(known) = known {
        let invoice = known.invoice;
        return Err(OrderRefusal::FeeInvoicedAlready { merchant, fee, invoice });
    }
    let charges = order.charges.iter().filter(same);
    let (amount, tax) = charges.fold((0, 0), |(fee, tax), of| {
        (fee + of.amount - of.returned, tax + of.tax - of.tax_returned)
    });
    let currency = order.settled_in(merchant);
    let event = FeeInvoiced {
        merchant,
        fee,
        invoice,
        currency,
        amount: Amount::from_minor(amount, currency),
        tax: Amount::from_minor(tax, currency),
    };
    Ok(Decision::one(today, OrderEvent::FeeInvoiced(event)))
}

/// Records a red letter for everything that is pending.
pub(super) fn issue<'a>(
    order: &Placed,
    command: IssueRedLetter,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let IssueRedLetter { merchant, fee, red_letter, .. } = command;
    let currency = order.settled_in(merchant);
    let known = order.invoices.iter().find(|of| of.merchant == merchant && of.fee == fee);
    let known = known.ok_or(OrderRefusal::FeeNotInvoiced { merchant, fee })?;
    if order.invoices.iter().any(|of| of.red_letters.contains(&red_letter)) {
        return Err(OrderRefusal::RedLetterRecordedAlready(red_letter));
    }
    let (amount, tax) = order.came_back(merchant, fee);
    let (amount, tax) = (amount - known.settled.0, tax - known.settled.1);
    if amount == 0 && tax == 0 {
        return Err(OrderRefusal::NothingForRedLetter { merchant, fee });
    }
    let pending = Amount::from_minor(tax, currency);
    if let Some(asked) = command.tax {
        let asked = asked.at_scale(currency)?;
        if asked != pending {
            return Err(OrderRefusal::RedLetterDiffers { asked, pending });
        }
    }
    let event = RedLetterIssued {
        merchant,
        fee,
        invoice: known.invoice,
        red_letter,
        currency,
        amount: Amount::from_minor(amount, currency),
        tax: pending,
    };
    Ok(Decision::one(today, OrderEvent::RedLetterIssued(event)))
}

#[cfg(test)]
mod tests;
