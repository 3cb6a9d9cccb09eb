//! What a position remembers: what is held, what it cost, and what the last revaluation added.

use std::collections::BTreeSet;

use souk_journal::dates::Date;
use souk_journal::ids::ExchangeId;

use super::position::Position;

/// A position in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FxPositionState {
    /// Conversions up to this entry are counted in.
    pub through: Option<u64>,
    /// What is held and what it cost, without revaluation.
    pub position: Position,
    /// What the last revaluation gained, minor units of the platform's currency, while nothing has ended it.
    pub unrealised: i64,
    /// The day of the last revaluation.
    pub revalued_on: Option<Date>,
    /// Exchanges.
    pub exchanges: BTreeSet<ExchangeId>,
}
