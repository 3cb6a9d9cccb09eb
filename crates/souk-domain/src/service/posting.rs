//! Which accounts services and penalties touch.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::ids::{ChargeId, MerchantId, OrderId};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{
    PenaltyImposed, PenaltyWaived, PremiumRemitted, ServiceEvent, ServiceFeeCharged,
    ServiceFeeReturned, ServiceRefundPaid,
};
use super::{early, loan};
use crate::posting::PostingError;
use crate::returned_to;
use crate::settled_from::debit;

/// The entry of an event of a merchant's services.
pub(crate) fn post<'a>(
    event: &'a ServiceEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        ServiceEvent::Charged(of) => charged(of, names),
        ServiceEvent::Returned(of) => returned(of, names),
        ServiceEvent::Imposed(of) => imposed(of, names),
        ServiceEvent::Waived(of) => waived(of, names),
        ServiceEvent::LoanGranted(of) => loan::post_granted(of, names),
        ServiceEvent::LoanRepaid(of) => loan::post_repaid(of, names),
        ServiceEvent::Invoiced(_) | ServiceEvent::RedLetterIssued(_) => Ok(Postings::default()),
        ServiceEvent::PayoutAdvanced(of) => early::post(of, names),
        ServiceEvent::Remitted(of) => remitted(of, names),
        ServiceEvent::RefundPaid(of) => refund_paid(of, names),
    }
}

/// The following lines are those of a charge, its order and its merchant.
fn of_charge<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    charge: &'a ChargeId,
    order: Option<&'a OrderId>,
    merchant: MerchantId,
) {
    if let Some(order) = order {
        entry.reference(RefKind::Order, order.as_str());
    }
    entry.reference(RefKind::Term, charge.as_str()).merchant(merchant);
}

/// Dr who paid; Cr the revenue line and OutputVat, and SupplierPayable with the part that is another's.
fn charged<'a>(
    of: &'a ServiceFeeCharged<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, currency) = (of.service.lines(), of.currency);
    let mut entry = EntryBuilder::new(names, currency);
    entry.dims(of.segment.dims());
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    debit(&mut entry, of.merchant, &of.settled_from, currency, (lines.fee, lines.tax))?;
    if let Some(of) = &of.supplier {
        entry.no_merchant().reference(RefKind::Supplier, of.supplier.as_str());
        entry.credit(Account::SupplierPayable, lines.fee, of.amount.minor(currency)?);
    }
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    entry.credit(of.service.revenue(), lines.fee, of.net.minor(currency)?);
    entry.credit(Account::OutputVat, lines.tax, of.tax.minor(currency)?);
    Ok(entry.balanced()?)
}

/// The reverse, to whoever had paid.
fn returned<'a>(
    of: &'a ServiceFeeReturned<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (lines, currency) = (of.service.lines(), of.currency);
    let mut entry = EntryBuilder::new(names, currency);
    entry.dims(of.segment.dims());
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    entry.debit(of.service.revenue(), lines.returned, of.net.minor(currency)?);
    entry.debit(Account::OutputVat, lines.tax_returned, of.tax.minor(currency)?);
    if let Some(of) = &of.supplier {
        entry.no_merchant().reference(RefKind::Supplier, of.supplier.as_str());
        entry.debit(Account::SupplierPayable, lines.returned, of.amount.minor(currency)?);
    }
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    let (to, kinds) = (&of.returned_to, (lines.returned, lines.tax_returned));
    let refund = of.charge.as_str();
    returned_to::credit(&mut entry, Some(of.merchant), to, refund, currency, kinds)?;
    Ok(entry.balanced()?)
}

/// Dr who paid; Cr Penalties, or RefundsInTransit when the buyer gets it.
fn imposed<'a>(
    of: &'a PenaltyImposed<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, currency) = (LineKind::Penalty, of.currency);
    let amount = of.amount.minor(currency)?;
    let mut entry = EntryBuilder::new(names, currency);
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    // There is no tax on a penalty, so the second kind has no line.
    debit(&mut entry, of.merchant, &of.settled_from, currency, (kind, kind))?;
    if of.passed_to.is_some() {
        entry.no_merchant().reference(RefKind::Refund, of.charge.as_str());
        entry.credit(Account::RefundsInTransit, kind, amount);
    } else {
        of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
        entry.credit(Account::Penalties, kind, amount);
    }
    Ok(entry.balanced()?)
}

/// The reverse.
fn waived<'a>(of: &'a PenaltyWaived<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let (kind, currency) = (LineKind::PenaltyWaived, of.currency);
    let (amount, charge) = (of.amount.minor(currency)?, of.charge.as_str());
    let mut entry = EntryBuilder::new(names, currency);
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    if of.was_passed {
        entry.no_merchant().reference(RefKind::Refund, charge);
        entry.debit(Account::RefundsInTransit, kind, amount);
    } else {
        entry.debit(Account::Penalties, kind, amount);
    }
    of_charge(&mut entry, &of.charge, of.order.as_ref(), of.merchant);
    let to = &of.returned_to;
    returned_to::credit(&mut entry, Some(of.merchant), to, charge, currency, (kind, kind))?;
    Ok(entry.balanced()?)
}

/// Dr SupplierPayable, Cr BankClearing.
fn remitted<'a>(
    of: &'a PremiumRemitted<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Supplier, of.supplier.as_str());
    entry.debit(Account::SupplierPayable, LineKind::SupplierPartRemitted, amount);
    entry.reference(RefKind::Transfer, &of.transfer);
    entry.credit(Account::BankClearing, LineKind::SupplierPartRemitted, amount);
    Ok(entry.balanced()?)
}

/// Dr RefundsInTransit, Cr PspClearing or BankClearing.
fn refund_paid<'a>(
    of: &'a ServiceRefundPaid<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    if let Some(order) = &of.order {
        entry.reference(RefKind::Order, order.as_str());
    }
    entry.reference(RefKind::Term, of.charge.as_str());
    returned_to::paid(&mut entry, &of.to, of.charge.as_str(), of.currency)?;
    Ok(entry.balanced()?)
}
