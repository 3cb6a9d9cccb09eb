//! Balances brought forward: each on its account, and their sum on the other side of `OpeningBalances`.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{
    DepositBroughtForward, MembershipBroughtForward, OpeningBalancesRecorded, OpeningEvent,
    SettlementBroughtForward, WalletBroughtForward,
};
use crate::membership::events::Holder;
use crate::posting::PostingError;

const KIND: LineKind = LineKind::BroughtForward;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a OpeningEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        OpeningEvent::Recorded(of) => recorded(of, names),
    }
}

/// The other side of everything before it.
fn against(entry: &mut EntryBuilder<'_, '_>, credits: i64) {
    let none = souk_journal::entry::Posting::NO_REFERENCE;
    entry.no_merchant().refer_to(none).debit(Account::OpeningBalances, KIND, credits);
}

fn recorded<'a>(
    of: &'a OpeningBalancesRecorded<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let account = of.account.account();
    let mut entry = EntryBuilder::new(names, of.currency);
    let mut credits = 0;
    for balance in &of.balances {
        let amount = balance.credit.minor(of.currency)? - balance.debit.minor(of.currency)?;
        credits += amount;
        match of.merchant {
            Some(merchant) => entry.merchant(merchant),
            None => entry.no_merchant(),
        };
        match (of.account.key(), balance.reference.as_deref()) {
            (Some(kind), Some(reference)) => entry.reference(kind, reference),
            (None, _) | (_, None) => entry.refer_to(souk_journal::entry::Posting::NO_REFERENCE),
        };
        match balance.due_on {
            Some(due_on) => entry.credit_due(account, KIND, due_on, amount),
            None => entry.credit(account, KIND, amount),
        };
    }
    against(&mut entry, credits);
    Ok(entry.balanced()?)
}

/// Dr OpeningBalances, Cr MerchantDeposit.
pub(crate) fn deposit<'a>(
    of: &'a DepositBroughtForward<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).credit(Account::MerchantDeposit, KIND, amount);
    against(&mut entry, amount);
    Ok(entry.balanced()?)
}

/// Dr OpeningBalances, Cr AdWallet.
pub(crate) fn wallet<'a>(
    of: &'a WalletBroughtForward<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).credit(Account::AdWallet, KIND, amount);
    against(&mut entry, amount);
    Ok(entry.balanced()?)
}

/// Cr MerchantReserve by tranche and DebtAllowance, Dr MerchantDebt.
pub(crate) fn settlement<'a>(
    of: &'a SettlementBroughtForward<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (debt, allowance) = (of.debt.minor(of.currency)?, of.allowance.minor(of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    let mut credits = allowance - debt;
    for tranche in &of.reserve {
        let amount = tranche.amount.minor(of.currency)?;
        credits += amount;
        entry.credit_due(Account::MerchantReserve, KIND, tranche.release_on, amount);
    }
    entry.debit(Account::MerchantDebt, KIND, debt);
    entry.credit(Account::DebtAllowance, KIND, allowance);
    against(&mut entry, credits);
    Ok(entry.balanced()?)
}

/// Dr OpeningBalances, Cr DeferredRevenue under the kind of its service.
pub(crate) fn term<'a>(
    of: &'a MembershipBroughtForward<'a>,
    term: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.deferred.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Term, term);
    match of.holder {
        Holder::Merchant(merchant) => entry.merchant(merchant),
        Holder::Buyer(_) => entry.no_merchant(),
    };
    entry.credit(Account::DeferredRevenue, of.service.lines().fee, amount);
    against(&mut entry, amount);
    Ok(entry.balanced()?)
}
