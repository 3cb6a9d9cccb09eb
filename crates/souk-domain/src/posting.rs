//! From a recorded event to its journal entry: exactly one, balanced.
//!
//! A posting rule routes the amounts that the decision wrote into the event; it computes none. The
//! rule of an existing (type, version) never changes: new routing is a new version.

use souk_journal::dates::Micros;
use souk_journal::entry::{EntryNumber, EventRef, JournalEntry, Postings, Unbalanced};
use souk_journal::money::MoneyError;
use souk_journal::names::Names;

use crate::event::LedgerEvent;
use crate::metadata::Metadata;
use crate::{
    advertising, bankfile, book, closerun, deposit, fxposition, fxrate, ledger, membership,
    merchant, opening, order, payee, payout, payoutfile, schema, service, settlement, tariff, tax,
};

/// The fingerprint of the posting rules: derived files made under other rules are not used.
pub const RULES: u32 = 4;

/// An event that cannot be posted: a bug, never skipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// Debits and credits differ.
    #[error(transparent)]
    Unbalanced(#[from] Unbalanced),
    /// An amount does not fit its currency.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// Not 64 hexadecimal digits.
    #[error("{0:?} is not a SHA-256 digest of 64 hexadecimal digits")]
    NotADigest(String),
    /// No account of the chart.
    #[error("{0:?} is no account of the chart")]
    NotAnAccount(String),
    /// `corrects` does not name an event.
    #[error("{0:?} is not stream@revision")]
    NotAnEvent(String),
}

/// Posts a recorded event. The entry borrows from the event and the metadata.
///
/// # Errors
/// [`PostingError`]; the caller names the event and stops.
pub fn post<'a>(
    event: &'a LedgerEvent<'a>,
    metadata: &Metadata<'a>,
    entry: EntryNumber,
    source: EventRef<'a>,
    names: &mut Names,
) -> Result<JournalEntry<'a>, PostingError> {
    let id = source.stream.split_once('-').map_or(source.stream, |(_, id)| id);
    let Postings { refs, postings, control } = match event {
        LedgerEvent::Ledger(event) => ledger::posting::post(event),
        LedgerEvent::Schema(event) => schema::posting::post(event),
        LedgerEvent::Merchant(event) => merchant::posting::post(event),
        LedgerEvent::Tariff(event) => tariff::posting::post(event),
        LedgerEvent::Order(event) => order::posting::post(event, id, names),
        LedgerEvent::Settlement(event) => settlement::posting::post(event, names),
        LedgerEvent::Payout(event) => payout::posting::post(event, id, names),
        LedgerEvent::Payee(event) => payee::posting::post(event),
        LedgerEvent::PayoutFile(event) => payoutfile::posting::post(event),
        LedgerEvent::Advertising(event) => advertising::posting::post(event, names),
        LedgerEvent::Deposit(event) => deposit::posting::post(event, names),
        LedgerEvent::Membership(event) => membership::posting::post(event, id, names),
        LedgerEvent::Service(event) => service::posting::post(event, names),
        LedgerEvent::Tax(event) => tax::posting::post(event, names),
        LedgerEvent::Opening(event) => opening::posting::post(event, names),
        LedgerEvent::CloseRun(event) => closerun::posting::post(event),
        LedgerEvent::Book(event) => book::posting::post(event, names),
        LedgerEvent::BankFile(event) => bankfile::posting::post(event, names),
        LedgerEvent::FxRate(event) => fxrate::posting::post(event),
        LedgerEvent::FxPosition(event) => fxposition::posting::post(event, names),
    }?;
    Ok(JournalEntry {
        entry,
        source,
        kind: event.kind(),
        occurred_at: metadata.occurred_at,
        recorded_at: Micros(metadata.recorded_at.0),
        effective_on: metadata.effective_on,
        corrects: metadata.corrects.map(event_ref).transpose()?,
        control,
        refs,
        postings,
    })
}

fn event_ref(text: &str) -> Result<EventRef<'_>, PostingError> {
    let parts = text.rsplit_once('@').and_then(|(stream, revision)| {
        revision.parse().ok().map(|revision| EventRef { stream, revision })
    });
    parts.ok_or_else(|| PostingError::NotAnEvent(text.to_owned()))
}
