//! The final settlement of an account: everything is claimed, the whole reserve released, and what is below zero after
//! that is a debt. No reserve is withheld and no least payout holds, because there is no next cycle to wait for.
//!
//! What a deposit can bear is used before, by a command to the deposit's own stream: it is a line here.

use souk_journal::dates::Date;
use souk_journal::money::Amount;

use super::close::{pay_on, subtotals};
use super::commands::CloseCycle;
use super::decide::SettlementRefusal;
use super::events::{AccountSettled, ReleasedAtLast};
use super::state::SettlementState;
use crate::merchant::state::Terms;

pub(super) fn settle_account<'a>(
    state: &SettlementState,
    command: &'a CloseCycle,
    terms: &'a Terms,
    wind_down_to: Date,
) -> Result<AccountSettled<'a>, SettlementRefusal> {
    let currency = command.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let (cycle, claim) = (&command.cycle, &command.claim);
    // Each amount of the event must be one that a posting can hold.
    let fits = |minor: i64| amount(minor).minor(currency);
    let tranches: i64 = state.reserve.iter().map(|tranche| tranche.amount).sum();
    let reserve = tranches + state.fixed_reserve;
    let closing = fits(fits(fits(claim.opening)? + fits(claim.lines)?)? + reserve)?;
    let collected = closing.clamp(0, state.debt);
    let allowance_released = (state.allowance - (state.debt - collected)).max(0);
    let released = state.reserve.iter().map(|tranche| ReleasedAtLast {
        cycle: tranche.cycle,
        amount: amount(tranche.amount),
        release_on: tranche.release_on,
    });
    let payout = closing.max(0) - collected;
    Ok(AccountSettled {
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
        wind_down_to,
        entry: command.entry,
        opening: amount(claim.opening),
        lines: amount(claim.lines),
        count: claim.count,
        late: claim.late,
        subtotals: subtotals(claim, currency),
        released: released.collect(),
        fixed_reserve_released: amount(state.fixed_reserve),
        closing: amount(closing),
        debt_collected: amount(collected),
        allowance_released: amount(allowance_released),
        payout: amount(payout),
        pay_on: pay_on(terms, cycle, payout),
        debt_recognised: amount((-closing).max(0)),
        digest: &command.digest,
    })
}

#[cfg(test)]
mod tests;
