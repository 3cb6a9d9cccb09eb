//! `tariff-simulate`: real orders charged under another tariff. Every order is folded as the ledger folds it; at each
//! completion the domain's own charging is asked what the other version gives, and both charges go through the posting
//! rules, so that a line here is an account of revenue there. Nothing is written.

pub mod contract;

use std::collections::{BTreeMap, HashMap};

use souk_domain::decider::{Decider, Refusal as _};
use souk_domain::event::LedgerEvent;
use souk_domain::merchant::decide::Merchant;
use souk_domain::merchant::state::MerchantState;
use souk_domain::order::charge::Charging;
use souk_domain::order::decide::Order;
use souk_domain::order::events::{OrderCompleted, OrderEvent};
use souk_domain::order::state::OrderState;
use souk_domain::posting::post;
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EventRef, JournalEntry};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_projector::Recorded;

use super::Candidate;
use super::scan::{self, Fold};
use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

pub use contract::{
    Refused, RefusedCompletion, SimulatedLine, SimulatedMerchant, SimulatedTotal, Simulation,
};

/// Refused orders that are listed.
const LISTED: usize = 20;

/// Which orders are charged again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choice {
    /// Of this merchant alone, whatever tariff it is on.
    pub merchant: Option<MerchantId>,
    /// Completed on this day or later.
    pub from: Option<Date>,
    /// Completed on this day or before.
    pub to: Option<Date>,
}

/// What became of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Counted,
    Refused,
}

/// An order that is not completed by all yet.
#[derive(Default)]
struct Open {
    state: OrderState,
    /// Completions whose charges are counted, as they were recorded.
    fates: Vec<(MerchantId, Fate)>,
}

type Sums = BTreeMap<(MerchantId, Account, Currency), (i128, i128)>;

struct Simulating<'c> {
    candidate: &'c Candidate,
    choice: Choice,
    merchants: HashMap<MerchantId, MerchantState>,
    orders: HashMap<Box<str>, Open>,
    /// Completed by all; its charges follow with the same append, and nothing later changes them.
    ended: Option<Box<str>>,
    names: Names,
    sums: Sums,
    completions: BTreeMap<(MerchantId, Currency), u64>,
    counted: u64,
    refused: Refused,
}

impl Fold for Simulating<'_> {
    fn fold(&mut self, recorded: &Recorded<'_>) -> Result<(), BooksError> {
        let damaged = |error: souk_journal::money::MoneyError| BooksError::EntryDiffers {
            entry: recorded.entry,
            what: error.to_string(),
        };
        match recorded.event {
            LedgerEvent::Merchant(event) => {
                let Ok(merchant) = MerchantId::new(recorded.id()) else { return Ok(()) };
                Merchant::evolve(self.merchants.entry(merchant).or_default(), event)
                    .map_err(damaged)
            }
            LedgerEvent::Order(event) => {
                self.forget_ended(recorded.id());
                self.before(recorded, event)?;
                self.order(recorded, event).map_err(damaged)
            }
            LedgerEvent::Ledger(_)
            | LedgerEvent::Schema(_)
            | LedgerEvent::Tariff(_)
            | LedgerEvent::Settlement(_)
            | LedgerEvent::Payout(_)
            | LedgerEvent::Payee(_)
            | LedgerEvent::PayoutFile(_)
            | LedgerEvent::Opening(_)
            | LedgerEvent::CloseRun(_)
            | LedgerEvent::BankFile(_)
            | LedgerEvent::FxRate(_)
            | LedgerEvent::FxPosition(_)
            | LedgerEvent::Book(_)
            | LedgerEvent::Advertising(_)
            | LedgerEvent::Deposit(_)
            | LedgerEvent::Membership(_)
            | LedgerEvent::Service(_)
            | LedgerEvent::Tax(_) => Ok(()),
        }
    }
}

impl Simulating<'_> {
    /// An order that all have completed ends with the last event of that append.
    fn forget_ended(&mut self, order: &str) {
        if self.ended.as_deref().is_some_and(|ended| ended != order)
            && let Some(ended) = self.ended.take()
        {
            self.orders.remove(&ended);
        }
    }

    /// What is asked of the order as it stood before the event.
    fn before(
        &mut self,
        recorded: &Recorded<'_>,
        event: &OrderEvent<'_>,
    ) -> Result<(), BooksError> {
        match event {
            OrderEvent::Completed(of) => self.complete(recorded, of),
            OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => {
                let Some(open) = self.orders.get(recorded.id()) else { return Ok(()) };
                let fate = open.fates.iter().find(|(merchant, _)| *merchant == of.merchant);
                let Some((_, fate)) = fate.copied() else { return Ok(()) };
                let entry = posted(recorded, recorded.event, &mut self.names)?;
                match fate {
                    Fate::Counted => {
                        add(&mut self.sums, of.merchant, &entry, |sum, amount| sum.0 += amount);
                    }
                    Fate::Refused => self.refused.add(&entry),
                }
                Ok(())
            }
            OrderEvent::Placed(_)
            | OrderEvent::Attributed(_)
            | OrderEvent::RefundAdvanced(_)
            | OrderEvent::AdvanceRecovered(_)
            | OrderEvent::AdvanceBorne(_)
            | OrderEvent::ClaimPaid(_)
            | OrderEvent::ClaimCollected(_)
            | OrderEvent::SupplierPartRemitted(_)
            | OrderEvent::PartnerCommissionCharged(_)
            | OrderEvent::PartnerCommissionReturned(_)
            | OrderEvent::Paid(_)
            | OrderEvent::DifferenceBooked(_)
            | OrderEvent::ChannelFeeIncurred(_)
            | OrderEvent::ChannelFeeReturned(_)
            | OrderEvent::Shipped(_)
            | OrderEvent::RefundIssued(_)
            | OrderEvent::RefundPaid(_)
            | OrderEvent::RefundFailed(_)
            | OrderEvent::FeeReturned(_)
            | OrderEvent::Cancelled(_)
            | OrderEvent::TaxAssessed(_)
            | OrderEvent::TaxCollected(_)
            | OrderEvent::TaxRefunded(_)
            | OrderEvent::TaxWithheld(_)
            | OrderEvent::WithholdingReturned(_)
            | OrderEvent::FeeInvoiced(_)
            | OrderEvent::HoldPlaced(_)
            | OrderEvent::HoldReleased(_)
            | OrderEvent::RedLetterIssued(_) => Ok(()),
        }
    }

    /// Charges a completion under the other version.
    fn complete(
        &mut self,
        recorded: &Recorded<'_>,
        of: &OrderCompleted<'_>,
    ) -> Result<(), BooksError> {
        let (merchant, completed_on) = (of.merchant, recorded.metadata.effective_on);
        let within = self.choice.from.is_none_or(|from| from <= completed_on)
            && self.choice.to.is_none_or(|to| completed_on <= to);
        if !within || self.choice.merchant.is_some_and(|only| only != merchant) {
            return Ok(());
        }
        let state = self.merchants.get(&merchant);
        let terms = state.and_then(|of_merchant| {
            of_merchant.terms.iter().find(|terms| terms.version == of.terms)
        });
        let (Some(state), Some(terms)) = (state, terms) else {
            let what = format!("terms {} of merchant {merchant}", of.terms);
            return Err(BooksError::EntryDiffers { entry: recorded.entry, what });
        };
        if self.choice.merchant.is_none() && terms.tariff != self.candidate.tariff {
            return Ok(());
        }
        let Some(open) = self.orders.get_mut(recorded.id()) else { return Ok(()) };
        let OrderState::Placed(order) = &open.state else { return Ok(()) };
        let settled_in = of.conversion.map_or(of.currency, |of| of.currency);
        let charging = Charging {
            order,
            merchant,
            terms,
            volumes: state.volumes_on(settled_in, completed_on),
            due_on: of.due_on,
            tariff: self.candidate.tariff,
            version: &self.candidate.version,
            conversion: of.conversion,
        };
        match charging.charges() {
            Ok(charges) => {
                for charged in charges {
                    let event = LedgerEvent::Order(OrderEvent::of_charge(charged));
                    let entry = posted(recorded, &event, &mut self.names)?;
                    add(&mut self.sums, merchant, &entry, |sum, amount| sum.1 += amount);
                }
                let first = open.fates.iter().all(|(_, fate)| *fate != Fate::Counted);
                self.counted += u64::from(first);
                *self.completions.entry((merchant, settled_in)).or_default() += 1;
                open.fates.push((merchant, Fate::Counted));
            }
            Err(refusal) => {
                self.refused.note(recorded.id(), merchant, refusal.code(), &refusal.to_string());
                open.fates.push((merchant, Fate::Refused));
            }
        }
        Ok(())
    }

    /// Folds an event of an order.
    fn order(
        &mut self,
        recorded: &Recorded<'_>,
        event: &OrderEvent<'_>,
    ) -> Result<(), souk_journal::money::MoneyError> {
        if let OrderEvent::Placed(_) = event {
            self.orders.insert(recorded.id().into(), Open::default());
        }
        let Some(open) = self.orders.get_mut(recorded.id()) else { return Ok(()) };
        Order::evolve(&mut open.state, event)?;
        if let OrderState::Placed(order) = &open.state {
            let all = order.owed.iter().all(|(merchant, _)| order.completion(*merchant).is_some());
            if order.cancelled || (all && !order.owed.is_empty()) {
                self.ended = Some(recorded.id().into());
            }
        }
        Ok(())
    }

    fn report(self, books: &Books) -> Simulation {
        let mut merchants: BTreeMap<(MerchantId, Currency), (i128, i128)> = BTreeMap::new();
        let mut totals: BTreeMap<(Currency, Option<Account>), (i128, i128)> = BTreeMap::new();
        let mut rows = Vec::new();
        for ((merchant, account, currency), sum) in &self.sums {
            let plus = |of: &mut (i128, i128)| (of.0, of.1) = (of.0 + sum.0, of.1 + sum.1);
            plus(merchants.entry((*merchant, *currency)).or_default());
            plus(totals.entry((*currency, Some(*account))).or_default());
            plus(totals.entry((*currency, None)).or_default());
            let [charged, simulated, difference] = figures(*sum, *currency);
            let row = SimulatedLine {
                merchant: *merchant,
                line: account.to_string(),
                currency: *currency,
                charged,
                simulated,
                difference,
            };
            rows.push((*account, row));
        }
        let place = |line: Account| (line.revenue_line().is_none(), line);
        rows.sort_by_key(|(line, row): &(Account, SimulatedLine)| {
            (row.merchant, row.currency.code(), place(*line))
        });
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        // A merchant that neither charges has a row too: it was looked at.
        let merchants = self.completions.iter().map(|(key, completions)| {
            let (merchant, currency) = *key;
            let sum = merchants.get(key).copied().unwrap_or_default();
            let [charged, simulated, difference] = figures(sum, currency);
            let completions = *completions;
            SimulatedMerchant { merchant, currency, completions, charged, simulated, difference }
        });
        let mut by_line: Vec<_> = totals.into_iter().collect();
        // Revenue stands first, the sum of a currency last.
        by_line.sort_by_key(|((currency, account), _)| {
            (currency.code(), account.is_none(), account.map(place))
        });
        let totals = by_line.into_iter().map(|((currency, account), sum)| {
            let [charged, simulated, difference] = figures(sum, currency);
            let line = account.map_or_else(|| "all".to_owned(), |of| of.to_string());
            SimulatedTotal { line, currency, charged, simulated, difference }
        });
        let by_merchant = self.choice.merchant.is_some();
        Simulation {
            entry: books.entry(),
            under: self.candidate.name.clone(),
            tariff: (!by_merchant).then(|| self.candidate.tariff.to_string()),
            merchant: self.choice.merchant,
            from: self.choice.from,
            to: self.choice.to,
            orders: self.counted,
            completions: self.completions.values().sum(),
            rows,
            merchants: merchants.collect(),
            totals: totals.collect(),
            refused: self.refused,
        }
    }
}

impl Refused {
    fn note(&mut self, order: &str, merchant: MerchantId, code: &str, what: &str) {
        self.completions += 1;
        *self.codes.entry(code.to_owned()).or_default() += 1;
        if self.first.len() < LISTED {
            self.first.push(RefusedCompletion {
                order: order.to_owned(),
                merchant,
                code: code.to_owned(),
                what: what.to_owned(),
            });
        }
    }

    fn add(&mut self, entry: &JournalEntry<'_>) {
        for posting in entry.postings.iter().filter(|of| of.account == Account::MerchantPayable) {
            let code = posting.currency.code().to_owned();
            let sum = self.charged.entry(code).or_insert_with(|| Figure::zero(posting.currency));
            sum.minor += i128::from(posting.amount);
        }
    }
}

/// The entry of a charge, by the posting rules.
fn posted<'a>(
    recorded: &Recorded<'a>,
    event: &'a LedgerEvent<'a>,
    names: &mut Names,
) -> Result<JournalEntry<'a>, BooksError> {
    let source = EventRef { stream: recorded.stream, revision: recorded.revision };
    let entry = recorded.entry;
    post(event, &recorded.metadata, entry, source, names)
        .map_err(|source| BooksError::Posting { entry, source })
}

/// Adds what an entry credits on accounts that are not the merchant's.
fn add(
    sums: &mut Sums,
    merchant: MerchantId,
    entry: &JournalEntry<'_>,
    mut plus: impl FnMut(&mut (i128, i128), i128),
) {
    for posting in entry.postings.iter().filter(|of| of.account != Account::MerchantPayable) {
        let key = (merchant, posting.account, posting.currency);
        plus(sums.entry(key).or_default(), -i128::from(posting.amount));
    }
}

fn figures((charged, simulated): (i128, i128), currency: Currency) -> [Figure; 3] {
    [charged, simulated, simulated - charged].map(|minor| Figure::new(minor, currency))
}

impl Books {
    /// Charges completed orders under another version, on the facts of the log up to the entry at which the books stand.
    ///
    /// # Errors
    /// `RangeReversed`, or what the log says.
    pub fn simulate(
        &self,
        candidate: &Candidate,
        choice: Choice,
    ) -> Result<Simulation, BooksError> {
        if let (Some(from), Some(to)) = (choice.from, choice.to)
            && to < from
        {
            return Err(BooksError::RangeReversed { from, to });
        }
        let simulating = Simulating {
            candidate,
            choice,
            merchants: HashMap::new(),
            orders: HashMap::new(),
            ended: None,
            names: Names::default(),
            sums: BTreeMap::new(),
            completions: BTreeMap::new(),
            counted: 0,
            refused: Refused::default(),
        };
        let until = Some(self.checkpoint().next_entry);
        let done = scan::read(self.store.as_ref(), until, simulating)?;
        Ok(done.report(self))
    }
}
