//! What can be asked of a settlement.

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RunId};
use souk_journal::money::Currency;
use souk_journal::statement_lines::Claim;

use crate::calendar::Cycle;

/// Closes a cycle over a claim that the read side has summed up at the run's claim point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseCycle {
    /// The merchant.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// The cycle.
    pub cycle: Cycle,
    /// The close run.
    pub run: RunId,
    /// Items of entries up to this one are claimed.
    pub entry: u64,
    /// What is claimed.
    pub claim: Claim,
    /// Set when the account ends: the last day of its wind-down. Then everything is claimed.
    pub wind_down_to: Option<Date>,
    /// The claim's digest as text.
    pub digest: String,
    /// The number of the statement: [`statement_number`].
    pub number: String,
}

/// `S-1007-2026W10-CNY`: merchant, cycle without its first dash, currency.
pub fn statement_number(merchant: MerchantId, cycle: &Cycle, currency: Currency) -> String {
    format!("S-{merchant}-{}-{currency}", cycle.id.as_str().replacen('-', "", 1))
}
