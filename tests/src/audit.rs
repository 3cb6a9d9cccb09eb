//! What must hold after anything: checked from the entries alone, then against the projections.

use std::collections::BTreeMap;

use platform_revenue::SplitBy;
use settlement_cycles::ControlTotal;
use souk_domain::event::LedgerEvent;
use souk_journal::account::{Account, Section};
use souk_journal::dates::Date;
use souk_journal::entry::{JournalEntry, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_journal::open_items::{Claims, OpenItem};
use souk_journal::statement_lines::{self, hex};
use souk_store::EventStore;

use crate::reader::Reader;

mod closed;

/// A merchant and a currency.
type Of = (MerchantId, &'static str);

/// What the entries say, folded without any projection.
#[derive(Debug, Default)]
pub struct Audit {
    /// Debits less credits, per currency.
    pub balance: BTreeMap<&'static str, i128>,
    /// Every item there has been, and how many cycles claimed it.
    pub items: BTreeMap<Of, Vec<(OpenItem, u32)>>,
    /// Cut-off, claim point and carried balance of the last cycle.
    last: BTreeMap<Of, (Date, u64, i64)>,
    /// Money that must never fall below zero: account, currency, key.
    held: BTreeMap<(Account, &'static str, String), i128>,
    /// What does not hold.
    pub faults: Vec<String>,
}

/// Liabilities that hold what came in before: less than nothing in them is a mistake.
const NEVER_NEGATIVE: [Account; 9] = [
    Account::MerchantHeld,
    Account::OrderEscrow,
    Account::MerchantReserve,
    Account::PayoutsDue,
    Account::PayoutsInTransit,
    Account::RefundsInTransit,
    Account::MerchantDeposit,
    Account::AdWallet,
    Account::AdCredit,
];

impl Audit {
    /// The audit of a whole store.
    ///
    /// # Errors
    /// The event that cannot be read.
    pub fn of(store: &dyn EventStore) -> Result<Self, String> {
        let mut audit = Self::default();
        Reader::default().read(store, 1 << 20, &mut |event, entry, names| {
            audit.fold(event, entry, names);
        })?;
        Ok(audit)
    }

    fn fold(&mut self, event: &LedgerEvent<'_>, entry: &JournalEntry<'_>, names: &Names) {
        if let LedgerEvent::Settlement(event) = event
            && let Some(of) = closed::Closed::of(event)
        {
            self.close(entry.entry, &of);
        }
        let mut touched = Vec::new();
        for (index, posting) in entry.postings.iter().enumerate() {
            let code = posting.currency.code();
            *self.balance.entry(code).or_default() += i128::from(posting.amount);
            let merchant = names.merchant(posting.merchant);
            if let Some(merchant) = merchant
                && let Some(item) = OpenItem::of(entry, index, posting)
            {
                self.items.entry((merchant, code)).or_default().push((item, 0));
            }
            if NEVER_NEGATIVE.contains(&posting.account) {
                let order = entry.reference(RefKind::Order).unwrap_or_default();
                let own = entry.reference_of(posting).map_or("", |of| of.value);
                let per_refund = posting.account == Account::RefundsInTransit;
                let key = match merchant {
                    Some(merchant) => format!("{merchant} {order}"),
                    None if per_refund => format!("{order} {own}"),
                    None => order.to_owned(),
                };
                let key = (posting.account, code, key);
                *self.held.entry(key.clone()).or_default() -= i128::from(posting.amount);
                touched.push(key);
            }
        }
        for key in touched {
            let held = self.held.get(&key).copied().unwrap_or_default();
            if held < 0 {
                let (account, code, of) = key;
                let text = format!("entry {}: {account} {code} {of} holds {held}", entry.entry);
                self.faults.push(text);
            }
        }
    }

    /// A close: its items, its identity, and what it continues.
    fn close(&mut self, entry: u64, of: &closed::Closed<'_>) {
        let key = (of.head.merchant, of.head.currency.code());
        let mut claimed = Vec::new();
        for (item, claims) in self.items.entry(key).or_default() {
            let is_due = of.head.claims == Claims::Everything || item.due_on < of.head.cut_off;
            if is_due && item.entry <= of.head.entry_limit && *claims == 0 {
                *claims += 1;
                claimed.push(item.clone());
            }
        }
        let claim = statement_lines::claim(&of.head, &claimed);
        let closing = of.opening + of.lines - of.withheld + of.released;
        let last = self.last.get(&key).copied();
        let (cut_off, limit) = (of.head.cut_off, of.head.entry_limit);
        let holds = [
            ("lines", claim.lines == of.lines),
            ("count", claim.count == of.count),
            ("late", claim.late == of.late),
            ("digest", hex(&claim.digest) == of.digest),
            ("opening", claim.opening == of.opening),
            ("opening = carried before", of.opening == last.map_or(0, |last| last.2)),
            ("cut-off increases", last.is_none_or(|last| last.0 < cut_off)),
            ("claim point increases", last.is_none_or(|last| last.1 < limit)),
            ("cycles do not overlap", last.is_none_or(|last| last.0 <= of.head.from)),
            ("opening + lines − withheld + released = closing", closing == of.closing),
            ("closing = payout + carried − debt", closing == of.payout + of.carried - of.debt),
            ("payout ≥ 0", of.payout >= 0),
        ];
        let broken = holds.iter().filter(|(_, holds)| !holds);
        let name = of.number;
        self.faults.extend(broken.map(|(what, _)| format!("entry {entry}, {name}: {what}")));
        self.last.insert(key, (cut_off, limit, of.carried));
    }

    /// Items that no cycle has claimed although their merchant's last cycle should have.
    pub fn overlooked(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, (cut_off, limit, _)) in &self.last {
            for (item, claims) in self.items.get(key).into_iter().flatten() {
                if item.due_on < *cut_off && item.entry <= *limit && *claims != 1 {
                    found.push(format!("{} {}: {item:?} claimed {claims} times", key.0, key.1));
                }
            }
        }
        found
    }
}

/// Checks a store, and that a reader which followed it live agrees with every replay.
///
/// # Errors
/// A text naming everything that does not hold.
pub fn check(store: &dyn EventStore, live: &Reader) -> Result<(), String> {
    let audit = Audit::of(store)?;
    let mut faults = audit.overlooked();
    let unbalanced = audit.balance.iter().filter(|(_, balance)| **balance != 0);
    faults.extend(unbalanced.map(|(code, by)| format!("debits − credits = {by} in {code}")));
    faults.extend(audit.faults);
    for page_bytes in [1, 1 << 13, 1 << 24] {
        let replayed = Reader::replay(store, page_bytes)?.saved();
        let differ = live.saved().into_iter().zip(replayed).filter(|(live, again)| live != again);
        faults.extend(differ.map(|(of, _)| format!("{} replays to other bytes", of.0)));
    }
    faults.extend(live.cycles.mismatches_text());
    let lost = |of: &ControlTotal| !of.holds();
    faults.extend(live.cycles.control_totals().into_iter().filter(lost).map(|of| {
        format!("{}: closed lines and open items are not the items posted: {of:?}", of.currency)
    }));
    for of in live.statements.control_totals() {
        if of.recorded_lines != of.referred_lines {
            faults.push(format!("{}: statements refer to other sums: {of:?}", of.currency));
        }
    }
    for of in live.balances.control_totals() {
        let booked = live.trial.balance_of(of.account, of.currency);
        if booked != of.balance {
            faults.push(format!("{} is {booked}, merchants have {}", of.account, of.balance));
        }
    }
    faults.extend(revenue_faults(live));
    faults.extend(tax_faults(live));
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Every revenue line's net is its account's credit balance, and so is what is deferred.
fn revenue_faults(live: &Reader) -> Vec<String> {
    let mut net: BTreeMap<(Account, &str), (Currency, i128)> = BTreeMap::new();
    for row in live.revenue.rows(platform_revenue::Months::default()) {
        let of = net.entry((row.line, row.currency.code())).or_insert((row.currency, 0));
        of.1 += row.net;
    }
    let revenue =
        |account: &Account| matches!(account.section(), Section::Revenue | Section::ContraRevenue);
    let mut faults = Vec::new();
    for total in live.trial.totals() {
        for account in Account::CHART.iter().filter(|account| revenue(account)) {
            let booked = -live.trial.balance_of(*account, total.currency);
            let shown = net.get(&(*account, total.currency.code())).map_or(0, |of| of.1);
            if booked != shown {
                faults.push(format!("{account} {} is {booked}, shown {shown}", total.currency));
            }
        }
        let deferred = live.revenue.deferred().into_iter();
        let of_currency = deferred.filter(|row| row.currency == total.currency);
        let shown: i128 = of_currency.map(|row| row.amount).sum();
        let booked = -live.trial.balance_of(Account::DeferredRevenue, total.currency);
        if booked != shown {
            faults.push(format!("deferred {} is {booked}, shown {shown}", total.currency));
        }
    }
    faults.extend(split_faults(live));
    faults
}

/// However revenue is split, every column has the same sums; and what was deferred before the last month and moved in it
/// is what the account has.
fn split_faults(live: &Reader) -> Vec<String> {
    let always = platform_revenue::Months::default();
    type Columns = BTreeMap<&'static str, [i128; 9]>;
    let sums = |split: SplitBy| -> Columns {
        let mut columns = Columns::new();
        for of in live.revenue.rows_by(always, split) {
            let to = columns.entry(of.row.currency.code()).or_default();
            let row = [of.row.gross, of.row.returned, of.row.contra, of.row.net];
            to.iter_mut().zip(row).for_each(|(to, of)| *to += of);
        }
        for of in live.revenue.merchandise_by(always, split) {
            columns.entry(of.row.currency.code()).or_default()[4] += of.row.value;
        }
        for of in live.revenue.deferral(always, split) {
            let to = columns.entry(of.currency.code()).or_default();
            let row =
                [of.moved.charged, of.moved.recognised, of.moved.returned, of.moved.forfeited];
            to[5..].iter_mut().zip(row).for_each(|(to, of)| *to += of);
        }
        columns
    };
    let whole = sums(SplitBy::default());
    let mut faults = Vec::new();
    for bits in 1..8 {
        let split = SplitBy { category: bits & 1 != 0, region: bits & 2 != 0, tier: bits & 4 != 0 };
        let parts = sums(split);
        if parts != whole {
            faults.push(format!("{split:?} gives {parts:?}, unsplit {whole:?}"));
        }
    }
    for (code, [_, _, _, _, _, charged, recognised, returned, forfeited]) in whole {
        let Ok(currency) = Currency::from_code(code) else { continue };
        let booked = -live.trial.balance_of(Account::DeferredRevenue, currency);
        if charged - recognised - returned - forfeited != booked {
            faults.push(format!("deferral {code} does not close at {booked}"));
        }
    }
    faults
}

/// The rows of every tax account sum to its balance, and holds to that of `MerchantHeld`.
fn tax_faults(live: &Reader) -> Vec<String> {
    let accounts =
        [Account::OutputVat, Account::InputVat, Account::CollectedTax, Account::WithholdingTax];
    let mut faults = Vec::new();
    for currency in live.trial.totals().into_iter().map(|total| total.currency) {
        for account in accounts {
            let booked = live.trial.balance_of(account, currency);
            let shown = live.taxes.balance_of(account, currency);
            if booked != shown {
                faults.push(format!("{account} {currency} is {booked}, shown {shown}"));
            }
        }
        let (booked, shown) =
            (live.trial.balance_of(Account::MerchantHeld, currency), live.holds.balance(currency));
        if booked != shown {
            faults.push(format!("MerchantHeld {currency} is {booked}, holds sum to {shown}"));
        }
    }
    faults
}

/// The mismatches of a projection as text.
trait MismatchesText {
    fn mismatches_text(&self) -> Vec<String>;
}

impl<P: souk_journal::projection::Projection> MismatchesText for P {
    fn mismatches_text(&self) -> Vec<String> {
        self.mismatches().iter().map(ToString::to_string).collect()
    }
}
