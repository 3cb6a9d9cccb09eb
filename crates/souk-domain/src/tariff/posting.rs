//! Tariffs move no money.

use souk_journal::entry::Postings;

use super::events::TariffEvent;
use crate::posting::PostingError;

/// Memo entries.
pub(crate) fn post<'a>(event: &'a TariffEvent<'a>) -> Result<Postings<'a>, PostingError> {
    match event {
        TariffEvent::Published(_)
        | TariffEvent::PartPublished(_)
        | TariffEvent::FreightTablePublished(_) => Ok(Postings::default()),
    }
}
