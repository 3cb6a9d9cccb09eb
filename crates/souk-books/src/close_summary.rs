//! What a close did or, over a trial ledger, would do: the list finance reads before it closes.

use std::collections::BTreeMap;

use merchant_statements::Statement as Recorded;
use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::payee::state::PayeeToday;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::Currency;
use souk_ledger::ledger::Account;

use crate::books::Books;
use crate::figure::Figure;

/// Changes listed, at most.
const LARGEST_CHANGES: usize = 10;

/// The cycles of a close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CloseSummary {
    /// The last entry it reflects.
    pub entry: u64,
    /// By last day, name and currency.
    pub cycles: Vec<ClosedCycles>,
    /// Balances that are not paid out, with the reason.
    pub held: Vec<Held>,
    /// Merchants without valid payee details: what is known of that.
    pub payee_details: String,
    /// The largest changes of payouts against the merchant's previous cycle.
    pub changes: Vec<Change>,
}

/// One cycle over all merchants, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClosedCycles {
    /// The cycle.
    pub cycle: String,
    /// The earliest first day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Merchants.
    pub merchants: u64,
    /// Items claimed.
    pub items: u64,
    /// Of them due before the cycle.
    pub late: u64,
    /// Balances carried from cycles before.
    pub opening: Figure,
    /// Sum of the items.
    pub amount: Figure,
    /// Reserve withheld, ≥ 0.
    pub reserve_withheld: Figure,
    /// Reserve released, ≥ 0.
    pub reserve_released: Figure,
    /// Merchants that are paid.
    pub payouts: u64,
    /// What they are paid.
    pub payout: Figure,
    /// Carried into the next cycles.
    pub carried: Figure,
}

/// A closing balance that is not paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Held {
    /// The merchant.
    pub merchant: MerchantId,
    /// The cycle.
    pub cycle: String,
    /// Currency of the amount.
    pub currency: Currency,
    /// The closing balance.
    pub amount: Figure,
    /// Why.
    pub reason: String,
}

/// A payout against that of the merchant's previous cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The merchant.
    pub merchant: MerchantId,
    /// The cycle.
    pub cycle: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// The payout.
    pub payout: Figure,
    /// The previous cycle; null for the first.
    pub previous_cycle: Option<String>,
    /// Its payout.
    pub previous: Option<Figure>,
    /// The difference.
    pub change: Figure,
}

impl Books {
    /// The summary of these closed cycles; cycles that are not closed are left out.
    pub fn close_summary(&self, closed: &[(Account, CycleId)]) -> CloseSummary {
        let mut cycles: BTreeMap<(Date, String, &str), ClosedCycles> = BTreeMap::new();
        let (mut held, mut changes) = (Vec::new(), Vec::new());
        for ((merchant, currency), cycle) in closed {
            let all = self.closed(*merchant, *currency);
            let Some(index) = all.iter().rposition(|of| *of.cycle == *cycle.as_str()) else {
                continue;
            };
            let Some(of) = all.get(index) else { continue };
            let key = (of.to, of.cycle.to_string(), currency.code());
            cycles.entry(key).or_insert_with(|| ClosedCycles::empty(of)).add(of);
            held.extend(self.held(*merchant, of));
            let previous = index.checked_sub(1).and_then(|before| all.get(before));
            changes.push(change(*merchant, of, previous));
        }
        let payee_details = self.payee_details(closed);
        held.sort_by_key(|of| (of.merchant, of.cycle.clone(), of.currency.code()));
        changes.retain(|of| !of.change.is_zero());
        changes.sort_by_key(|of| (-of.change.minor.abs(), of.merchant, of.cycle.clone()));
        changes.truncate(LARGEST_CHANGES);
        CloseSummary {
            entry: self.entry(),
            cycles: cycles.into_values().collect(),
            held,
            payee_details,
            changes,
        }
    }

    /// Why payouts of these cycles have no day although one is agreed: the calendar does not have the year.
    pub fn payout_days_not_known(&self, closed: &[(Account, CycleId)]) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for ((merchant, currency), cycle) in closed {
            let all = self.closed(*merchant, *currency);
            let of = all.iter().rev().find(|of| *of.cycle == *cycle.as_str());
            let Some(of) = of.filter(|of| of.payout > 0) else { continue };
            let terms = self.models().merchants.terms_on(*merchant, of.to);
            let day = terms.and_then(|terms| terms.payout).map(|payout| payout.of(of.to));
            if let Some(Err(not_known)) = day {
                *counts.entry(not_known.to_string()).or_default() += 1;
            }
        }
        let say = |(why, count): (String, usize)| format!("{count} without a payout day: {why}");
        counts.into_iter().map(say).collect()
    }

    /// Whose payouts wait because no payee is in force on the last accounting date.
    fn payee_details(&self, closed: &[(Account, CycleId)]) -> String {
        let today = self.models().balances.last_effective().unwrap_or(Date::MAX);
        let mut without: Vec<String> = Vec::new();
        let mut paid = 0;
        for ((merchant, currency), cycle) in closed {
            let all = self.closed(*merchant, *currency);
            let pays = |of: &&Recorded| *of.cycle == *cycle.as_str() && of.payout > 0;
            if !all.iter().any(|of| pays(&of)) {
                continue;
            }
            paid += 1;
            let payees = self.models().payees.get(*merchant, *currency);
            let payee = payees.map_or(PayeeToday::None, |of| of.on(today));
            if payee.waits().is_some() {
                without.push(format!("{merchant} {currency}"));
            }
        }
        without.sort();
        without.dedup();
        if without.is_empty() {
            return format!("every one of {paid} payouts has a payee in force");
        }
        let named = without.iter().take(LARGEST_CHANGES).cloned().collect::<Vec<_>>().join(", ");
        let more = without.len().saturating_sub(LARGEST_CHANGES);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("no payee in force for {}: {named}{more}", without.len())
    }

    fn held(&self, merchant: MerchantId, of: &Recorded) -> Option<Held> {
        if of.payout > 0 || of.closing == 0 {
            return None;
        }
        let reason = if of.debt > 0 {
            "the account ends with a debt".to_owned()
        } else if of.debt < 0 {
            "kept for a debt".to_owned()
        } else if of.closing < 0 {
            "the balance is negative and is carried".to_owned()
        } else {
            let terms = self.models().merchants.terms_on(merchant, of.to);
            let least = terms.map_or(0, |terms| terms.minimum_payout(of.currency));
            format!("below the minimum of {}", Figure::new(least, of.currency).grouped())
        };
        Some(Held {
            merchant,
            cycle: of.cycle.to_string(),
            currency: of.currency,
            amount: Figure::new(of.closing, of.currency),
            reason,
        })
    }
}

impl ClosedCycles {
    fn empty(of: &Recorded) -> Self {
        let zero = Figure::zero(of.currency);
        Self {
            cycle: of.cycle.to_string(),
            from: of.from,
            to: of.to,
            currency: of.currency,
            merchants: 0,
            items: 0,
            late: 0,
            opening: zero,
            amount: zero,
            reserve_withheld: zero,
            reserve_released: zero,
            payouts: 0,
            payout: zero,
            carried: zero,
        }
    }

    fn add(&mut self, of: &Recorded) {
        self.from = self.from.min(of.from);
        self.merchants += 1;
        self.items += of.count;
        self.late += of.late();
        self.opening.minor += i128::from(of.opening);
        self.amount.minor += i128::from(of.lines);
        self.reserve_withheld.minor += i128::from(of.reserve_withheld);
        self.reserve_released.minor += i128::from(of.reserve_released);
        self.payouts += u64::from(of.payout > 0);
        self.payout.minor += i128::from(of.payout);
        self.carried.minor += i128::from(of.carried);
    }
}

fn change(merchant: MerchantId, of: &Recorded, previous: Option<&Recorded>) -> Change {
    let before = previous.map_or(0, |of| of.payout);
    Change {
        merchant,
        cycle: of.cycle.to_string(),
        currency: of.currency,
        payout: Figure::new(of.payout, of.currency),
        previous_cycle: previous.map(|of| of.cycle.to_string()),
        previous: previous.map(|of| Figure::new(of.payout, of.currency)),
        change: Figure::new(i128::from(of.payout) - i128::from(before), of.currency),
    }
}
