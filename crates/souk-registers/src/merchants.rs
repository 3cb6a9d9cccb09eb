//! Merchants: what they are, when they were enrolled, and the history of their terms.

use std::collections::BTreeMap;

use souk_domain::calendar::Cycle;
use souk_domain::decider::Decider;
use souk_domain::event::LedgerEvent;
use souk_domain::merchant::decide::Merchant;
use souk_domain::merchant::events::{MerchantEvent, MerchantKind};
use souk_domain::merchant::state::{MerchantState, Terms};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_projector::{Recorded, Register};

use crate::fact::{self, Fact};
use crate::similar::similar;

/// A merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantFacts {
    /// The merchant.
    pub merchant: MerchantId,
    /// What it is, and its terms by first day.
    pub state: MerchantState,
    /// The entry that enrolled it: its first.
    pub enrolled_entry: u64,
    /// The entry that changed it last.
    pub last_entry: u64,
}

impl MerchantFacts {
    /// What the merchant is to the platform.
    pub fn kind(&self) -> Option<MerchantKind> {
        self.state.kind
    }

    /// Its terms, by first day.
    pub fn terms(&self) -> &[Terms] {
        &self.state.terms
    }
}

/// All merchants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merchants {
    facts: Vec<Fact>,
    merchants: BTreeMap<MerchantId, MerchantFacts>,
    unusable: Vec<u64>,
}

impl Merchants {
    /// No merchant is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A merchant.
    pub fn get(&self, merchant: MerchantId) -> Option<&MerchantFacts> {
        self.merchants.get(&merchant)
    }

    /// Every merchant, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &MerchantFacts> {
        self.merchants.values()
    }

    /// How many merchants there are.
    pub fn len(&self) -> usize {
        self.merchants.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.merchants.is_empty()
    }

    /// The terms in force on a date.
    pub fn terms_on(&self, merchant: MerchantId, date: Date) -> Option<&Terms> {
        self.get(merchant)?.state.terms_on(date)
    }

    /// The settlement cycle in which a date falls, cut where terms begin and end.
    pub fn cycle_of(&self, merchant: MerchantId, date: Date) -> Option<Cycle> {
        self.get(merchant)?.state.cycle_of(date)
    }

    /// Up to `limit` merchants that a mistyped id may mean.
    pub fn similar(&self, text: &str, limit: usize) -> Vec<&str> {
        similar(text, self.merchants.keys().map(MerchantId::as_str), limit)
    }

    /// Entries of terms that this edition cannot use, such as terms in a time zone it lacks.
    pub fn unusable(&self) -> &[u64] {
        &self.unusable
    }

    fn fold(&mut self, entry: u64, id: &str, event: &MerchantEvent<'_>) {
        let Ok(merchant) = MerchantId::new(id) else {
            self.unusable.push(entry);
            return;
        };
        let of = self.merchants.entry(merchant).or_insert_with(|| MerchantFacts {
            merchant,
            state: MerchantState::default(),
            enrolled_entry: entry,
            last_entry: entry,
        });
        of.last_entry = entry;
        if Merchant::evolve(&mut of.state, event).is_err() {
            self.unusable.push(entry);
        }
    }
}

impl Register for Merchants {
    fn name(&self) -> &'static str {
        "merchants"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if let LedgerEvent::Merchant(event) = recorded.event {
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
            let LedgerEvent::Merchant(event) = &event else {
                return Err(format!("entry {} is no event of a merchant", fact.entry));
            };
            loaded.fold(fact.entry, fact.id(), event);
        }
        *self = Self { facts, ..loaded };
        Ok(())
    }
}
