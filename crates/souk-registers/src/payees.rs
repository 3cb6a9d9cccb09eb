//! Payees of merchants: where each stands, and what was recorded of it when. No details: those are in a vault.

use std::collections::BTreeMap;

use souk_domain::decider::Decider;
use souk_domain::event::LedgerEvent;
use souk_domain::payee::decide::Payees as Decide;
use souk_domain::payee::events::PayeeEvent;
use souk_domain::payee::state::PayeeState;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

use crate::fact::Fact;

/// Something that happened to a payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeStep {
    /// The entry.
    pub entry: u64,
    /// When it happened.
    pub at: Micros,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of its payouts.
    pub currency: Currency,
    /// Which.
    pub payee: Id,
    /// What happened.
    pub step: Step,
}

/// What happened to a payee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Proposed, in the place of another one if there was one in force.
    Proposed {
        /// That one.
        follows: Option<Id>,
    },
    /// Approved; payouts go there from a day on.
    Approved {
        /// The day.
        in_force_on: Date,
        /// Days for which it cools until then.
        cooling_days: u16,
    },
    /// Withdrawn.
    Withdrawn,
}

/// All payees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payees {
    facts: Vec<(Fact, i64)>,
    states: BTreeMap<(MerchantId, &'static str), PayeeState>,
    steps: Vec<PayeeStep>,
}

impl Payees {
    /// No payee is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A merchant's payees in a currency.
    pub fn get(&self, merchant: MerchantId, currency: Currency) -> Option<&PayeeState> {
        self.states.get(&(merchant, currency.code()))
    }

    /// Every merchant and currency with payees, in order.
    pub fn iter(&self) -> impl Iterator<Item = (MerchantId, &'static str, &PayeeState)> {
        self.states.iter().map(|((merchant, currency), state)| (*merchant, *currency, state))
    }

    /// What happened to payees, in order.
    pub fn steps(&self) -> &[PayeeStep] {
        &self.steps
    }

    /// Whose payee an id is.
    pub fn owner(&self, payee: Id) -> Option<(MerchantId, Currency)> {
        let step = self.steps.iter().find(|step| step.payee == payee)?;
        Some((step.merchant, step.currency))
    }

    fn fold(&mut self, entry: u64, at: i64, id: &str, event: &PayeeEvent<'_>) {
        let Some((merchant, code)) = id.split_once('~') else { return };
        let (Ok(merchant), Ok(currency)) = (MerchantId::new(merchant), Currency::from_code(code))
        else {
            return;
        };
        let state = self.states.entry((merchant, currency.code())).or_default();
        // No amount stands in these events that could not fit.
        let _ = Decide::evolve(state, event);
        let (payee, step) = match event {
            PayeeEvent::Proposed(of) => (of.payee, Step::Proposed { follows: of.follows }),
            PayeeEvent::Approved(of) => {
                let (in_force_on, cooling_days) = (of.in_force_on, of.cooling_days);
                (of.payee, Step::Approved { in_force_on, cooling_days })
            }
            PayeeEvent::Withdrawn(of) => (of.payee, Step::Withdrawn),
        };
        self.steps.push(PayeeStep { entry, at: Micros(at), merchant, currency, payee, step });
    }
}

impl Register for Payees {
    fn name(&self) -> &'static str {
        "payees"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if let LedgerEvent::Payee(event) = recorded.event {
                let at = recorded.metadata.occurred_at.0;
                self.fold(recorded.entry, at, recorded.id(), event);
                self.facts.push((Fact::of(recorded), at));
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(&self.facts).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let facts: Vec<(Fact, i64)> =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        let mut loaded = Self::default();
        for (fact, at) in &facts {
            let event = fact.event()?;
            let LedgerEvent::Payee(event) = &event else {
                return Err(format!("entry {} is no event of a payee", fact.entry));
            };
            loaded.fold(fact.entry, *at, fact.id(), event);
        }
        *self = Self { facts, ..loaded };
        Ok(())
    }
}
