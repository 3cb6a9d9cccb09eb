//! Tariffs: their versions, when they were announced and hold, and their fees.

use std::collections::BTreeMap;

use souk_domain::decider::Decider;
use souk_domain::event::LedgerEvent;
use souk_domain::tariff::decide::Tariff;
use souk_domain::tariff::events::TariffEvent;
use souk_domain::tariff::state::{TariffState, TariffVersion};
use souk_journal::dates::Date;
use souk_journal::ids::TariffId;
use souk_projector::{Recorded, Register};

use crate::fact::{self, Fact};
use crate::similar::similar;

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TariffFacts {
    /// The tariff.
    pub tariff: TariffId,
    /// Its versions by first day, with their fees.
    pub state: TariffState,
    /// Where each version comes from, in the order of the versions.
    pub published: Vec<Published>,
}

/// The publication of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Number of the version, from 1.
    pub version: u32,
    /// The entry that published it.
    pub entry: u64,
    /// Where the figures come from.
    pub source: Option<Box<str>>,
}

impl TariffFacts {
    /// A version by its number.
    pub fn version(&self, version: u32) -> Option<&TariffVersion> {
        self.state.versions.iter().find(|of| of.version == version)
    }

    /// The version in force for an order; see [`TariffState::version_for`].
    pub fn version_for(&self, ordered_on: Date, completed_on: Date) -> Option<&TariffVersion> {
        self.state.version_for(ordered_on, completed_on)
    }
}

/// All tariffs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tariffs {
    facts: Vec<Fact>,
    tariffs: BTreeMap<TariffId, TariffFacts>,
    unusable: Vec<u64>,
}

impl Tariffs {
    /// No tariff is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tariff.
    pub fn get(&self, tariff: TariffId) -> Option<&TariffFacts> {
        self.tariffs.get(&tariff)
    }

    /// Every tariff, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &TariffFacts> {
        self.tariffs.values()
    }

    /// How many tariffs there are.
    pub fn len(&self) -> usize {
        self.tariffs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tariffs.is_empty()
    }

    /// Up to `limit` tariffs that a mistyped name may mean.
    pub fn similar(&self, text: &str, limit: usize) -> Vec<&str> {
        similar(text, self.tariffs.keys().map(TariffId::as_str), limit)
    }

    /// Entries of versions that this edition cannot use.
    pub fn unusable(&self) -> &[u64] {
        &self.unusable
    }

    fn fold(&mut self, entry: u64, id: &str, event: &TariffEvent<'_>) {
        let Ok(tariff) = TariffId::new(id) else {
            self.unusable.push(entry);
            return;
        };
        let of = self.tariffs.entry(tariff).or_insert_with(|| TariffFacts {
            tariff,
            state: TariffState::default(),
            published: Vec::new(),
        });
        if Tariff::evolve(&mut of.state, event).is_err() {
            self.unusable.push(entry);
            return;
        }
        match event {
            TariffEvent::Published(event) => of.published.push(Published {
                version: event.version,
                entry,
                source: event.source.as_deref().map(Into::into),
            }),
            // The version itself follows and is where it comes from.
            TariffEvent::PartPublished(_) | TariffEvent::FreightTablePublished(_) => {}
        }
    }
}

impl Register for Tariffs {
    fn name(&self) -> &'static str {
        "tariffs"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if let LedgerEvent::Tariff(event) = recorded.event {
                self.fold(recorded.entry, recorded.id(), event);
                self.facts.push(Fact::of(recorded));
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        fact::save(&self.facts)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let facts = fact::load(bytes)?;
        let mut loaded = Self::default();
        for fact in &facts {
            let event = fact.event()?;
            let LedgerEvent::Tariff(event) = &event else {
                return Err(format!("entry {} is no event of a tariff", fact.entry));
            };
            loaded.fold(fact.entry, fact.id(), event);
        }
        *self = Self { facts, ..loaded };
        Ok(())
    }
}
