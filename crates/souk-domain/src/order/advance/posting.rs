//! Which accounts an advance touches.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::order::events::{AdvanceBorne, AdvanceRecovered, RefundAdvanced};
use crate::order::posting::{credit_targets, debit_lines};
use crate::posting::PostingError;

/// Dr RefundAdvances, Cr RefundsInTransit, or BuyerCredit for what was paid by voucher.
pub(in crate::order) fn paid_ahead<'a>(
    of: &'a RefundAdvanced<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for line in &of.lines {
        let amount = line.principal.minor(of.currency)? + line.shipping.minor(of.currency)?;
        entry.merchant(line.merchant);
        entry.debit(Account::RefundAdvances, LineKind::RefundAdvanced, amount);
    }
    entry.no_merchant();
    credit_targets(&mut entry, &of.to, (of.advance.as_str(), of.currency))?;
    Ok(entry.balanced()?)
}

/// Before completion Dr OrderEscrow; after it Dr MerchantPayable, with the subsidy taken back. Cr RefundAdvances.
pub(in crate::order) fn recovered<'a>(
    of: &'a AdvanceRecovered<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    debit_lines(&mut entry, (&of.lines, &of.conversions), (order, of.currency))?;
    for line in &of.lines {
        let amount = line.principal.minor(of.currency)? + line.shipping.minor(of.currency)?;
        entry.merchant(line.merchant);
        entry.credit(Account::RefundAdvances, LineKind::AdvanceRecovered, amount);
    }
    Ok(entry.balanced()?)
}

/// Dr Compensation, Cr RefundAdvances.
pub(in crate::order) fn borne<'a>(
    of: &'a AdvanceBorne<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for line in &of.lines {
        let amount = line.principal.minor(of.currency)? + line.shipping.minor(of.currency)?;
        entry.merchant(line.merchant);
        entry.debit(Account::Compensation, LineKind::AdvanceBorne, amount);
        entry.credit(Account::RefundAdvances, LineKind::AdvanceBorne, amount);
    }
    Ok(entry.balanced()?)
}
