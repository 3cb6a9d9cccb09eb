//! Which accounts a deposit touches.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{DepositEvent, DepositPaid, DepositReturned, DepositUsed};
use crate::posting::PostingError;
use crate::settled_from::debit;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a DepositEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        DepositEvent::BroughtForward(of) => crate::opening::posting::deposit(of, names),
        DepositEvent::Paid(of) => paid(of, names),
        DepositEvent::Used(of) => used(of, names),
        DepositEvent::Returned(of) => returned(of, names),
        // The close that uses it moves the money.
        DepositEvent::SetAside(_) => Ok(Postings::default()),
    }
}

/// Dr BankClearing, PspClearing or MerchantPayable, Cr MerchantDeposit.
fn paid<'a>(of: &'a DepositPaid<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let kind = LineKind::DepositPaid;
    let mut entry = EntryBuilder::new(names, of.currency);
    debit(&mut entry, of.merchant, &of.settled_from, of.currency, (kind, kind))?;
    entry.merchant(of.merchant);
    entry.credit(Account::MerchantDeposit, kind, of.amount.minor(of.currency)?);
    Ok(entry.balanced()?)
}

/// Dr MerchantDeposit, Cr MerchantPayable.
fn used<'a>(of: &'a DepositUsed<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::MerchantDeposit, LineKind::DepositUsed, amount);
    entry.credit_due(Account::MerchantPayable, LineKind::DepositUsed, of.due_on, amount);
    Ok(entry.balanced()?)
}

/// Dr MerchantDeposit, Cr BankClearing per transfer.
fn returned<'a>(
    of: &'a DepositReturned<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::MerchantDeposit, LineKind::DepositReturned, amount);
    entry.no_merchant().reference(RefKind::Transfer, &of.reference);
    entry.credit(Account::BankClearing, LineKind::DepositReturned, amount);
    Ok(entry.balanced()?)
}
