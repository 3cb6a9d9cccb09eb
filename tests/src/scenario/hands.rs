//! Who carries a scenario out: the ledger in memory, or whoever else a test hands it to, such as the binary at a prompt.

use std::sync::Arc;

use souk_journal::dates::Micros;
use souk_store::EventStore;

use super::document::Kind;
use super::language::Action;
use crate::market::Sent;

/// A command that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The stable code.
    pub code: String,
    /// What was said.
    pub text: String,
}

/// Carries actions out on a ledger that [`crate::market::create_in`] created.
pub trait Hands {
    /// The ledger's store, to read.
    ///
    /// # Errors
    /// A text.
    fn store(&self) -> Result<Arc<dyn EventStore>, String>;

    /// Forgets everything in memory.
    ///
    /// # Errors
    /// A text.
    fn reload(&mut self, now: Micros) -> Result<(), String>;

    /// Carries one action out: `at` is when it happened, `now` the clock. Says whether everything had been done before.
    ///
    /// # Errors
    /// [`Refused`].
    fn carry_out(&mut self, action: &Action, at: Micros, now: Micros) -> Result<bool, Refused>;

    /// Carries a command out of which no refusal is expected, at the latest with [`Hands::settle`].
    ///
    /// # Errors
    /// [`Refused`], of this one or of one before.
    fn send(&mut self, sent: &Sent, now: Micros) -> Result<(), Refused> {
        let action = Action::Send(vec![sent.clone()]);
        self.carry_out(&action, sent.at, now).map(|_| ())
    }

    /// Holds what the reader shows against what whoever carries it out would show; nothing in memory, where they are one.
    ///
    /// # Errors
    /// A text with both.
    fn check(&self, kind: &Kind, shown: &[String]) -> Result<(), String> {
        let (_, _) = (kind, shown);
        Ok(())
    }

    /// Carries out what was put off.
    ///
    /// # Errors
    /// [`Refused`].
    fn settle(&mut self) -> Result<(), Refused> {
        Ok(())
    }
}
