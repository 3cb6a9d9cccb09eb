//! The JSON of an explained order.

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::rate::Rate;
use souk_domain::tariff::events::{ChosenBy, FeeKind};
use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId, RuleId, TariffId};
use souk_journal::money::Currency;

use crate::figure::Figure;

/// Every charge of an order, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Explained {
    /// The last entry of the ledger that is reflected.
    pub entry: u64,
    /// The order.
    pub order: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Placed on this date, in the platform's zone.
    pub placed_on: Date,
    /// Its region.
    pub region: Option<String>,
    /// How it was paid: of several payments, the largest.
    pub method: Option<String>,
    /// The fees, in the order in which they were charged.
    pub fees: Vec<ExplainedFee>,
    /// The same under another tariff, where one was named.
    pub under: Option<UnderAnother>,
}

/// A fee of a merchant's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedFee {
    /// The merchant.
    pub merchant: MerchantId,
    /// What it is.
    pub fee: FeeKind,
    /// By its name.
    pub name: String,
    /// The entry that charged it.
    pub entry: u64,
    /// The tariff.
    pub tariff: TariffId,
    /// Its version.
    pub version: u32,
    /// Announced to merchants.
    pub announced_on: Date,
    /// In force from this day.
    pub effective_on: Date,
    /// Which date chose the version.
    pub chosen_by: ChosenBy,
    /// That date.
    pub chosen_on: Date,
    /// What the fee is assessed on: `line`, `unit`, `order`.
    pub scope: String,
    /// What percentages are of: `item-price`, ….
    pub base: String,
    /// Tax on the fee.
    pub tax_rate: Rate,
    /// What refunds give back, in words.
    pub on_refund: String,
    /// In whose name it is taken, in words.
    pub role: String,
    /// Its lines.
    pub lines: Vec<ExplainedLine>,
    /// Their sum, without tax.
    pub amount: Figure,
    /// The tax.
    pub tax: Figure,
    /// What refunds gave back so far, without tax.
    pub returned: Figure,
    /// Tax that came back.
    pub tax_returned: Figure,
}

/// A fee on one line, or on the merchant's whole part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedLine {
    /// The line; null where the fee is on the whole part.
    pub line: Option<LineId>,
    /// Category path of the line.
    pub category: Option<String>,
    /// The rule that held.
    pub rule: RuleId,
    /// Why that one.
    pub why: Why,
    /// The amount that percentages are of.
    pub base: Figure,
    /// The arithmetic in one sentence.
    pub words: String,
    /// The arithmetic, step by step.
    pub steps: Vec<Step>,
    /// The fee, without tax.
    pub amount: Figure,
    /// Tax on it.
    pub tax: Figure,
    /// What refunds gave back of it so far.
    pub returned: Figure,
    /// Tax that came back.
    pub tax_returned: Figure,
    /// Whether the steps give what was recorded.
    pub agrees: bool,
}

/// Why a rule held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Why {
    /// Category path of the rule; null where it holds for every category.
    pub category: Option<String>,
    /// Parts of that path: the deepest wins.
    pub depth: u32,
    /// Conditions that were met: of rules as deep, the one with most wins.
    pub conditions: Vec<Condition>,
    /// Rules that could have held and say less, the next best first.
    pub less_specific: Vec<RuleId>,
    /// In words.
    pub words: String,
}

/// A condition that was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Condition {
    /// Of what: `tier`, `business`, `region`, `method`, `fulfilment`.
    pub of: String,
    /// What the rule asks for, and the order has.
    pub is: String,
}

/// A step of the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// What is done.
    pub what: String,
    /// What it gives.
    pub result: String,
}

/// The same order under another tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnderAnother {
    /// Under what: a file, or `standard@2`.
    pub name: String,
    /// Why it refuses a merchant's part, if it does: the code and the words.
    pub refused: Vec<String>,
    /// Each fee of each line, as charged and as it would be.
    pub lines: Vec<UnderLine>,
    /// Charged in all, with tax, where nothing is refused.
    pub charged: Figure,
    /// What the other charges.
    pub simulated: Figure,
    /// simulated − charged.
    pub difference: Figure,
}

/// A fee of a line under another tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnderLine {
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// The line; null where the fee is on the whole part.
    pub line: Option<LineId>,
    /// The rule that held; null where nothing was charged.
    pub rule: Option<RuleId>,
    /// The rule that would hold; null where nothing would be charged.
    pub other_rule: Option<RuleId>,
    /// Charged, with tax.
    pub charged: Figure,
    /// What would be charged, with tax.
    pub simulated: Figure,
    /// simulated − charged.
    pub difference: Figure,
    /// The arithmetic of the other in one sentence; empty where nothing would be charged.
    pub words: String,
}
