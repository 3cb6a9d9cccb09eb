//! Platform revenue.
//!
//! Reader: finance, and whoever steers the platform.
//! Question: what did each revenue line earn each month, by category, region and tier, and what is still deferred?
//! Folds: postings to revenue accounts and `DeferredRevenue`, goods on `MerchantPayable`, closed months.
//! Control total: Σ net of each line equals its account's credit balance in the trial balance; so does what is deferred.
//!
//! Signs: `gross` is what a line earned, `returned` what it gave back, `contra` what reduces revenue on a line of its own
//! (granted less taken back), and net = gross − returned − contra.

mod booking_month;
mod deferral;
mod known;
mod segments;
mod state;
mod take_rate;
mod view;

use serde::{Deserialize, Serialize};
use souk_journal::entry::{EntryNumber, JournalEntry};
use souk_journal::names::Names;
use souk_journal::projection::Projection;

pub use deferral::{Deferral, DeferralRow, DeferredRow};
pub use known::KnownRow;
pub use segments::{Segment, SplitBy};
pub use take_rate::four_decimals;
pub use view::{MerchandiseRow, Months, RevenueRow, RevenueTotal, SegmentRow};

/// Revenue and merchandise value by month, in minor units of each currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformRevenue {
    calendar: booking_month::Calendar,
    segments: segments::Segments,
    /// By the number of the segment, as the next two.
    revenue: Vec<Vec<state::RevenueCell>>,
    merchandise: Vec<Vec<state::MerchandiseCell>>,
    deferral: Vec<Vec<deferral::DeferralCell>>,
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
        3
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
