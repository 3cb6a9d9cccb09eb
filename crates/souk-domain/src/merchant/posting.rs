//! Enrolment, terms and volumes move no money.

use souk_journal::entry::Postings;

use super::events::MerchantEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a MerchantEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        MerchantEvent::Enrolled(_)
        | MerchantEvent::TermsAgreed(_)
        | MerchantEvent::VolumeRecorded(_)
        | MerchantEvent::WithholdingAgreed(_) => Ok(Postings::default()),
    }
}
