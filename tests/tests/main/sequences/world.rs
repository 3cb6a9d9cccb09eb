//! Carries a sequence out: one writer that closes, the others, and a reader that follows.

use std::sync::Arc;

use souk_journal::dates::Date;
use souk_ledger::clock::Clock;
use souk_ledger::close_run::ClaimSource;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_store::EventStore;
use souk_tests::market::{open, platform_zone};
use souk_tests::reader::Reader;

use super::base;
use super::meanwhile::Meanwhile;
use super::ops::{Daily, Op};
use super::others::Others;

/// A marketplace under way.
pub(crate) struct World {
    closer: Ledger,
    pub(crate) others: Others,
    pub(crate) reader: Reader,
}

/// An error with its code.
pub(crate) fn text(error: &LedgerError) -> String {
    format!("{}: {error}", error.code())
}

impl World {
    pub(crate) fn new() -> Result<Self, String> {
        let store = base::store()?;
        let first = Date::new(2026, 3, 1).ok_or("no such day")?;
        let now = platform_zone().start_of(first);
        let closer = open(&store, now, Writers::Several).map_err(|error| text(&error))?;
        let others = Others::new(store, now)?;
        let mut world = Self { closer, others, reader: Reader::default() };
        world.follow()?;
        Ok(world)
    }

    pub(crate) fn store(&self) -> &Arc<dyn EventStore> {
        self.others.store()
    }

    fn follow(&mut self) -> Result<(), String> {
        self.reader.catch_up(self.others.store()).map_err(|error| text(&error))
    }

    pub(crate) fn run(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Now(daily) => self.others.run(daily)?,
            Op::Late { hours, what } => self.others.run_late(what, *hours)?,
            Op::Wait { hours } => self.others.now.0 += i64::from(*hours) * 3_600_000_000,
            Op::Close { days_ago, ahead, meanwhile } => {
                let today = platform_zone().date(self.others.now);
                self.close_through(today.plus_days(-i32::from(*days_ago)), *ahead, meanwhile)?;
            }
            Op::Reopen => {
                let fresh = open(self.others.store(), self.others.now, Writers::Several);
                self.closer = fresh.map_err(|error| text(&error))?;
            }
        }
        self.follow()
    }

    pub(crate) fn close_through(
        &mut self,
        through: Date,
        ahead: bool,
        meanwhile: &[Daily],
    ) -> Result<(), String> {
        self.closer.set_clock(Clock::Pinned(self.others.now));
        let before = self.others.head()?;
        let mut claims =
            Meanwhile::new(&mut self.reader, &mut self.others, meanwhile.to_vec(), ahead);
        let result = self.closer.close_through(through, &mut claims);
        claims.finish()?;
        match result {
            Ok(runs) => {
                self.others.closed.extend(runs.into_iter().flat_map(|run| run.cycles));
                Ok(())
            }
            Err(error) if error.is_refusal() && self.others.head()? == before => Ok(()),
            Err(error) => Err(format!("closing through {through}: {}", text(&error))),
        }
    }

    /// Items that should have been claimed by a close through a day.
    pub(crate) fn left_behind(&mut self, through: Date) -> Result<Vec<String>, String> {
        let mut left = Vec::new();
        for account in self.reader.accounts() {
            let settlement = self.closer.settlement(account).map_err(|error| text(&error))?;
            let last = settlement.last.as_ref().map(|last| last.cut_off);
            let number = self.reader.names.find_merchant(account.0).ok_or("no number")?;
            let state = self.closer.merchant(account.0).map_err(|error| text(&error))?;
            for item in self.reader.cycles.open(number, account.1) {
                let date = last.map_or(item.due_on, |last| last.max(item.due_on));
                if state.cycle_of(date).is_some_and(|cycle| cycle.to <= through) {
                    left.push(format!("{account:?}: {item:?}"));
                }
            }
        }
        Ok(left)
    }
}
