//! Enrolment, terms, volumes and the end of an account move no money: settlements and deposits do.

use souk_journal::entry::Postings;

use super::events::MerchantEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a MerchantEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        MerchantEvent::Enrolled(_)
        | MerchantEvent::TermsAgreed(_)
        | MerchantEvent::VolumeRecorded(_)
        | MerchantEvent::SettlementCurrencyAgreed(_)
        | MerchantEvent::WithholdingAgreed(_)
        | MerchantEvent::ClosingAnnounced(_)
        | MerchantEvent::ClosingWithdrawn(_)
        | MerchantEvent::PayoutTermsAgreed(_)
        | MerchantEvent::Closed(_) => Ok(Postings::default()),
    }
}
