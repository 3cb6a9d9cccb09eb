//! How an account ends: announced with notice, withdrawn until the wind-down is over, closed when it is empty.

use souk_journal::dates::Date;

use super::commands::{AnnounceClosing, CloseMerchant, WithdrawClosing};
use super::events::{
    Left, LeftKind, MerchantClosed, MerchantClosingAnnounced, MerchantClosingWithdrawn,
    MerchantEvent,
};
use super::refusal::MerchantRefusal;
use super::state::{MerchantState, Standing, Terms};
use crate::approvals::is_name;
use crate::decider::Decision;
use crate::ledger::decide::is_label;

type Decided<'a> = Result<Decision<MerchantEvent<'a>>, MerchantRefusal>;

/// The last day is the end of the running cycle unless another is named, and not before today; the wind-down lasts as
/// long as a sale is held or a reserve kept.
pub(super) fn announce<'a>(
    state: &MerchantState,
    of: &'a AnnounceClosing<'a>,
    today: Date,
) -> Decided<'a> {
    label(&of.reason)?;
    if let Some(known) = state.closing() {
        let (merchant, last_day) = (of.merchant, known.last_day);
        return Err(MerchantRefusal::ClosingAnnouncedAlready { merchant, last_day });
    }
    let running = state.cycle_of(today).map_or(today, |cycle| cycle.to);
    let last_day = of.last_day.unwrap_or(running);
    if last_day < today {
        return Err(MerchantRefusal::LastDayIsOver { asked: last_day, today });
    }
    let runs_out = |terms: &Terms| terms.hold_days.max(terms.reserve.map_or(0, |of| of.days));
    let days = of.wind_down_days.or_else(|| state.terms_on(last_day).map(runs_out)).unwrap_or(0);
    let event = MerchantClosingAnnounced {
        merchant: of.merchant,
        announced_on: today,
        last_day,
        wind_down_to: last_day.plus_days(i32::from(days)),
        reason: of.reason.clone(),
    };
    Ok(Decision::one(today, MerchantEvent::ClosingAnnounced(event)))
}

/// Until the wind-down is over: then the final settlement may have claimed everything.
pub(super) fn withdraw<'a>(
    state: &MerchantState,
    of: &'a WithdrawClosing<'a>,
    today: Date,
) -> Decided<'a> {
    label(&of.reason)?;
    let Standing::Closing(closing) = state.standing else {
        return Err(MerchantRefusal::ClosingNotAnnounced(of.merchant));
    };
    if today > closing.wind_down_to {
        return Err(MerchantRefusal::WindDownEnded(closing.wind_down_to));
    }
    let event = MerchantClosingWithdrawn { merchant: of.merchant, reason: of.reason.clone() };
    Ok(Decision::one(today, MerchantEvent::ClosingWithdrawn(event)))
}

/// After the wind-down, and when nothing is left but a debt.
pub(super) fn close<'a>(
    state: &MerchantState,
    of: &'a CloseMerchant<'a>,
    today: Date,
) -> Decided<'a> {
    name(&of.closed_by)?;
    let Standing::Closing(closing) = state.standing else {
        return Err(MerchantRefusal::ClosingNotAnnounced(of.merchant));
    };
    if today <= closing.wind_down_to {
        return Err(MerchantRefusal::WindDownRunsOn(closing.wind_down_to));
    }
    let (debts, open): (Vec<Left>, Vec<Left>) =
        of.left.iter().partition(|left| left.kind == LeftKind::Debt);
    if !open.is_empty() {
        let text = |of: &Left| format!("{} ({} {})", of.kind.name(), of.amount, of.currency);
        let texts: Vec<String> = open.iter().map(text).collect();
        return Err(MerchantRefusal::AccountNotEmpty(texts.join(", ")));
    }
    let event = MerchantClosed {
        merchant: of.merchant,
        wind_down_to: closing.wind_down_to,
        entry: of.entry,
        debts,
        closed_by: of.closed_by.clone(),
    };
    Ok(Decision::one(today, MerchantEvent::Closed(event)))
}

fn name(text: &str) -> Result<(), MerchantRefusal> {
    if is_name(text) { Ok(()) } else { Err(MerchantRefusal::UnusableLabel(text.to_owned())) }
}

fn label(text: &str) -> Result<(), MerchantRefusal> {
    if is_label(text) { Ok(()) } else { Err(MerchantRefusal::UnusableLabel(text.to_owned())) }
}

#[cfg(test)]
mod tests;
