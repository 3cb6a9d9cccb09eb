//! Payees move no money.

use souk_journal::entry::Postings;

use super::events::PayeeEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a PayeeEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        PayeeEvent::Proposed(_) | PayeeEvent::Approved(_) | PayeeEvent::Withdrawn(_) => {
            Ok(Postings::default())
        }
    }
}
