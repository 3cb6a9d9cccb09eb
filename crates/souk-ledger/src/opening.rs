//! Opening balances on the write side: each in the stream that guards it.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::opening::commands::OpeningCommand;
use souk_domain::opening::decide::Opening;
use souk_domain::opening::guarded::{
    OpeningDeposit, OpeningSettlement, OpeningTerm, OpeningWallet,
};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::request::{Outcome, Request};
use crate::writer::encode;

impl Ledger {
    pub(crate) fn stage_opening(
        &mut self,
        command: &OpeningCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let store = Arc::clone(&self.store);
        let (store, stream, look) = (store.as_ref(), command.stream(), self.look);
        match command {
            OpeningCommand::Record(of) => {
                let loaded = self.openings.load(of.merchant, &stream, store, look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(Opening::decide(state, of, &(), request.at))
                })
            }
            OpeningCommand::Deposit(of) => {
                let key = (of.merchant, of.currency);
                let loaded = self.deposits.load(key, &stream, store, look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(OpeningDeposit::decide(state, of, &(), request.at))
                })
            }
            OpeningCommand::Wallet(of) => {
                let key = (of.merchant, of.currency);
                let loaded = self.advertising.load(key, &stream, store, look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(OpeningWallet::decide(state, of, &(), request.at))
                })
            }
            OpeningCommand::Settlement(of) => {
                let key = (of.merchant, of.currency);
                let loaded = self.settlements.load(key, &stream, store, look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(OpeningSettlement::decide(state, of, &(), request.at))
                })
            }
            OpeningCommand::Term(of) => {
                let loaded = self.memberships.load(of.membership, &stream, store, look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(OpeningTerm::decide(state, of, &(), request.at))
                })
            }
        }
    }

    /// Forgets the stream of a command, so that the next try reads it anew.
    pub(crate) fn forget_opening(&mut self, command: &OpeningCommand<'_>) {
        match command {
            OpeningCommand::Record(of) => self.openings.forget(of.merchant),
            OpeningCommand::Deposit(of) => self.deposits.forget((of.merchant, of.currency)),
            OpeningCommand::Wallet(of) => self.advertising.forget((of.merchant, of.currency)),
            OpeningCommand::Settlement(of) => self.settlements.forget((of.merchant, of.currency)),
            OpeningCommand::Term(of) => self.memberships.forget(of.membership),
        }
    }
}
