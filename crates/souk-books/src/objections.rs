//! Objections to lines of statements, with their deadlines and what became of them.

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::Currency;

use crate::books::Books;
use souk_registers::objections::ObjectionFacts;

/// Where an objection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionStanding {
    /// To be answered.
    Open,
    /// To be answered, and its last day is past.
    Overdue,
    /// The merchant was right.
    Upheld,
    /// In part.
    Partly,
    /// The lines stand.
    Rejected,
}

impl ObjectionStanding {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Upheld => "upheld",
            Self::Partly => "partly",
            Self::Rejected => "rejected",
        }
    }

    /// Whether it is to be answered.
    pub fn is_open(self) -> bool {
        match self {
            Self::Open | Self::Overdue => true,
            Self::Upheld | Self::Partly | Self::Rejected => false,
        }
    }
}

/// A line that is objected to, as its statement names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineObjectedTo {
    /// Its entry.
    pub entry: u64,
    /// Its posting.
    pub posting: u16,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectionRow {
    /// The objection.
    pub objection: Id,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the statement.
    pub currency: Currency,
    /// The cycle of the statement.
    pub cycle: CycleId,
    /// Number of the statement.
    pub statement: String,
    /// The lines.
    pub lines: Vec<LineObjectedTo>,
    /// Why: a code of the platform's own.
    pub reason: Id,
    /// Pieces of evidence.
    pub evidence: u64,
    /// Where it stands.
    pub standing: ObjectionStanding,
    /// The last day for the answer.
    pub answer_by: Date,
    /// Zone of that day.
    pub time_zone: String,
    /// The entry that raised it.
    pub raised_entry: u64,
    /// The entry that answered it.
    pub answered_entry: Option<u64>,
    /// The answer in a few words.
    pub explanation: Option<String>,
    /// Corrections that follow from it.
    pub corrections: Vec<Id>,
}

/// A statement that its merchant confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConfirmedStatement {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the statement.
    pub currency: Currency,
    /// Its number.
    pub statement: String,
    /// Who confirmed it.
    pub confirmed_by: Id,
    /// The entry that says so.
    pub entry: u64,
}

/// Objections at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectionsReport {
    /// The last entry it reflects.
    pub entry: u64,
    /// By the last day for the answer, then merchant, currency and objection.
    pub rows: Vec<ObjectionRow>,
    /// Statements that their merchants confirmed, by number.
    pub confirmed: Vec<ConfirmedStatement>,
}

impl Books {
    /// Objections of one merchant or of all. `today` says the date in a zone: what is not answered after its last day
    /// there is overdue.
    pub fn objections(
        &self,
        merchant: Option<MerchantId>,
        today: &dyn Fn(&str) -> Date,
    ) -> ObjectionsReport {
        let all = self.models().objections.iter();
        let wanted = all.filter(|of| merchant.is_none_or(|merchant| of.merchant == merchant));
        let mut rows: Vec<ObjectionRow> =
            wanted.map(|of| row(of, today(&of.time_zone) > of.answer_by)).collect();
        rows.sort_by_key(|of| of.answer_by);
        let all = self.models().objections.confirmations();
        let wanted = all.filter(|of| merchant.is_none_or(|merchant| of.merchant == merchant));
        let confirmed = wanted.map(|of| ConfirmedStatement {
            merchant: of.merchant,
            currency: of.currency,
            statement: of.number.to_string(),
            confirmed_by: of.confirmed_by,
            entry: of.entry,
        });
        ObjectionsReport { entry: self.entry(), rows, confirmed: confirmed.collect() }
    }
}

fn row(of: &ObjectionFacts, past: bool) -> ObjectionRow {
    use souk_domain::settlement::events::Outcome;
    let standing = match of.answer.as_ref().map(|answer| answer.outcome) {
        None if past => ObjectionStanding::Overdue,
        None => ObjectionStanding::Open,
        Some(Outcome::Upheld) => ObjectionStanding::Upheld,
        Some(Outcome::Partly) => ObjectionStanding::Partly,
        Some(Outcome::Rejected) => ObjectionStanding::Rejected,
    };
    let lines =
        of.lines.iter().map(|(entry, posting)| LineObjectedTo { entry: *entry, posting: *posting });
    ObjectionRow {
        objection: of.objection,
        merchant: of.merchant,
        currency: of.currency,
        cycle: of.cycle,
        statement: of.number.to_string(),
        lines: lines.collect(),
        reason: of.reason,
        evidence: of.evidence as u64,
        standing,
        answer_by: of.answer_by,
        time_zone: of.time_zone.to_string(),
        raised_entry: of.raised_entry,
        answered_entry: of.answer.as_ref().map(|answer| answer.entry),
        explanation: of.answer.as_ref().map(|answer| answer.explanation.to_string()),
        corrections: of.answer.as_ref().map(|of| of.corrections.clone()).unwrap_or_default(),
    }
}
