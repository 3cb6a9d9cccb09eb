//! What a settlement's stream remembers: the last close and the reserve that is still withheld.

use std::collections::{BTreeMap, BTreeSet};

use souk_journal::dates::Date;
use souk_journal::ids::CycleId;
use souk_journal::money::MoneyError;

use super::events::SettlementEvent;
use super::objections::state::Objections;
use crate::settled_from::{SettledFrom, Source};

/// A tranche of reserve, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tranche {
    /// The cycle that withheld it.
    pub cycle: CycleId,
    /// Released by the first close after this date.
    pub release_on: Date,
    /// What is left of it.
    pub amount: i64,
}

/// The last close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastClose {
    /// The cycle.
    pub cycle: CycleId,
    /// Its cut-off.
    pub cut_off: Date,
    /// Its claim point.
    pub entry: u64,
    /// What it carried, minor units.
    pub carried: i64,
}

/// What a close has claimed: items due before a day, of entries up to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The cycle.
    pub cycle: CycleId,
    /// Number of its statement.
    pub number: Box<str>,
    /// Its cut-off.
    pub cut_off: Date,
    /// Items due before this day were claimed.
    pub before: Date,
    /// Of entries up to this one.
    pub entry: u64,
}

/// A settlement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettlementState {
    /// The last close.
    pub last: Option<LastClose>,
    /// What each close claimed, in order.
    pub claims: Vec<Claimed>,
    /// Reserve withheld, oldest first.
    pub reserve: Vec<Tranche>,
    /// Reserve that is kept without a date, minor units.
    pub fixed_reserve: i64,
    /// What closes put into the deposit, ever, minor units; it only grows.
    pub deposit_topped_up: i64,
    /// Closes in a row that carried a balance below zero.
    pub closes_below_zero: u16,
    /// Payouts of closed cycles, minor units.
    pub payouts: BTreeMap<CycleId, i64>,
    /// What the merchant owes, minor units, ≥ 0.
    pub debt: i64,
    /// What is not expected of it, minor units, from 0 to the debt.
    pub allowance: i64,
    /// Of the balance carried by the last close, what became a debt since, minor units.
    pub carried_to_debt: i64,
    /// Objections to statements, and what came of them.
    pub objections: Objections,
    /// Payments and transfers that paid the debt.
    pub collected: BTreeSet<(Source, Box<str>)>,
}

impl SettlementState {
    /// The cycle that has claimed an item of an entry, if one has.
    pub fn claimed_by(&self, entry: u64, due_on: Date) -> Option<&Claimed> {
        self.claims.iter().find(|close| due_on < close.before && entry <= close.entry)
    }
}

/// Folds an event.
pub(crate) fn evolve(
    state: &mut SettlementState,
    event: &SettlementEvent<'_>,
) -> Result<(), MoneyError> {
    match event {
        SettlementEvent::BroughtForward(of) => {
            for tranche in &of.reserve {
                let amount = tranche.amount.minor(of.currency)?;
                let (cycle, release_on) = (tranche.cycle, tranche.release_on);
                state.reserve.push(Tranche { cycle, release_on, amount });
            }
            state.debt += of.debt.minor(of.currency)?;
            state.allowance += of.allowance.minor(of.currency)?;
        }
        SettlementEvent::CycleClosed(of) => {
            for released in &of.released {
                let amount = released.amount.minor(of.currency)?;
                let same = |tranche: &&mut Tranche| tranche.cycle == released.cycle;
                if let Some(tranche) = state.reserve.iter_mut().find(same) {
                    tranche.amount -= amount;
                }
            }
            state.reserve.retain(|tranche| tranche.amount != 0);
            if let Some(withheld) = &of.withheld {
                state.reserve.push(Tranche {
                    cycle: of.cycle,
                    release_on: withheld.release_on,
                    amount: withheld.amount.minor(of.currency)?,
                });
            }
            state.fixed_reserve += of.fixed_reserve_withheld.minor(of.currency)?;
            state.fixed_reserve -= of.fixed_reserve_released.minor(of.currency)?;
            state.deposit_topped_up += of.deposit_topped_up.minor(of.currency)?;
            state.debt += of.debt_recognised.minor(of.currency)?;
            state.debt -= of.debt_collected.minor(of.currency)?;
            state.allowance -= of.allowance_released.minor(of.currency)?;
            state.payouts.insert(of.cycle, of.payout.minor(of.currency)?);
            let carried = of.carried.minor(of.currency)?;
            state.closes_below_zero =
                if carried < 0 { state.closes_below_zero.saturating_add(1) } else { 0 };
            let (cycle, cut_off, entry) = (of.cycle, of.cut_off, of.entry);
            let number = of.number.into();
            state.claims.push(Claimed { cycle, number, cut_off, before: cut_off, entry });
            state.last = Some(LastClose { cycle, cut_off, entry, carried });
            state.carried_to_debt = 0;
        }
        SettlementEvent::AccountSettled(of) => {
            state.reserve.clear();
            state.fixed_reserve = 0;
            state.closes_below_zero = 0;
            state.payouts.insert(of.cycle, of.payout.minor(of.currency)?);
            let (cycle, cut_off, entry) = (of.cycle, of.cut_off, of.entry);
            let number = of.number.into();
            state.claims.push(Claimed { cycle, number, cut_off, before: Date::MAX, entry });
            state.last = Some(LastClose { cycle, cut_off, entry, carried: 0 });
            state.carried_to_debt = 0;
            state.debt += of.debt_recognised.minor(of.currency)?;
            state.debt -= of.debt_collected.minor(of.currency)?;
            state.allowance -= of.allowance_released.minor(of.currency)?;
        }
        SettlementEvent::DebtRecognised(of) => {
            let amount = of.amount.minor(of.currency)?;
            state.debt += amount;
            state.carried_to_debt += amount;
        }
        SettlementEvent::DebtCollected(of) => {
            state.debt -= of.amount.minor(of.currency)?;
            state.allowance -= of.allowance_released.minor(of.currency)?;
            let named = |from: &SettledFrom<'_>| {
                from.reference.as_deref().map(|reference| (from.source, reference.into()))
            };
            state.collected.extend(of.settled_from.iter().filter_map(named));
        }
        SettlementEvent::AllowanceSet(of) => state.allowance = of.allowance.minor(of.currency)?,
        SettlementEvent::DebtWrittenOff(of) => {
            state.debt -= of.amount.minor(of.currency)?;
            state.allowance -= of.from_allowance.minor(of.currency)?;
        }
        SettlementEvent::ObjectionTermsAgreed(of) => state.objections.agreed(of),
        SettlementEvent::ObjectionRaised(of) => state.objections.raised(of),
        SettlementEvent::ObjectionAnswered(of) => state.objections.answered(of),
        SettlementEvent::CorrectionBooked(of) => state.objections.corrected(of)?,
        SettlementEvent::StatementConfirmed(of) => {
            state.objections.confirmed.insert(of.cycle);
        }
    }
    state.objections.turn();
    Ok(())
}

#[cfg(test)]
mod tests;
