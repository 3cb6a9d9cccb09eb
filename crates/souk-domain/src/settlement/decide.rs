//! How a cycle closes: netting, reserve, and what is paid or carried.
//!
//! opening + lines − withheld + released = closing = payout + carried.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::CycleId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::percentage;
use souk_journal::statement_lines::{Claim, KindTotal};

use super::commands::CloseCycle;
use super::events::{CycleClosed, ReleaseReason, Released, SettlementEvent, Subtotal, Withheld};
use super::last::settle_account;
use super::state::{SettlementState, Tranche, evolve};
use crate::decider::{Decider, Decision};
use crate::merchant::events::{Recovery, ReserveBase};
use crate::merchant::state::Terms;
use crate::refusal_codes;

/// Why a cycle does not close.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettlementRefusal {
    /// Closed already, or a later one is.
    #[error("cycle {asked} is closed already (the last closed cycle is {last}, cut-off {cut_off})")]
    CycleAlreadyClosed {
        /// The cycle asked for.
        asked: CycleId,
        /// The last closed.
        last: CycleId,
        /// Its cut-off.
        cut_off: Date,
    },
    /// The claim point stands before that of the last close.
    #[error("claim point {asked} is not beyond the last close's {last}")]
    ClaimPointNotLater {
        /// Asked for.
        asked: u64,
        /// Of the last close.
        last: u64,
    },
    /// The cycle runs on.
    #[error(
        "cycle {cycle} runs until the end of {to} ({time_zone}); it can be closed from {cut_off} on"
    )]
    CycleStillOpen {
        /// The cycle.
        cycle: CycleId,
        /// Its last day.
        to: Date,
        /// The zone of its dates.
        time_zone: String,
        /// The day after.
        cut_off: Date,
    },
    /// The claim disagrees with what the last close carried.
    #[error("the last close carried {carried} minor units, the claim begins with {claimed}")]
    OpeningDiffers {
        /// By the last close.
        carried: i64,
        /// By the claim.
        claimed: i64,
    },
    /// Nothing to close.
    #[error(
        "cycle {0} has no items and no opening balance; it is shown as zero and needs no close"
    )]
    NothingToClose(CycleId),
    /// Beyond 64 bits of minor units.
    #[error(transparent)]
    AmountOutOfRange(MoneyError),
}

refusal_codes!(SettlementRefusal {
    CycleAlreadyClosed,
    ClaimPointNotLater,
    CycleStillOpen,
    OpeningDiffers,
    NothingToClose,
    AmountOutOfRange,
});

impl From<MoneyError> for SettlementRefusal {
    fn from(error: MoneyError) -> Self {
        Self::AmountOutOfRange(error)
    }
}

/// What a close reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct SettlementContext<'a> {
    /// The terms in force in the cycle.
    pub terms: &'a Terms,
}

/// Settlement streams.
#[derive(Debug)]
pub struct Settlement;

impl Decider for Settlement {
    const CATEGORY: &'static str = "settlement";
    type Command<'a> = CloseCycle;
    type Event<'a> = SettlementEvent<'a>;
    type State = SettlementState;
    type Refusal = SettlementRefusal;
    type Context<'a> = SettlementContext<'a>;

    fn decide<'a>(
        state: &'a SettlementState,
        command: &'a CloseCycle,
        context: &'a SettlementContext<'a>,
        at: Micros,
    ) -> Result<Decision<SettlementEvent<'a>>, SettlementRefusal> {
        let cycle = &command.cycle;
        let terms = context.terms;
        if let Some(last) = &state.last {
            if cycle.cut_off() <= last.cut_off {
                let (last, cut_off) = (last.cycle, last.cut_off);
                let asked = cycle.id;
                return Err(SettlementRefusal::CycleAlreadyClosed { asked, last, cut_off });
            }
            if command.entry <= last.entry {
                let (asked, last) = (command.entry, last.entry);
                return Err(SettlementRefusal::ClaimPointNotLater { asked, last });
            }
        }
        if terms.zone.date(at) < cycle.cut_off() {
            let time_zone = terms.time_zone.to_string();
            let (cycle, to, cut_off) = (cycle.id, cycle.to, cycle.cut_off());
            return Err(SettlementRefusal::CycleStillOpen { cycle, to, time_zone, cut_off });
        }
        let (carried, claimed) =
            (state.last.as_ref().map_or(0, |last| last.carried), command.claim.opening);
        if carried != claimed {
            return Err(SettlementRefusal::OpeningDiffers { carried, claimed });
        }
        let released = match command.wind_down_to {
            Some(_) => state.reserve.len(),
            None => matured(state, cycle.cut_off()).len(),
        };
        if command.claim.count == 0 && claimed == 0 && released == 0 {
            return Err(SettlementRefusal::NothingToClose(cycle.id));
        }
        let event = match command.wind_down_to {
            Some(wind_down_to) => {
                let event = settle_account(state, command, terms, wind_down_to)?;
                SettlementEvent::AccountSettled(Box::new(event))
            }
            None => SettlementEvent::CycleClosed(Box::new(close(state, command, terms)?)),
        };
        Ok(Decision::one(cycle.to, event))
    }

    fn evolve(state: &mut SettlementState, event: &SettlementEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

/// Tranches whose date has come.
fn matured(state: &SettlementState, cut_off: Date) -> Vec<&Tranche> {
    state.reserve.iter().filter(|tranche| tranche.release_on < cut_off).collect()
}

/// What the reserve of this close is a share of, minor units, and the share, capped at what the
/// merchant has before it.
fn withhold(
    command: &CloseCycle,
    terms: &Terms,
    available: i64,
) -> Result<Option<(i64, Withheld)>, MoneyError> {
    let Some(reserve) = terms.reserve else { return Ok(None) };
    let base_amount = match reserve.base {
        ReserveBase::GrossSales => {
            let of = |kind| command.claim.totals.iter().filter(move |of| of.kind == kind);
            of(LineKind::SalePrincipal).map(|of| of.amount).sum::<i64>().max(0)
        }
        ReserveBase::NetLines => command.claim.lines.max(0),
    };
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

/// Sums per kind, as the event records them.
pub(super) fn subtotals(claim: &Claim, currency: Currency) -> Vec<Subtotal> {
    let of = |of: &KindTotal| Subtotal {
        kind: of.kind,
        lines: of.lines,
        amount: Amount::from_minor(of.amount, currency),
    };
    claim.totals.iter().map(of).collect()
}

fn close<'a>(
    state: &SettlementState,
    command: &'a CloseCycle,
    terms: &'a Terms,
) -> Result<CycleClosed<'a>, SettlementRefusal> {
    let currency: Currency = command.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let (cycle, claim) = (&command.cycle, &command.claim);
    let cut_off = cycle.cut_off();
    // Each amount of the event must be one that a posting can hold.
    let fits = |minor: i64| amount(minor).minor(currency);
    let earned = fits(fits(claim.opening)? + fits(claim.lines)?)?;
    let withheld = withhold(command, terms, earned)?;
    let mut closing = earned - withheld.map_or(0, |(amount, _)| amount);
    let mut released = Vec::new();
    let mut release = |tranche: &Tranche, part: i64, reason| {
        released.push(Released {
            cycle: tranche.cycle,
            amount: amount(part),
            reason,
            release_on: tranche.release_on,
        });
    };
    for tranche in matured(state, cut_off) {
        release(tranche, tranche.amount, ReleaseReason::Matured);
        closing += tranche.amount;
    }
    for step in &terms.recovery {
        match step {
            Recovery::Reserve => {
                for tranche in state.reserve.iter().filter(|of| of.release_on >= cut_off) {
                    let part = tranche.amount.min(-closing);
                    if part > 0 {
                        release(tranche, part, ReleaseReason::Recovery);
                        closing += part;
                    }
                }
            }
            Recovery::Carry => break,
        }
    }
    let payout = if closing > 0 && closing >= terms.minimum_payout(currency) { closing } else { 0 };
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
        cut_off,
        entry: command.entry,
        opening: amount(claim.opening),
        lines: amount(claim.lines),
        count: claim.count,
        late: claim.late,
        subtotals: subtotals(claim, currency),
        withheld: withheld.map(|(_, withheld)| withheld),
        released,
        closing: amount(closing),
        payout: amount(payout),
        carried: amount(closing - payout),
        digest: &command.digest,
    })
}

#[cfg(test)]
pub(in crate::settlement) mod tests;
