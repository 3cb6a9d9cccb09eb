//! `export journal --merchant`: a merchant's own side of its closed statements, a journal for each.
//!
//! What the merchant sold is its income and what was taken its cost; what the platform keeps or carries is owed to it, and
//! the payout goes to its bank. A journal balances because a statement adds up:
//! opening + lines − withheld and topped up + released and used = payout + carried − debt.

use std::collections::BTreeMap;

use merchant_statements::Statement as Recorded;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;
use crate::summary_journal::{JournalLine, SummaryJournal};

impl Books {
    /// The journals of every closed statement of a merchant, by last day and currency.
    ///
    /// # Errors
    /// `UnknownMerchant`, with the nearest known one.
    pub fn merchant_journals(&self, merchant: &str) -> Result<Vec<SummaryJournal>, BooksError> {
        let merchant = self.find_merchant(merchant)?;
        let statements = self.models().statements.iter(self.names());
        let own = statements.filter(|(of, _)| *of == merchant).map(|(_, of)| journal(of));
        let mut journals: Vec<SummaryJournal> = own.collect();
        journals.sort_by(|a, b| {
            (a.on, a.currency.code(), &a.name).cmp(&(b.on, b.currency.code(), &b.name))
        });
        Ok(journals)
    }
}

fn journal(of: &Recorded) -> SummaryJournal {
    let mut sums: BTreeMap<LineKind, (i128, i128)> = BTreeMap::new();
    // An income is a credit, and what goes the other way a debit.
    let mut book = |kind: LineKind, minor: i128| {
        let (debits, credits) = sums.entry(kind).or_default();
        if minor < 0 {
            *debits -= minor;
        } else {
            *credits += minor;
        }
    };
    for total in of.subtotals() {
        book(total.kind, i128::from(total.amount));
    }
    // The balance with the platform goes out as it was and comes in as it is.
    book(LineKind::Carried, i128::from(of.opening));
    book(LineKind::Carried, -i128::from(of.carried));
    book(LineKind::ReserveWithheld, -i128::from(of.reserve_withheld));
    book(LineKind::ReserveReleased, i128::from(of.reserve_released));
    book(LineKind::DepositToppedUp, -i128::from(of.deposit_topped_up));
    book(LineKind::DepositUsed, i128::from(of.deposit_used));
    book(LineKind::Payout, -i128::from(of.payout));
    let debt = if of.debt < 0 { LineKind::DebtCollected } else { LineKind::DebtRecognised };
    book(debt, i128::from(of.debt));
    SummaryJournal {
        name: of.number.to_string(),
        on: of.to,
        currency: of.currency,
        lines: lines(sums, of.currency),
    }
}

fn lines(sums: BTreeMap<LineKind, (i128, i128)>, currency: Currency) -> Vec<JournalLine> {
    let figure = |minor: i128| Figure::new(minor, currency);
    let of = |(kind, (debits, credits)): (LineKind, (i128, i128))| JournalLine {
        name: kind.text(),
        shown: kind.text().to_owned(),
        debits: figure(debits),
        credits: figure(credits),
    };
    sums.into_iter().filter(|(_, sides)| *sides != (0, 0)).map(of).collect()
}
