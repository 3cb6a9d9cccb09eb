//! What can happen to a position.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::ExchangeId;
use souk_journal::money::{Amount, Currency};

use crate::advertising::events::PaidThrough;
use crate::fxrate::exchange_rate::ExchangeRate;
use crate::fxrate::pair::Pair;

/// The conversions of completions and refunds that an event counts in: those after the entry of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenIn {
    /// Conversions up to this entry are counted in.
    pub through: u64,
    /// What they brought of the currency, less what they took.
    pub amount: Amount,
    /// What that cost, in the platform's currency.
    pub cost: Amount,
}

/// Provider or bank exchanged an amount: what it gained or lost is realised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FxSettled {
    /// The provider's settlement or the bank's transfer.
    pub exchange: ExchangeId,
    /// Where the currency was.
    pub held: PaidThrough,
    /// The currency.
    pub currency: Currency,
    /// How much of it was given; negative when it was taken.
    pub amount: Amount,
    /// The platform's currency.
    pub into: Currency,
    /// What came for it; negative when it was paid.
    pub received: Amount,
    /// What was converted since.
    pub taken: TakenIn,
    /// The gain, or the loss when negative: what was received less what it was carried at.
    pub gain: Amount,
    /// The last revaluation, which this ends: its gain, or its loss when negative.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub reversed: Amount,
    /// What is left of the currency.
    pub left: Amount,
    /// What that is carried at.
    pub left_cost: Amount,
}

/// A position was valued at the rate of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FxRevalued {
    /// The currency.
    pub currency: Currency,
    /// The platform's currency.
    pub into: Currency,
    /// The day.
    pub on: Date,
    /// The pair of the rate.
    pub pair: Pair,
    /// The rate.
    pub rate: ExchangeRate,
    /// The day it is of.
    pub rate_on: Date,
    /// Entries up to this one were looked at; those with an accounting date after the day do not count.
    pub through: u64,
    /// What was held of the currency at the end of the day; negative when it was owed.
    pub amount: Amount,
    /// What that cost.
    pub cost: Amount,
    /// What it is worth.
    pub value: Amount,
    /// Value less cost: a gain, or a loss when negative.
    pub gain: Amount,
    /// The revaluation before, which this ends: its gain, or its loss when negative.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub reversed: Amount,
}

event_table! {
    /// Everything that can happen to a position.
    pub enum FxPositionEvent {
        /// Exchanged.
        Settled(FxSettled) = FxSettled v 1,
        /// Revalued.
        Revalued(FxRevalued) = FxRevalued v 1,
    }
}
