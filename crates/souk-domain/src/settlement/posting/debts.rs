//! Which accounts a merchant's debt touches.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use crate::posting::PostingError;
use crate::settled_from::debit;
use crate::settlement::events::{DebtAllowanceSet, DebtCollected, DebtRecognised, DebtWrittenOff};

/// Dr MerchantDebt, Cr MerchantPayable: a line that brings the balance up.
pub(super) fn recognised<'a>(
    of: &'a DebtRecognised<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, amount) = (LineKind::DebtRecognised, of.amount.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::MerchantDebt, kind, amount);
    entry.credit_due(Account::MerchantPayable, kind, of.due_on, amount);
    Ok(entry.balanced()?)
}

/// Dr BankClearing, PspClearing or MerchantPayable, Cr MerchantDebt; Dr DebtAllowance, Cr BadDebt for what is not
/// needed any more.
pub(super) fn collected<'a>(
    of: &'a DebtCollected<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let kind = LineKind::DebtCollected;
    let mut entry = EntryBuilder::new(names, of.currency);
    debit(&mut entry, of.merchant, &of.settled_from, of.currency, (kind, kind))?;
    entry.merchant(of.merchant);
    entry.credit(Account::MerchantDebt, kind, of.amount.minor(of.currency)?);
    let released = of.allowance_released.minor(of.currency)?;
    entry.debit(Account::DebtAllowance, LineKind::DebtAllowance, released);
    entry.credit(Account::BadDebt, LineKind::DebtAllowance, released);
    Ok(entry.balanced()?)
}

/// Dr BadDebt, Cr DebtAllowance, or the other way round.
pub(super) fn allowance_set<'a>(
    of: &'a DebtAllowanceSet<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let change = of.change.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::BadDebt, LineKind::DebtAllowance, change);
    entry.credit(Account::DebtAllowance, LineKind::DebtAllowance, change);
    Ok(entry.balanced()?)
}

/// Dr DebtAllowance (provided for) and BadDebt (the rest), Cr MerchantDebt.
pub(super) fn written_off<'a>(
    of: &'a DebtWrittenOff<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, minor) =
        (LineKind::DebtWrittenOff, |of_it: souk_journal::money::Amount| of_it.minor(of.currency));
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::DebtAllowance, kind, minor(of.from_allowance)?);
    entry.debit(Account::BadDebt, kind, minor(of.expensed)?);
    entry.credit(Account::MerchantDebt, kind, minor(of.amount)?);
    Ok(entry.balanced()?)
}
