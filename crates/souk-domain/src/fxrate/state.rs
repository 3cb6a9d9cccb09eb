//! What the rates of a pair in a year remember: one rate per day.

use std::collections::BTreeMap;

use souk_journal::dates::Date;

use super::exchange_rate::ExchangeRate;

/// The rates of a pair in a year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FxRateState {
    /// Number of events.
    pub events: u64,
    /// By day: the rate, and the revision of the event that said it last.
    pub rates: BTreeMap<Date, (ExchangeRate, u64)>,
}

impl FxRateState {
    /// The latest rate of a day that has come.
    pub fn in_force(&self, on: Date) -> Option<(Date, ExchangeRate)> {
        self.rates.range(..=on).next_back().map(|(day, (rate, _))| (*day, *rate))
    }
}
