//! What can be asked of a settlement.

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RunId};
use souk_journal::money::Currency;
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::{Claim, Head};

use crate::calendar::Cycle;

impl CloseCycle {
    /// Which items a close claims: all of them when the account ends.
    pub fn claims(wind_down_to: Option<Date>) -> Claims {
        if wind_down_to.is_some() { Claims::Everything } else { Claims::Due }
    }

    /// The head of its claim.
    pub fn head(&self) -> Head {
        let account = (self.merchant, self.currency);
        close_head(account, &self.cycle, self.entry, Self::claims(self.wind_down_to))
    }
}

/// The head of a close's claim.
pub fn close_head(
    (merchant, currency): (MerchantId, Currency),
    cycle: &Cycle,
    entry_limit: u64,
    claims: Claims,
) -> Head {
    let (from, cut_off, cycle) = (cycle.from, cycle.cut_off(), cycle.id);
    Head { merchant, currency, cycle, from, cut_off, entry_limit, claims }
}

/// A deposit when a cycle closes, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DepositAtClose {
    /// What is in it, less what was set aside for this close.
    pub held: i64,
    /// Set aside for this close, which uses all of it.
    pub set_aside: i64,
}

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
    /// The deposit, as its own stream and the closes before left it.
    pub deposit: DepositAtClose,
    /// The claim's digest as text.
    pub digest: String,
    /// The number of the statement: [`statement_number`].
    pub number: String,
}

/// `S-1007-2026W10-CNY`: merchant, cycle without its first dash, currency; a cycle named by two dates keeps its dashes:
/// `S-1007-2026-03-11--2026-03-20-CNY`.
pub fn statement_number(merchant: MerchantId, cycle: &Cycle, currency: Currency) -> String {
    let name = cycle.id.as_str();
    let name = if name.contains("--") { name.to_owned() } else { name.replacen('-', "", 1) };
    format!("S-{merchant}-{name}-{currency}")
}
