//! How an account ends on the write side: its deposit bears what a final settlement lacks, its emptiness is read from the
//! read side, and what is new business is refused once its last day is past.

use std::sync::Arc;

use souk_domain::calendar::Cycle;
use souk_domain::decider::Decider as _;
use souk_domain::deposit::commands::{DepositCommand, UseDeposit};
use souk_domain::merchant::commands::CloseMerchant;
use souk_domain::merchant::decide::MerchantCommand;
use souk_domain::merchant::events::{Left, LeftKind};
use souk_domain::merchant::refusal::MerchantRefusal;
use souk_domain::merchant::state::NoNewBusiness;
use souk_domain::settlement::commands::{DepositAtClose, statement_number};
use souk_domain::settlement::debts::commands::DebtCommand;
use souk_domain::settlement::debts::decide::{Debt, DebtContext, DebtRefusal};
use souk_journal::account::{Account as Of, Section};
use souk_journal::dates::Micros;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::{Amount, Currency};
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::Head;

use crate::close_run::{AccountSource, ClaimSource};
use crate::command::Command;
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger, settlement_stream};
use crate::prepaid;
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// What a command to a merchant that leaves is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Business {
    /// Something new, for which the last day of new business counts.
    New,
    /// What goes on until the account is closed.
    Ongoing,
    /// What settles it, even after that.
    Settling,
}

/// The refusal, where there is one. A command that was carried out before is found first, and answered as then.
pub(crate) fn allowed(refused: Option<MerchantRefusal>) -> Result<(), LedgerError> {
    refused.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// The accounts in which something of a merchant can be left, beside its items.
const LEFT: [(Of, LeftKind); 9] = [
    (Of::OrderEscrow, LeftKind::Escrow),
    (Of::PayoutsDue, LeftKind::PayoutDue),
    (Of::PayoutsInTransit, LeftKind::PayoutInTransit),
    (Of::MerchantHeld, LeftKind::Held),
    (Of::MerchantReserve, LeftKind::Reserve),
    (Of::MerchantDeposit, LeftKind::Deposit),
    (Of::AdWallet, LeftKind::Wallet),
    (Of::MerchantLoans, LeftKind::Loan),
    (Of::MerchantDebt, LeftKind::Debt),
];

/// What is left in an account: `balances` are its accounts in the books (debit positive), `items` the number and the sum
/// of its open items.
pub fn left_in(
    balances: impl Iterator<Item = (Of, Currency, i128)>,
    items: impl Iterator<Item = (Currency, usize, i128)>,
) -> Vec<Left> {
    let amount = |minor: i128, currency| {
        // Sums of postings stay within 64 bits.
        Amount::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), currency)
    };
    let open = items.filter(|(_, count, _)| *count > 0).map(|(currency, _, sum)| Left {
        kind: LeftKind::Items,
        currency,
        amount: amount(sum, currency),
    });
    let mut left: Vec<Left> = open.collect();
    for (account, currency, balance) in balances.filter(|(_, _, balance)| *balance != 0) {
        if let Some((_, kind)) = LEFT.iter().find(|(of, _)| *of == account) {
            let owed_by_them = account.section() == Section::Asset;
            let minor = if owed_by_them { balance } else { -balance };
            left.push(Left { kind: *kind, currency, amount: amount(minor, currency) });
        }
    }
    left
}

impl Ledger {
    /// Why a merchant that leaves, or has left, may not do something any more.
    pub(crate) fn no_business(
        &mut self,
        merchant: MerchantId,
        at: Micros,
        business: Business,
    ) -> Result<Option<MerchantRefusal>, LedgerError> {
        let platform = self.identity.zone.date(at);
        let why = self.merchant(merchant)?.no_new_business(at, platform);
        Ok(match (why, business) {
            (Some(NoNewBusiness::Closed), Business::New | Business::Ongoing) => {
                Some(MerchantRefusal::MerchantIsClosed(merchant))
            }
            (Some(NoNewBusiness::Closing(last_day)), Business::New) => {
                Some(MerchantRefusal::MerchantClosing { merchant, last_day })
            }
            (_, Business::Settling)
            | (Some(NoNewBusiness::Closing(_)), Business::Ongoing)
            | (None, Business::New | Business::Ongoing) => None,
        })
    }

    /// Closes a merchant's account over what the read side finds left in it.
    ///
    /// # Errors
    /// A refusal, such as `AccountNotEmpty`, or a failure; nothing is written then.
    pub fn close_merchant(
        &mut self,
        merchant: MerchantId,
        closed_by: &str,
        claims: &mut dyn AccountSource,
    ) -> Result<Outcome, LedgerError> {
        claims.catch_up(&self.store)?;
        let (left, entry) = (claims.left(merchant), claims.last_entry());
        let command = CloseMerchant { merchant, left, entry, closed_by: closed_by.into() };
        let (key, body) = (format!("{merchant}\n{entry}"), format!("{merchant}\n{closed_by}"));
        let at = self.clock().now();
        let request =
            Request::of(self.identity.ledger, "close-merchant", &key, body.as_bytes(), at);
        self.execute(&Command::Merchant(MerchantCommand::Close(command)), &request)
    }

    /// Before an account is settled for the last time: what its lines, its opening balance and its reserve leave below
    /// zero is taken from its deposit, as far as that goes, by a command to the deposit's own stream. The run that
    /// follows claims it as a line.
    pub(crate) fn use_deposits(
        &mut self,
        cycles: &[(Account, Cycle)],
        claims: &mut dyn ClaimSource,
    ) -> Result<(), LedgerError> {
        let mut used = false;
        for (account, cycle) in cycles {
            let (merchant, currency) = *account;
            if self.merchant(merchant)?.ends_with(cycle).is_none() {
                continue;
            }
            let entry = claims.last_entry();
            let head = Head {
                merchant,
                currency,
                cycle: cycle.id,
                from: cycle.from,
                cut_off: cycle.cut_off(),
                entry_limit: entry,
                claims: Claims::Everything,
            };
            let claim = claims.claim(*account, &head)?;
            let settlement = self.settlement(*account)?;
            let tranches: i64 = settlement.reserve.iter().map(|tranche| tranche.amount).sum();
            let reserve = tranches + settlement.fixed_reserve;
            let short = -(claim.opening + claim.lines + reserve);
            let amount = short.min(self.deposit(*account)?);
            if amount <= 0 {
                continue;
            }
            let number = statement_number(merchant, cycle, currency);
            let command = UseDeposit {
                merchant,
                currency: currency.code().into(),
                amount: Amount::from_minor(amount, currency),
                due_on: None,
                reason: format!("final settlement {number}").into(),
            };
            let (key, body) = (format!("{number}\n{entry}"), format!("{number}\n{amount}"));
            let at = self.clock().now();
            let request =
                Request::of(self.identity.ledger, "use-deposit-at-last", &key, body.as_bytes(), at);
            self.execute(&Command::Deposit(DepositCommand::Use(command)), &request)?;
            used = true;
        }
        if used { claims.catch_up(&self.store) } else { Ok(()) }
    }

    /// What an account has deposited and not set aside, minor units.
    fn deposit(&mut self, account: Account) -> Result<i64, LedgerError> {
        Ok(self.deposit_at_close(account, None)?.held)
    }

    /// The deposit of an account, with what was set aside for a cycle.
    pub(crate) fn deposit_at_close(
        &mut self,
        account: Account,
        cycle: Option<CycleId>,
    ) -> Result<DepositAtClose, LedgerError> {
        let topped_up = self.settlement(account)?.deposit_topped_up;
        let stream = prepaid::stream("deposit", (account.0, account.1.code()));
        let store = Arc::clone(&self.store);
        let state = &self.deposits.load(account, &stream, store.as_ref(), self.look)?.state;
        let set_aside = state.set_aside.filter(|(of, _)| Some(*of) == cycle);
        let set_aside = set_aside.map_or(0, |(_, amount)| amount);
        Ok(DepositAtClose { held: state.held + topped_up, set_aside })
    }

    pub(crate) fn stage_debt(
        &mut self,
        command: &DebtCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (merchant, code) = command.of();
        let currency = Currency::from_code(code).map_err(DebtRefusal::UnknownCurrency)?;
        let (today, merchant_known) = self.date_at(merchant, request.at)?;
        let context = DebtContext { merchant_known, currency, today };
        let stream = settlement_stream((merchant, currency));
        let store = Arc::clone(&self.store);
        let key = (merchant, currency);
        let loaded = self.settlements.load(key, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Debt::decide(state, command, &context, request.at))
        })
    }
}
