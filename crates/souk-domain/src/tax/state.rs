//! What a jurisdiction's stream remembers, in minor units of its currency.

use souk_journal::ids::Id;

/// A jurisdiction in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaxState {
    /// Transfers recorded.
    pub transfers: Vec<Id>,
    /// Suppliers' invoices claimed.
    pub invoices: Vec<Id>,
    /// Input tax claimed and not set off.
    pub input: i64,
}
