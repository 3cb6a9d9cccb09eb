//! What can be asked of the rates of a pair.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

use super::exchange_rate::ExchangeRate;
use super::pair::Pair;

/// Records the rate of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRate<'a> {
    /// The pair.
    pub pair: Pair,
    /// The day from which it holds, until the next day that has a rate.
    pub on: Date,
    /// What one unit of the first currency costs in the second.
    pub rate: ExchangeRate,
    /// Who published it.
    #[serde(borrow)]
    pub source: Cow<'a, str>,
}

/// Corrects the rate of a day; what was converted at the wrong one stays as it was converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectRate<'a> {
    /// The pair.
    pub pair: Pair,
    /// The day.
    pub on: Date,
    /// The right rate.
    pub rate: ExchangeRate,
    /// Who published it.
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A command to the rates of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FxRateCommand<'a> {
    /// Record.
    Record(RecordRate<'a>),
    /// Correct.
    Correct(CorrectRate<'a>),
}

impl FxRateCommand<'_> {
    /// The pair and the year.
    pub fn of(&self) -> (Pair, i32) {
        let (pair, on) = match self {
            Self::Record(of) => (of.pair, of.on),
            Self::Correct(of) => (of.pair, of.on),
        };
        (pair, on.parts().0)
    }
}
