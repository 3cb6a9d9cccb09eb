//! How a cycle closes: netting, what is kept, what is recovered in the order of the terms, and what is paid or carried.
//!
//! opening + lines − withheld + released = closing = payout + carried − debt recognised + debt collected. A share of net lines is one of what
//! was earned: money that only moves, such as a payout that came back, a loan or a hold, was withheld from when it was
//! earned, or never was. Withheld is a share for a time, a
//! reserve that is kept at an amount, and what fills the deposit, in this order and never more than the cycle has; released
//! are tranches whose date has come, and what covers a balance below zero.
//!
//! Terms that turn a balance below zero into a debt (`debt_after`) also say how it comes back: a later closing above zero
//! pays it before the merchant. Without them a debt is collected by command, as it was recognised.

use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::percentage;
use souk_journal::statement_lines::{Claim, KindTotal};

use super::commands::CloseCycle;
use super::decide::SettlementRefusal;
use super::events::{CycleClosed, ReleaseReason, Released, Subtotal, Withheld};
use super::state::{SettlementState, Tranche};
use crate::calendar::Cycle;
use crate::merchant::events::{Recovery, ReserveBase};
use crate::merchant::state::Terms;

/// Tranches whose date has come.
pub(super) fn matured(state: &SettlementState, cut_off: Date) -> Vec<&Tranche> {
    state.reserve.iter().filter(|tranche| tranche.release_on < cut_off).collect()
}

/// When a payout is due; none for no payout, for no agreed day, and for a year that the calendar does not have.
pub(super) fn pay_on(terms: &Terms, cycle: &Cycle, payout: i64) -> Option<Date> {
    terms.payout.filter(|_| payout > 0)?.of(cycle.to).ok()
}

/// Sums per kind, as the event records them.
pub(super) fn subtotals(claim: &Claim, currency: Currency) -> Vec<Subtotal> {
    let of = |of: &KindTotal| Subtotal {
        kind: of.kind,
        lines: of.lines,
        amount: Amount::from_minor(of.amount, currency),
    };
    claim.totals.iter().map(of).collect()
}

/// The amounts of a close, minor units.
#[derive(Debug, Default)]
struct Sums {
    withheld: Option<Withheld>,
    fixed_withheld: i64,
    fixed_released: i64,
    topped_up: i64,
    released: Vec<Released>,
    used: i64,
    closing: i64,
    asked_deposit: bool,
    /// What the balance lacked when the terms came to the deposit, ≥ 0.
    deposit_lacks: i64,
}

impl Sums {
    /// Netting, then what is kept, then what is recovered.
    fn of(state: &SettlementState, of: &CloseCycle, terms: &Terms) -> Result<Self, MoneyError> {
        let mut sums = Self::default();
        let currency = of.currency;
        // Each amount of the event must be one that a posting can hold.
        let fits = |minor: i64| Amount::from_minor(minor, currency).minor(currency);
        let earned = fits(fits(of.claim.opening)? + fits(of.claim.lines)?)?;
        let withheld = withhold(of, terms, earned)?;
        let share = withheld.map_or(0, |(amount, _)| amount);
        sums.withheld = withheld.map(|(_, withheld)| withheld);
        sums.closing = earned;
        let mut available = earned.max(0) - share;
        let mut keep = |level: i64, there: i64| {
            let kept = (level - there).max(0).min(available);
            available -= kept;
            kept
        };
        let level = terms.fixed_reserve(currency);
        sums.fixed_withheld = keep(level, state.fixed_reserve);
        sums.topped_up = keep(terms.deposit(currency), of.deposit.held + of.deposit.set_aside);
        sums.closing -= share + sums.fixed_withheld + sums.topped_up;
        for tranche in matured(state, of.cycle.cut_off()) {
            sums.release(tranche, tranche.amount, ReleaseReason::Matured, currency);
        }
        sums.release_fixed((state.fixed_reserve - level).max(0));
        for step in &terms.recovery {
            match step {
                Recovery::Reserve => sums.recover_from_reserve(state, of),
                Recovery::Deposit => sums.recover_from_deposit(of.deposit.set_aside),
                Recovery::Carry => break,
            }
        }
        // What was set aside for this close is used by it, even where terms changed in between.
        sums.recover_from_deposit(of.deposit.set_aside);
        fits(sums.closing)?;
        Ok(sums)
    }

    fn release(&mut self, from: &Tranche, part: i64, reason: ReleaseReason, currency: Currency) {
        let (cycle, release_on) = (from.cycle, from.release_on);
        let amount = Amount::from_minor(part, currency);
        self.released.push(Released { cycle, amount, reason, release_on });
        self.closing += part;
    }

    fn release_fixed(&mut self, part: i64) {
        self.fixed_released += part;
        self.closing += part;
    }

    /// Tranches whose date has not come, the oldest first, then what has no date.
    fn recover_from_reserve(&mut self, state: &SettlementState, of: &CloseCycle) {
        let kept = state.reserve.iter().filter(|tranche| tranche.release_on >= of.cycle.cut_off());
        for tranche in kept {
            let part = tranche.amount.min(-self.closing);
            if part > 0 {
                self.release(tranche, part, ReleaseReason::Recovery, of.currency);
            }
        }
        let part = (state.fixed_reserve - self.fixed_released).min(-self.closing);
        self.release_fixed(part.max(0));
    }

    fn recover_from_deposit(&mut self, set_aside: i64) {
        if !self.asked_deposit {
            self.asked_deposit = true;
            self.deposit_lacks = (-self.closing).max(0);
            self.used = set_aside;
            self.closing += set_aside;
        }
    }
}

/// What a close would take from the deposit, minor units, as far as the deposit has it; nothing where the terms do not
/// name the deposit before the balance is carried.
///
/// # Errors
/// Beyond 64 bits of minor units.
pub fn wanted_of_deposit(
    state: &SettlementState,
    command: &CloseCycle,
    terms: &Terms,
) -> Result<i64, MoneyError> {
    let named = terms.recovery.iter().take_while(|step| **step != Recovery::Carry);
    if !named.into_iter().any(|step| *step == Recovery::Deposit) {
        return Ok(0);
    }
    let lacks = Sums::of(state, command, terms)?.deposit_lacks;
    Ok(lacks.min(command.deposit.held.max(0)))
}

/// What the reserve of this close is a share of, minor units, and the share, capped at what the
/// merchant has before it.
fn withhold(
    command: &CloseCycle,
    terms: &Terms,
    available: i64,
) -> Result<Option<(i64, Withheld)>, MoneyError> {
    let Some(reserve) = terms.reserve else { return Ok(None) };
    let counts = |kind: LineKind| match reserve.base {
        ReserveBase::GrossSales => kind == LineKind::SalePrincipal,
        ReserveBase::NetLines => kind.is_earned(),
    };
    let base = command.claim.totals.iter().filter(|of| counts(of.kind));
    let base: i128 = base.map(|of| i128::from(of.amount)).sum();
    // Beyond 64 bits a share is beyond what an event can have, and refused.
    let base_amount = i64::try_from(base.max(0)).unwrap_or(i64::MAX);
    let share = percentage(reserve.rate.decimal(), base_amount, command.currency)?;
    let amount = share.min(available.max(0));
    let withheld = Withheld {
        amount: Amount::from_minor(amount, command.currency),
        rate: reserve.rate,
        base: reserve.base,
        base_amount: Amount::from_minor(base_amount, command.currency),
        release_on: command.cycle.cut_off().plus_days(i32::from(reserve.days)),
    };
    Ok((amount > 0).then_some((amount, withheld)))
}

/// The close of a cycle.
pub(super) fn close<'a>(
    state: &SettlementState,
    command: &'a CloseCycle,
    terms: &'a Terms,
) -> Result<CycleClosed<'a>, SettlementRefusal> {
    let currency: Currency = command.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let (cycle, claim) = (&command.cycle, &command.claim);
    let sums = Sums::of(state, command, terms)?;
    let closing = sums.closing;
    let owed_before = if terms.debt_after.is_some() { state.debt } else { 0 };
    let collected = closing.clamp(0, owed_before);
    let allowance_released = match collected {
        0 => 0,
        _ => (state.allowance - (state.debt - collected)).max(0),
    };
    let left = closing - collected;
    let payout = if left > 0 && left >= terms.minimum_payout(currency) { left } else { 0 };
    let carried = left - payout;
    let owed = carried < 0 && terms.debt_after.is_some_and(|of| state.closes_below_zero >= of);
    let debt = if owed { -carried } else { 0 };
    Ok(CycleClosed {
        merchant: command.merchant,
        currency,
        cycle: cycle.id,
        number: &command.number,
        run: command.run,
        terms: terms.version,
        time_zone: &terms.time_zone,
        from: cycle.from,
        to: cycle.to,
        cut_off: cycle.cut_off(),
        entry: command.entry,
        opening: amount(claim.opening),
        lines: amount(claim.lines),
        count: claim.count,
        late: claim.late,
        subtotals: subtotals(claim, currency),
        withheld: sums.withheld,
        released: sums.released,
        fixed_reserve_withheld: amount(sums.fixed_withheld),
        fixed_reserve_released: amount(sums.fixed_released),
        deposit_topped_up: amount(sums.topped_up),
        deposit_used: amount(sums.used),
        closing: amount(closing),
        payout: amount(payout),
        pay_on: pay_on(terms, cycle, payout),
        carried: amount(carried + debt),
        debt_recognised: amount(debt),
        debt_collected: amount(collected),
        allowance_released: amount(allowance_released),
        digest: &command.digest,
    })
}

#[cfg(test)]
mod tests;
