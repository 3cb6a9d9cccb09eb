//! Opening balances into a new ledger: read, checked as a whole, rehearsed, and written with its creation.

use std::path::Path;
use std::sync::Arc;

use rust_decimal::Decimal;
use souk_domain::opening::events::Origin;
use souk_formats::bad_row::BadRows;
use souk_formats::opening_csv::{OpeningFile, read};
use souk_journal::dates::Date;
use souk_journal::money::{Amount, minor_text};
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::request::Request;
use souk_store::EventStore;

use super::enrol::midnight;
use crate::fail::{Exit, Failure, counted};
use crate::intake::Intake;

/// A file of opening balances with what was said beside it.
#[derive(Debug)]
pub(crate) struct Opening {
    file: OpeningFile,
    as_of: Date,
    approved_by: Vec<String>,
    two_approvals_above: Decimal,
}

impl Opening {
    /// Reads a file; all that is wrong with it is said, with file, line and column.
    pub(crate) fn read(
        path: &Path,
        as_of: Date,
        approved_by: &[String],
        two_approvals_above: Decimal,
    ) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| Failure::io(path, &error))?;
        let file = read(path, &bytes, as_of).map_err(|bad| faults(path, &bad))?;
        Ok(Self { file, as_of, approved_by: approved_by.to_vec(), two_approvals_above })
    }

    /// Writes every balance into a new ledger; durable when this returns.
    pub(crate) fn write(
        &self,
        store: Arc<dyn EventStore>,
        writers: Writers,
    ) -> Result<(), Failure> {
        let mut ledger = Ledger::open(store, Clock::System, writers)?;
        let id = ledger.identity().ledger;
        let at = midnight(self.as_of).min(ledger.clock().now());
        let mut intake = Intake::new(&mut ledger);
        for command in self.file.commands(&self.origin()) {
            let (key, body) = (command.stream(), format!("{command:?}"));
            let request = Request::of(id, "opening-balances", &key, body.as_bytes(), at);
            intake.submit(&Command::Opening(command), &request)?;
        }
        Ok(intake.drain()?)
    }

    /// What was brought forward, in words.
    pub(crate) fn said(&self) -> String {
        let rows = counted(self.file.rows.len(), "balance", "balances");
        let sums = self
            .file
            .totals
            .iter()
            .map(|(currency, sum)| format!("{currency} {}", minor_text(*sum, *currency)));
        let sums: Vec<String> = sums.collect();
        let digest = self.file.sha256.get(..16).unwrap_or_default();
        format!(
            "{rows} at the end of {} brought forward from {} (SHA-256 {digest}…): debits and credits {} each; OpeningBalances is zero.\n",
            self.as_of,
            self.file.name,
            sums.join(", "),
        )
    }

    fn origin(&self) -> Origin<'_> {
        Origin {
            as_of: self.as_of,
            document: self.file.name.as_str().into(),
            sha256: self.file.sha256.as_str().into(),
            approved_by: self.approved_by.iter().map(|name| name.as_str().into()).collect(),
            two_approvals_above: Amount::from(self.two_approvals_above),
        }
    }
}

/// Every fault, with its place; nothing is written.
fn faults(path: &Path, bad: &BadRows) -> Failure {
    let count = counted(usize::try_from(bad.total()).unwrap_or(usize::MAX), "fault", "faults");
    let message = format!("{count} in {}, nothing was written", path.display());
    let mut failure = Failure::new(Exit::BadInput, "BadOpeningBalances", message);
    failure.details = bad.kept().iter().map(ToString::to_string).collect();
    failure
}
