//! One row of the file of opening balances: what it may be, and what its account asks for.

use std::collections::BTreeSet;

use csv::ByteRecord;
use rust_decimal::Decimal;
use souk_domain::ledger::decide::is_label;
use souk_domain::opening::events::OpeningAccount;
use souk_domain::service_kind::ServiceKind;
use souk_journal::account::{Account, Section};
use souk_journal::dates::Date;
use souk_journal::ids::{MembershipId, MerchantId};
use souk_journal::money::{Amount, Currency, MAX_MINOR};

use super::{Of, Row};
use crate::amount::{AmountProblem, decimal};
use crate::bad_row::quoted;
use crate::text_table::{TableError, TextTable};

/// Where the columns are.
pub(super) struct Columns {
    account: usize,
    merchant: usize,
    currency: usize,
    debit: usize,
    credit: usize,
    due_on: Option<usize>,
    reference: Option<usize>,
    service: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
}

/// What may stand once: a deposit, a wallet, a debt, an allowance, a term.
pub(super) type Seen = BTreeSet<(&'static str, String, String)>;

/// What is said of a field.
type Fault<'f> = dyn FnMut(usize, String) + 'f;

impl Columns {
    pub(super) fn of(table: &TextTable) -> Result<Self, TableError> {
        Ok(Self {
            account: table.require("account")?,
            merchant: table.require("merchant")?,
            currency: table.require("currency")?,
            debit: table.require("debit")?,
            credit: table.require("credit")?,
            due_on: table.column("due_on"),
            reference: table.column("reference"),
            service: table.column("service"),
            from: table.column("from"),
            to: table.column("to"),
        })
    }

    /// The row, or what is wrong with it: all of it that can be said.
    pub(super) fn read(
        &self,
        record: &ByteRecord,
        line: u64,
        as_of: Date,
        seen: &mut Seen,
        fault: &mut Fault<'_>,
    ) -> Option<Row> {
        let cells = Cells { columns: self, record, as_of };
        let currency = cells.currency(fault);
        let amount = currency.and_then(|currency| cells.amount(currency, fault));
        let of = cells.of(fault);
        let (currency, (is_debit, amount), of) = (currency?, amount?, of?);
        let side = match &of {
            Of::Plain { .. } => None,
            Of::Debt(_) => Some(true),
            Of::Deposit(_)
            | Of::Wallet(_)
            | Of::Reserve(..)
            | Of::Allowance(_)
            | Of::Term { .. } => Some(false),
        };
        if side.is_some_and(|side| side != is_debit) {
            let (index, wanted) =
                if is_debit { (self.debit, "credit") } else { (self.credit, "debit") };
            fault(index, format!("this account has a {wanted} balance"));
            return None;
        }
        if let Some(key) = once(&of, currency)
            && !seen.insert(key)
        {
            fault(self.account, "stands twice for this merchant and currency; give one sum".into());
            return None;
        }
        Some(Row { line, of, currency, amount, is_debit })
    }
}

/// What a merchant's sum is of.
type SumOf = fn(MerchantId) -> Of;

/// The accounts that a merchant has one sum of.
const SUMS: [(Account, SumOf); 4] = [
    (Account::MerchantDeposit, Of::Deposit),
    (Account::AdWallet, Of::Wallet),
    (Account::MerchantDebt, Of::Debt),
    (Account::DebtAllowance, Of::Allowance),
];

/// What may stand once in the file.
fn once(of: &Of, currency: Currency) -> Option<(&'static str, String, String)> {
    let code = currency.code().to_owned();
    match of {
        Of::Plain { .. } | Of::Reserve(..) => None,
        Of::Deposit(merchant) => Some(("deposit", merchant.to_string(), code)),
        Of::Wallet(merchant) => Some(("wallet", merchant.to_string(), code)),
        Of::Debt(merchant) => Some(("debt", merchant.to_string(), code)),
        Of::Allowance(merchant) => Some(("allowance", merchant.to_string(), code)),
        Of::Term { membership, .. } => Some(("term", membership.to_string(), String::new())),
    }
}

struct Cells<'r> {
    columns: &'r Columns,
    record: &'r ByteRecord,
    as_of: Date,
}

impl Cells<'_> {
    fn text(&self, index: usize) -> &str {
        // The table has checked that every field is UTF-8.
        std::str::from_utf8(self.record.get(index).unwrap_or_default()).unwrap_or_default().trim()
    }

    /// The text of a column that may be missing, and where it is.
    fn optional(&self, index: Option<usize>) -> Option<(usize, &str)> {
        index.map(|index| (index, self.text(index))).filter(|(_, text)| !text.is_empty())
    }

    fn currency(&self, fault: &mut Fault<'_>) -> Option<Currency> {
        let text = self.text(self.columns.currency);
        match Currency::from_code(text) {
            Ok(currency) => Some(currency),
            Err(error) => {
                fault(self.columns.currency, error.to_string());
                None
            }
        }
    }

    /// The side that is filled, and its amount at the scale of the currency.
    fn amount(&self, currency: Currency, fault: &mut Fault<'_>) -> Option<(bool, Amount)> {
        let (debit, credit) = (self.text(self.columns.debit), self.text(self.columns.credit));
        let (is_debit, index, text) = match (debit.is_empty(), credit.is_empty()) {
            (false, true) => (true, self.columns.debit, debit),
            (true, false) => (false, self.columns.credit, credit),
            (true, true) => {
                fault(self.columns.debit, "neither debit nor credit has an amount".into());
                return None;
            }
            (false, false) => {
                fault(self.columns.credit, "debit and credit both have an amount".into());
                return None;
            }
        };
        let said = |problem: AmountProblem| problem.say("amount", text.as_bytes());
        let value: Decimal = match decimal(text.as_bytes()) {
            Ok(value) => value,
            Err(problem) => {
                fault(index, said(problem));
                return None;
            }
        };
        match Amount::from(value).at_scale(currency) {
            Ok(amount) if amount.is_zero() => {
                fault(index, "an amount of nothing; leave the row out".into());
                None
            }
            Ok(amount) if amount.minor(currency).is_ok_and(|minor| minor <= MAX_MINOR) => {
                Some((is_debit, amount))
            }
            Ok(_) => {
                fault(index, said(AmountProblem::TooLarge));
                None
            }
            Err(error) => {
                fault(index, error.to_string());
                None
            }
        }
    }

    fn of(&self, fault: &mut Fault<'_>) -> Option<Of> {
        let (at, name) = (self.columns.account, self.text(self.columns.account));
        let Some(account) = Account::CHART.iter().find(|of| of.name() == name).copied() else {
            let what = format!("account {} is not in the chart", quoted(name.as_bytes()));
            fault(at, what);
            return None;
        };
        if account == Account::MerchantReserve {
            let (merchant, date) =
                (self.merchant(fault), self.date(self.columns.due_on, "due_on", fault));
            return merchant.zip(date).map(|(merchant, date)| Of::Reserve(merchant, date));
        }
        if account == Account::DeferredRevenue {
            return self.term(fault);
        }
        let Some((_, of)) = SUMS.iter().find(|(of, _)| *of == account) else {
            return self.plain(account, fault);
        };
        let of = self.merchant(fault).map(of);
        self.empty(self.columns.due_on, "due_on", fault)?;
        of
    }

    fn plain(&self, account: Account, fault: &mut Fault<'_>) -> Option<Of> {
        let known = OpeningAccount::ALL.iter().find(|of| of.account() == account).copied();
        let Some(known) = known else {
            fault(self.columns.account, why_not(account));
            return None;
        };
        let reference = self.reference(known, fault)?;
        if known == OpeningAccount::MerchantPayable {
            let merchant = self.merchant(fault);
            let due_on = self.date(self.columns.due_on, "due_on", fault);
            let (merchant, due_on) = (Some(merchant?), Some(due_on?));
            return Some(Of::Plain { account: known, merchant, due_on, reference });
        }
        self.empty(Some(self.columns.merchant), "merchant", fault)?;
        self.empty(self.columns.due_on, "due_on", fault)?;
        Some(Of::Plain { account: known, merchant: None, due_on: None, reference })
    }

    /// What the account is kept by: needed except for an item, where the order may be unknown.
    fn reference(&self, of: OpeningAccount, fault: &mut Fault<'_>) -> Option<Option<String>> {
        let found = self.optional(self.columns.reference);
        match (of.key(), found) {
            (None, Some((index, _))) => {
                fault(index, format!("{} is not kept by a reference", of.account()));
                None
            }
            (Some(_), Some((index, text))) if !is_label(text) => {
                fault(
                    index,
                    format!(
                        "reference {} is not 1 to 100 plain characters",
                        quoted(text.as_bytes())
                    ),
                );
                None
            }
            (Some(_), None) if of != OpeningAccount::MerchantPayable => {
                let index = self.columns.reference.unwrap_or(self.columns.account);
                fault(index, format!("{} is kept by a reference, and there is none", of.account()));
                None
            }
            (Some(_), Some((_, text))) => Some(Some(text.to_owned())),
            (None | Some(_), None) => Some(None),
        }
    }

    fn term(&self, fault: &mut Fault<'_>) -> Option<Of> {
        let merchant = self.merchant(fault);
        let membership = match self.optional(self.columns.reference) {
            Some((index, text)) => match MembershipId::new(text) {
                Ok(id) => Some(id),
                Err(error) => {
                    fault(index, error.to_string());
                    None
                }
            },
            None => {
                let index = self.columns.reference.unwrap_or(self.columns.account);
                fault(index, "DeferredRevenue needs the name of the term as its reference".into());
                None
            }
        };
        let service = self.service(fault);
        let from = self.date(self.columns.from, "from", fault);
        let to = self.date(self.columns.to, "to", fault);
        let (from, to) = (from?, to?);
        let at = |index: Option<usize>| index.unwrap_or(self.columns.account);
        if from <= self.as_of {
            let what = format!(
                "{from} is not after {}, the day of the balances: the first day that is not earned yet stands here",
                self.as_of
            );
            fault(at(self.columns.from), what);
            return None;
        }
        if to < from {
            fault(at(self.columns.to), format!("the term ends on {to}, before {from}"));
            return None;
        }
        let (merchant, membership, service) = (merchant?, membership?, service?);
        Some(Of::Term { merchant, membership, service, from, to })
    }

    fn service(&self, fault: &mut Fault<'_>) -> Option<ServiceKind> {
        let (index, text) = self
            .optional(self.columns.service)
            .unwrap_or((self.columns.service.unwrap_or(self.columns.account), "membership"));
        let names = ServiceKind::ALL.map(|kind| kind.lines().fee.text().replace('_', "-"));
        let found = ServiceKind::ALL.into_iter().zip(&names).find(|(_, name)| *name == text);
        let found = found.map(|(kind, _)| kind);
        if found.is_none() {
            let what =
                format!("service {} is none of {}", quoted(text.as_bytes()), names.join(", "));
            fault(index, what);
        }
        found
    }

    fn merchant(&self, fault: &mut Fault<'_>) -> Option<MerchantId> {
        let (index, text) = (self.columns.merchant, self.text(self.columns.merchant));
        if text.is_empty() {
            let account = self.text(self.columns.account);
            fault(index, format!("{account} is a merchant's, and none is named"));
            return None;
        }
        match MerchantId::new(text) {
            Ok(merchant) => Some(merchant),
            Err(error) => {
                fault(index, error.to_string());
                None
            }
        }
    }

    fn date(&self, index: Option<usize>, name: &str, fault: &mut Fault<'_>) -> Option<Date> {
        let account = self.text(self.columns.account);
        let Some((index, text)) = self.optional(index) else {
            fault(index.unwrap_or(self.columns.account), format!("{account} needs {name}, a date"));
            return None;
        };
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                fault(
                    index,
                    format!("{name} {} is not a date such as 2026-03-01", quoted(text.as_bytes())),
                );
                None
            }
        }
    }

    fn empty(&self, index: Option<usize>, name: &str, fault: &mut Fault<'_>) -> Option<()> {
        let Some((index, _)) = self.optional(index) else { return Some(()) };
        fault(index, format!("{} has no {name}", self.text(self.columns.account)));
        None
    }
}

/// How balances are brought forward that no row can bring.
const INSTEAD: [(&[Account], &str); 5] = [
    (
        &[Account::OrderEscrow],
        "bring the payments of open orders as credits on PspClearing, by payment, then place and pay the orders",
    ),
    (&[Account::PayoutsDue], "bring it as an item on MerchantPayable that is due"),
    (&[Account::MerchantHeld], "bring it as an item on MerchantPayable that is due later"),
    (
        &[Account::PayoutsInTransit, Account::RefundsInTransit],
        "bring it on BankClearing or PspClearing, by transfer or payment",
    ),
    (&[Account::OpeningBalances], "it is the other side of every row"),
];

/// Why a balance of an account is not brought forward, and how it is instead.
fn why_not(account: Account) -> String {
    let known = INSTEAD.iter().find(|(accounts, _)| accounts.contains(&account));
    let how = match (known, account.section()) {
        (Some((_, how)), _) => how,
        (
            None,
            Section::Revenue | Section::ContraRevenue | Section::OtherIncome | Section::Expense,
        ) => "revenue and expenses begin at zero",
        (None, Section::Memorandum) => "grant the credit anew",
        (None, Section::Asset | Section::Liability | Section::Clearing) => {
            "nothing in this edition would take it back to zero"
        }
    };
    format!("{account} is not brought forward: {how}")
}
