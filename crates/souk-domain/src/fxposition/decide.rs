//! When an exchange is recorded, and when a position is valued.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::ExchangeId;
use souk_journal::money::{Amount, Currency, MAX_MINOR, MoneyError};

use super::commands::{FxPositionCommand, RevalueFx, SettleFx};
use super::events::{FxPositionEvent, FxRevalued, FxSettled, TakenIn};
use super::position::Position;
use super::state::FxPositionState;
use crate::decider::{Decider, Decision};
use crate::fxrate::quote::Quote;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FxPositionRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// The platform's own.
    #[error("{0} is the platform's currency; a position is of another")]
    NotAForeignCurrency(Currency),
    /// Not an amount of its currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// One of them is nothing, or both went the same way.
    #[error("{amount} given for {received}: both are above zero, or both below it")]
    NotAnExchange {
        /// What was given.
        amount: Amount,
        /// What came for it.
        received: Amount,
    },
    /// Recorded already.
    #[error("exchange {0} is recorded already")]
    ExchangeRecordedAlready(ExchangeId),
    /// The day is not over.
    #[error("{on} is not over; it is {today}")]
    DayNotOver {
        /// The day.
        on: Date,
        /// Today.
        today: Date,
    },
    /// Not after the last one.
    #[error("the position was valued for {latest} already; {on} is not after it")]
    RevaluationNotLater {
        /// The day.
        on: Date,
        /// The day of the last one.
        latest: Date,
    },
    /// No rate.
    #[error(
        "no rate between {from} and {to} is recorded for {on} or earlier; record one with record-rate"
    )]
    RateUnknown {
        /// The currency.
        from: Currency,
        /// The platform's.
        to: Currency,
        /// The day.
        on: Date,
    },
}

refusal_codes!(FxPositionRefusal {
    UnknownCurrency,
    NotAForeignCurrency,
    UnusableAmount,
    NotAnExchange,
    ExchangeRecordedAlready,
    DayNotOver,
    RevaluationNotLater,
    RateUnknown,
});

/// What the decision reads of the rest of the ledger.
#[derive(Debug, Clone, Copy)]
pub struct FxPositionContext {
    /// The currency.
    pub currency: Currency,
    /// The platform's.
    pub platform: Currency,
    /// Today, in the platform's zone.
    pub today: Date,
    /// The last entry of the ledger that was looked at.
    pub through: u64,
    /// What completions and refunds converted, after the entry up to which they are counted in.
    pub taken: Position,
    /// The position at the end of the day of a revaluation, by accounting dates and without revaluations.
    pub at_end_of_day: Position,
    /// The rate of that day.
    pub rate: Option<Quote>,
}

/// Streams of positions.
#[derive(Debug)]
pub struct FxPosition;

impl Decider for FxPosition {
    const CATEGORY: &'static str = "fxposition";
    type Command<'a> = FxPositionCommand<'a>;
    type Event<'a> = FxPositionEvent;
    type State = FxPositionState;
    type Refusal = FxPositionRefusal;
    type Context<'a> = FxPositionContext;

    fn decide<'a>(
        state: &'a FxPositionState,
        command: &'a FxPositionCommand<'a>,
        context: &'a FxPositionContext,
        _at: Micros,
    ) -> Result<Decision<FxPositionEvent>, FxPositionRefusal> {
        if context.currency == context.platform {
            return Err(FxPositionRefusal::NotAForeignCurrency(context.currency));
        }
        match command {
            FxPositionCommand::Settle(of) => settle(state, of, context),
            FxPositionCommand::Revalue(of) => revalue(state, of, context),
        }
    }

    fn evolve(state: &mut FxPositionState, event: &FxPositionEvent) -> Result<(), MoneyError> {
        match event {
            FxPositionEvent::Settled(of) => {
                state.through = Some(of.taken.through);
                state.position = Position {
                    amount: of.left.minor(of.currency)?,
                    cost: of.left_cost.minor(of.into)?,
                };
                state.unrealised = 0;
                state.exchanges.insert(of.exchange);
            }
            FxPositionEvent::Revalued(of) => {
                state.unrealised = of.gain.minor(of.into)?;
                state.revalued_on = Some(of.on);
            }
        }
        Ok(())
    }
}

/// What was converted since is counted in, then the exchange leaves the position.
fn settle(
    state: &FxPositionState,
    command: &SettleFx<'_>,
    context: &FxPositionContext,
) -> Result<Decision<FxPositionEvent>, FxPositionRefusal> {
    let (currency, into) = (context.currency, context.platform);
    if state.exchanges.contains(&command.exchange) {
        return Err(FxPositionRefusal::ExchangeRecordedAlready(command.exchange));
    }
    let unusable = FxPositionRefusal::UnusableAmount;
    let given = command.amount.minor(currency).map_err(unusable)?;
    let received = command.received.minor(into).map_err(unusable)?;
    if given == 0 || received == 0 || (given < 0) != (received < 0) {
        let (amount, received) = (command.amount, command.received);
        return Err(FxPositionRefusal::NotAnExchange { amount, received });
    }
    let mut position = state.position;
    let gain = position.add(context.taken);
    let gain = gain + position.add(Position { amount: -given, cost: -received });
    let foreign = |minor| within(minor, currency);
    let own = |minor| within(minor, into);
    let event = FxSettled {
        exchange: command.exchange,
        held: command.held,
        currency,
        amount: foreign(given)?,
        into,
        received: own(received)?,
        taken: TakenIn {
            through: context.through,
            amount: foreign(context.taken.amount)?,
            cost: own(context.taken.cost)?,
        },
        gain: own(gain)?,
        reversed: own(state.unrealised)?,
        left: foreign(position.amount)?,
        left_cost: own(position.cost)?,
    };
    Ok(Decision::one(context.today, FxPositionEvent::Settled(event)))
}

fn revalue(
    state: &FxPositionState,
    command: &RevalueFx<'_>,
    context: &FxPositionContext,
) -> Result<Decision<FxPositionEvent>, FxPositionRefusal> {
    let (currency, into, on) = (context.currency, context.platform, command.on);
    if on >= context.today {
        return Err(FxPositionRefusal::DayNotOver { on, today: context.today });
    }
    if let Some(latest) = state.revalued_on.filter(|latest| *latest >= on) {
        return Err(FxPositionRefusal::RevaluationNotLater { on, latest });
    }
    let rate =
        context.rate.ok_or(FxPositionRefusal::RateUnknown { from: currency, to: into, on })?;
    let Position { amount, cost } = context.at_end_of_day;
    let value = rate.convert(amount, currency).map_err(FxPositionRefusal::UnusableAmount)?;
    let own = |minor| within(minor, into);
    let event = FxRevalued {
        currency,
        into,
        on,
        pair: rate.pair,
        rate: rate.rate,
        rate_on: rate.on,
        through: context.through,
        amount: within(amount, currency)?,
        cost: own(cost)?,
        value: own(value)?,
        gain: own(value - cost)?,
        reversed: own(state.unrealised)?,
    };
    Ok(Decision::one(on, FxPositionEvent::Revalued(event)))
}

/// An amount that an event can hold.
fn within(minor: i64, currency: Currency) -> Result<Amount, FxPositionRefusal> {
    let amount = Amount::from_minor(minor, currency);
    if minor.abs() > MAX_MINOR {
        return Err(FxPositionRefusal::UnusableAmount(MoneyError::OutOfRange(amount.decimal())));
    }
    Ok(amount)
}

#[cfg(test)]
mod tests;
