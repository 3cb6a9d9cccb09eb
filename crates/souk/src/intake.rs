//! Bulk intake: commands are decided on speculative state and handed to the store in batches, a few
//! batches in flight, so that deciding and syncing overlap. As the only writer it cannot conflict.

use std::collections::VecDeque;

use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, all_appended};
use souk_ledger::request::{Outcome, Request};
use souk_store::Ticket;

/// Appends per batch: one fdatasync serves them.
const BATCH: usize = 2_000;
/// Batches under way before the oldest is waited for.
const IN_FLIGHT: usize = 3;
/// Batches after which everything is waited for, so that caches can shrink.
const PERIOD: u32 = 16;

/// Commands on their way into a ledger.
#[derive(Debug)]
pub(crate) struct Intake<'l> {
    ledger: &'l mut Ledger,
    tickets: VecDeque<Ticket>,
    since_settled: u32,
    /// Events written.
    pub(crate) events: u64,
    /// Commands that had been carried out before.
    pub(crate) replayed: u64,
}

impl<'l> Intake<'l> {
    /// Begins.
    pub(crate) fn new(ledger: &'l mut Ledger) -> Self {
        Self { ledger, tickets: VecDeque::new(), since_settled: 0, events: 0, replayed: 0 }
    }

    /// Decides one command; durable after [`Intake::drain`] at the latest.
    pub(crate) fn submit(
        &mut self,
        command: &Command<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let outcome = self.ledger.stage(command, request)?;
        self.events += outcome.events.len() as u64;
        self.replayed += u64::from(outcome.replayed);
        if self.ledger.staged() >= BATCH {
            self.tickets.push_back(self.ledger.flush());
            self.since_settled += 1;
            while self.tickets.len() > IN_FLIGHT {
                if let Some(ticket) = self.tickets.pop_front() {
                    all_appended(ticket.wait())?;
                }
            }
            if self.since_settled >= PERIOD {
                self.drain()?;
            }
        }
        Ok(outcome)
    }

    /// Waits until everything is durable.
    pub(crate) fn drain(&mut self) -> Result<(), LedgerError> {
        if self.ledger.staged() > 0 {
            self.tickets.push_back(self.ledger.flush());
        }
        while let Some(ticket) = self.tickets.pop_front() {
            all_appended(ticket.wait())?;
        }
        self.since_settled = 0;
        self.ledger.settle();
        Ok(())
    }

    /// The ledger.
    pub(crate) fn ledger(&mut self) -> &mut Ledger {
        self.ledger
    }
}
