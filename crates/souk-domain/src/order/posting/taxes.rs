//! Where the taxes of an order go. `CollectedTax` and `WithholdingTax` are kept per jurisdiction, named by the posting's
//! reference, and for no merchant.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::order::events::{TaxCollected, TaxRefunded, TaxWithheld, WithholdingReturned};
use crate::posting::PostingError;

/// Dr OrderEscrow, Cr CollectedTax per jurisdiction.
pub(super) fn collected<'a>(
    of: &'a TaxCollected,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    for tax in &of.lines {
        let amount = tax.goods.minor(of.currency)? + tax.shipping.minor(of.currency)?;
        entry.reference(RefKind::Order, order).merchant(of.merchant);
        entry.debit(Account::OrderEscrow, LineKind::TaxCollected, amount);
        entry.no_merchant().reference(RefKind::Jurisdiction, tax.jurisdiction.as_str());
        entry.credit(Account::CollectedTax, LineKind::TaxCollected, amount);
    }
    Ok(entry.balanced()?)
}

/// Dr OrderEscrow before completion, CollectedTax after it; Cr RefundsInTransit or BuyerCredit, like the refund itself.
pub(super) fn refunded<'a>(
    of: &'a TaxRefunded,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for tax in &of.lines {
        let amount = tax.goods.minor(of.currency)? + tax.shipping.minor(of.currency)?;
        let account = if tax.collected {
            entry.no_merchant().reference(RefKind::Jurisdiction, tax.jurisdiction.as_str());
            Account::CollectedTax
        } else {
            entry.merchant(tax.merchant).reference(RefKind::Order, order);
            Account::OrderEscrow
        };
        entry.debit(account, LineKind::TaxRefunded, amount);
    }
    entry.no_merchant().reference(RefKind::Order, order);
    if let Some(difference) = &of.difference {
        let account = Account::OrderDifferences(difference.class);
        let amount = difference.amount.minor(of.currency)?;
        entry.debit(account, LineKind::DifferenceRefunded, amount);
    }
    for target in &of.to {
        let amount = target.amount.minor(of.currency)?;
        if target.voucher {
            entry.reference(RefKind::Payment, target.payment.as_str());
            entry.credit(Account::BuyerCredit, LineKind::RefundVoucher, amount);
        } else {
            entry.reference(RefKind::Refund, of.refund.as_str());
            entry.credit(Account::RefundsInTransit, LineKind::Refund, amount);
        }
    }
    Ok(entry.balanced()?)
}

/// Dr MerchantPayable, Cr WithholdingTax.
pub(super) fn withheld<'a>(
    of: &'a TaxWithheld,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order).merchant(of.merchant);
    entry.credit_due(Account::MerchantPayable, LineKind::TaxWithheld, of.due_on, -amount);
    entry.no_merchant().reference(RefKind::Jurisdiction, of.jurisdiction.as_str());
    entry.credit(Account::WithholdingTax, LineKind::TaxWithheld, amount);
    Ok(entry.balanced()?)
}

/// The reverse.
pub(super) fn withholding_returned<'a>(
    of: &'a WithholdingReturned,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let kind = LineKind::TaxWithheldReturned;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order).merchant(of.merchant);
    entry.credit_due(Account::MerchantPayable, kind, of.due_on, amount);
    entry.no_merchant().reference(RefKind::Jurisdiction, of.jurisdiction.as_str());
    entry.debit(Account::WithholdingTax, kind, amount);
    Ok(entry.balanced()?)
}
