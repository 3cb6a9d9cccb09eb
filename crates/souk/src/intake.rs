//! Bulk intake: commands are decided on speculative state and handed to the store in batches, a few
//! batches in flight, so that deciding and syncing overlap. As the only writer it cannot conflict.
//!
//! Where others write too, a command is durable before the next one is decided; only [`Intake::bulk`] gathers orders
//! even then, whose streams depend on nothing else that is gathered. An order that somebody else wrote to meanwhile
//! ends the intake: whoever brings the same file again adds what is missing and nothing twice.

use std::collections::VecDeque;

use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, all_appended};
use souk_ledger::request::{Outcome, Request};
use souk_store::{AppendError, Ticket};

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
    /// Whether orders are gathered although others write too.
    bulk: bool,
    /// Events written.
    pub(crate) events: u64,
    /// Commands that had been carried out before.
    pub(crate) replayed: u64,
}

impl<'l> Intake<'l> {
    /// Begins.
    pub(crate) fn new(ledger: &'l mut Ledger) -> Self {
        let (tickets, since_settled) = (VecDeque::new(), 0);
        Self { ledger, tickets, since_settled, bulk: false, events: 0, replayed: 0 }
    }

    /// Begins, for files of orders.
    pub(crate) fn bulk(ledger: &'l mut Ledger) -> Self {
        Self { bulk: true, ..Self::new(ledger) }
    }

    /// Decides one command; durable after [`Intake::drain`] at the latest.
    pub(crate) fn submit(
        &mut self,
        command: &Command<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let gathered = self.bulk && matches!(command, Command::Order(_));
        // A position counts in what is written, so what came before it must be.
        if matches!(command, Command::FxPosition(_)) {
            self.drain()?;
        }
        let outcome = if self.ledger.is_shared() && !gathered {
            self.drain()?;
            self.ledger.execute(command, request)?
        } else {
            self.ledger.stage(command, request)?
        };
        self.events += outcome.events.len() as u64;
        self.replayed += u64::from(outcome.replayed);
        if self.ledger.staged() >= BATCH {
            self.tickets.push_back(self.ledger.flush());
            self.since_settled += 1;
            while self.tickets.len() > IN_FLIGHT {
                if let Some(ticket) = self.tickets.pop_front() {
                    all_written(ticket)?;
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
            all_written(ticket)?;
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

fn all_written(ticket: Ticket) -> Result<(), LedgerError> {
    let results = ticket.wait();
    let conflict = results.iter().find_map(|result| match result {
        Err(AppendError::WrongExpectedRevision { stream, .. }) => Some(stream.to_string()),
        Err(_) | Ok(_) => None,
    });
    match conflict {
        Some(stream) => Err(LedgerError::TooManyConflicts { stream, tries: 1 }),
        None => all_appended(results),
    }
}
