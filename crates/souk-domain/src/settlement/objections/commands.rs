//! What can be asked about lines of a statement.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::Amount;

use crate::settlement::events::{CorrectedAgainst, Outcome};

/// Agrees how long a merchant may object, and the platform take to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeObjectionTerms<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Days after that of the close, 1 to 366.
    pub raise_within_days: u16,
    /// Days after that of the objection, 1 to 366.
    pub answer_within_days: u16,
}

/// A line as a statement names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineAt {
    /// Its entry.
    pub entry: u64,
    /// Its posting.
    pub posting: u16,
}

/// Objects to lines of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseObjection<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The cycle of the statement.
    pub cycle: CycleId,
    /// The objection, unique in the settlement.
    pub objection: Id,
    /// The lines, as the statement names them: 1 to 250.
    pub lines: Vec<LineAt>,
    /// Why: a code of the platform's own, such as `wrong-rate`.
    pub reason: Id,
    /// What the merchant wrote, which lies outside the log.
    #[serde(default)]
    pub text: Option<Id>,
    /// SHA-256 of what it brings as evidence, 64 hexadecimal digits each.
    #[serde(borrow, default)]
    pub evidence: Vec<Cow<'a, str>>,
}

/// A correction of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct<'a> {
    /// The correction, unique in the settlement.
    pub correction: Id,
    /// The line.
    pub line: LineAt,
    /// What the merchant gets; below zero, what is taken. At most it takes back what is left of the line.
    pub amount: Amount,
    /// Where it comes from; the amounts sum to that of the correction.
    #[serde(borrow)]
    pub against: Vec<CorrectedAgainst<'a>>,
    /// When it falls due: today or later.
    pub due_on: Date,
}

/// Answers an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerObjection<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The objection.
    pub objection: Id,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why, in a few words.
    #[serde(borrow)]
    pub explanation: Cow<'a, str>,
    /// A longer answer, which lies outside the log.
    #[serde(default)]
    pub text: Option<Id>,
    /// Corrections of its lines; none when it is rejected.
    #[serde(borrow, default)]
    pub corrections: Vec<Correct<'a>>,
    /// Who approved the corrections: two persons at least.
    #[serde(borrow, default)]
    pub approved_by: Vec<Cow<'a, str>>,
}

/// Corrects a line that nobody has objected to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookCorrection<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// What is corrected.
    #[serde(borrow)]
    pub correct: Correct<'a>,
    /// Two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Records that a merchant confirmed a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmStatement<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The cycle.
    pub cycle: CycleId,
    /// Who, as an opaque id.
    pub confirmed_by: Id,
}

/// A command about lines of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectionCommand<'a> {
    /// Agree terms.
    AgreeTerms(AgreeObjectionTerms<'a>),
    /// Raise.
    Raise(RaiseObjection<'a>),
    /// Answer.
    Answer(AnswerObjection<'a>),
    /// Correct.
    Correct(BookCorrection<'a>),
    /// Confirm.
    Confirm(ConfirmStatement<'a>),
}

impl ObjectionCommand<'_> {
    /// Whose statements, and the code of their currency.
    pub fn of(&self) -> (MerchantId, &str) {
        match self {
            Self::AgreeTerms(of) => (of.merchant, &of.currency),
            Self::Raise(of) => (of.merchant, &of.currency),
            Self::Answer(of) => (of.merchant, &of.currency),
            Self::Correct(of) => (of.merchant, &of.currency),
            Self::Confirm(of) => (of.merchant, &of.currency),
        }
    }

    /// The lines that it names.
    pub fn lines(&self) -> Vec<LineAt> {
        match self {
            Self::Raise(of) => of.lines.clone(),
            Self::Answer(of) => of.corrections.iter().map(|of| of.line).collect(),
            Self::Correct(of) => vec![of.correct.line],
            Self::AgreeTerms(_) | Self::Confirm(_) => Vec::new(),
        }
    }

    /// The cycle whose close the decision asks for.
    pub fn cycle(&self) -> Option<CycleId> {
        match self {
            Self::Raise(of) => Some(of.cycle),
            Self::AgreeTerms(_) | Self::Answer(_) | Self::Correct(_) | Self::Confirm(_) => None,
        }
    }
}
