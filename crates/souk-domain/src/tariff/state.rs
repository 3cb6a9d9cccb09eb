//! What a tariff's stream remembers: its versions by first day.

use souk_journal::dates::Date;
use souk_journal::money::{Currency, MoneyError};

use super::assess::CompiledFee;
use super::events::{ChosenBy, Fee, TariffPartPublished, TariffPublished};
use super::freight::FreightTable;
use super::parts::joined;

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TariffVersion {
    /// Number, from 1.
    pub version: u32,
    /// Announced.
    pub announced_on: Date,
    /// In force from.
    pub effective_on: Date,
    /// Which date chooses it.
    pub chosen_by: ChosenBy,
    /// Currency of its amounts.
    pub currency: Option<Currency>,
    /// The fees.
    pub fees: Vec<Fee>,
    /// The fees, ready to be assessed, in the same order.
    pub compiled: Vec<CompiledFee>,
    /// Freight by zone and weight.
    pub freight: Vec<FreightTable>,
}

impl TariffVersion {
    /// A version as published, without the freight tables before it.
    ///
    /// # Errors
    /// When an amount does not fit the currency.
    pub fn of(event: &TariffPublished<'_>) -> Result<Self, MoneyError> {
        let compiled = event.fees.iter().map(|fee| CompiledFee::of(fee, event.currency));
        Ok(Self {
            version: event.version,
            announced_on: event.announced_on,
            effective_on: event.effective_on,
            chosen_by: event.chosen_by,
            currency: event.currency,
            compiled: compiled.collect::<Result<_, _>>()?,
            fees: event.fees.clone(),
            freight: Vec::new(),
        })
    }
}

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TariffState {
    /// Versions, by first day.
    pub versions: Vec<TariffVersion>,
    /// Fees of the parts of a version that is not complete: it is in force once the version itself follows.
    pub parts: Vec<Fee>,
    /// Freight tables of that version.
    pub tables: Vec<FreightTable>,
}

impl TariffState {
    /// Takes a part of the version that follows.
    pub(super) fn part(&mut self, of: &TariffPartPublished) {
        if of.part == 1 {
            self.parts.clear();
        }
        joined(&mut self.parts, &of.fees);
    }

    /// Takes a version, with the parts before it.
    pub(super) fn publish(&mut self, of: &TariffPublished<'_>) -> Result<(), MoneyError> {
        let mut fees = std::mem::take(&mut self.parts);
        let mut version = if fees.is_empty() {
            TariffVersion::of(of)?
        } else {
            joined(&mut fees, &of.fees);
            TariffVersion::of(&TariffPublished { fees, ..of.clone() })?
        };
        version.freight = std::mem::take(&mut self.tables);
        self.versions.push(version);
        Ok(())
    }

    /// The version in force for an order. Each version says which date counts; the latest version
    /// whose date has come wins.
    pub fn version_for(&self, ordered_on: Date, completed_on: Date) -> Option<&TariffVersion> {
        self.versions.iter().rev().find(|version| {
            let date = match version.chosen_by {
                ChosenBy::OrderDate => ordered_on,
                ChosenBy::CompletionDate => completed_on,
            };
            version.effective_on <= date
        })
    }
}
