//! Schemas move no money.

use souk_journal::entry::Postings;

use super::events::SchemaEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a SchemaEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        SchemaEvent::Registered(_) => Ok(Postings::default()),
    }
}
