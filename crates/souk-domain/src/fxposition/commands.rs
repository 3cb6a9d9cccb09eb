//! What can be asked of a position.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::ExchangeId;
use souk_journal::money::Amount;

use crate::advertising::events::PaidThrough;

/// Records that provider or bank exchanged an amount of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleFx<'a> {
    /// ISO 4217 code; not the platform's currency.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The provider's settlement or the bank's transfer, unique per currency.
    pub exchange: ExchangeId,
    /// How much of the currency was given; negative when it was taken, as for refunds.
    pub amount: Amount,
    /// What came for it, in the platform's currency; negative when it was paid.
    pub received: Amount,
    /// Where the currency was.
    #[serde(default = "provider")]
    pub held: PaidThrough,
}

fn provider() -> PaidThrough {
    PaidThrough::Provider
}

/// Values the position as it stood at the end of a day at that day's rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevalueFx<'a> {
    /// ISO 4217 code; not the platform's currency.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The day, which must be over: the last of a month.
    pub on: Date,
}

/// A command to a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FxPositionCommand<'a> {
    /// Settle.
    Settle(SettleFx<'a>),
    /// Revalue.
    Revalue(RevalueFx<'a>),
}

impl FxPositionCommand<'_> {
    /// Code of the currency.
    pub fn currency(&self) -> &str {
        match self {
            Self::Settle(of) => &of.currency,
            Self::Revalue(of) => &of.currency,
        }
    }
}
