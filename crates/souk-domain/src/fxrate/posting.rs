//! Rates move no money.

use souk_journal::entry::Postings;

use super::events::FxRateEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a FxRateEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        FxRateEvent::Recorded(_) | FxRateEvent::Corrected(_) => Ok(Postings::default()),
    }
}
