//! What the write side asks before it closes cycles.

use std::sync::Arc;

use souk_domain::merchant::events::Left;
use souk_domain::service::commands::DueDay;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::statement_lines::{Claim, Head, claim};
use souk_ledger::close_run::{AccountSource, ClaimSource, Run};
use souk_ledger::closing::left_in;
use souk_ledger::early::due_by_day;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Account;
use souk_store::EventStore;

use crate::books::Books;

impl ClaimSource for Books {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        let caught_up = self.projector.catch_up(store.as_ref(), None);
        caught_up.map(|_| ()).map_err(|error| LedgerError::ReadSide(error.to_string()))
    }

    fn last_entry(&self) -> u64 {
        self.entry()
    }

    /// In order of merchants, then currencies.
    fn accounts(&self) -> Vec<Account> {
        let cycles = &self.models().cycles;
        let of = |merchant| {
            let number = self.number(merchant);
            let currencies = number.map(|number| cycles.currencies(number)).unwrap_or_default();
            let wanted = currencies.into_iter().filter(move |currency| {
                let some = |number| {
                    !cycles.open(number, *currency).is_empty()
                        || !cycles.closed(number, *currency).is_empty()
                };
                number.is_some_and(some)
            });
            wanted.map(move |currency| (merchant, currency)).collect::<Vec<Account>>()
        };
        self.merchants().into_iter().flat_map(of).collect()
    }

    fn earliest_due(&self, (merchant, currency): Account) -> Option<Date> {
        self.models().cycles.due_before(self.number(merchant)?, currency)
    }

    /// Right once the books stand at or beyond the head's claim point.
    fn claim(&self, (merchant, currency): Account, head: &Head) -> Result<Claim, LedgerError> {
        match self.number(merchant) {
            Some(number) => Ok(self.models().cycles.claim(number, currency, head)),
            None => Ok(claim(head, [])),
        }
    }

    fn runs(&self) -> Vec<Run> {
        let runs = self.models().ledger.runs().iter().map(|run| Run {
            run: run.run,
            through: run.through,
            entry: run.entry,
            finished: run.finished.is_some(),
        });
        runs.collect()
    }
}

impl AccountSource for Books {
    fn left(&self, merchant: MerchantId) -> Vec<Left> {
        let models = self.models();
        let rows = models.trial_balance.rows(self.names()).into_iter();
        let rows = rows.filter(|row| row.merchant == Some(merchant));
        let balances = rows.map(|row| (row.account, row.currency, row.balance));
        let number = self.number(merchant);
        let currencies = number.map(|of| models.cycles.currencies(of)).unwrap_or_default();
        let items = number.into_iter().flat_map(|number| {
            currencies.iter().map(move |currency| {
                let open = models.cycles.open(number, *currency);
                let sum = open.iter().map(|item| i128::from(item.amount)).sum();
                (*currency, open.len(), sum)
            })
        });
        left_in(balances, items)
    }

    fn due_by_day(&self, (merchant, currency): Account, today: Date) -> Vec<DueDay> {
        let number = self.number(merchant);
        let open = number.map(|number| self.models().cycles.open(number, currency));
        due_by_day(open.unwrap_or_default(), today, currency)
    }
}
