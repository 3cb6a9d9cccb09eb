//! The final settlement of an account that ends: everything is claimed, nothing is kept back and nothing is carried.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, RunId};
use souk_journal::money::{Amount, Currency};

use super::Subtotal;

/// A tranche of reserve released because the account ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasedAtLast {
    /// The cycle that withheld it.
    pub cycle: CycleId,
    /// All that was left of it, > 0.
    pub amount: Amount,
    /// When it would have been released.
    pub release_on: Date,
}

/// An account was settled for the last time: every open item is claimed whenever it is due, the whole reserve is
/// released, no least payout holds. What is below zero then is a debt.
///
/// opening + lines + released = closing = payout + debt collected − debt recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountSettled<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of every amount.
    pub currency: Currency,
    /// The cycle in which the wind-down ended, or a later one for what came late.
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
    /// The day after the last.
    pub cut_off: Date,
    /// Last day of the wind-down.
    pub wind_down_to: Date,
    /// Items of entries up to this one are claimed, whenever they are due.
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
    /// All the reserve there was, by tranche.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<ReleasedAtLast>,
    /// The reserve that was kept without a date.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub fixed_reserve_released: Amount,
    /// opening + lines + released.
    pub closing: Amount,
    /// Kept for a debt that the merchant has, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debt_collected: Amount,
    /// Allowance that is not needed any more, because less is owed.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub allowance_released: Amount,
    /// Paid out, ≥ 0.
    pub payout: Amount,
    /// When the payout is due; absent: no day is agreed, or the calendar does not have its year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_on: Option<Date>,
    /// What the merchant owes from now on, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debt_recognised: Amount,
    /// SHA-256 of the lines in the form `statement-lines/v1`, 64 hexadecimal digits.
    pub digest: &'a str,
}
