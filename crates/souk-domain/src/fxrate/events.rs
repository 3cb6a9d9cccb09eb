//! What can happen to the rates of a pair.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

use super::exchange_rate::ExchangeRate;
use super::pair::Pair;

/// The rate of a day was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FxRateRecorded<'a> {
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

/// The rate of a day was corrected; what was converted before stays as it was converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FxRateCorrected<'a> {
    /// The pair.
    pub pair: Pair,
    /// The day.
    pub on: Date,
    /// The right rate.
    pub rate: ExchangeRate,
    /// The rate that stood there.
    pub instead_of: ExchangeRate,
    /// The event that had recorded it: its revision in this stream.
    pub corrects: u64,
    /// Who published the right one.
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to the rates of a pair.
    pub enum FxRateEvent<'a> {
        /// Recorded (memo).
        Recorded(FxRateRecorded<'a>) = FxRateRecorded v 1,
        /// Corrected (memo).
        Corrected(FxRateCorrected<'a>) = FxRateCorrected v 1,
    }
}
