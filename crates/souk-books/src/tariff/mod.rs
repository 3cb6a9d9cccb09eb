//! Tariffs: which version holds and what it says, what differs between two, why an order was charged what it was, and what
//! another tariff would have charged.
//!
//! Amounts that were charged come from the log. What another tariff would charge is computed by the domain's own
//! decision and routed by its own posting rules, on the facts of the log.
//!
//! Reading order: `words`, [`show`], [`diff`], [`explain`], [`simulate`], [`latest_charge`]; `scan` reads the log once.

pub mod diff;
pub mod explain;
pub mod latest_charge;
mod scan;
pub mod show;
pub mod simulate;
pub mod words;

use souk_domain::tariff::commands::PublishTariff;
use souk_domain::tariff::state::TariffVersion;
use souk_journal::ids::TariffId;
use souk_journal::money::{Currency, MoneyError};

/// A version of a tariff that an order is charged under beside the one it was charged under: of the ledger, or of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it is called: a path, or `standard@2`.
    pub name: String,
    /// The tariff.
    pub tariff: TariffId,
    /// The version, ready to be assessed.
    pub version: TariffVersion,
}

impl Candidate {
    /// What a file would publish, as a version without a number.
    ///
    /// # Errors
    /// When its currency or an amount is none; a file that was checked has none such.
    pub fn of_file(name: &str, publish: &PublishTariff<'_>) -> Result<Self, MoneyError> {
        let currency = publish.currency.as_deref().map(Currency::from_code).transpose()?;
        let event = souk_domain::tariff::events::TariffPublished {
            version: 0,
            announced_on: publish.announced_on,
            effective_on: publish.effective_on,
            chosen_by: publish.chosen_by,
            currency,
            source: publish.source.clone(),
            fees: publish.fees.clone(),
        };
        let mut version = TariffVersion::of(&event)?;
        version.freight.clone_from(&publish.freight);
        Ok(Self { name: name.to_owned(), tariff: publish.tariff, version })
    }
}
