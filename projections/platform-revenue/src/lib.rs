//! Platform revenue.
//!
//! Reader: finance, and whoever steers the platform.
//! Question: what did we earn each month on each revenue line, what share of sales is that, and what is still deferred?
//! Folds: postings to revenue accounts and `DeferredRevenue`, goods on `MerchantPayable`, closed months.
//! Control total: Σ net of each line equals its account's credit balance in the trial balance; so does what is deferred.
//!
//! Signs: `gross` is what a line earned, `returned` what it gave back, and net = gross − returned.
//! A contra account reduces: its gross is negative, and what comes back to it is a negative
//! `returned`.

mod booking_month;
mod deferred;
mod known;
mod state;
mod take_rate;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use deferred::DeferredRow;
pub use known::KnownRow;
pub use take_rate::four_decimals;
pub use view::{CategoryRow, MerchandiseRow, Months, RevenueRow, RevenueTotal};

/// Revenue and merchandise value by month, in minor units of each currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformRevenue {
    calendar: booking_month::Calendar,
    categories: state::Categories,
    /// By category number; the first is no category.
    revenue: Vec<Vec<state::RevenueCell>>,
    merchandise: Vec<state::MerchandiseCell>,
    deferred: Vec<DeferredRow>,
    last_entry: Option<EntryNumber>,
}

impl PlatformRevenue {
    /// Nothing earned yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Projection for PlatformRevenue {
    fn name(&self) -> &'static str {
        "platform-revenue"
    }

    fn version(&self) -> u32 {
        2
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names) {
        for entry in entries {
            self.fold(entry, names);
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
