//! A rate as a decision takes it: of which pair, and of which day.

use souk_journal::dates::Date;
use souk_journal::money::{Currency, MoneyError};

use super::exchange_rate::ExchangeRate;
use super::pair::Pair;
use super::state::FxRateState;

/// The rate in force on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The pair under which it was recorded.
    pub pair: Pair,
    /// The rate.
    pub rate: ExchangeRate,
    /// The day it is of.
    pub on: Date,
}

impl Quote {
    /// The rate in force on a day for an exchange of two currencies: of the pair as it stands, else of the reverse one. A
    /// rate holds until the next day that has one, also beyond the year's end; so a pair is asked in its streams of the
    /// day's year and of the year before.
    pub fn find<'s>(
        from: Currency,
        to: Currency,
        on: Date,
        year: impl Fn(Pair, i32) -> Option<&'s FxRateState>,
    ) -> Option<Self> {
        let of = |pair: Pair| {
            let this = on.parts().0;
            let rates = [this, this - 1];
            rates.into_iter().find_map(|of| year(pair, of)?.in_force(on)).map(|(on, rate)| Self {
                pair,
                rate,
                on,
            })
        };
        Pair::of(from, to).and_then(of).or_else(|| Pair::of(to, from).and_then(of))
    }

    /// An amount of one of the two currencies in the other, minor units.
    ///
    /// # Errors
    /// When a posting could not hold it.
    pub fn convert(&self, minor: i64, from: Currency) -> Result<i64, MoneyError> {
        let Pair { base, quote } = self.pair;
        if from == base {
            self.rate.multiplied(minor, base, quote)
        } else {
            self.rate.divided(minor, base, quote)
        }
    }
}
