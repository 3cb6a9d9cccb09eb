//! Which accounts claims touch, and the paying of suppliers.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, Ref, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::order::events::{ClaimCollected, ClaimPaid, Cover, SupplierPartRemitted};
use crate::posting::PostingError;

/// Dr InsurerReceivable, or CostOfServices for the platform's own guarantee; Cr RefundsInTransit, or BuyerCredit for a
/// payment by voucher. A memo when the insurer pays the buyer itself.
pub(in crate::order) fn paid<'a>(
    of: &'a ClaimPaid,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    match &of.cover {
        Cover::InsurerDirectly { .. } => {
            let mut memo = Postings::default();
            memo.refs.push(Ref { kind: RefKind::Order, value: order });
            return Ok(memo);
        }
        Cover::Insurer { supplier } => {
            entry.reference(RefKind::Supplier, supplier.as_str());
            entry.debit(Account::InsurerReceivable, LineKind::Claim, amount);
        }
        Cover::Guarantee => {
            entry.merchant(of.merchant);
            entry.debit(Account::CostOfServices, LineKind::Claim, amount);
            entry.no_merchant();
        }
    }
    match &of.payment {
        Some(payment) if of.voucher => {
            entry.reference(RefKind::Payment, payment.as_str());
            entry.credit(Account::BuyerCredit, LineKind::Claim, amount);
        }
        Some(_) | None => {
            entry.reference(RefKind::Refund, of.claim.as_str());
            entry.credit(Account::RefundsInTransit, LineKind::Claim, amount);
        }
    }
    Ok(entry.balanced()?)
}

/// Dr BankClearing, Cr InsurerReceivable.
pub(in crate::order) fn collected<'a>(
    of: &'a ClaimCollected<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.reference(RefKind::Transfer, &of.transfer);
    entry.debit(Account::BankClearing, LineKind::ClaimCollected, amount);
    entry.reference(RefKind::Supplier, of.supplier.as_str());
    entry.credit(Account::InsurerReceivable, LineKind::ClaimCollected, amount);
    Ok(entry.balanced()?)
}

/// Dr SupplierPayable as the fees of the order credited it, Cr BankClearing.
pub(in crate::order) fn remitted<'a>(
    of: &'a SupplierPartRemitted<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.merchant(of.merchant);
    entry.debit(Account::SupplierPayable, LineKind::SupplierPartRemitted, amount);
    entry.no_merchant().reference(RefKind::Transfer, &of.transfer);
    entry.credit(Account::BankClearing, LineKind::SupplierPartRemitted, amount);
    Ok(entry.balanced()?)
}
