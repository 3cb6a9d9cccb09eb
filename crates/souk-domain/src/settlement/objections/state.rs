//! What a settlement remembers of objections, corrections and confirmed statements.

use std::collections::{BTreeMap, BTreeSet};

use souk_journal::account::{Account, Section};
use souk_journal::ids::{CycleId, Id};
use souk_journal::money::MoneyError;

use crate::settlement::events::{
    CorrectionBooked, ObjectionAnswered, ObjectionRaised, ObjectionTermsAgreed,
};

/// Days to object, without terms.
pub const RAISE_WITHIN: u16 = 14;
/// What the names of settlements' streams begin with: a line of one is of this settlement.
const OWN: &str = "settlement-";
/// Days to answer, without terms.
pub const ANSWER_WITHIN: u16 = 7;

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The cycle of its statement.
    pub cycle: CycleId,
    /// Its lines: entry and posting.
    pub lines: Vec<(u64, u16)>,
    /// Whether it is answered.
    pub answered: bool,
}

/// What was charged under a line: the line itself, or of a correction the line that the first of its corrections was of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Entry and posting.
    pub at: (u64, u16),
    /// Minor units in the merchant's view.
    pub amount: i64,
    /// Its event, `stream@revision`.
    pub event: Box<str>,
}

/// A line that was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedLine {
    /// The event of what was charged, `stream@revision`.
    pub event: Box<str>,
    /// Its posting.
    pub posting: u16,
    /// What the correction changed, minor units in the merchant's view.
    pub amount: i64,
    /// Of it, what revenue gave.
    pub revenue: i64,
    /// Of it, what the output tax gave.
    pub output_vat: i64,
}

/// Objections of a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Objections {
    /// Days to raise and to answer one, where they are agreed.
    pub terms: Option<(u16, u16)>,
    /// By id.
    pub raised: BTreeMap<Id, Objection>,
    /// Statements that were confirmed.
    pub confirmed: BTreeSet<CycleId>,
    /// Corrections.
    pub corrections: BTreeSet<Id>,
    /// The same by the stream of what was charged, so that who gives it back knows of them.
    pub of_streams: BTreeMap<Box<str>, Vec<CorrectedLine>>,
    /// By line, what corrections of it have changed, minor units in the merchant's view.
    pub corrected: BTreeMap<(u64, u16), i64>,
    /// By what was charged, what corrections of it and of each other have changed.
    pub changed: BTreeMap<(u64, u16), i64>,
    /// What was charged under the corrections, by the revisions of their events.
    roots: BTreeMap<u64, Root>,
    /// The revision of the next event of the settlement.
    next: u64,
}

impl Objections {
    /// Days to raise and to answer one.
    pub fn days(&self) -> (u16, u16) {
        self.terms.unwrap_or((RAISE_WITHIN, ANSWER_WITHIN))
    }

    pub(in crate::settlement) fn agreed(&mut self, of: &ObjectionTermsAgreed) {
        self.terms = Some((of.raise_within_days, of.answer_within_days));
    }

    pub(in crate::settlement) fn raised(&mut self, of: &ObjectionRaised<'_>) {
        let lines = of.lines.iter().map(|line| (line.entry, line.posting)).collect();
        self.raised.insert(of.objection, Objection { cycle: of.cycle, lines, answered: false });
    }

    pub(in crate::settlement) fn answered(&mut self, of: &ObjectionAnswered<'_>) {
        if let Some(known) = self.raised.get_mut(&of.objection) {
            known.answered = true;
        }
    }

    pub(in crate::settlement) fn corrected(
        &mut self,
        of: &CorrectionBooked<'_>,
    ) -> Result<(), MoneyError> {
        self.corrections.insert(of.correction);
        let line = (of.line.entry, of.line.posting);
        let amount = of.amount.minor(of.currency)?;
        *self.corrected.entry(line).or_default() += amount;
        let charged = of.line.amount.minor(of.currency)?;
        let root = self.root(&of.line.event, line, charged);
        *self.changed.entry(root.at).or_default() += amount;
        if let Some((stream, _)) = root.event.rsplit_once('@') {
            let (event, posting) = (root.event.clone(), root.at.1);
            let (mut revenue, mut output_vat) = (0, 0);
            for against in &of.against {
                let amount = against.amount.minor(of.currency)?;
                let account = Account::CHART.iter().find(|of| of.name() == against.account);
                if account == Some(&Account::OutputVat) {
                    output_vat += amount;
                } else if account.is_some_and(|of| of.section() == Section::Revenue) {
                    revenue += amount;
                }
            }
            let lines = self.of_streams.entry(stream.into()).or_default();
            lines.push(CorrectedLine { event, posting, amount, revenue, output_vat });
        }
        self.roots.insert(self.next, root);
        Ok(())
    }

    /// What was charged under a line of an event, which may be one of the corrections.
    pub fn root(&self, event: &str, at: (u64, u16), amount: i64) -> Root {
        let correction = event.rsplit_once('@').filter(|(stream, _)| stream.starts_with(OWN));
        let revision = correction.and_then(|(_, revision)| revision.parse().ok());
        let known = revision.and_then(|revision: u64| self.roots.get(&revision)).cloned();
        known.unwrap_or_else(|| Root { at, amount, event: event.into() })
    }

    /// An event of the settlement was folded, of whatever kind.
    pub(in crate::settlement) fn turn(&mut self) {
        self.next += 1;
    }
}
