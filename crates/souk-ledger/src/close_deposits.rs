//! Deposits at a close: what terms recover from them is set aside before, by the stream that guards them.
//!
//! The deposit's own stream knows what may be taken from it, the settlement's what a close lacks, and one command writes to
//! one stream. So a close that needs the deposit has it set aside first, durably, and then uses exactly that; a run that was
//! cut off in between finds it and uses it. What closes put into the deposit the settlement's stream says; it only grows, so
//! the deposit's decisions may read it without guarding it.

use souk_domain::calendar::Cycle;
use souk_domain::deposit::commands::{DepositCommand, SetDepositAside};
use souk_domain::merchant::events::Recovery;
use souk_domain::settlement::close::wanted_of_deposit;
use souk_domain::settlement::commands::{CloseCycle, DepositAtClose};
use souk_domain::settlement::decide::SettlementRefusal;
use souk_journal::money::Amount;

use crate::close_run::{ClaimSource, Run};
use crate::command::Command;
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger};
use crate::request::Request;

impl Ledger {
    /// Sets aside what the cycles of a run take from deposits.
    pub(crate) fn set_deposits_aside(
        &mut self,
        run: &Run,
        cycles: &[(Account, Cycle)],
        claims: &dyn ClaimSource,
    ) -> Result<(), LedgerError> {
        for (account, cycle) in cycles {
            let merchant = self.merchant(account.0)?;
            let ends = merchant.ends_with(cycle).is_some();
            let uses = |of: &Vec<Recovery>| of.contains(&Recovery::Deposit);
            let terms = merchant.terms_on(cycle.to).filter(|terms| !ends && uses(&terms.recovery));
            let Some(terms) = terms.cloned() else { continue };
            let last = self.settlement(*account)?.last.as_ref();
            // A run that goes on meets the cycles it had closed.
            if last.is_some_and(|last| last.cut_off >= cycle.cut_off()) {
                continue;
            }
            let command = self.close_command(*account, *cycle, run, claims)?;
            if command.deposit.set_aside > 0 {
                continue;
            }
            let wanted = wanted_of_deposit(self.settlement(*account)?, &command, &terms)
                .map_err(|error| LedgerError::from(SettlementRefusal::AmountOutOfRange(error)))?;
            if wanted > 0 {
                self.set_aside(&command, wanted)?;
            }
        }
        Ok(())
    }

    fn set_aside(&mut self, close: &CloseCycle, amount: i64) -> Result<(), LedgerError> {
        let CloseCycle { merchant, currency, run, cycle, .. } = close;
        let (merchant, currency, run, cycle) = (*merchant, *currency, *run, cycle.id);
        let amount = Amount::from_minor(amount, currency);
        let aside = SetDepositAside { merchant, currency, run, cycle, amount };
        let key = format!("{run}\n{merchant}~{currency}");
        let at = self.clock().now();
        let ledger = self.identity.ledger;
        let request = Request::of(ledger, "set-deposit-aside", &key, key.as_bytes(), at);
        self.execute(&Command::Deposit(DepositCommand::SetAside(aside)), &request)?;
        Ok(())
    }

    /// The deposit for a close; nothing where its terms have none.
    pub(crate) fn deposit_of(&mut self, close: &CloseCycle) -> Result<DepositAtClose, LedgerError> {
        let account = (close.merchant, close.currency);
        let terms = self.merchant(close.merchant)?.terms_on(close.cycle.to);
        let has = terms.is_some_and(|terms| {
            terms.recovery.contains(&Recovery::Deposit) || terms.deposit(close.currency) > 0
        });
        if !has || close.wind_down_to.is_some() {
            return Ok(DepositAtClose::default());
        }
        self.deposit_at_close(account, Some(close.cycle.id))
    }
}
