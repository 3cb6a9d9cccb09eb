//! Which accounts holds touch.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::order::events::{HoldPlaced, HoldReleased};
use crate::posting::PostingError;

/// Dr MerchantPayable, an item due with the sale; Cr MerchantHeld per hold.
pub(in crate::order) fn placed<'a>(
    of: &'a HoldPlaced<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, amount) = (LineKind::HoldPlaced, of.amount.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Order, order);
    entry.credit_due(Account::MerchantPayable, kind, of.due_on, -amount);
    entry.reference(RefKind::Reason, of.reason.as_str());
    entry.reference(RefKind::Hold, of.hold.as_str());
    entry.credit(Account::MerchantHeld, kind, amount);
    Ok(entry.balanced()?)
}

/// The reverse: an item that is due with the sale, or on the day of the release when that is later.
pub(in crate::order) fn released<'a>(
    of: &'a HoldReleased<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, amount) = (LineKind::HoldReleased, of.amount.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Order, order);
    entry.credit_due(Account::MerchantPayable, kind, of.due_on, amount);
    entry.reference(RefKind::Reason, of.reason.as_str());
    entry.reference(RefKind::Hold, of.hold.as_str());
    entry.debit(Account::MerchantHeld, kind, amount);
    Ok(entry.balanced()?)
}
