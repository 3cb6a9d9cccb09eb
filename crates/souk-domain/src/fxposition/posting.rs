//! Which accounts a position touches. `FxPosition` is kept per currency: its lines in the currency itself and those in the
//! platform's both name the currency, so that what is held and what it is carried at can be told for each.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{FxPositionEvent, FxRevalued, FxSettled};
use crate::advertising::events::PaidThrough;
use crate::posting::PostingError;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a FxPositionEvent,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        FxPositionEvent::Settled(of) => settled(of, names),
        FxPositionEvent::Revalued(of) => revalued(of, names),
    }
}

/// Dr FxPosition, Cr PspClearing (or BankClearing) in the currency; Dr BankClearing, Cr FxPosition in the platform's; then
/// the gain or the loss.
fn settled<'a>(of: &'a FxSettled, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let (amount, received) = (of.amount.minor(of.currency)?, of.received.minor(of.into)?);
    let code = of.currency.code();
    let clearing = match of.held {
        PaidThrough::Provider => Account::PspClearing,
        PaidThrough::Bank => Account::BankClearing,
    };
    let kind = LineKind::FxSettled;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Currency, code).debit(Account::FxPosition, kind, amount);
    entry.reference(RefKind::Transfer, of.exchange.as_str()).credit(clearing, kind, amount);
    entry.currency(of.into).debit(Account::BankClearing, kind, received);
    entry.reference(RefKind::Currency, code).credit(Account::FxPosition, kind, received);
    gained(&mut entry, LineKind::FxRealised, of.gain.minor(of.into)?);
    reversed(&mut entry, of.reversed.minor(of.into)?);
    Ok(entry.balanced()?)
}

/// The revaluation before is taken back; Dr FxPosition, Cr FxGain, or Dr FxLoss, Cr FxPosition.
fn revalued<'a>(of: &'a FxRevalued, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.into);
    entry.reference(RefKind::Currency, of.currency.code());
    reversed(&mut entry, of.reversed.minor(of.into)?);
    gained(&mut entry, LineKind::FxRevalued, of.gain.minor(of.into)?);
    Ok(entry.balanced()?)
}

fn gained(entry: &mut EntryBuilder<'_, '_>, kind: LineKind, gain: i64) {
    if gain > 0 {
        entry.debit(Account::FxPosition, kind, gain).credit(Account::FxGain, kind, gain);
    } else {
        entry.debit(Account::FxLoss, kind, -gain).credit(Account::FxPosition, kind, -gain);
    }
}

/// What a revaluation gained goes back out of the account that it went into.
fn reversed(entry: &mut EntryBuilder<'_, '_>, gain: i64) {
    let kind = LineKind::FxRevaluationReversed;
    if gain > 0 {
        entry.debit(Account::FxGain, kind, gain).credit(Account::FxPosition, kind, gain);
    } else {
        entry.debit(Account::FxPosition, kind, -gain).credit(Account::FxLoss, kind, -gain);
    }
}
