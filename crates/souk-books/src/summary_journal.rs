//! `export journal`: what was posted, summed per account, for the books of the platform outside of Souk.
//!
//! A journal is the sum of whole entries, so it balances in every currency, and all journals together are the trial
//! balance. Reads the log once and keeps nothing. The merchants' side is `merchant_journal`.

use std::collections::BTreeMap;

use souk_domain::closerun::events::CloseRunEvent;
use souk_domain::event::LedgerEvent;
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::{Fetched, Fetcher};
use crate::figure::Figure;

/// What one journal sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalBy {
    /// The entries up to the end of a close run, from the end of the one before it.
    Cycle,
    /// The entries of an accounting date.
    Day,
    /// The entries of a month, by accounting date.
    Month,
}

/// A journal in one currency: debits and credits are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryJournal {
    /// `2026-03`, `2026-03-08`, `close-2026-03-08`; what follows the last close is `open`.
    pub name: String,
    /// Its date: the day, the last day of the month, the last day closed; of what is open the latest accounting date.
    pub on: Date,
    /// Currency of every amount.
    pub currency: Currency,
    /// In the order of the chart.
    pub lines: Vec<JournalLine>,
}

/// An account in a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// What a map gives a code to: the account's name or, on a merchant's side, the kind of line.
    pub name: &'static str,
    /// The same with the account's key.
    pub shown: String,
    /// Sum of debits, ≥ 0.
    pub debits: Figure,
    /// Sum of credits, ≥ 0.
    pub credits: Figure,
}

/// Debits and credits of accounts in a currency.
type Accounts = (Currency, BTreeMap<Account, (i128, i128)>);

/// The same by journal and code of the currency.
type Sums = BTreeMap<(Place, &'static str), Accounts>;

/// Where a journal stands among the others: the number of close runs before it, or its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Run(usize),
    On(Date),
}

/// The journals as they are summed.
#[derive(Debug)]
struct Summing {
    by: JournalBy,
    sums: Sums,
    /// The last day that each finished run closed, with its name.
    runs: Vec<(String, Date)>,
    through: Option<Date>,
    latest: Option<Date>,
}

impl SummaryJournal {
    /// Debits less credits: nothing, or the journal is no journal.
    pub fn difference(&self) -> Figure {
        let of = |line: &JournalLine| line.debits.minor - line.credits.minor;
        Figure::new(self.lines.iter().map(of).sum::<i128>(), self.currency)
    }
}

impl Books {
    /// The journals of everything up to the entry of these books, earliest first.
    ///
    /// # Errors
    /// What the store says, or an event that cannot be read or posted.
    pub fn summary_journals(&self, by: JournalBy) -> Result<Vec<SummaryJournal>, BooksError> {
        let mut summing =
            Summing { by, sums: Sums::new(), runs: Vec::new(), through: None, latest: None };
        Fetcher::new(self.store.as_ref()).each(self.entry(), |fetched| {
            summing.add(&fetched);
            Ok(())
        })?;
        Ok(summing.journals())
    }
}

impl Summing {
    fn add(&mut self, fetched: &Fetched<'_>) {
        let entry = &fetched.entry;
        let place = match self.by {
            JournalBy::Cycle => Place::Run(self.runs.len()),
            JournalBy::Day => Place::On(entry.effective_on),
            JournalBy::Month => Place::On(entry.effective_on.first_of_next_month().plus_days(-1)),
        };
        if !entry.postings.is_empty() {
            self.latest = self.latest.max(Some(entry.effective_on));
        }
        for posting in &entry.postings {
            let key = (place, posting.currency.code());
            let (_, accounts) =
                self.sums.entry(key).or_insert_with(|| (posting.currency, BTreeMap::new()));
            let (debits, credits) = accounts.entry(posting.account).or_default();
            let amount = i128::from(posting.amount);
            if amount > 0 {
                *debits += amount;
            } else {
                *credits -= amount;
            }
        }
        if let LedgerEvent::CloseRun(event) = fetched.event {
            self.run(event);
        }
    }

    fn run(&mut self, event: &CloseRunEvent) {
        if let CloseRunEvent::Started(of) = event {
            self.through = Some(of.through);
        } else if let (CloseRunEvent::Finished(_), Some(through)) = (event, self.through) {
            self.runs.push((format!("close-{through}"), through));
        }
    }

    fn journals(self) -> Vec<SummaryJournal> {
        let (by, runs, latest) = (self.by, self.runs, self.latest);
        let of = |((place, _), (currency, accounts)): ((Place, &'static str), Accounts)| {
            let (name, on) = match place {
                Place::Run(number) => match runs.get(number) {
                    Some((name, on)) => (name.clone(), *on),
                    None => ("open".to_owned(), latest?),
                },
                Place::On(day) => {
                    let (year, month, _) = day.parts();
                    let name = match by {
                        JournalBy::Month => format!("{year:04}-{month:02}"),
                        JournalBy::Day | JournalBy::Cycle => day.to_string(),
                    };
                    (name, day)
                }
            };
            let figure = |minor: i128| Figure::new(minor, currency);
            let lines = accounts.into_iter().map(|(account, (debits, credits))| JournalLine {
                name: account.name(),
                shown: account.to_string(),
                debits: figure(debits),
                credits: figure(credits),
            });
            Some(SummaryJournal { name, on, currency, lines: lines.collect() })
        };
        self.sums.into_iter().filter_map(of).collect()
    }
}
