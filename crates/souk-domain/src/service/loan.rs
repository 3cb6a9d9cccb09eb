//! Loans to merchants: granted into the payable or by a transfer, repaid out of it or from outside.
//!
//! A loan stands in the stream of the merchant's services in its currency, beside the interest that is charged for it as a
//! service (`loan-interest`): so one stream says what was lent, what it earned and what came back, and guards that no more
//! is repaid than was lent. Principal is never revenue, interest never principal.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::names::Names;

use super::commands::{GrantLoan, RepayLoan};
use super::decide::{ServiceContext, label, paid_by};
use super::events::{LoanGranted, LoanRepaid, ServiceEvent};
use super::refusal::ServiceRefusal;
use super::state::ServiceState;
use crate::posting::PostingError;
use crate::settled_from::debit;

/// Grants a loan.
pub(super) fn grant<'a>(
    state: &ServiceState,
    of: &'a GrantLoan<'a>,
    context: &ServiceContext,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    if state.loans.contains_key(&of.of.charge) {
        return Err(ServiceRefusal::LoanGrantedAlready(of.of.charge));
    }
    if !context.merchant_known {
        return Err(ServiceRefusal::UnknownMerchant(of.of.merchant));
    }
    let transfer = label(of.transfer.as_ref())?;
    Ok(ServiceEvent::LoanGranted(LoanGranted {
        loan: of.of.charge,
        merchant: of.of.merchant,
        currency: context.currency,
        principal: some(of.principal, context.currency)?,
        due_on: transfer.is_none().then_some(context.today),
        transfer,
    }))
}

/// An amount above nothing.
fn some(amount: Amount, currency: Currency) -> Result<Amount, ServiceRefusal> {
    let minor = amount.minor(currency).map_err(ServiceRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(ServiceRefusal::NothingCharged(amount));
    }
    Ok(Amount::from_minor(minor, currency))
}

/// Repays a loan: what is asked, or all that is left.
pub(super) fn repay<'a>(
    state: &ServiceState,
    of: &'a RepayLoan<'a>,
    context: &ServiceContext,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (loan, currency) = (of.of.charge, context.currency);
    let left = *state.loans.get(&loan).ok_or(ServiceRefusal::UnknownLoan(loan))?;
    let left = Amount::from_minor(left, currency);
    if left.is_zero() {
        return Err(ServiceRefusal::LoanRepaidAlready(loan));
    }
    let amount = some(of.amount.unwrap_or(left), currency)?;
    if amount > left {
        return Err(ServiceRefusal::RepaymentExceedsLoan { loan, asked: amount, left });
    }
    let minor = amount.minor(currency).map_err(ServiceRefusal::UnusableAmount)?;
    Ok(ServiceEvent::LoanRepaid(LoanRepaid {
        loan,
        merchant: of.of.merchant,
        currency,
        amount,
        settled_from: paid_by((minor, 0), &of.settled_from, context)?,
    }))
}

/// Folds a loan.
pub(super) fn granted(state: &mut ServiceState, of: &LoanGranted<'_>) -> Result<(), MoneyError> {
    state.currency = Some(of.currency);
    state.loans.insert(of.loan, of.principal.minor(of.currency)?);
    Ok(())
}

/// Folds a repayment.
pub(super) fn repaid(state: &mut ServiceState, of: &LoanRepaid<'_>) -> Result<(), MoneyError> {
    let amount = of.amount.minor(of.currency)?;
    if let Some(left) = state.loans.get_mut(&of.loan) {
        *left -= amount;
    }
    Ok(())
}

/// Dr MerchantLoans, Cr MerchantPayable or BankClearing.
pub(super) fn post_granted<'a>(
    of: &'a LoanGranted<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, principal) = (LineKind::LoanGranted, of.principal.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Term, of.loan.as_str()).merchant(of.merchant);
    entry.debit(Account::MerchantLoans, kind, principal);
    match (of.transfer.as_deref(), of.due_on) {
        (Some(transfer), _) => {
            entry.no_merchant().reference(RefKind::Transfer, transfer);
            entry.credit(Account::BankClearing, kind, principal);
        }
        (None, Some(due_on)) => {
            entry.credit_due(Account::MerchantPayable, kind, due_on, principal);
        }
        // `grant` gives every loan without a transfer its day.
        (None, None) => {
            entry.credit(Account::MerchantPayable, kind, principal);
        }
    }
    Ok(entry.balanced()?)
}

/// Dr who paid, Cr MerchantLoans.
pub(super) fn post_repaid<'a>(
    of: &'a LoanRepaid<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let kind = LineKind::LoanRepaid;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Term, of.loan.as_str()).merchant(of.merchant);
    // Principal has no tax, so the second kind has no line.
    debit(&mut entry, of.merchant, &of.settled_from, of.currency, (kind, kind))?;
    entry.reference(RefKind::Term, of.loan.as_str()).merchant(of.merchant);
    entry.credit(Account::MerchantLoans, kind, of.amount.minor(of.currency)?);
    Ok(entry.balanced()?)
}
