//! Which charge under a tariff a new version would have to leave alone: nothing that was charged is ever charged anew, so
//! a version cannot begin before it.

use std::collections::HashMap;

use souk_domain::event::LedgerEvent;
use souk_domain::order::events::OrderEvent;
use souk_domain::tariff::events::ChosenBy;
use souk_journal::dates::Date;
use souk_journal::ids::TariffId;
use souk_projector::Recorded;
use souk_store::EventStore;

use super::scan::{self, Fold};
use crate::error::BooksError;

/// The charge whose date is the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestCharge {
    /// Its entry.
    pub entry: u64,
    /// The order.
    pub order: String,
    /// The version it was charged under.
    pub version: u32,
    /// The date by which a version is chosen: of the order or of its completion.
    pub date: Date,
}

struct Looking {
    tariff: TariffId,
    chosen_by: ChosenBy,
    /// By order, where its date chooses.
    placed_on: HashMap<Box<str>, Date>,
    latest: Option<LatestCharge>,
}

impl Fold for Looking {
    fn fold(&mut self, recorded: &Recorded<'_>) -> Result<(), BooksError> {
        let LedgerEvent::Order(event) = recorded.event else { return Ok(()) };
        match (event, self.chosen_by) {
            (OrderEvent::Placed(of), ChosenBy::OrderDate) => {
                self.placed_on.insert(recorded.id().into(), of.placed_on);
            }
            (OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of), by)
                if of.tariff == self.tariff =>
            {
                let date = match by {
                    ChosenBy::OrderDate => self.placed_on.get(recorded.id()).copied(),
                    ChosenBy::CompletionDate => Some(recorded.metadata.effective_on),
                };
                let date = date.unwrap_or(recorded.metadata.effective_on);
                if self.latest.as_ref().is_none_or(|latest| latest.date < date) {
                    self.latest = Some(LatestCharge {
                        entry: recorded.entry,
                        order: recorded.id().to_owned(),
                        version: of.version,
                        date,
                    });
                }
            }
            (
                OrderEvent::Placed(_)
                | OrderEvent::Attributed(_)
                | OrderEvent::RefundAdvanced(_)
                | OrderEvent::AdvanceRecovered(_)
                | OrderEvent::AdvanceBorne(_)
                | OrderEvent::ClaimPaid(_)
                | OrderEvent::ClaimCollected(_)
                | OrderEvent::SupplierPartRemitted(_)
                | OrderEvent::PartnerCommissionCharged(_)
                | OrderEvent::PartnerCommissionReturned(_)
                | OrderEvent::Paid(_)
                | OrderEvent::DifferenceBooked(_)
                | OrderEvent::ChannelFeeIncurred(_)
                | OrderEvent::ChannelFeeReturned(_)
                | OrderEvent::Shipped(_)
                | OrderEvent::Completed(_)
                | OrderEvent::CommissionCharged(_)
                | OrderEvent::FeeCharged(_)
                | OrderEvent::RefundIssued(_)
                | OrderEvent::RefundPaid(_)
                | OrderEvent::RefundFailed(_)
                | OrderEvent::FeeReturned(_)
                | OrderEvent::Cancelled(_)
                | OrderEvent::TaxAssessed(_)
                | OrderEvent::TaxCollected(_)
                | OrderEvent::TaxRefunded(_)
                | OrderEvent::TaxWithheld(_)
                | OrderEvent::WithholdingReturned(_)
                | OrderEvent::FeeInvoiced(_)
                | OrderEvent::HoldPlaced(_)
                | OrderEvent::HoldReleased(_)
                | OrderEvent::RedLetterIssued(_),
                ChosenBy::OrderDate | ChosenBy::CompletionDate,
            ) => {}
        }
        Ok(())
    }
}

/// The charge under a tariff with the latest date, in one pass over the log; none when nothing was charged under it.
///
/// # Errors
/// The store's, or an event that cannot be read.
pub fn latest_charge(
    store: &dyn EventStore,
    tariff: TariffId,
    chosen_by: ChosenBy,
) -> Result<Option<LatestCharge>, BooksError> {
    let looking = Looking { tariff, chosen_by, placed_on: HashMap::new(), latest: None };
    Ok(scan::read(store, None, looking)?.latest)
}
