//! What a close did or, over a trial ledger, would do: the list finance reads before it closes.

use std::collections::BTreeMap;

use merchant_holds::MerchantHolds;
use schemars::JsonSchema;
use serde::Serialize;
use settlement_cycles::ClosedCycle;
use souk_domain::payee::state::PayeeToday;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_ledger::close_run::ClaimSource as _;
use souk_ledger::ledger::Account;
use souk_registers::{Merchants, Payees};

use crate::books::Books;
use crate::close_books::CloseBooks;
use crate::figure::Figure;
use crate::holds::{HeldByReason, HoldRow, by_reason, hold_rows};

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
    /// What merchants have on hold of their items, by reason: no close claims it until it is released.
    pub on_hold: Vec<HeldByReason>,
    /// Every hold on an item.
    pub holds: Vec<HoldRow>,
    /// Merchants without valid payee details: what is known of that.
    pub payee_details: String,
    /// Those whose payouts of these cycles wait for a payee.
    pub without_payee: Vec<WithoutPayee>,
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
    /// Withheld to fill deposits, ≥ 0.
    pub deposit_topped_up: Figure,
    /// Used of deposits to cover balances, ≥ 0.
    pub deposit_used: Figure,
    /// Merchants that are paid.
    pub payouts: u64,
    /// What they are paid.
    pub payout: Figure,
    /// Carried into the next cycles.
    pub carried: Figure,
}

impl ClosedCycles {
    /// What is neither paid nor carried: kept as reserve or deposit less what they let go, and what debts took or left.
    pub fn kept(&self) -> Figure {
        let [opening, amount, payout, carried] =
            [&self.opening, &self.amount, &self.payout, &self.carried].map(|of| of.minor);
        Figure { minor: opening + amount - payout - carried, ..self.amount }
    }
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

/// A merchant that is paid by these cycles and has no payee in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WithoutPayee {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the amount.
    pub currency: Currency,
    /// What these cycles pay it.
    pub payout: Figure,
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

/// What a summary is made of.
pub(crate) struct Known<'a> {
    pub(crate) entry: u64,
    /// The last accounting date.
    pub(crate) today: Date,
    pub(crate) names: &'a Names,
    pub(crate) merchants: &'a Merchants,
    pub(crate) payees: &'a Payees,
    pub(crate) holds: &'a MerchantHolds,
    pub(crate) cycles: Box<dyn Fn(Account) -> &'a [ClosedCycle] + 'a>,
}

impl Books {
    fn known(&self) -> Known<'_> {
        let models = self.models();
        let cycles = |(merchant, currency): Account| {
            self.number(merchant).map_or(&[][..], |of| models.cycles.closed(of, currency))
        };
        Known {
            entry: self.last_entry(),
            today: models.balances.last_effective().unwrap_or(Date::MAX),
            names: self.names(),
            merchants: &models.merchants,
            payees: &models.payees,
            holds: &models.holds,
            cycles: Box::new(cycles),
        }
    }

    /// The summary of these closed cycles; cycles that are not closed are left out.
    pub fn close_summary(&self, closed: &[(Account, CycleId)]) -> CloseSummary {
        self.known().summary(closed)
    }
}

impl CloseBooks {
    /// The summary of these closed cycles, which closed since these books were opened; others are left out.
    pub fn close_summary(&self, closed: &[(Account, CycleId)]) -> CloseSummary {
        self.known().summary(closed)
    }

    /// Why payouts of these cycles have no day although one is agreed: the calendar does not have the year.
    pub fn payout_days_not_known(&self, closed: &[(Account, CycleId)]) -> Vec<String> {
        self.known().payout_days_not_known(closed)
    }
}

impl Known<'_> {
    /// A closed cycle, and the one before it.
    fn cycle(
        &self,
        account: Account,
        cycle: CycleId,
    ) -> Option<(&ClosedCycle, Option<&ClosedCycle>)> {
        let all = (self.cycles)(account);
        let index = all.iter().rposition(|of| *of.cycle == *cycle.as_str())?;
        let before = index.checked_sub(1).and_then(|before| all.get(before));
        Some((all.get(index)?, before))
    }

    fn summary(&self, closed: &[(Account, CycleId)]) -> CloseSummary {
        let mut cycles: BTreeMap<(Date, String, &str), ClosedCycles> = BTreeMap::new();
        let (mut held, mut changes) = (Vec::new(), Vec::new());
        let mut paid: BTreeMap<(MerchantId, &str), WithoutPayee> = BTreeMap::new();
        for (account, cycle) in closed {
            let Some((of, previous)) = self.cycle(*account, *cycle) else { continue };
            let (merchant, currency) = *account;
            let key = (of.to, of.cycle.to_string(), currency.code());
            cycles.entry(key).or_insert_with(|| ClosedCycles::empty(of, currency)).add(of);
            held.extend(self.held(*account, of));
            changes.push(change(*account, of, previous));
            if of.payout > 0 {
                let payout = Figure::zero(currency);
                let pays = WithoutPayee { merchant, currency, payout };
                let pays = paid.entry((merchant, currency.code())).or_insert(pays);
                pays.payout.minor += i128::from(of.payout);
            }
        }
        let of_all = paid.len();
        let without_payee: Vec<WithoutPayee> =
            paid.into_values().filter(|of| self.lacks_payee(of)).collect();
        held.sort_by_key(|of| (of.merchant, of.cycle.clone(), of.currency.code()));
        changes.retain(|of| !of.change.is_zero());
        changes.sort_by_key(|of| (-of.change.minor.abs(), of.merchant, of.cycle.clone()));
        changes.truncate(LARGEST_CHANGES);
        CloseSummary {
            entry: self.entry,
            cycles: cycles.into_values().collect(),
            held,
            on_hold: by_reason(self.holds, self.names, None),
            holds: hold_rows(self.holds, self.names, None),
            payee_details: payee_details(&without_payee, of_all),
            without_payee,
            changes,
        }
    }

    fn payout_days_not_known(&self, closed: &[(Account, CycleId)]) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (account, cycle) in closed {
            let of = self.cycle(*account, *cycle).map(|(of, _)| of);
            let Some(of) = of.filter(|of| of.payout > 0) else { continue };
            let terms = self.merchants.terms_on(account.0, of.to);
            let day = terms.and_then(|terms| terms.payout).map(|payout| payout.of(of.to));
            if let Some(Err(not_known)) = day {
                *counts.entry(not_known.to_string()).or_default() += 1;
            }
        }
        let say = |(why, count): (String, usize)| format!("{count} without a payout day: {why}");
        counts.into_iter().map(say).collect()
    }

    /// Whether a payout waits because no payee is in force on the last accounting date.
    fn lacks_payee(&self, of: &WithoutPayee) -> bool {
        let payees = self.payees.get(of.merchant, of.currency);
        payees.map_or(PayeeToday::None, |of| of.on(self.today)).waits().is_some()
    }

    fn held(&self, (merchant, currency): Account, of: &ClosedCycle) -> Option<Held> {
        if of.payout > 0 || of.closing == 0 {
            return None;
        }
        let reason = if of.debt > 0 {
            "the balance is negative and becomes a debt".to_owned()
        } else if of.debt < 0 {
            "kept for a debt".to_owned()
        } else if of.closing < 0 {
            "the balance is negative and is carried".to_owned()
        } else {
            let terms = self.merchants.terms_on(merchant, of.to);
            let least = terms.map_or(0, |terms| terms.minimum_payout(currency));
            format!("below the minimum of {}", Figure::new(least, currency).grouped())
        };
        Some(Held {
            merchant,
            cycle: of.cycle.to_string(),
            currency,
            amount: Figure::new(of.closing, currency),
            reason,
        })
    }
}

/// Whose payouts wait, in words.
fn payee_details(without: &[WithoutPayee], paid: usize) -> String {
    if without.is_empty() {
        return format!("every one of {paid} that are paid has a payee in force");
    }
    let named = without.iter().take(LARGEST_CHANGES);
    let named: Vec<String> = named.map(|of| format!("{} {}", of.merchant, of.currency)).collect();
    let more = without.len().saturating_sub(LARGEST_CHANGES);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("no payee in force for {}: {}{more}", without.len(), named.join(", "))
}

impl ClosedCycles {
    fn empty(of: &ClosedCycle, currency: Currency) -> Self {
        let zero = Figure::zero(currency);
        Self {
            cycle: of.cycle.to_string(),
            from: of.from,
            to: of.to,
            currency,
            merchants: 0,
            items: 0,
            late: 0,
            opening: zero,
            amount: zero,
            reserve_withheld: zero,
            reserve_released: zero,
            deposit_topped_up: zero,
            deposit_used: zero,
            payouts: 0,
            payout: zero,
            carried: zero,
        }
    }

    fn add(&mut self, of: &ClosedCycle) {
        self.from = self.from.min(of.from);
        self.merchants += 1;
        self.items += of.count;
        self.late += of.late;
        self.opening.minor += i128::from(of.opening);
        self.amount.minor += i128::from(of.lines);
        self.reserve_withheld.minor += i128::from(of.reserve_withheld);
        self.reserve_released.minor += i128::from(of.reserve_released);
        self.deposit_topped_up.minor += i128::from(of.deposit_topped_up);
        self.deposit_used.minor += i128::from(of.deposit_used);
        self.payouts += u64::from(of.payout > 0);
        self.payout.minor += i128::from(of.payout);
        self.carried.minor += i128::from(of.carried);
    }
}

fn change(
    (merchant, currency): Account,
    of: &ClosedCycle,
    previous: Option<&ClosedCycle>,
) -> Change {
    let before = previous.map_or(0, |of| of.payout);
    Change {
        merchant,
        cycle: of.cycle.to_string(),
        currency,
        payout: Figure::new(of.payout, currency),
        previous_cycle: previous.map(|of| of.cycle.to_string()),
        previous: previous.map(|of| Figure::new(of.payout, currency)),
        change: Figure::new(i128::from(of.payout) - i128::from(before), currency),
    }
}
