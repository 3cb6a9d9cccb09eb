//! What a settlement remembers of objections, corrections and confirmed statements.

use std::collections::{BTreeMap, BTreeSet};

use souk_journal::ids::{CycleId, Id};
use souk_journal::money::MoneyError;

use crate::settlement::events::{
    CorrectionBooked, ObjectionAnswered, ObjectionRaised, ObjectionTermsAgreed,
};

/// Days to object, without terms.
pub const RAISE_WITHIN: u16 = 14;
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

/// A line that was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedLine {
    /// Its event, `stream@revision`.
    pub event: Box<str>,
    /// Its posting.
    pub posting: u16,
    /// What the correction changed, minor units in the merchant's view.
    pub amount: i64,
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
    /// The same by the order of the line, so that a refund of the order knows of them.
    pub of_orders: BTreeMap<Id, Vec<CorrectedLine>>,
    /// By line, what corrections have changed, minor units in the merchant's view.
    pub corrected: BTreeMap<(u64, u16), i64>,
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
        if let Some(order) = of.line.order {
            let (event, posting) = (of.line.event.as_ref().into(), of.line.posting);
            let lines = self.of_orders.entry(order).or_default();
            lines.push(CorrectedLine { event, posting, amount });
        }
        Ok(())
    }
}
