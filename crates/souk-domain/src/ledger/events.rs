//! What can happen to the ledger.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Micros;
use souk_journal::ids::Id;
use souk_journal::money::Currency;

/// A demonstration: invented data on a pinned clock. No real data may be written beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demonstration {
    /// The seed of the invented data.
    pub seed: u64,
    /// The clock stands here.
    pub clock: Micros,
}

/// The ledger was created: entry 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerCreated<'a> {
    /// Identity of the ledger: a UUID, 32 hexadecimal digits.
    pub ledger: Id,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's own currency.
    pub currency: Currency,
    /// The platform's time zone, of the IANA database.
    pub time_zone: &'a str,
    /// Language of its documents: `en` or `zh`.
    pub language: &'a str,
    /// Edition of the record bytes.
    pub record_format: u32,
    /// Set for a demonstration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demonstration: Option<Demonstration>,
}

event_table! {
    /// Everything that can happen to the ledger.
    pub enum LedgerMainEvent<'a> {
        /// Entry 0.
        Created(LedgerCreated<'a>) = LedgerCreated v 1,
    }
}
