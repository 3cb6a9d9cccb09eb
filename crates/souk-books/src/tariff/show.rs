//! `tariff-show`: a version of a tariff, and from when to when it holds.

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::tariff::events::{ChosenBy, Fee};
use souk_domain::tariff::freight::FreightTable;
use souk_journal::dates::Date;
use souk_journal::ids::TariffId;
use souk_journal::money::Currency;
use souk_registers::tariffs::TariffFacts;

use super::Candidate;
use crate::books::Books;
use crate::error::BooksError;

/// A version of a tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TariffShown {
    /// The tariff.
    pub tariff: TariffId,
    /// The version, from 1.
    pub version: u32,
    /// Announced to merchants.
    pub announced_on: Date,
    /// In force from this day.
    pub effective_on: Date,
    /// The last day before the next version; null where there is none.
    pub until: Option<Date>,
    /// Which date of an order chooses it.
    pub chosen_by: ChosenBy,
    /// Currency of its amounts.
    pub currency: Option<Currency>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// The entry that published it.
    pub entry: u64,
    /// How many versions the tariff has.
    pub versions: u32,
    /// Fees with their rules, as published.
    pub fees: Vec<Fee>,
    /// Freight tables, as published.
    pub freight: Vec<FreightTable>,
}

/// Which version is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// By its number.
    Version(u32),
    /// The one in force on a day.
    On(Date),
}

impl Books {
    /// A version of a tariff.
    ///
    /// # Errors
    /// `UnknownTariff` or `UnknownTariffVersion`.
    pub fn tariff(&self, name: &str, which: Which) -> Result<TariffShown, BooksError> {
        let facts = self.tariff_facts(name)?;
        let versions = &facts.state.versions;
        let wanted = match which {
            Which::Version(number) => versions.iter().position(|of| of.version == number),
            Which::On(date) => versions.iter().rposition(|of| of.effective_on <= date),
        };
        let unknown = || BooksError::UnknownTariffVersion {
            tariff: facts.tariff,
            asked: match which {
                Which::Version(number) => format!("version {number}"),
                Which::On(date) => format!("version in force on {date}"),
            },
            known: versions.iter().map(|of| (of.version, of.effective_on)).collect(),
        };
        let place = wanted.ok_or_else(unknown)?;
        let version = &versions[place];
        let published = facts.published.iter().find(|of| of.version == version.version);
        Ok(TariffShown {
            tariff: facts.tariff,
            version: version.version,
            announced_on: version.announced_on,
            effective_on: version.effective_on,
            until: versions.get(place + 1).map(|next| next.effective_on.plus_days(-1)),
            chosen_by: version.chosen_by,
            currency: version.currency,
            source: published.and_then(|of| of.source.as_deref()).map(str::to_owned),
            entry: published.map_or(0, |of| of.entry),
            versions: versions.len() as u32,
            fees: version.fees.clone(),
            freight: version.freight.clone(),
        })
    }

    /// A version of the ledger to charge under or to compare: `standard@2`.
    ///
    /// # Errors
    /// `UnknownTariff` or `UnknownTariffVersion`.
    pub fn candidate(&self, name: &str, number: u32) -> Result<Candidate, BooksError> {
        let shown = self.tariff(name, Which::Version(number))?;
        let version = self.tariff_facts(name)?.version(number).cloned();
        let version = version.ok_or_else(|| BooksError::UnknownTariffVersion {
            tariff: shown.tariff,
            asked: format!("version {number}"),
            known: Vec::new(),
        })?;
        Ok(Candidate { name: format!("{name}@{number}"), tariff: shown.tariff, version })
    }

    pub(super) fn tariff_facts(&self, name: &str) -> Result<&TariffFacts, BooksError> {
        let tariffs = &self.models().tariffs;
        let found = TariffId::new(name).ok().and_then(|id| tariffs.get(id));
        found.filter(|of| !of.state.versions.is_empty()).ok_or_else(|| BooksError::UnknownTariff {
            tariff: name.to_owned(),
            nearest: tariffs.similar(name, 1).first().map(|name| (*name).to_owned()),
        })
    }
}
