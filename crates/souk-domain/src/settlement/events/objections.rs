//! What a merchant says against lines of a statement, what becomes of it, and corrections of lines.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};

/// How long a merchant may object to a statement, and how long the platform may take to answer, from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionTermsAgreed {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the statements.
    pub currency: Currency,
    /// Days after that of the close on which an objection may be raised.
    pub raise_within_days: u16,
    /// Days after that of the objection on which it may be answered.
    pub answer_within_days: u16,
}

/// A line of a statement, as it is: the item that it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectedLine<'a> {
    /// The entry of the line.
    pub entry: u64,
    /// The posting in the entry.
    pub posting: u16,
    /// What it is for.
    pub kind: LineKind,
    /// How much; positive is the merchant's.
    pub amount: Amount,
    /// Its event, `stream@revision`.
    #[serde(borrow)]
    pub event: Cow<'a, str>,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Id>,
}

/// A merchant objected to lines of a statement. The payout goes ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionRaised<'a> {
    /// The objection, unique in the settlement.
    pub objection: Id,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The cycle of the statement.
    pub cycle: CycleId,
    /// Number of the statement.
    #[serde(borrow)]
    pub number: Cow<'a, str>,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<ObjectedLine<'a>>,
    /// Why: a code of the platform's own, such as `wrong-rate`.
    pub reason: Id,
    /// What the merchant wrote, which lies outside the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Id>,
    /// SHA-256 of what it brought as evidence, 64 hexadecimal digits each.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Cow<'a, str>>,
    /// The last day on which the statement could be objected to.
    pub raise_by: Date,
    /// The last day for the answer.
    pub answer_by: Date,
    /// Zone of both days.
    #[serde(borrow)]
    pub time_zone: Cow<'a, str>,
}

/// What became of an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The merchant is right.
    Upheld,
    /// In part.
    Partly,
    /// The lines stand.
    Rejected,
}

impl Outcome {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Partly => "partly",
            Self::Rejected => "rejected",
        }
    }
}

/// An objection was answered; corrections stand before it in the same append.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionAnswered<'a> {
    /// The objection.
    pub objection: Id,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in a few words.
    #[serde(borrow)]
    pub explanation: Cow<'a, str>,
    /// A longer answer, which lies outside the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Id>,
    /// The corrections that follow from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Id>,
}

/// An account beside the merchant's that a correction is booked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedAgainst<'a> {
    /// The account, by its name in the chart: of revenue, other income or expense, or `OutputVat`.
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    /// What it gives to the merchant; below zero, what it gets.
    pub amount: Amount,
}

/// A line of a statement was corrected: a line of the next one, which names the event of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBooked<'a> {
    /// The correction, unique in the settlement.
    pub correction: Id,
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// What the merchant gets; below zero, what is taken.
    pub amount: Amount,
    /// The line.
    #[serde(borrow)]
    pub line: ObjectedLine<'a>,
    /// The objection that led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Id>,
    /// Where the amount comes from.
    #[serde(borrow)]
    pub against: Vec<CorrectedAgainst<'a>>,
    /// When it falls due.
    pub due_on: Date,
    /// Who approved it: two persons at least.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A merchant confirmed that a statement is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementConfirmed<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The cycle.
    pub cycle: CycleId,
    /// Number of the statement.
    #[serde(borrow)]
    pub number: Cow<'a, str>,
    /// Who, as an opaque id.
    pub confirmed_by: Id,
}
