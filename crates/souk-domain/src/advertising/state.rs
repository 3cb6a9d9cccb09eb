//! What a merchant's advertising remembers: wallet, credit, and what must not happen twice.

use std::collections::{BTreeMap, BTreeSet};

use souk_journal::dates::Date;
use souk_journal::ids::{Id, RefundId};

use super::events::{Overdraft, PricingModel};
use super::share::Pool;
use crate::rate::Rate;
use crate::settled_from::Source;

/// A merchant's advertising in one currency; minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdvertisingState {
    /// The terms.
    pub overdraft: Overdraft,
    /// Free credit that is left, by its last day; [`Date::MAX`] where it has none.
    pub credit: BTreeMap<Date, i64>,
    /// Wallet and bonus.
    pub pool: Pool,
    /// Gross amounts paid with money so far, by rate of the tax inside.
    pub taxed: BTreeMap<Rate, i128>,
    /// Payments and transfers that topped up.
    pub top_ups: BTreeSet<(Source, Box<str>)>,
    /// Credit granted.
    pub grants: BTreeSet<Id>,
    /// What is billed.
    pub billed: BTreeSet<(Id, Date, Date, PricingModel)>,
    /// Refunds, and whether they are paid.
    pub refunds: BTreeMap<RefundId, (i64, bool)>,
}

impl AdvertisingState {
    /// Money in the wallet; never below zero.
    pub fn wallet(&self) -> i64 {
        self.pool.rest().0
    }

    /// Bonus that is left.
    pub fn bonus(&self) -> i64 {
        self.pool.rest().1
    }

    /// Free credit that is left, expired or not.
    pub fn free(&self) -> i64 {
        self.credit.values().sum()
    }

    /// What is left of the free credit whose last day is this one or an earlier one.
    pub fn expiring(&self, through: Date) -> i64 {
        self.credit.range(..=through).map(|(_, left)| left).sum()
    }

    /// Free credit is spent: what expires first goes first. Expired credit was reversed before, so it is not among it.
    pub(super) fn spend_free(&mut self, mut amount: i64) {
        for left in self.credit.values_mut() {
            let part = amount.min(*left);
            (*left, amount) = (*left - part, amount - part);
        }
        self.credit.retain(|_, left| *left > 0);
    }

    /// The net of the next amount paid with money at a rate: what the sum's net grows by.
    pub fn net_of(&self, gross: i64, rate: Rate) -> i64 {
        let before = self.taxed.get(&rate).copied().unwrap_or_default();
        // It lies between nothing and the gross.
        (rate.net_in(before + i128::from(gross)) - rate.net_in(before)) as i64
    }

    /// Money and bonus change otherwise than by a charge: from here on they are spent in a new ratio.
    pub(super) fn change(&mut self, money: i64, bonus: i64) {
        let (had, had_bonus) = self.pool.rest();
        self.pool = Pool { money: had + money, bonus: had_bonus + bonus, spent: 0 };
    }
}

#[cfg(test)]
mod tests;
