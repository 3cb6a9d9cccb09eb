//! Invoices of terms, and their red letters: of a plan what an upgrade credits or a cancellation gives back.

use souk_journal::money::{Amount, Currency};

use super::commands::{InvoiceMembership, IssueMembershipRedLetter};
use super::decide::MembershipContext;
use super::events::{Holder, MembershipEvent, MembershipInvoiced, MembershipRedLetterIssued};
use super::refusal::MembershipRefusal;
use super::state::Term;
use crate::decider::Decision;
use crate::red_letters::{Invoiced, RedLetterRefusal, red_letter};
use crate::service_kind::ServiceKind;

/// Records that the present plan stands on an invoice. Nothing of it has come back: that is the end of a plan.
pub(super) fn invoice<'a>(
    term: &Term,
    of: InvoiceMembership,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    if let Some(known) = term.invoices.last().filter(|_| term.invoiced) {
        let refusal = RedLetterRefusal::FeeInvoicedAlready(known.invoice);
        return Err(MembershipRefusal::RedLetter(refusal));
    }
    let amount = |minor| Amount::from_minor(minor, term.currency);
    let event = MembershipInvoiced {
        holder: term.holder,
        service: term.service,
        invoice: of.invoice,
        currency: term.currency,
        amount: amount(term.net),
        tax: amount(term.tax),
    };
    Ok(Decision::one(context.today, MembershipEvent::Invoiced(event)))
}

/// Records a red letter for everything that is pending of the first invoice that has something pending.
pub(super) fn issue<'a>(
    (holder, service, currency): (Holder, ServiceKind, Currency),
    invoices: &[Invoiced],
    of: IssueMembershipRedLetter,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    let letter = red_letter(invoices.iter(), (of.red_letter, of.tax), currency);
    let (invoice, amount, tax) = letter.map_err(MembershipRefusal::RedLetter)?;
    let event = MembershipRedLetterIssued {
        holder,
        service,
        invoice,
        red_letter: of.red_letter,
        currency,
        amount,
        tax,
    };
    Ok(Decision::one(context.today, MembershipEvent::RedLetterIssued(event)))
}

/// Folds a red letter.
pub(super) fn settled(invoices: &mut [Invoiced], of: &MembershipRedLetterIssued) {
    for known in invoices.iter_mut().filter(|known| known.invoice == of.invoice) {
        known.settle(of.red_letter);
    }
}
