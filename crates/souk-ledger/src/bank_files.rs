//! Statements of banks: each is a stream of its own.

use std::sync::Arc;

use souk_domain::bankfile::commands::BankFileCommand;
use souk_domain::bankfile::decide::{BankFile, BankFileContext};
use souk_domain::decider::Decider as _;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

impl Ledger {
    pub(crate) fn stage_bank_file(
        &mut self,
        command: &BankFileCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let context = BankFileContext { today: self.identity.zone.date(request.at) };
        let stream = command.stream();
        let store = Arc::clone(&self.store);
        let loaded = self.bank_files.load(command.of(), &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(BankFile::decide(state, command, &context, request.at))
        })
    }
}
