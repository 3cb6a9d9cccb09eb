//! When a rate is recorded, and when it is corrected.

use souk_journal::dates::{Date, Micros};
use souk_journal::money::MoneyError;

use super::commands::{CorrectRate, FxRateCommand, RecordRate};
use super::events::{FxRateCorrected, FxRateEvent, FxRateRecorded};
use super::exchange_rate::ExchangeRate;
use super::pair::Pair;
use super::state::FxRateState;
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FxRateRefusal {
    /// The day has a rate.
    #[error("{pair} of {on} is recorded already, as {known}; a correction says why it changes")]
    RateRecordedAlready {
        /// The pair.
        pair: Pair,
        /// The day.
        on: Date,
        /// The rate it has.
        known: ExchangeRate,
    },
    /// The day has none.
    #[error("{pair} of {on} is not recorded, so there is nothing to correct")]
    NoRateToCorrect {
        /// The pair.
        pair: Pair,
        /// The day.
        on: Date,
    },
    /// Corrected to what it is.
    #[error("{pair} of {on} is {rate} already")]
    RateUnchanged {
        /// The pair.
        pair: Pair,
        /// The day.
        on: Date,
        /// The rate.
        rate: ExchangeRate,
    },
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
}

refusal_codes!(FxRateRefusal {
    RateRecordedAlready,
    NoRateToCorrect,
    RateUnchanged,
    UnusableLabel,
});

/// Streams of rates.
#[derive(Debug)]
pub struct FxRate;

impl Decider for FxRate {
    const CATEGORY: &'static str = "fxrate";
    type Command<'a> = FxRateCommand<'a>;
    type Event<'a> = FxRateEvent<'a>;
    type State = FxRateState;
    type Refusal = FxRateRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a FxRateState,
        command: &'a FxRateCommand<'a>,
        _context: &'a (),
        _at: Micros,
    ) -> Result<Decision<FxRateEvent<'a>>, FxRateRefusal> {
        match command {
            FxRateCommand::Record(of) => record(state, of),
            FxRateCommand::Correct(of) => correct(state, of),
        }
    }

    fn evolve(state: &mut FxRateState, event: &FxRateEvent<'_>) -> Result<(), MoneyError> {
        let (on, rate) = match event {
            FxRateEvent::Recorded(of) => (of.on, of.rate),
            FxRateEvent::Corrected(of) => (of.on, of.rate),
        };
        state.rates.insert(on, (rate, state.events));
        state.events += 1;
        Ok(())
    }
}

fn label(text: &str) -> Result<(), FxRateRefusal> {
    if is_label(text) { Ok(()) } else { Err(FxRateRefusal::UnusableLabel(text.to_owned())) }
}

fn record<'a>(
    state: &FxRateState,
    command: &'a RecordRate<'a>,
) -> Result<Decision<FxRateEvent<'a>>, FxRateRefusal> {
    let (pair, on, rate) = (command.pair, command.on, command.rate);
    label(&command.source)?;
    if let Some((known, _)) = state.rates.get(&on) {
        return Err(FxRateRefusal::RateRecordedAlready { pair, on, known: *known });
    }
    let event = FxRateRecorded { pair, on, rate, source: command.source.clone() };
    Ok(Decision::one(on, FxRateEvent::Recorded(event)))
}

fn correct<'a>(
    state: &FxRateState,
    command: &'a CorrectRate<'a>,
) -> Result<Decision<FxRateEvent<'a>>, FxRateRefusal> {
    let (pair, on, rate) = (command.pair, command.on, command.rate);
    label(&command.source)?;
    label(&command.reason)?;
    let Some((instead_of, corrects)) = state.rates.get(&on).copied() else {
        return Err(FxRateRefusal::NoRateToCorrect { pair, on });
    };
    if instead_of == rate {
        return Err(FxRateRefusal::RateUnchanged { pair, on, rate });
    }
    let (source, reason) = (command.source.clone(), command.reason.clone());
    let event = FxRateCorrected { pair, on, rate, instead_of, corrects, source, reason };
    Ok(Decision::one(on, FxRateEvent::Corrected(event)))
}

#[cfg(test)]
mod tests;
