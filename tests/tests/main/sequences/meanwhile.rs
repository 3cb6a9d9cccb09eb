//! Claims of a close between whose reading and appending others write.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use souk_domain::merchant::events::Left;
use souk_domain::service::commands::DueDay;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::statement_lines::{Claim, Head};
use souk_ledger::close_run::{AccountSource, ClaimSource, Run};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Account;
use souk_store::EventStore;
use souk_tests::reader::Reader;

use super::ops::Daily;
use super::others::Others;

/// Answers every claim while another writer appends.
pub(crate) struct Meanwhile<'w> {
    inner: RefCell<Inner<'w>>,
    /// The reader follows the other writer before it answers, so it stands beyond the claim point.
    ahead: bool,
}

struct Inner<'w> {
    reader: &'w mut Reader,
    others: &'w mut Others,
    waiting: VecDeque<Daily>,
    fault: Option<String>,
}

impl Inner<'_> {
    fn write(&mut self) {
        if let Some(op) = self.waiting.pop_front()
            && let Err(fault) = self.others.run(&op)
        {
            self.fault = Some(fault);
        }
    }
}

impl<'w> Meanwhile<'w> {
    pub(crate) fn new(
        reader: &'w mut Reader,
        others: &'w mut Others,
        meanwhile: Vec<Daily>,
        ahead: bool,
    ) -> Self {
        let waiting = meanwhile.into();
        Self { inner: RefCell::new(Inner { reader, others, waiting, fault: None }), ahead }
    }

    /// What went wrong meanwhile.
    pub(crate) fn finish(self) -> Result<(), String> {
        self.inner.into_inner().fault.map_or(Ok(()), Err)
    }
}

impl ClaimSource for Meanwhile<'_> {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        self.inner.get_mut().reader.catch_up(store)
    }

    fn last_entry(&self) -> u64 {
        self.inner.borrow().reader.last_entry()
    }

    fn accounts(&self) -> Vec<Account> {
        self.inner.borrow().reader.accounts()
    }

    fn earliest_due(&self, account: Account) -> Option<Date> {
        self.inner.borrow().reader.earliest_due(account)
    }

    fn claim(&self, account: Account, head: &Head) -> Result<Claim, LedgerError> {
        let mut inner = self.inner.borrow_mut();
        if self.ahead {
            inner.write();
            let Inner { reader, others, fault, .. } = &mut *inner;
            if let Err(error) = reader.catch_up(others.store()) {
                *fault = Some(error.to_string());
            }
            return inner.reader.claim(account, head);
        }
        let claim = inner.reader.claim(account, head);
        inner.write();
        claim
    }

    fn runs(&self) -> Vec<Run> {
        self.inner.borrow().reader.runs()
    }
}

impl AccountSource for Meanwhile<'_> {
    fn left(&self, merchant: MerchantId) -> Vec<Left> {
        self.inner.borrow().reader.left(merchant)
    }

    fn due_by_day(&self, account: Account, today: Date) -> Vec<DueDay> {
        self.inner.borrow().reader.due_by_day(account, today)
    }
}
