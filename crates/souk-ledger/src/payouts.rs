//! Payouts, the payees they go to, and the files they go out in: what their decisions read of other streams.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::event_id::payout_id;
use souk_domain::payee::commands::PayeeCommand;
use souk_domain::payee::decide::{PayeeContext, PayeeRefusal, Payees};
use souk_domain::payee::state::{PayeeState, PayeeToday};
use souk_domain::payout::commands::{OfCycle, PayoutCommand};
use souk_domain::payout::decide::{Payout, PayoutContext, PayoutRefusal};
use souk_domain::payoutfile::commands::PayoutFileCommand;
use souk_domain::payoutfile::decide::{PayoutFileContext, PayoutFiles};
use souk_domain::payoutfile::state::PayoutFileState;
use souk_journal::ids::Id;
use souk_journal::money::Currency;

use crate::error::LedgerError;
use crate::ledger::{Account, Ledger};
use crate::prepaid;
use crate::request::{Outcome, Request};
use crate::writer::encode;

impl Ledger {
    pub(crate) fn stage_payout(
        &mut self,
        command: &PayoutCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let of = command.of();
        let currency = Currency::from_code(&of.currency).map_err(PayoutRefusal::UnknownCurrency)?;
        let account = (of.merchant, currency);
        let closed = self.settlement(account)?.payouts.get(&of.cycle).copied();
        let (today, _) = self.date_at(of.merchant, request.at)?;
        let approval_above = self.merchant(of.merchant)?.approval_above_on(currency, today);
        let payee = match command {
            PayoutCommand::Instruct(_) => self.payees(account)?.on(today),
            PayoutCommand::Confirm(_)
            | PayoutCommand::Fail(_)
            | PayoutCommand::Return(_)
            | PayoutCommand::Approve(_)
            | PayoutCommand::Hold(_)
            | PayoutCommand::Release(_)
            | PayoutCommand::Accept(_)
            | PayoutCommand::Recall(_) => PayeeToday::None,
        };
        let context = PayoutContext { currency, closed, today, approval_above, payee };
        let id = self.payout_of(of);
        let stream = format!("payout-{id}");
        let store = Arc::clone(&self.store);
        let loaded = self.payouts.load(id, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Payout::decide(state, command, &context, request.at))
        })
    }

    pub(crate) fn payout_of(&self, of: &OfCycle<'_>) -> Id {
        let ledger = self.identity.ledger;
        let id = payout_id(ledger, of.merchant.as_str(), &of.currency, of.cycle.as_str());
        // 32 hexadecimal digits are an identifier.
        Id::new(&id).unwrap_or(of.cycle.0)
    }

    /// A merchant's payees in a currency.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn payees(&mut self, account: Account) -> Result<&PayeeState, LedgerError> {
        let stream = prepaid::stream(Payees::CATEGORY, (account.0, account.1.code()));
        let store = Arc::clone(&self.store);
        Ok(&self.payees.load(account, &stream, store.as_ref(), self.look)?.state)
    }

    /// The files of payouts of an account of the platform.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn payout_files(&mut self, account: Id) -> Result<&PayoutFileState, LedgerError> {
        let stream = format!("{}-{account}", PayoutFiles::CATEGORY);
        let store = Arc::clone(&self.store);
        Ok(&self.payout_files.load(account, &stream, store.as_ref(), self.look)?.state)
    }

    pub(crate) fn stage_payee(
        &mut self,
        command: &PayeeCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (merchant, code) = command.of();
        let currency = Currency::from_code(code).map_err(PayeeRefusal::UnknownCurrency)?;
        let (today, merchant_known) = self.date_at(merchant, request.at)?;
        let cooling_days = self.merchant(merchant)?.cooling_days_on(today);
        let context = PayeeContext { currency, today, merchant_known, cooling_days };
        let stream = prepaid::stream(Payees::CATEGORY, (merchant, code));
        let store = Arc::clone(&self.store);
        let key = (merchant, currency);
        let loaded = self.payees.load(key, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Payees::decide(state, command, &context, request.at))
        })
    }

    pub(crate) fn stage_payout_file(
        &mut self,
        command: &PayoutFileCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let account = command.account();
        let context = PayoutFileContext { today: self.identity.zone.date(request.at) };
        let stream = format!("{}-{account}", PayoutFiles::CATEGORY);
        let store = Arc::clone(&self.store);
        let loaded = self.payout_files.load(account, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(PayoutFiles::decide(state, command, &context, request.at))
        })
    }
}
