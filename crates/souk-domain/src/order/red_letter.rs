//! Invoices of fees, and the red letters that what comes back of them needs.
//!
//! The order's stream knows what of a fee came back, so it guards that a red letter is for exactly that: everything that
//! came back since the invoice, or since the red letter before.

use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Amount;

use super::commands::{InvoiceFee, IssueRedLetter};
use super::corrected::{Corrected, of_invoice};
use super::events::{FeeInvoiced, Invoiceable, OrderEvent, RedLetterIssued};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;

/// Records that a fee stands on an invoice, less what came back of it before.
pub(super) fn invoice<'a>(
    order: &Placed,
    command: InvoiceFee,
    corrected: &[Corrected],
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let InvoiceFee { merchant, fee, invoice, .. } = command;
    let charged = order.charged(merchant, fee);
    let (amount, tax) = charged.ok_or(OrderRefusal::FeeNotCharged { merchant, fee })?;
    let known = order.invoices.iter().find(|of| of.merchant == merchant && of.fee == fee);
    if let Some(known) = known {
        let invoice = known.invoice;
        return Err(OrderRefusal::FeeInvoicedAlready { merchant, fee, invoice });
    }
    let came_back = came_back(order, (merchant, fee), corrected);
    let currency = order.settled_in(merchant);
    let event = FeeInvoiced {
        merchant,
        fee,
        invoice,
        currency,
        amount: Amount::from_minor(amount - came_back.0, currency),
        tax: Amount::from_minor(tax - came_back.1, currency),
    };
    Ok(Decision::one(today, OrderEvent::FeeInvoiced(event)))
}

/// What has come back of a fee by refunds and by corrections, as (fee, tax): what was charged at most.
fn came_back(
    order: &Placed,
    (merchant, fee): (MerchantId, Invoiceable),
    corrected: &[Corrected],
) -> (i64, i64) {
    let (by_refunds, charged) = (order.came_back(merchant, fee), order.charged(merchant, fee));
    let (by_corrections, most) =
        (of_invoice(corrected, merchant, fee), charged.unwrap_or_default());
    ((by_refunds.0 + by_corrections.0).min(most.0), (by_refunds.1 + by_corrections.1).min(most.1))
}

/// Records a red letter for everything that is pending.
pub(super) fn issue<'a>(
    order: &Placed,
    command: IssueRedLetter,
    corrected: &[Corrected],
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let IssueRedLetter { merchant, fee, red_letter, .. } = command;
    let currency = order.settled_in(merchant);
    let known = order.invoices.iter().find(|of| of.merchant == merchant && of.fee == fee);
    let known = known.ok_or(OrderRefusal::FeeNotInvoiced { merchant, fee })?;
    if order.invoices.iter().any(|of| of.red_letters.contains(&red_letter)) {
        return Err(OrderRefusal::RedLetterRecordedAlready(red_letter));
    }
    let (amount, tax) = came_back(order, (merchant, fee), corrected);
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
