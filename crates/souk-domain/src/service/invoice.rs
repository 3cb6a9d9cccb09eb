//! Invoices of service fees, and their red letters.

use souk_journal::money::{Amount, MoneyError};

use super::commands::{InvoiceServiceFee, IssueServiceRedLetter};
use super::decide::{ServiceContext, known};
use super::events::{ServiceEvent, ServiceFeeInvoiced, ServiceFeeReturned, ServiceRedLetterIssued};
use super::refusal::ServiceRefusal;
use super::state::{Charge, Charged, ServiceState};
use crate::red_letters::{Invoiced, RedLetterRefusal, red_letter};
use crate::service_kind::ServiceKind;

/// Records that a service fee stands on an invoice, less what came back of it before.
pub(super) fn invoice<'a>(
    state: &ServiceState,
    of: &InvoiceServiceFee<'_>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (charge, currency) = (of.of.charge, context.currency);
    let known = known(state, charge)?;
    let service = service(known).ok_or(ServiceRefusal::IsAPenalty(charge))?;
    if let Some(invoiced) = &known.invoice {
        let refusal = RedLetterRefusal::FeeInvoicedAlready(invoiced.invoice);
        return Err(ServiceRefusal::RedLetter(refusal));
    }
    let amount = |minor| Amount::from_minor(minor, currency);
    Ok(ServiceEvent::Invoiced(ServiceFeeInvoiced {
        charge,
        merchant: of.of.merchant,
        service,
        invoice: of.invoice,
        currency,
        amount: amount(known.parts.net - known.came_back.0),
        tax: amount(known.parts.tax - known.came_back.1),
    }))
}

/// Records a red letter for everything that is pending.
pub(super) fn issue<'a>(
    state: &ServiceState,
    of: &IssueServiceRedLetter<'_>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (charge, currency) = (of.of.charge, context.currency);
    let known = known(state, charge)?;
    let service = service(known).ok_or(ServiceRefusal::IsAPenalty(charge))?;
    let number = of.red_letter;
    let of_others = state.charges.values().filter_map(|of| of.invoice.as_ref());
    if of_others.flat_map(|of| &of.red_letters).any(|of| *of == number) {
        let refusal = RedLetterRefusal::RedLetterRecordedAlready(number);
        return Err(ServiceRefusal::RedLetter(refusal));
    }
    let letter = red_letter(known.invoice.iter(), (number, of.tax), currency);
    let (invoice, amount, tax) = letter.map_err(ServiceRefusal::RedLetter)?;
    Ok(ServiceEvent::RedLetterIssued(ServiceRedLetterIssued {
        charge,
        merchant: of.of.merchant,
        service,
        invoice,
        red_letter: number,
        currency,
        amount,
        tax,
    }))
}

fn service(charge: &Charge) -> Option<ServiceKind> {
    match charge.charged {
        Charged::Service { service, .. } => Some(service),
        Charged::Penalty { .. } => None,
    }
}

/// Folds what came back.
pub(super) fn came_back(
    charge: &mut Charge,
    of: &ServiceFeeReturned<'_>,
) -> Result<(), MoneyError> {
    let (net, tax) = (of.net.minor(of.currency)?, of.tax.minor(of.currency)?);
    charge.came_back = (charge.came_back.0 + net, charge.came_back.1 + tax);
    if let Some(invoiced) = &mut charge.invoice {
        invoiced.add(net, tax);
    }
    Ok(())
}

/// Folds an invoice.
pub(super) fn invoiced(state: &mut ServiceState, of: &ServiceFeeInvoiced) {
    if let Some(known) = state.charges.get_mut(&of.charge) {
        known.invoice = Some(Invoiced::new(of.invoice, known.came_back));
    }
}

/// Folds a red letter.
pub(super) fn settled(state: &mut ServiceState, of: &ServiceRedLetterIssued) {
    let known = state.charges.get_mut(&of.charge);
    if let Some(invoiced) = known.and_then(|known| known.invoice.as_mut()) {
        invoiced.settle(of.red_letter);
    }
}
