//! What the read side answers when cycles are closed.

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

use crate::reader::Reader;

/// Bytes of a page when reading on.
const PAGE: usize = 1 << 20;

impl ClaimSource for Reader {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        self.read(store.as_ref(), PAGE, &mut |_, _, _| {}).map_err(LedgerError::ReadSide)
    }

    fn last_entry(&self) -> u64 {
        self.next.saturating_sub(1)
    }

    /// In order of merchants, as the books of the binary.
    fn accounts(&self) -> Vec<Account> {
        let mut merchants = self.names.merchants().to_vec();
        merchants.sort();
        let merchants = merchants.iter();
        let numbered = merchants.filter_map(|id| Some((*id, self.names.find_merchant(*id)?)));
        let of = |(id, number)| self.cycles.currencies(number).into_iter().map(move |of| (id, of));
        numbered.flat_map(of).collect()
    }

    fn earliest_due(&self, (merchant, currency): Account) -> Option<Date> {
        self.cycles.due_before(self.names.find_merchant(merchant)?, currency)
    }

    fn claim(&self, (merchant, currency): Account, head: &Head) -> Result<Claim, LedgerError> {
        match self.names.find_merchant(merchant) {
            Some(number) => Ok(self.cycles.claim(number, currency, head)),
            None => Ok(claim(head, [])),
        }
    }

    fn runs(&self) -> Vec<Run> {
        self.runs.clone()
    }
}

impl AccountSource for Reader {
    fn left(&self, merchant: MerchantId) -> Vec<Left> {
        let rows = self.trial.rows(&self.names).into_iter();
        let rows = rows.filter(|row| row.merchant == Some(merchant));
        let balances = rows.map(|row| (row.account, row.currency, row.balance));
        let open = self.cycles.open_books(&self.names).into_iter();
        let items = open.filter(|of| of.merchant == merchant);
        left_in(balances, items.map(|of| (of.currency, of.items as usize, of.amount)))
    }

    fn due_by_day(&self, (merchant, currency): Account, today: Date) -> Vec<DueDay> {
        let number = self.names.find_merchant(merchant);
        let open = number.map(|number| self.cycles.open(number, currency));
        due_by_day(open.unwrap_or_default(), today, currency)
    }
}
