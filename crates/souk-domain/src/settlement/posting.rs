//! Which accounts a close touches: one event, one entry.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{Control, CycleClosed as Closed, EntryBuilder, Postings, Ref, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::names::Names;
use souk_journal::open_items::Claims;

use super::events::{AccountSettled, CycleClosed, SettlementEvent};
use crate::posting::PostingError;

mod corrections;
mod debts;

/// Dr MerchantPayable (everything claimed, net) and MerchantReserve released; Cr MerchantReserve
/// withheld, MerchantDebt collected, PayoutsDue, and MerchantPayable with the carried item.
pub(crate) fn post<'a>(
    event: &'a SettlementEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        SettlementEvent::BroughtForward(of) => crate::opening::posting::settlement(of, names),
        SettlementEvent::CycleClosed(of) => cycle_closed(of, names),
        SettlementEvent::AccountSettled(of) => account_settled(of, names),
        SettlementEvent::DebtRecognised(of) => debts::recognised(of, names),
        SettlementEvent::DebtCollected(of) => debts::collected(of, names),
        SettlementEvent::AllowanceSet(of) => debts::allowance_set(of, names),
        SettlementEvent::DebtWrittenOff(of) => debts::written_off(of, names),
        SettlementEvent::CorrectionBooked(of) => corrections::booked(of, names),
        SettlementEvent::ObjectionTermsAgreed(_) => Ok(Postings::default()),
        SettlementEvent::ObjectionRaised(of) => Ok(memo(&of.number)),
        SettlementEvent::StatementConfirmed(of) => Ok(memo(&of.number)),
        SettlementEvent::ObjectionAnswered(_) => Ok(Postings::default()),
    }
}

/// Dr MerchantPayable (everything, net) and MerchantReserve (all of it); Cr PayoutsDue, or, below zero, Dr MerchantDebt.
fn account_settled<'a>(
    of: &'a AccountSettled<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount| amount.minor(of.currency);
    let (opening, lines, payout) = (minor(of.opening)?, minor(of.lines)?, minor(of.payout)?);
    let (recognised, collected) = (minor(of.debt_recognised)?, minor(of.debt_collected)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Cycle, of.number);
    entry.debit(Account::MerchantPayable, LineKind::Claimed, opening + lines);
    let tranches = of.released.iter().map(|of| (of.amount, of.release_on));
    let fixed = minor(of.fixed_reserve_released)?;
    let reserve_released = release(&mut entry, tranches, of.currency)? + fixed;
    entry.debit(Account::MerchantReserve, LineKind::ReserveReleased, fixed);
    entry.credit(Account::PayoutsDue, LineKind::Payout, payout);
    entry.debit(Account::MerchantDebt, LineKind::DebtRecognised, recognised);
    entry.credit(Account::MerchantDebt, LineKind::DebtCollected, collected);
    let allowance = minor(of.allowance_released)?;
    entry.debit(Account::DebtAllowance, LineKind::DebtAllowance, allowance);
    entry.credit(Account::BadDebt, LineKind::DebtAllowance, allowance);
    let control = Closed {
        merchant: entry.merchant_no(),
        currency: of.currency,
        cycle: of.cycle.as_str(),
        number: of.number,
        time_zone: of.time_zone,
        from: of.from,
        to: of.to,
        cut_off: of.cut_off,
        entry_limit: of.entry,
        opening,
        lines,
        count: of.count,
        reserve_withheld: 0,
        reserve_released,
        deposit_topped_up: 0,
        deposit_used: 0,
        closing: minor(of.closing)?,
        payout,
        carried: 0,
        debt: recognised - collected,
        claims: Claims::Everything,
        digest: digest(of.digest)?,
    };
    entry.control(Control::CycleClosed(Box::new(control)));
    Ok(entry.balanced()?)
}

fn cycle_closed<'a>(
    of: &'a CycleClosed<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount| amount.minor(of.currency);
    let (opening, lines) = (minor(of.opening)?, minor(of.lines)?);
    let (payout, carried) = (minor(of.payout)?, minor(of.carried)?);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Cycle, of.number);
    entry.debit(Account::MerchantPayable, LineKind::Claimed, opening + lines);
    let mut reserve_withheld = 0;
    if let Some(withheld) = &of.withheld {
        reserve_withheld = minor(withheld.amount)?;
        let (kind, release_on) = (LineKind::ReserveWithheld, withheld.release_on);
        entry.credit_due(Account::MerchantReserve, kind, release_on, reserve_withheld);
    }
    let (fixed, topped_up) = (minor(of.fixed_reserve_withheld)?, minor(of.deposit_topped_up)?);
    entry.credit(Account::MerchantReserve, LineKind::ReserveWithheld, fixed);
    entry.credit(Account::MerchantDeposit, LineKind::DepositToppedUp, topped_up);
    let tranches = of.released.iter().map(|of| (of.amount, of.release_on));
    let released = release(&mut entry, tranches, of.currency)?;
    let (fixed_back, used) = (minor(of.fixed_reserve_released)?, minor(of.deposit_used)?);
    entry.debit(Account::MerchantReserve, LineKind::ReserveReleased, fixed_back);
    entry.debit(Account::MerchantDeposit, LineKind::DepositUsed, used);
    entry.credit(Account::PayoutsDue, LineKind::Payout, payout);
    let (debt, collected) = (minor(of.debt_recognised)?, minor(of.debt_collected)?);
    entry.debit(Account::MerchantDebt, LineKind::DebtRecognised, debt);
    entry.credit(Account::MerchantDebt, LineKind::DebtCollected, collected);
    let allowance = minor(of.allowance_released)?;
    entry.debit(Account::DebtAllowance, LineKind::DebtAllowance, allowance);
    entry.credit(Account::BadDebt, LineKind::DebtAllowance, allowance);
    entry.credit_due(Account::MerchantPayable, LineKind::Carried, of.cut_off, carried);
    let control = Closed {
        merchant: entry.merchant_no(),
        currency: of.currency,
        cycle: of.cycle.as_str(),
        number: of.number,
        time_zone: of.time_zone,
        from: of.from,
        to: of.to,
        cut_off: of.cut_off,
        entry_limit: of.entry,
        opening,
        lines,
        count: of.count,
        reserve_withheld: reserve_withheld + fixed,
        reserve_released: released + fixed_back,
        deposit_topped_up: topped_up,
        deposit_used: used,
        closing: minor(of.closing)?,
        payout,
        carried,
        debt: debt - collected,
        claims: Claims::Due,
        digest: digest(of.digest)?,
    };
    entry.control(Control::CycleClosed(Box::new(control)));
    Ok(entry.balanced()?)
}

/// A memo entry that names its statement.
fn memo<'a>(number: &'a str) -> Postings<'a> {
    let mut memo = Postings::default();
    memo.refs.push(Ref { kind: RefKind::Cycle, value: number });
    memo
}

/// Tranches of the reserve go back, each on its date; what they sum to.
fn release(
    entry: &mut EntryBuilder<'_, '_>,
    tranches: impl Iterator<Item = (Amount, Date)>,
    currency: Currency,
) -> Result<i64, PostingError> {
    let mut sum = 0;
    for (amount, release_on) in tranches {
        let (kind, amount) = (LineKind::ReserveReleased, amount.minor(currency)?);
        sum += amount;
        entry.credit_due(Account::MerchantReserve, kind, release_on, -amount);
    }
    Ok(sum)
}

fn digest(text: &str) -> Result<[u8; 32], PostingError> {
    let mut digest = [0; 32];
    let bad = || PostingError::NotADigest(text.to_owned());
    if text.len() != 64 || !text.is_ascii() {
        return Err(bad());
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
    }
    Ok(digest)
}
