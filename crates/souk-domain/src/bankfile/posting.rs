//! A line moves `Bank`, and clears what it confirms.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{BankDirection, BankFileEvent, BankLineRecorded, Cleared};
use crate::posting::PostingError;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a BankFileEvent,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        BankFileEvent::LineRecorded(of) => recorded(of, names),
    }
}

/// Received: Dr Bank, Cr BankClearing, or UnidentifiedReceipts when nobody can say for what; sent: mirrored.
fn recorded<'a>(of: &'a BankLineRecorded, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let (kind, amount) = match of.direction {
        BankDirection::Received => (LineKind::BankReceived, amount),
        BankDirection::Sent => (LineKind::BankSent, -amount),
    };
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::BankLine, of.line.as_str());
    entry.reference(RefKind::BankAccount, of.account.as_str());
    entry.debit(Account::Bank, kind, amount);
    let against = match &of.clears {
        Some(Cleared::Payout(id)) => {
            entry.reference(RefKind::Payout, id.as_str());
            Account::BankClearing
        }
        Some(Cleared::Transfer(id)) => {
            entry.reference(RefKind::Transfer, id.as_str());
            Account::BankClearing
        }
        None => Account::UnidentifiedReceipts,
    };
    entry.credit(against, kind, amount);
    Ok(entry.balanced()?)
}
