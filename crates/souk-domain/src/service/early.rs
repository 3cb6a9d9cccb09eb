//! Early payouts: a merchant is paid now for items that fall due later, less a fee.
//!
//! Economically a loan that the close repays. What is paid is split over the days on which the items fall due, and each part
//! is an item of the merchant's, below zero, due on that very day. So whatever closes claims items of a day claims the part
//! that was paid for them, whichever cycle it is, and no item is touched, listed or claimed twice.
//!
//! What falls due on which day only the books know; the command brings it, as of an entry. That nothing is paid early twice
//! is guarded here: the stream knows what it has paid for each day, so the books leave that out.

use std::collections::BTreeMap;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::names::Names;
use souk_journal::split::percentage;

use super::commands::AdvancePayout;
use super::decide::{ServiceContext, label};
use super::events::{AdvancedDay, PayoutAdvanced, ServiceEvent};
use super::refusal::ServiceRefusal;
use super::state::ServiceState;
use crate::posting::PostingError;
use crate::rate::Rate;

/// Most days of one early payout, so that its event stays small.
pub const MAX_DAYS: usize = 120;

/// Pays early.
pub(super) fn advance<'a>(
    state: &ServiceState,
    of: &'a AdvancePayout<'a>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (payout, currency) = (of.of.charge, context.currency);
    if state.advanced.contains_key(&payout) {
        return Err(ServiceRefusal::PayoutAdvancedAlready(payout));
    }
    if !context.merchant_known {
        return Err(ServiceRefusal::UnknownMerchant(of.of.merchant));
    }
    let transfer = label(Some(&of.transfer))?.unwrap_or_default();
    let minor = |of: Amount| of.minor(currency).map_err(ServiceRefusal::UnusableAmount);
    let amount = |minor| Amount::from_minor(minor, currency);
    let available = available(state, of, context)?;
    let left: i64 = available.iter().map(|(_, left)| left).sum();
    let asked = of.amount.map_or(Ok(left), minor)?;
    if asked <= 0 || asked > left {
        let (asked, left, through) = (amount(asked), amount(left), of.through);
        return Err(ServiceRefusal::EarlyPayoutExceedsDue { asked, left, through });
    }
    let days = filled(&available, asked);
    if days.len() > MAX_DAYS {
        return Err(ServiceRefusal::EarlyPayoutOfTooManyDays(days.len()));
    }
    let share = |rate: Rate, of: i64| {
        percentage(rate.decimal(), of, currency).map_err(ServiceRefusal::UnusableAmount)
    };
    let (fee, rate) = match (of.fee, of.rate) {
        (Some(_), Some(_)) => return Err(ServiceRefusal::FeeOrRate),
        (Some(fee), None) => (minor(fee)?, Rate::ZERO),
        (None, Some(rate)) => (share(rate, asked)?, rate),
        (None, None) => (0, Rate::ZERO),
    };
    let tax = share(of.tax_rate, fee)?;
    // The day that bears the fee is that of the largest part, of equal ones the earliest.
    let (fee_due_on, largest) = days.iter().rev().max_by_key(|(_, part)| *part).copied().ok_or(
        ServiceRefusal::EarlyPayoutExceedsDue {
            asked: amount(asked),
            left: amount(left),
            through: of.through,
        },
    )?;
    if fee < 0 || fee + tax >= largest {
        let (fee, part) = (amount(fee + tax), amount(largest));
        return Err(ServiceRefusal::FeeExceedsEarlyPayout { fee, part });
    }
    let part = |(due_on, part): (Date, i64)| {
        let bears = if due_on == fee_due_on { fee + tax } else { 0 };
        AdvancedDay { due_on, amount: amount(part - bears) }
    };
    Ok(ServiceEvent::PayoutAdvanced(PayoutAdvanced {
        payout,
        merchant: of.of.merchant,
        currency,
        entry: of.entry,
        days: days.into_iter().map(part).collect(),
        fee: amount(fee),
        tax: amount(tax),
        rate,
        tax_rate: of.tax_rate,
        fee_due_on,
        transfer,
    }))
}

/// What may be paid early of each day after today, earliest first, within what is owed over all: what the merchant owes
/// already, or on days on which more goes back than comes, is left.
fn available(
    state: &ServiceState,
    of: &AdvancePayout<'_>,
    context: &ServiceContext<'_>,
) -> Result<Vec<(Date, i64)>, ServiceRefusal> {
    let mut by_day: BTreeMap<Date, i64> = BTreeMap::new();
    let mut due_now = 0i64;
    for day in &of.due {
        let minor = day.amount.minor(context.currency).map_err(ServiceRefusal::UnusableAmount)?;
        if day.on > context.today {
            *by_day.entry(day.on).or_default() += minor;
        } else {
            due_now += minor;
        }
    }
    for day in state.advanced.values().flatten() {
        if day.0 > context.today {
            *by_day.entry(day.0).or_default() -= day.1;
        }
    }
    let owing: i64 = by_day.values().filter(|left| **left < 0).sum::<i64>() + due_now.min(0);
    let some = by_day.into_iter().filter(|(on, left)| *on <= of.through && *left > 0);
    let mut some: Vec<(Date, i64)> = some.collect();
    // What is owed the other way is kept back from the latest days.
    let mut keep = -owing;
    for (_, left) in some.iter_mut().rev() {
        let kept = keep.min(*left);
        (*left, keep) = (*left - kept, keep - kept);
    }
    some.retain(|(_, left)| *left > 0);
    Ok(some)
}

/// The earliest days, up to an amount.
fn filled(available: &[(Date, i64)], mut asked: i64) -> Vec<(Date, i64)> {
    let mut days = Vec::new();
    for (on, left) in available {
        let part = asked.min(*left);
        if part == 0 {
            break;
        }
        days.push((*on, part));
        asked -= part;
    }
    days
}

/// Folds an early payout.
pub(super) fn advanced(
    state: &mut ServiceState,
    of: &PayoutAdvanced<'_>,
) -> Result<(), MoneyError> {
    state.currency = Some(of.currency);
    let day = |day: &AdvancedDay| Ok((day.due_on, day.amount.minor(of.currency)?));
    let days = of.days.iter().map(day).collect::<Result<_, MoneyError>>()?;
    state.advanced.insert(of.payout, days);
    Ok(())
}

/// Dr MerchantPayable per day, and fee and tax; Cr BankClearing with what was paid, FinancialServices and OutputVat.
pub(super) fn post<'a>(
    of: &'a PayoutAdvanced<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount, currency: Currency| amount.minor(currency);
    let (fee, tax) = (minor(of.fee, of.currency)?, minor(of.tax, of.currency)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Term, of.payout.as_str()).merchant(of.merchant);
    let mut paid = 0;
    for day in &of.days {
        let part = minor(day.amount, of.currency)?;
        entry.credit_due(Account::MerchantPayable, LineKind::PayoutAdvanced, day.due_on, -part);
        paid += part;
    }
    entry.credit_due(Account::MerchantPayable, LineKind::EarlyPayout, of.fee_due_on, -fee);
    entry.credit_due(Account::MerchantPayable, LineKind::EarlyPayoutTax, of.fee_due_on, -tax);
    entry.credit(Account::FinancialServices, LineKind::EarlyPayout, fee);
    entry.credit(Account::OutputVat, LineKind::EarlyPayoutTax, tax);
    entry.no_merchant().reference(RefKind::Transfer, &of.transfer);
    entry.credit(Account::BankClearing, LineKind::PayoutAdvanced, paid);
    Ok(entry.balanced()?)
}
