//! Which accounts a term touches. `DeferredRevenue` is kept by line of revenue: the kinds of its postings name the
//! service whose fee is deferred.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::names::Names;

use super::events::{
    Holder, MembershipCancelled, MembershipCharged, MembershipEvent, MembershipRefundPaid,
    MembershipUpgraded, RevenueRecognised,
};
use crate::posting::PostingError;
use crate::returned_to;
use crate::settled_from::debit;

/// The entry of a term's event; `term` is the stream's id.
pub(crate) fn post<'a>(
    event: &'a MembershipEvent<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        MembershipEvent::BroughtForward(of) => crate::opening::posting::term(of, term, names),
        MembershipEvent::Charged(of) => charged(of, term, names),
        MembershipEvent::Recognised(of) => recognised(of, term, names),
        MembershipEvent::Upgraded(of) => upgraded(of, term, names),
        MembershipEvent::Cancelled(of) => cancelled(of, term, names),
        MembershipEvent::RenewalAgreed(_)
        | MembershipEvent::RenewalEnded(_)
        | MembershipEvent::Invoiced(_)
        | MembershipEvent::RedLetterIssued(_) => Ok(Postings::default()),
        MembershipEvent::RefundPaid(of) => refund_paid(of, term, names),
    }
}

/// The following lines are those of a term, and of the merchant that holds it.
fn of_term<'a>(entry: &mut EntryBuilder<'a, '_>, holder: Holder, term: &'a str) {
    entry.reference(RefKind::Term, term);
    match holder {
        Holder::Merchant(merchant) => entry.merchant(merchant),
        Holder::Buyer(_) => entry.no_merchant(),
    };
}

/// Dr who paid, Cr DeferredRevenue and OutputVat.
fn charged<'a>(
    of: &'a MembershipCharged<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, currency) = (of.service.lines(), of.currency);
    let mut entry = EntryBuilder::new(names, currency);
    entry.dims(of.segment.dims());
    of_term(&mut entry, of.holder, term);
    let kinds = (lines.fee, lines.tax);
    debit(&mut entry, of.holder.merchant(), &of.settled_from, currency, kinds)?;
    of_term(&mut entry, of.holder, term);
    entry.credit(Account::DeferredRevenue, lines.fee, of.plan.net.minor(currency)?);
    entry.credit(Account::OutputVat, lines.tax, of.plan.tax.minor(currency)?);
    Ok(entry.balanced()?)
}

/// Dr DeferredRevenue, Cr the revenue line.
fn recognised<'a>(
    of: &'a RevenueRecognised<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, amount) = (of.service.lines(), of.amount.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.dims(of.segment.dims());
    of_term(&mut entry, of.holder, term);
    entry.debit(Account::DeferredRevenue, lines.fee, amount);
    entry.credit(of.service.revenue(), lines.fee, amount);
    Ok(entry.balanced()?)
}

/// Dr DeferredRevenue with all of the old plan, OutputVat with its unused tax, and who paid the difference; Cr the
/// revenue line with what was earned, DeferredRevenue and OutputVat with the new plan.
fn upgraded<'a>(
    of: &'a MembershipUpgraded<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, currency) = (of.service.lines(), of.currency);
    let catch_up = of.catch_up.minor(currency)?;
    let mut entry = EntryBuilder::new(names, currency);
    entry.dims(of.segment.dims());
    of_term(&mut entry, of.holder, term);
    entry.debit(Account::DeferredRevenue, lines.fee, catch_up);
    entry.debit(Account::DeferredRevenue, lines.returned, of.credited_net.minor(currency)?);
    entry.debit(Account::OutputVat, lines.tax_returned, of.credited_tax.minor(currency)?);
    let kinds = (lines.fee, lines.tax);
    debit(&mut entry, of.holder.merchant(), &of.settled_from, currency, kinds)?;
    of_term(&mut entry, of.holder, term);
    entry.credit(of.service.revenue(), lines.fee, catch_up);
    entry.credit(Account::DeferredRevenue, lines.fee, of.plan.net.minor(currency)?);
    entry.credit(Account::OutputVat, lines.tax, of.plan.tax.minor(currency)?);
    Ok(entry.balanced()?)
}

/// Dr DeferredRevenue with all that is left, OutputVat with the tax on what goes back; Cr the revenue line with what was
/// earned or is forfeited, and whoever had paid.
fn cancelled<'a>(
    of: &'a MembershipCancelled<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, currency) = (of.service.lines(), of.currency);
    let (catch_up, forfeited) = (of.catch_up.minor(currency)?, of.forfeited.minor(currency)?);
    let mut entry = EntryBuilder::new(names, currency);
    entry.dims(of.segment.dims());
    of_term(&mut entry, of.holder, term);
    entry.debit(Account::DeferredRevenue, lines.fee, catch_up);
    entry.debit(Account::DeferredRevenue, lines.forfeited, forfeited);
    entry.debit(Account::DeferredRevenue, lines.returned, of.refunded_net.minor(currency)?);
    entry.debit(Account::OutputVat, lines.tax_returned, of.refunded_tax.minor(currency)?);
    entry.credit(of.service.revenue(), lines.fee, catch_up);
    entry.credit(of.service.revenue(), lines.forfeited, forfeited);
    let (merchant, kinds) = (of.holder.merchant(), (lines.returned, lines.tax_returned));
    returned_to::credit(&mut entry, merchant, &of.returned_to, term, currency, kinds)?;
    Ok(entry.balanced()?)
}

/// Dr RefundsInTransit, Cr PspClearing or BankClearing.
fn refund_paid<'a>(
    of: &'a MembershipRefundPaid<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Term, term);
    returned_to::paid(&mut entry, &of.to, term, of.currency)?;
    Ok(entry.balanced()?)
}
