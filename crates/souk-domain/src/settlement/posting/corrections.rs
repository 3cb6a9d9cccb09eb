//! Which accounts a correction touches: those that its event names.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::posting::PostingError;
use crate::settlement::events::CorrectionBooked;

/// Cr MerchantPayable, an item that is due on the day named; Dr the accounts named. Mirrored when something is taken.
pub(super) fn booked<'a>(
    of: &'a CorrectionBooked<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let kind = LineKind::Correction;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    if let Some(order) = &of.line.order {
        entry.reference(RefKind::Order, order.as_str());
    }
    let amount = of.amount.minor(of.currency)?;
    entry.credit_due(Account::MerchantPayable, kind, of.due_on, amount);
    for against in &of.against {
        let account = Account::CHART.iter().find(|account| account.name() == against.account);
        let account =
            account.ok_or_else(|| PostingError::NotAnAccount(against.account.to_string()))?;
        entry.debit(*account, kind, against.amount.minor(of.currency)?);
    }
    Ok(entry.balanced()?)
}
