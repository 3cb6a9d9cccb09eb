//! What a settlement's stream remembers: the last close and the reserve that is still withheld.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::ids::CycleId;
use souk_journal::money::MoneyError;

use super::events::SettlementEvent;

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

/// A settlement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettlementState {
    /// The last close.
    pub last: Option<LastClose>,
    /// Reserve withheld, oldest first.
    pub reserve: Vec<Tranche>,
    /// Payouts of closed cycles, minor units.
    pub payouts: BTreeMap<CycleId, i64>,
}

/// Folds an event.
pub(crate) fn evolve(
    state: &mut SettlementState,
    event: &SettlementEvent<'_>,
) -> Result<(), MoneyError> {
    match event {
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
            state.payouts.insert(of.cycle, of.payout.minor(of.currency)?);
            state.last = Some(LastClose {
                cycle: of.cycle,
                cut_off: of.cut_off,
                entry: of.entry,
                carried: of.carried.minor(of.currency)?,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
