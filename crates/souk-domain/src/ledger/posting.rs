//! The ledger's own events move no money.

use souk_journal::entry::Postings;

use super::events::LedgerMainEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a LedgerMainEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        LedgerMainEvent::Created(_) => Ok(Postings::default()),
    }
}
