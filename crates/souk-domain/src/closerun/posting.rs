//! Close runs move no money; the cycles they close do.

use souk_journal::entry::Postings;

use super::events::CloseRunEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a CloseRunEvent) -> Result<Postings<'a>, PostingError> {
    match event {
        CloseRunEvent::Started(_) | CloseRunEvent::Finished(_) => Ok(Postings::default()),
    }
}
