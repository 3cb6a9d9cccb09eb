//! A closed month moves no money: it is a control that revenue reads. Provisions stand against revenue or as an expense until
//! they are reversed.

use souk_journal::account::{Account, Section};
use souk_journal::entry::{Control, EntryBuilder, Postings};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::names::Names;

use super::events::BookEvent;
use crate::posting::PostingError;

/// Dr a line of revenue, Cr RefundLiability, or Dr BadDebt, Cr DebtAllowance; mirrored when it is reversed.
pub(crate) fn post<'a>(
    event: &'a BookEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        BookEvent::Opened(_) => Ok(Postings::default()),
        BookEvent::MonthClosed(of) => Ok(Postings {
            control: Control::MonthClosed { month: of.month, entry_limit: of.entry },
            ..Postings::default()
        }),
        BookEvent::ProvisionBooked(of) => {
            provision(&of.account, of.amount, of.currency, LineKind::Provision, names)
        }
        BookEvent::ProvisionReversed(of) => {
            let back = Amount::from(-of.amount.decimal());
            provision(&of.account, back, of.currency, LineKind::ProvisionReversed, names)
        }
    }
}

/// The account that can bear a provision, with the one that holds it.
pub(super) fn accounts(name: &str) -> Option<(Account, Account)> {
    let account = Account::CHART.iter().copied().find(|account| account.name() == name)?;
    match account.section() {
        Section::Revenue => Some((account, Account::RefundLiability)),
        Section::Expense if account == Account::BadDebt => Some((account, Account::DebtAllowance)),
        Section::Expense
        | Section::Asset
        | Section::Liability
        | Section::Clearing
        | Section::ContraRevenue
        | Section::OtherIncome
        | Section::Memorandum => None,
    }
}

fn provision<'a>(
    name: &str,
    amount: Amount,
    currency: Currency,
    kind: LineKind,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (bears, holds) =
        accounts(name).ok_or_else(|| PostingError::NotAnAccount(name.to_owned()))?;
    let amount = amount.minor(currency)?;
    let mut entry = EntryBuilder::new(names, currency);
    entry.debit(bears, kind, amount);
    entry.credit(holds, kind, amount);
    Ok(entry.balanced()?)
}
