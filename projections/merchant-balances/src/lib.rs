//! Merchant balances.
//!
//! Reader: merchants, and finance.
//! Question: what does each merchant have with us, and in which state is the money?
//! Folds: postings to the merchants' accounts, from `MerchantPayable` to `MerchantDebt`; closes.
//! Control total: Σ over merchants of each state equals its account in the trial balance.

mod figures;
mod state;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use figures::Figures;
pub use view::{BalanceRow, BalanceTotal, ControlTotal};

/// What merchants have, by state, in minor units of each currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantBalances {
    /// By merchant number, then the merchant's few currencies.
    purses: Vec<Vec<state::Purse>>,
    last_effective: Option<Date>,
    last_entry: Option<EntryNumber>,
}

impl MerchantBalances {
    /// Nobody has anything yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for MerchantBalances {
    fn name(&self) -> &'static str {
        "merchant-balances"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], _names: &Names) {
        for entry in entries {
            self.fold(entry);
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        *self = postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
