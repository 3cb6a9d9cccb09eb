//! What a tick recognised, by month and line of revenue.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::event::LedgerEvent;
use souk_domain::membership::events::MembershipEvent;
use souk_journal::account::{Account, Section};
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;
use crate::figure::Figure;

/// Revenue recognised by some bookings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recognised {
    /// By month, line in the chart's order, currency.
    pub rows: Vec<RecognisedRow>,
}

/// A line of revenue in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RecognisedRow {
    /// The month that was earned, `2026-03`.
    pub month: String,
    /// The revenue account.
    pub line: String,
    /// Currency of the amount.
    pub currency: Currency,
    /// Terms it was earned of.
    pub terms: u64,
    /// What was recognised.
    pub amount: Figure,
}

impl Books {
    /// What these events recognised: streams of terms, each with the revisions of its bookings.
    ///
    /// # Errors
    /// What the store says, or an event that cannot be read.
    pub fn recognised(
        &self,
        bookings: &BTreeMap<String, Vec<u64>>,
    ) -> Result<Recognised, BooksError> {
        let mut sums: BTreeMap<(String, Account, &'static str), RecognisedRow> = BTreeMap::new();
        let mut fetcher = Fetcher::new(self.store.as_ref());
        for (stream, revisions) in bookings {
            fetcher.stream(stream, |fetched| {
                let entry = &fetched.entry;
                let LedgerEvent::Membership(MembershipEvent::Recognised(of)) = fetched.event else {
                    return Ok(());
                };
                if !revisions.contains(&entry.source.revision) {
                    return Ok(());
                }
                let (line, currency) = (of.service.revenue(), of.currency);
                let month = address::month(entry.effective_on);
                let row = sums.entry((month.clone(), line, currency.code())).or_insert_with(|| {
                    let (line, amount) = (line.to_string(), Figure::zero(currency));
                    RecognisedRow { month, line, currency, terms: 0, amount }
                });
                row.terms += 1;
                // What an entry books is what stands on its revenue account.
                let booked = entry.postings.iter();
                let booked = booked.filter(|of| of.account.section() == Section::Revenue);
                row.amount.minor -= booked.map(|of| i128::from(of.amount)).sum::<i128>();
                Ok(())
            })?;
        }
        Ok(Recognised { rows: sums.into_values().collect() })
    }
}
