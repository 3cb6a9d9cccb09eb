//! Test support: the entries of some events, as a finance lead writes them.

use souk_journal::account::Account;
use souk_journal::entry::{EventRef, Posting, check_balance};
use souk_journal::money::{Currency, minor_text};
use souk_journal::names::Names;

use super::Stored;
use crate::metadata::Metadata;
use crate::posting::post;

/// Every posting of some events.
pub(crate) struct Books {
    postings: Vec<Posting>,
    names: Names,
}

impl Books {
    /// Posts the events in order; each entry balances.
    pub(crate) fn of(events: &[Stored]) -> Self {
        let mut books = Self { postings: Vec::new(), names: Names::default() };
        for (number, stored) in (0..).zip(events) {
            let metadata = Metadata {
                version: 1,
                command: "8c7f3a52-6a0c-5c4e-9a3f-0d3a6f6f2f11",
                digest: "563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3",
                occurred_at: "2026-03-01T10:00:00.000000Z".parse().unwrap(),
                effective_on: stored.effective_on,
                recorded_at: "2026-03-01T10:00:00.000000Z".parse().unwrap(),
                correlation: None,
                causation: None,
                actor: None,
                corrects: None,
            };
            let stream = format!("{}-5001", stored.kind.category());
            let source = EventRef { stream: &stream, revision: number };
            let event = stored.event();
            let entry = post(&event, &metadata, number, source, &mut books.names).unwrap();
            check_balance(&entry.postings).unwrap();
            books.postings.extend(entry.postings.iter());
        }
        books
    }

    fn merchant(&self, posting: &Posting) -> String {
        self.names.merchant(posting.merchant).map_or("none".to_owned(), |id| id.to_string())
    }

    /// `Dr PspClearing 120.00`, in posting order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = |of: &Posting| {
            let side = if of.amount > 0 { "Dr" } else { "Cr" };
            let amount = minor_text(i128::from(of.amount.abs()), of.currency);
            format!("{side} {} {amount}", of.account)
        };
        self.postings.iter().map(text).collect()
    }

    /// `1007 commission -8.00 due 2026-03-09`, in the merchant's view.
    pub(crate) fn items(&self) -> Vec<String> {
        let text = |of: &Posting| {
            let amount = minor_text(i128::from(-of.amount), of.currency);
            let due_on = of.due_on.map(|date| date.to_string()).unwrap_or_default();
            format!("{} {} {amount} due {due_on}", self.merchant(of), of.kind)
        };
        self.postings.iter().filter(|of| of.is_item()).map(text).collect()
    }

    /// Debits less credits of an account, minor units.
    pub(crate) fn minor(&self, account: &str) -> i128 {
        let of = |posting: &&Posting| posting.account.to_string() == account;
        self.postings.iter().filter(of).map(|of| i128::from(of.amount)).sum()
    }

    /// An account's balance in each currency in which it has one, minor units.
    pub(crate) fn in_each_currency(&self, account: &str) -> Vec<(&'static str, i128)> {
        let mut sums = std::collections::BTreeMap::new();
        for of in self.postings.iter().filter(|of| of.account.to_string() == account) {
            *sums.entry(of.currency.code()).or_default() += i128::from(of.amount);
        }
        sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
    }

    /// What merchants bear of these kinds with their taxes, net of what came back, minor units.
    pub(crate) fn of_kinds(&self, kinds: &[&str]) -> i128 {
        let of = |posting: &&Posting| {
            let kind = posting.kind.to_string();
            posting.is_item() && kinds.contains(&kind.split('.').next().unwrap_or_default())
        };
        self.postings.iter().filter(of).map(|of| i128::from(of.amount)).sum()
    }

    /// An account's balance as a decimal.
    pub(crate) fn balance(&self, account: &str) -> String {
        let currency = self.postings.first().map(|of| of.currency);
        minor_text(self.minor(account), currency.unwrap_or(Currency::from_code("CNY").unwrap()))
    }

    /// Balance of an account per merchant, minor units.
    pub(crate) fn per_merchant(&self, account: Account) -> Vec<(String, i128)> {
        let mut sums: Vec<(String, i128)> = Vec::new();
        for posting in self.postings.iter().filter(|of| of.account == account) {
            let merchant = self.merchant(posting);
            match sums.iter_mut().find(|(of, _)| *of == merchant) {
                Some((_, sum)) => *sum += i128::from(posting.amount),
                None => sums.push((merchant, i128::from(posting.amount))),
            }
        }
        sums
    }
}
