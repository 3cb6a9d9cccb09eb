//! What can happen to a merchant's settlement in one currency. Amounts in the merchant's view:
//! positive is theirs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, RunId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};

use crate::merchant::events::ReserveBase;
use crate::opening::events::SettlementBroughtForward;
use crate::rate::Rate;

/// The sum of the lines of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subtotal {
    /// The kind.
    pub kind: LineKind,
    /// Lines of it.
    pub lines: u64,
    /// Their sum.
    pub amount: Amount,
}

/// A tranche of reserve withheld by this close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// How much, > 0.
    pub amount: Amount,
    /// The share.
    pub rate: Rate,
    /// Of what.
    pub base: ReserveBase,
    /// The amount that the share is of.
    pub base_amount: Amount,
    /// Released by the first close whose cut-off is after this date.
    pub release_on: Date,
}

/// Why reserve is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseReason {
    /// Its date has come.
    Matured,
    /// It covers a negative closing.
    Recovery,
}

/// Reserve released by this close, from one tranche.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// The cycle that withheld it.
    pub cycle: CycleId,
    /// How much, > 0.
    pub amount: Amount,
    /// Why.
    pub reason: ReleaseReason,
    /// The release date of its tranche.
    pub release_on: Date,
}

/// A settlement cycle closed: the rule of the claim, its sums and its digest; never a list of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleClosed<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of every amount.
    pub currency: Currency,
    /// The cycle.
    pub cycle: CycleId,
    /// Number of the statement.
    pub number: &'a str,
    /// The close run.
    pub run: RunId,
    /// Number of the merchant's terms.
    pub terms: u32,
    /// Zone of the dates.
    pub time_zone: &'a str,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The day after the last: items due before it are claimed.
    pub cut_off: Date,
    /// Items of entries up to this one are claimed.
    pub entry: u64,
    /// Carried from the cycle before.
    pub opening: Amount,
    /// Sum of the lines.
    pub lines: Amount,
    /// Number of lines.
    pub count: u64,
    /// Of them due before the first day.
    pub late: u64,
    /// Sums per kind.
    pub subtotals: Vec<Subtotal>,
    /// Reserve withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// Reserve released.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<Released>,
    /// Withheld to fill the reserve that is kept without a date.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub fixed_reserve_withheld: Amount,
    /// Released from the reserve that is kept without a date: more than is agreed, or to cover a negative closing.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub fixed_reserve_released: Amount,
    /// Withheld to fill the deposit.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub deposit_topped_up: Amount,
    /// Released from the deposit, where it was set aside for this cycle.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub deposit_used: Amount,
    /// opening + lines − withheld + released, the reserves and the deposit alike.
    pub closing: Amount,
    /// Paid out, ≥ 0.
    pub payout: Amount,
    /// When the payout is due; absent: no day is agreed, or the calendar does not have its year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_on: Option<Date>,
    /// Carried into the next cycle: closing = payout + carried − debt recognised + debt collected.
    pub carried: Amount,
    /// What the merchant owes from now on instead of carrying it, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debt_recognised: Amount,
    /// Kept of the closing for what the merchant owes from before, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debt_collected: Amount,
    /// What of the allowance is not needed any more, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub allowance_released: Amount,
    /// SHA-256 of the lines in the form `statement-lines/v1`, 64 hexadecimal digits.
    pub digest: &'a str,
}

mod debts;
mod objections;
mod settled;

pub use debts::{DebtAllowanceSet, DebtCollected, DebtRecognised, DebtWrittenOff};
pub use objections::{
    CorrectedAgainst, CorrectionBooked, ObjectedLine, ObjectionAnswered, ObjectionRaised,
    ObjectionTermsAgreed, Outcome, StatementConfirmed,
};
pub use settled::{AccountSettled, ReleasedAtLast};

event_table! {
    /// Everything that can happen to a settlement.
    pub enum SettlementEvent<'a> {
        /// Brought forward when going live.
        BroughtForward(Box<SettlementBroughtForward<'a>>) = SettlementBroughtForward v 1,
        /// A cycle closed.
        CycleClosed(Box<CycleClosed<'a>>) = CycleClosed v 4,
        /// The account ended: everything was claimed.
        AccountSettled(Box<AccountSettled<'a>>) = AccountSettled v 2,
        /// A carried balance became a debt.
        DebtRecognised(DebtRecognised<'a>) = DebtRecognised v 1,
        /// A debt was paid.
        DebtCollected(DebtCollected<'a>) = DebtCollected v 1,
        /// What is not expected of a debt.
        AllowanceSet(DebtAllowanceSet<'a>) = DebtAllowanceSet v 1,
        /// A debt was written off.
        DebtWrittenOff(DebtWrittenOff<'a>) = DebtWrittenOff v 1,
        /// How long one may object, and answer.
        ObjectionTermsAgreed(ObjectionTermsAgreed) = ObjectionTermsAgreed v 1,
        /// A merchant objected to lines.
        ObjectionRaised(Box<ObjectionRaised<'a>>) = ObjectionRaised v 1,
        /// An objection was answered.
        ObjectionAnswered(ObjectionAnswered<'a>) = ObjectionAnswered v 1,
        /// A line was corrected.
        CorrectionBooked(Box<CorrectionBooked<'a>>) = CorrectionBooked v 1,
        /// A statement was confirmed.
        StatementConfirmed(StatementConfirmed<'a>) = StatementConfirmed v 1,
    }
}
