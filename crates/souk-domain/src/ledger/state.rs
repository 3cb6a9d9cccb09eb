//! What the ledger remembers of itself.

use souk_journal::ids::Id;
use souk_journal::money::Currency;

use super::events::Demonstration;

/// Identity and defaults; nothing before entry 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LedgerState {
    /// Not created.
    #[default]
    Absent,
    /// Created.
    Created {
        /// Identity.
        ledger: Id,
        /// The platform's name.
        platform: Box<str>,
        /// The platform's currency.
        currency: Currency,
        /// The platform's zone.
        time_zone: Box<str>,
        /// Its language.
        language: Box<str>,
        /// Set for a demonstration.
        demonstration: Option<Demonstration>,
    },
}
