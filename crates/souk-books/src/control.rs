//! Control totals: what must hold over the whole ledger, and where client money stands.

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::account::{Account, Ownership, Section};
use souk_journal::money::Currency;

use crate::books::Books;
use crate::figure::Figure;

/// Control totals at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControlTotals {
    /// The last entry they reflect.
    pub entry: u64,
    /// Events read from the log.
    pub events: u64,
    /// Journal entries folded; equal to the events.
    pub entries: u64,
    /// Debits against credits, per currency.
    pub sides: Vec<Sides>,
    /// Closed cycles whose recorded figures were computed again.
    pub cycles_checked: u64,
    /// Recorded figures that the entries do not give.
    pub mismatches: u64,
    /// Σ closed lines + open items against Σ item postings, per currency; carried excluded.
    pub items: Vec<Items>,
    /// Figures of merchant balances, statements and revenue that differ from the trial balance.
    pub differences: Vec<Difference>,
    /// Client money held against owed, per currency.
    pub client_money: Vec<ClientMoney>,
    /// Whether all of it holds; client money has its causes and no rule.
    pub holds: bool,
}

/// Both sides of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sides {
    /// Currency of the amounts.
    pub currency: Currency,
    /// Sum of debits.
    pub debits: Figure,
    /// Sum of credits.
    pub credits: Figure,
    /// Whether they meet.
    pub holds: bool,
}

/// Where all items on `MerchantPayable` went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Items {
    /// Currency of the amounts.
    pub currency: Currency,
    /// Σ items ever posted.
    pub item_postings: Figure,
    /// Σ lines of closed cycles.
    pub closed_lines: Figure,
    /// Σ items still open.
    pub open_items: Figure,
    /// Whether closed lines and open items are the postings.
    pub holds: bool,
}

/// A figure that two read models give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Which figure of which read model.
    pub what: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// As that read model has it.
    pub here: Figure,
    /// As the trial balance, or the closes, have it.
    pub there: Figure,
}

/// Client cash and clearing against what is owed to buyers and merchants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClientMoney {
    /// Currency of the amounts.
    pub currency: Currency,
    /// Cash and clearing that hold client money.
    pub held: Figure,
    /// Escrow, payable, held, due, in transit, reserve, deposit, wallets, refunds in transit.
    pub owed: Figure,
    /// held − owed: negative is what the platform must pay in.
    pub surplus: Figure,
    /// The platform's own accounts behind it, whose amounts sum to the surplus.
    pub causes: Vec<Cause>,
}

/// An account of the platform behind a surplus or shortfall of client money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cause {
    /// The account.
    pub account: String,
    /// Its part: positive where it left money among the clients', negative where it took some.
    pub amount: Figure,
}

impl Books {
    /// The control totals.
    pub fn control_totals(&self) -> ControlTotals {
        let models = self.models();
        let sides = models.trial_balance.totals().into_iter().map(|total| Sides {
            currency: total.currency,
            debits: Figure::new(total.debits, total.currency),
            credits: Figure::new(total.credits, total.currency),
            holds: total.balance == 0,
        });
        let items = models.cycles.control_totals().into_iter().map(|total| {
            let figure = |minor| Figure::new(minor, total.currency);
            Items {
                currency: total.currency,
                item_postings: figure(total.item_postings),
                closed_lines: figure(total.closed_lines),
                open_items: figure(total.open_items),
                holds: total.holds(),
            }
        });
        let (sides, items): (Vec<Sides>, Vec<Items>) = (sides.collect(), items.collect());
        let events = self.checkpoint().next_entry;
        let entries = models.trial_balance.entries_seen();
        let mismatches = self.mismatches().len() as u64;
        let differences = self.differences();
        let holds = events == entries
            && sides.iter().all(|of| of.holds)
            && items.iter().all(|of| of.holds)
            && mismatches == 0
            && differences.is_empty();
        ControlTotals {
            entry: self.entry(),
            events,
            entries,
            sides,
            cycles_checked: models.cycles.cycles_checked(),
            mismatches,
            items,
            differences,
            client_money: self.client_money(),
            holds,
        }
    }

    /// Merchants' balances, holds, revenue and taxes against the trial balance, statements against closes.
    fn differences(&self) -> Vec<Difference> {
        let models = self.models();
        let trial = &models.trial_balance;
        let mut found = Vec::new();
        let mut compare = |what: String, currency: Currency, here: i128, there: i128| {
            if here != there {
                let (here, there) = (Figure::new(here, currency), Figure::new(there, currency));
                found.push(Difference { what, currency, here, there });
            }
        };
        for total in models.balances.control_totals() {
            let there = trial.balance_of(total.account, total.currency);
            let what = format!("merchant balances, {}", total.account);
            compare(what, total.currency, total.balance, there);
        }
        let revenue = self.revenue_by_line();
        for (line, currency, net) in revenue {
            let there = -trial.balance_of(line, currency);
            compare(format!("revenue, {line}"), currency, net, there);
        }
        for total in trial.totals() {
            let rows = models.revenue.deferred().into_iter();
            let here = rows.filter(|row| row.currency == total.currency).map(|row| row.amount);
            let there = -trial.balance_of(Account::DeferredRevenue, total.currency);
            compare("deferred revenue".to_owned(), total.currency, here.sum(), there);
        }
        let taxes =
            [Account::OutputVat, Account::InputVat, Account::CollectedTax, Account::WithholdingTax];
        for total in trial.totals() {
            for account in taxes {
                let here = models.taxes.balance_of(account, total.currency);
                let there = trial.balance_of(account, total.currency);
                compare(format!("taxes, {account}"), total.currency, here, there);
            }
        }
        for total in trial.totals() {
            let here = models.holds.balance(total.currency);
            let there = trial.balance_of(Account::MerchantHeld, total.currency);
            compare("merchant holds".to_owned(), total.currency, here, there);
        }
        for total in models.statements.control_totals() {
            let (here, there) = (total.referred_lines, total.recorded_lines);
            compare("statement lines".to_owned(), total.currency, here, there);
        }
        found
    }

    fn revenue_by_line(&self) -> Vec<(Account, Currency, i128)> {
        let mut sums: Vec<(Account, Currency, i128)> = Vec::new();
        for row in self.models().revenue.rows(platform_revenue::Months::default()) {
            let same =
                |of: &&mut (Account, Currency, i128)| (of.0, of.1) == (row.line, row.currency);
            match sums.iter_mut().find(same) {
                Some(known) => known.2 += row.net,
                None => sums.push((row.line, row.currency, row.net)),
            }
        }
        sums
    }

    fn client_money(&self) -> Vec<ClientMoney> {
        let mut of: Vec<ClientMoney> = Vec::new();
        for row in self.models().trial_balance.rows(self.names()) {
            let currency = row.currency;
            let known = of.iter().position(|money| money.currency == currency);
            let index = known.unwrap_or_else(|| {
                let zero = Figure::zero(currency);
                let (held, owed, surplus, causes) = (zero, zero, zero, Vec::new());
                of.push(ClientMoney { currency, held, owed, surplus, causes });
                of.len() - 1
            });
            of[index].add(row.account, row.balance);
        }
        for money in &mut of {
            money.surplus.minor = money.held.minor - money.owed.minor;
            money.causes.retain(|cause| !cause.amount.is_zero());
        }
        of.sort_by_key(|money| money.currency.code());
        of
    }
}

impl ClientMoney {
    /// Adds the balance (debits − credits, minor units) of an account.
    fn add(&mut self, account: Account, balance: i128) {
        let is_clients = account.ownership() == Ownership::Client;
        match account.section() {
            Section::Memorandum => {}
            Section::Liability if is_clients => self.owed.minor -= balance,
            Section::Asset | Section::Clearing if is_clients => self.held.minor += balance,
            Section::Asset
            | Section::Liability
            | Section::Clearing
            | Section::Revenue
            | Section::ContraRevenue
            | Section::OtherIncome
            | Section::Expense => self.cause(account, -balance),
        }
    }

    fn cause(&mut self, account: Account, minor: i128) {
        let account = account.to_string();
        match self.causes.iter_mut().find(|of| of.account == account) {
            Some(known) => known.amount.minor += minor,
            None => {
                let amount = Figure::new(minor, self.currency);
                self.causes.push(Cause { account, amount });
            }
        }
    }
}
