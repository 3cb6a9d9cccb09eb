//! What can be asked of the ledger.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::Id;

use super::events::Demonstration;

/// Creates the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLedger {
    /// Identity: a UUID, 32 hexadecimal digits.
    pub ledger: Id,
    /// The platform's name.
    pub platform: String,
    /// The platform's own currency.
    pub currency: String,
    /// The platform's time zone.
    pub time_zone: String,
    /// `en` or `zh`.
    pub language: String,
    /// Set for a demonstration.
    #[serde(default)]
    pub demonstration: Option<Demonstration>,
}
