//! Objections to lines of statements: until when they may be answered, and what became of them.

use std::collections::BTreeMap;

use souk_domain::event::LedgerEvent;
use souk_domain::settlement::events::{
    ObjectionAnswered, ObjectionRaised, Outcome, SettlementEvent,
};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

use crate::fact::{self, Fact};

/// The answer to an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub explanation: Box<str>,
    /// Corrections that follow from it.
    pub corrections: Vec<Id>,
    /// The entry that answered it.
    pub entry: u64,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectionFacts {
    /// The objection.
    pub objection: Id,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the statement.
    pub currency: Currency,
    /// The cycle of the statement.
    pub cycle: CycleId,
    /// Number of the statement.
    pub number: Box<str>,
    /// The lines: entry, posting.
    pub lines: Vec<(u64, u16)>,
    /// Why.
    pub reason: Id,
    /// Pieces of evidence.
    pub evidence: usize,
    /// The last day on which the statement could be objected to.
    pub raise_by: Date,
    /// The last day for the answer.
    pub answer_by: Date,
    /// Zone of both days.
    pub time_zone: Box<str>,
    /// The entry that raised it.
    pub raised_entry: u64,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
}

/// A confirmed statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the statement.
    pub currency: Currency,
    /// Number of the statement.
    pub number: Box<str>,
    /// Who confirmed it.
    pub confirmed_by: Id,
    /// The entry that says so.
    pub entry: u64,
}

/// All objections and confirmations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Objections {
    facts: Vec<Fact>,
    objections: BTreeMap<(MerchantId, &'static str, Id), ObjectionFacts>,
    confirmed: BTreeMap<Box<str>, Confirmation>,
}

impl Objections {
    /// No objection is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every objection, by merchant, currency and id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &ObjectionFacts> {
        self.objections.values()
    }

    /// Every confirmation of a statement, by its number.
    pub fn confirmations(&self) -> impl ExactSizeIterator<Item = &Confirmation> {
        self.confirmed.values()
    }

    /// Folds an event; whether it is one to keep.
    fn fold(&mut self, entry: u64, event: &LedgerEvent<'_>) -> bool {
        let LedgerEvent::Settlement(event) = event else { return false };
        match event {
            SettlementEvent::ObjectionRaised(of) => self.raised(entry, of),
            SettlementEvent::ObjectionAnswered(of) => self.answered(entry, of),
            SettlementEvent::StatementConfirmed(of) => {
                let number: Box<str> = (&*of.number).into();
                let (key, merchant, currency) = (number.clone(), of.merchant, of.currency);
                let confirmed_by = of.confirmed_by;
                let confirmation = Confirmation { merchant, currency, number, confirmed_by, entry };
                self.confirmed.insert(key, confirmation);
            }
            SettlementEvent::BroughtForward(_)
            | SettlementEvent::CycleClosed(_)
            | SettlementEvent::AccountSettled(_)
            | SettlementEvent::DebtRecognised(_)
            | SettlementEvent::DebtCollected(_)
            | SettlementEvent::AllowanceSet(_)
            | SettlementEvent::DebtWrittenOff(_)
            | SettlementEvent::ObjectionTermsAgreed(_)
            | SettlementEvent::CorrectionBooked(_) => return false,
        }
        true
    }

    fn raised(&mut self, entry: u64, of: &ObjectionRaised<'_>) {
        let facts = ObjectionFacts {
            objection: of.objection,
            merchant: of.merchant,
            currency: of.currency,
            cycle: of.cycle,
            number: (&*of.number).into(),
            lines: of.lines.iter().map(|line| (line.entry, line.posting)).collect(),
            reason: of.reason,
            evidence: of.evidence.len(),
            raise_by: of.raise_by,
            answer_by: of.answer_by,
            time_zone: (&*of.time_zone).into(),
            raised_entry: entry,
            answer: None,
        };
        self.objections.insert((of.merchant, of.currency.code(), of.objection), facts);
    }

    fn answered(&mut self, entry: u64, of: &ObjectionAnswered<'_>) {
        let key = (of.merchant, of.currency.code(), of.objection);
        if let Some(known) = self.objections.get_mut(&key) {
            known.answer = Some(Answer {
                outcome: of.outcome,
                explanation: (&*of.explanation).into(),
                corrections: of.corrections.clone(),
                entry,
            });
        }
    }
}

impl Register for Objections {
    fn name(&self) -> &'static str {
        "objections"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if self.fold(recorded.entry, recorded.event) {
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
            loaded.fold(fact.entry, &fact.event()?);
        }
        *self = Self { facts, ..loaded };
        Ok(())
    }
}
