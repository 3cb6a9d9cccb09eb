//! The books of a close: what closing cycles needs, in memory that does not grow with open items.
//!
//! [`crate::Books`] hold every order and every line, and answer everything; a close needs claims, the runs there have
//! been, and for its summary the cycles it closed, terms, payees and holds. These books are read from the log from entry
//! 0 for each close, so no claim comes from a snapshot, and what of the open items exceeds a budget lies on disk.

use std::path::PathBuf;
use std::sync::Arc;

use merchant_holds::MerchantHolds;
use settlement_cycles::ClosingCycles;
use souk_journal::dates::Date;
use souk_journal::projection::Projection;
use souk_journal::statement_lines::{Claim, Head, claim};
use souk_ledger::close_run::{ClaimSource, Run};
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Account;
use souk_projector::{Projector, ReadModels, Register};
use souk_registers::{LedgerRegister, Merchants, Payees};
use souk_store::EventStore;

use crate::close_summary::Known;
use crate::disk_piles::DiskPiles;

/// Entries read between two words about how far it is.
const AT_ONCE: u64 = 50_000;

/// The read models of a close.
#[derive(Debug)]
struct Models {
    cycles: ClosingCycles<DiskPiles>,
    holds: MerchantHolds,
    merchants: Merchants,
    payees: Payees,
    ledger: LedgerRegister,
}

impl ReadModels for Models {
    fn projections(&mut self) -> Vec<&mut dyn Projection> {
        vec![&mut self.cycles, &mut self.holds]
    }

    fn registers(&mut self) -> Vec<&mut dyn Register> {
        vec![&mut self.merchants, &mut self.payees, &mut self.ledger]
    }
}

/// The books of one close.
#[derive(Debug)]
pub struct CloseBooks {
    projector: Projector<Models>,
}

impl CloseBooks {
    /// Empty books for a close of what a store has now. About `memory` bytes of open items stay in memory; what is beyond
    /// goes to a file without a name in `directory`.
    ///
    /// # Errors
    /// The store's.
    pub fn open(
        store: &dyn EventStore,
        memory: usize,
        directory: PathBuf,
    ) -> Result<Self, LedgerError> {
        let watched = store.head()?;
        let models = Models {
            cycles: ClosingCycles::new(DiskPiles::new(memory, directory), watched),
            holds: MerchantHolds::default(),
            merchants: Merchants::new(),
            payees: Payees::new(),
            ledger: LedgerRegister::new(),
        };
        Ok(Self { projector: Projector::new(models) })
    }

    /// Reads what the store has, and says how far it is.
    ///
    /// # Errors
    /// What stopped it.
    pub fn read(
        &mut self,
        store: &dyn EventStore,
        watcher: &mut dyn FnMut(u64, u64),
    ) -> Result<(), LedgerError> {
        let head = store.head()?;
        loop {
            let next = self.projector.checkpoint().next_entry;
            watcher(next, head);
            if next >= head {
                return self.check();
            }
            let until = Some(head.min(next + AT_ONCE));
            let read = self.projector.catch_up(store, until);
            read.map_err(|error| LedgerError::ReadSide(error.to_string()))?;
        }
    }

    /// Bytes of open items that were written to disk.
    pub fn spilled(&self) -> u64 {
        self.models().cycles.piles().written()
    }

    fn models(&self) -> &Models {
        self.projector.models()
    }

    fn check(&self) -> Result<(), LedgerError> {
        self.models().cycles.piles().check().map_err(LedgerError::ReadSide)
    }

    /// What the summary of a close is made of.
    pub(crate) fn known(&self) -> Known<'_> {
        let models = self.models();
        Known {
            entry: self.last_entry(),
            today: models.cycles.last_effective().unwrap_or(Date::MAX),
            names: self.projector.names(),
            merchants: &models.merchants,
            payees: &models.payees,
            holds: &models.holds,
            cycles: Box::new(move |(merchant, currency): Account| {
                let number = self.projector.names().find_merchant(merchant);
                number.map_or(&[][..], |number| models.cycles.closed(number, currency))
            }),
        }
    }
}

impl ClaimSource for CloseBooks {
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError> {
        let caught_up = self.projector.catch_up(store.as_ref(), None);
        caught_up.map_err(|error| LedgerError::ReadSide(error.to_string()))?;
        self.check()
    }

    fn last_entry(&self) -> u64 {
        self.projector.checkpoint().next_entry.saturating_sub(1)
    }

    /// In order of merchants, then currencies.
    fn accounts(&self) -> Vec<Account> {
        self.models().cycles.accounts(self.projector.names())
    }

    fn earliest_due(&self, (merchant, currency): Account) -> Option<Date> {
        let number = self.projector.names().find_merchant(merchant)?;
        self.models().cycles.due_before(number, currency)
    }

    fn claim(&self, (merchant, currency): Account, head: &Head) -> Result<Claim, LedgerError> {
        let claim = match self.projector.names().find_merchant(merchant) {
            Some(number) => self.models().cycles.claim(number, currency, head),
            None => claim(head, []),
        };
        self.check()?;
        Ok(claim)
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
