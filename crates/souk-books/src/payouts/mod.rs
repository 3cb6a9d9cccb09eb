//! `payouts`: every payout of a closed cycle, where it stands and why, and that all of them are what the accounts say.

mod select;

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::event_id::payout_id;
use souk_domain::payee::state::PayeeToday;
use souk_domain::payout::commands::OfCycle;
use souk_domain::payout::decide::waits_for;
use souk_domain::payout::verdict::Standing;
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::Currency;
use souk_registers::{PayoutKnown, PayoutStatus};
use uuid::Uuid;

use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

pub use select::{Chosen, DayOff, LeftOut, Selection, Wanted};

/// Where a payout stands, as people ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PayoutStanding {
    /// Of a closed cycle, not instructed.
    Due,
    /// Due, and waits: it is held, or its payee is.
    Held,
    /// Instructed; the bank has not answered.
    Instructed,
    /// The bank accepted it.
    InTransit,
    /// Paid.
    Paid,
    /// Never left; its money is in a later cycle.
    Failed,
    /// Came back; its money is in a later cycle.
    Returned,
}

impl PayoutStanding {
    /// The same as the payout's own stream has it, which knows nothing of payees.
    pub fn of_stream(self) -> Standing {
        match self {
            Self::Due | Self::Held => Standing::Due,
            Self::Instructed => Standing::Instructed,
            Self::InTransit => Standing::Accepted,
            Self::Paid => Standing::Paid,
            Self::Failed => Standing::Failed,
            Self::Returned => Standing::Returned,
        }
    }

    /// Its name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Held => "held",
            Self::Instructed => "instructed",
            Self::InTransit => "in-transit",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Returned => "returned",
        }
    }
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutRow {
    /// Its id: 32 hexadecimal digits, as in the bank's file.
    pub payout: String,
    /// Who is paid.
    pub merchant: MerchantId,
    /// Currency of the amount.
    pub currency: Currency,
    /// The closed cycle.
    pub cycle: String,
    /// The statement's number, as in the remittance text.
    pub statement: String,
    /// How much.
    pub amount: Figure,
    /// Where it stands.
    pub standing: PayoutStanding,
    /// The day since which it stands there; of a due one, the day after its cycle.
    pub since: Date,
    /// The day on which it is due under the merchant's terms, where they agree one.
    pub pay_on: Option<Date>,
    /// Days since it was instructed, while it is with the bank.
    pub age_days: Option<i32>,
    /// Why it waits, failed or came back.
    pub reason: Option<String>,
    /// The statement of the later closing that claimed what never left or came back.
    pub again_in: Option<String>,
    /// Where it goes, once it is instructed.
    pub payee: Option<Id>,
    /// The file it is in.
    pub file: Option<Id>,
    /// The bank's reference.
    pub bank_reference: Option<Id>,
}

/// Payouts that stand at the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutTotal {
    /// Currency of the amount.
    pub currency: Currency,
    /// Where they stand.
    pub standing: PayoutStanding,
    /// Whether a later closing claimed what never left or came back: it is not open any more.
    pub again: bool,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub amount: Figure,
}

/// Payouts against an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutAccount {
    /// Currency of the amounts.
    pub currency: Currency,
    /// `PayoutsDue` or `PayoutsInTransit`.
    pub account: String,
    /// Σ of the payouts that stand there.
    pub payouts: Figure,
    /// The account's balance, credit positive.
    pub balance: Figure,
    /// Whether they are the same.
    pub holds: bool,
}

/// A payee to whose account a payout did not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InDoubt {
    /// The payee.
    pub payee: Id,
    /// The cycle of that payout.
    pub cycle: CycleId,
}

/// Payouts at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutsReport {
    /// The last entry it reflects.
    pub entry: u64,
    /// The day at whose end ages are counted.
    pub effective: Date,
    /// By merchant, currency and cycle.
    pub rows: Vec<PayoutRow>,
    /// Sums by currency and standing, over all payouts, shown or not; of those that a later closing claimed only when all
    /// are shown.
    pub totals: Vec<PayoutTotal>,
    /// The accounts they must be.
    pub accounts: Vec<PayoutAccount>,
}

impl Books {
    /// Payouts as they stand, with ages at the end of a day: those that are open, or all of them. Paid ones are not, nor
    /// those that never left or came back and are in a later closing.
    ///
    /// # Errors
    /// `UnknownMerchant`, with the nearest known one.
    pub fn payouts(
        &self,
        today: Date,
        all: bool,
        merchant: Option<&str>,
    ) -> Result<PayoutsReport, BooksError> {
        let merchant = merchant.map(|text| self.find_merchant(text)).transpose()?;
        let mut rows = self.payout_rows(today);
        let mut totals: Vec<PayoutTotal> = Vec::new();
        for row in &rows {
            let again = row.again_in.is_some();
            if again && !all {
                continue;
            }
            let key = (row.currency, row.standing, again);
            let known = totals.iter_mut().find(|of| (of.currency, of.standing, of.again) == key);
            match known {
                Some(of) => {
                    of.count += 1;
                    of.amount.minor += row.amount.minor;
                }
                None => totals.push(PayoutTotal {
                    currency: row.currency,
                    standing: row.standing,
                    again,
                    count: 1,
                    amount: row.amount,
                }),
            }
        }
        totals.sort_by_key(|of| (of.currency.code(), of.standing, of.again));
        let accounts = self.payout_accounts(&totals);
        rows.retain(|row| {
            (all || row.standing != PayoutStanding::Paid && row.again_in.is_none())
                && merchant.is_none_or(|of| of == row.merchant)
        });
        Ok(PayoutsReport { entry: self.entry(), effective: today, rows, totals, accounts })
    }

    /// A payout by its id.
    pub fn payout(&self, payout: &str, today: Date) -> Option<PayoutRow> {
        let known = self.models().payouts.get(payout)?;
        let (merchant, currency) = (known.merchant, known.currency);
        let number = self.number(merchant)?;
        let cycle = known.cycle.as_str();
        let statement = self.models().statements.by_cycle(number, currency, cycle)?;
        Some(self.payout_row(merchant, statement, today))
    }

    fn payout_rows(&self, today: Date) -> Vec<PayoutRow> {
        let statements = self.models().statements.iter(self.names());
        let paying = statements.filter(|(_, statement)| statement.payout > 0);
        paying.map(|(merchant, statement)| self.payout_row(merchant, statement, today)).collect()
    }

    fn payout_row(
        &self,
        merchant: MerchantId,
        statement: &merchant_statements::Statement,
        today: Date,
    ) -> PayoutRow {
        let currency = statement.currency;
        let payout = self.payout_id(merchant, currency, &statement.cycle);
        let known = self.models().payouts.get(&payout);
        let (standing, reason) = self.standing_of((merchant, currency), known, today);
        let again = known.and_then(|of| self.again(of));
        let to_approve = (standing == PayoutStanding::Due)
            .then(|| self.to_approve((merchant, currency), statement.payout, known, today));
        let reason = match (reason, to_approve.flatten()) {
            (Some(first), Some(second)) => Some(format!("{first}; {second}")),
            (first, second) => first.or(second),
        };
        let reason = match (reason, &again) {
            (reason, None) => reason,
            (reason, Some((number, paid))) => {
                let reason = reason.unwrap_or_default();
                Some(format!("{reason}; {}in {number}", if *paid { "paid again " } else { "" }))
            }
        };
        let with_bank = [PayoutStanding::Instructed, PayoutStanding::InTransit];
        let instructed = known.and_then(|of| of.instructed_on);
        let age = instructed.filter(|_| with_bank.contains(&standing));
        PayoutRow {
            merchant,
            currency,
            cycle: statement.cycle.to_string(),
            statement: statement.number.to_string(),
            amount: Figure::new(statement.payout, currency),
            standing,
            since: known.map_or(statement.cut_off, |of| of.since),
            pay_on: CycleId::new(&statement.cycle)
                .ok()
                .and_then(|cycle| self.models().payouts.pay_on(merchant, currency, cycle)),
            again_in: again.map(|(number, _)| number),
            age_days: age.map(|on| today.days_since(on)),
            reason,
            payee: known.and_then(|of| of.payee),
            file: known.and_then(|of| of.file),
            bank_reference: known.and_then(|of| of.bank_reference),
            payout,
        }
    }

    fn standing_of(
        &self,
        (merchant, currency): (MerchantId, Currency),
        known: Option<&PayoutKnown>,
        today: Date,
    ) -> (PayoutStanding, Option<String>) {
        let reason = known.and_then(|of| of.reason.as_deref().map(str::to_owned));
        match known.map(|of| of.status) {
            None | Some(PayoutStatus::Due) => {
                if known.is_some_and(|of| of.held) {
                    return (PayoutStanding::Held, reason);
                }
                let payees = self.models().payees.get(merchant, currency);
                match payees.map_or(PayeeToday::None, |of| of.on(today)) {
                    PayeeToday::InForce(payee, _) => match self.doubt(payee, known) {
                        Some(doubt) => (PayoutStanding::Held, Some(doubt)),
                        None => (PayoutStanding::Due, None),
                    },
                    PayeeToday::None => (PayoutStanding::Due, PayeeToday::None.waits()),
                    waits @ (PayeeToday::Proposed(_)
                    | PayeeToday::Cooling(..)
                    | PayeeToday::Withdrawn) => (PayoutStanding::Held, waits.waits()),
                }
            }
            Some(PayoutStatus::Instructed) => (PayoutStanding::Instructed, None),
            Some(PayoutStatus::Accepted) => (PayoutStanding::InTransit, None),
            Some(PayoutStatus::Paid) => (PayoutStanding::Paid, None),
            Some(PayoutStatus::Failed) => (PayoutStanding::Failed, reason),
            Some(PayoutStatus::Returned) => (PayoutStanding::Returned, reason),
        }
    }

    /// Why a payout waits because an earlier one did not get to the account of its payee. A person who knows better
    /// releases it, payout by payout; one that arrives ends the doubt.
    fn doubt(&self, payee: Id, known: Option<&PayoutKnown>) -> Option<String> {
        let doubt = self.models().payouts.doubt(payee)?;
        let released = known.and_then(|of| of.released);
        if released.is_some_and(|entry| entry > doubt.entry) {
            return None;
        }
        let (cycle, on, reason) = (doubt.cycle, doubt.on, &doubt.reason);
        Some(format!(
            "the payout of {cycle} did not arrive at {payee} ({on}, {reason}): release it once the account is confirmed, \
             or propose another payee"
        ))
    }

    /// Why a payout that nobody holds waits all the same: its payee's account is in doubt.
    pub fn payout_in_doubt(&self, of: &OfCycle<'_>, today: Date) -> Option<InDoubt> {
        let currency = Currency::from_code(&of.currency).ok()?;
        let payout = self.payout_id(of.merchant, currency, of.cycle.as_str());
        let known = self.models().payouts.get(&payout);
        if known.is_some_and(|of| of.held || of.status != PayoutStatus::Due) {
            return None;
        }
        let payees = self.models().payees.get(of.merchant, currency)?;
        let PayeeToday::InForce(payee, _) = payees.on(today) else { return None };
        self.doubt(payee, known)?;
        Some(InDoubt { payee, cycle: self.models().payouts.doubt(payee)?.cycle })
    }

    /// The statement of the later closing that claimed what never left or came back, and whether its payout is paid.
    fn again(&self, known: &PayoutKnown) -> Option<(String, bool)> {
        let cycle = known.undone.as_ref()?.claimed_by?;
        let (merchant, currency) = (known.merchant, known.currency);
        let number = self.number(merchant)?;
        let statement = self.models().statements.by_cycle(number, currency, cycle.as_str())?;
        let payout = self.payout_id(merchant, currency, cycle.as_str());
        let paid = self.models().payouts.get(&payout);
        let paid = paid.is_some_and(|of| of.status == PayoutStatus::Paid);
        Some((statement.number.to_string(), paid))
    }

    fn payout_id(&self, merchant: MerchantId, currency: Currency, cycle: &str) -> String {
        let ledger = self.models().ledger.identity().map_or("", |of| of.ledger.as_str());
        let ledger = Uuid::parse_str(ledger).unwrap_or_default();
        payout_id(ledger, merchant.as_str(), currency.code(), cycle)
    }

    /// Who has to approve a payout before it goes out, where one person alone may not instruct so much.
    fn to_approve(
        &self,
        (merchant, currency): (MerchantId, Currency),
        payout: i64,
        known: Option<&PayoutKnown>,
        today: Date,
    ) -> Option<String> {
        let terms = self.models().merchants.get(merchant)?;
        let limit = terms.state.approval_above_on(currency, today)?;
        if payout <= limit {
            return None;
        }
        let limit = Figure::new(limit, currency).grouped();
        let waits = waits_for(known.map_or(&[][..], |of| &of.approved_by))?;
        Some(format!("above {limit}: {waits}"))
    }

    fn payout_accounts(&self, totals: &[PayoutTotal]) -> Vec<PayoutAccount> {
        let due = [PayoutStanding::Due, PayoutStanding::Held];
        let sent = [PayoutStanding::Instructed, PayoutStanding::InTransit];
        let mut accounts = Vec::new();
        for total in self.models().trial_balance.totals() {
            let currency = total.currency;
            for (account, at) in [(Account::PayoutsDue, due), (Account::PayoutsInTransit, sent)] {
                let there =
                    |of: &&PayoutTotal| of.currency == currency && at.contains(&of.standing);
                let sum: i128 = totals.iter().filter(there).map(|of| of.amount.minor).sum();
                let balance = -self.models().trial_balance.balance_of(account, currency);
                accounts.push(PayoutAccount {
                    currency,
                    account: account.to_string(),
                    payouts: Figure::new(sum, currency),
                    balance: Figure::new(balance, currency),
                    holds: sum == balance,
                });
            }
        }
        accounts
            .sort_by(|a, b| (a.currency.code(), &a.account).cmp(&(b.currency.code(), &b.account)));
        accounts
    }
}
