//! Books move no money; a closed month is a control that revenue reads.

use souk_journal::entry::{Control, Postings};

use super::events::BookEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a BookEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        BookEvent::Opened(_) => Ok(Postings::default()),
        BookEvent::MonthClosed(of) => Ok(Postings {
            control: Control::MonthClosed { month: of.month, entry_limit: of.entry },
            ..Postings::default()
        }),
    }
}
