//! Taxes of a jurisdiction, one stream per jurisdiction and currency.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::tax::commands::TaxCommand;
use souk_domain::tax::decide::{Tax, TaxContext, TaxRefusal};
use souk_journal::ids::JurisdictionId;
use souk_journal::money::Currency;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// The stream of a command.
pub(crate) fn stream(command: &TaxCommand<'_>) -> String {
    let (jurisdiction, currency) = command.of();
    format!("{}-{jurisdiction}~{currency}", Tax::CATEGORY)
}

/// Its key in the cache; none when there is no such currency, and so no such stream.
pub(crate) fn key(command: &TaxCommand<'_>) -> Option<(JurisdictionId, Currency)> {
    let (jurisdiction, code) = command.of();
    Currency::from_code(code).ok().map(|currency| (jurisdiction, currency))
}

impl Ledger {
    pub(crate) fn stage_tax(
        &mut self,
        command: &TaxCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (jurisdiction, code) = command.of();
        let currency = Currency::from_code(code).map_err(TaxRefusal::UnknownCurrency)?;
        let today = self.identity.zone.date(request.at);
        let context = TaxContext { currency, today };
        let stream = stream(command);
        let store = Arc::clone(&self.store);
        let key = (jurisdiction, currency);
        let loaded = self.taxes.load(key, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Tax::decide(state, command, &context, request.at))
        })
    }
}
