//! Files move no money: their payouts do.

use souk_journal::entry::Postings;

use super::events::PayoutFileEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a PayoutFileEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        PayoutFileEvent::Issued(_) | PayoutFileEvent::Withdrawn(_) => Ok(Postings::default()),
    }
}
