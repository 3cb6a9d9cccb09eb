//! What merchants pay ahead: advertising wallets and deposits, one stream per merchant and currency.

use std::sync::Arc;

use souk_domain::advertising::commands::AdvertisingCommand;
use souk_domain::advertising::decide::{Advertising, AdvertisingContext};
use souk_domain::advertising::refusal::AdvertisingRefusal;
use souk_domain::decider::Decider as _;
use souk_domain::deposit::commands::DepositCommand;
use souk_domain::deposit::decide::{Deposit, DepositContext, DepositRefusal};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::closing::{Business, allowed};
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger};
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// The stream of a merchant and a currency in a category.
pub(crate) fn stream(category: &str, (merchant, currency): (MerchantId, &str)) -> String {
    format!("{category}-{merchant}~{currency}")
}

/// Its key in a cache; none when there is no such currency, and so no such stream.
pub(crate) fn key((merchant, currency): (MerchantId, &str)) -> Option<Account> {
    Currency::from_code(currency).ok().map(|currency| (merchant, currency))
}

impl Ledger {
    pub(crate) fn stage_advertising(
        &mut self,
        command: &AdvertisingCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (merchant, code) = command.of();
        let currency = Currency::from_code(code).map_err(AdvertisingRefusal::UnknownCurrency)?;
        let business = match command {
            AdvertisingCommand::TopUp(_) | AdvertisingCommand::Grant(_) => Business::New,
            AdvertisingCommand::AgreeTerms(_) | AdvertisingCommand::Charge(_) => Business::Ongoing,
            AdvertisingCommand::Expire(_)
            | AdvertisingCommand::Refund(_)
            | AdvertisingCommand::ConfirmRefund(_) => Business::Settling,
        };
        let refused = self.no_business(merchant, request.at, business)?;
        let (today, merchant_known) = self.date_at(merchant, request.at)?;
        let tier = self.tier_on(merchant, today)?;
        let tier = tier.as_deref();
        let context = AdvertisingContext { merchant_known, currency, today, tier };
        let stream = stream(Advertising::CATEGORY, (merchant, code));
        let store = Arc::clone(&self.store);
        let key = (merchant, currency);
        let loaded = self.advertising.load(key, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            allowed(refused)?;
            encode(Advertising::decide(state, command, &context, request.at))
        })
    }

    pub(crate) fn stage_deposit(
        &mut self,
        command: &DepositCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let (merchant, code) = command.of();
        let currency = Currency::from_code(code).map_err(DepositRefusal::UnknownCurrency)?;
        let business = match command {
            DepositCommand::Pay(_) => Business::Ongoing,
            DepositCommand::Use(_) | DepositCommand::Return(_) | DepositCommand::SetAside(_) => {
                Business::Settling
            }
        };
        let refused = self.no_business(merchant, request.at, business)?;
        let (today, merchant_known) = self.date_at(merchant, request.at)?;
        let topped_up = self.settlement((merchant, currency))?.deposit_topped_up;
        let context = DepositContext { merchant_known, currency, today, topped_up };
        let stream = stream(Deposit::CATEGORY, (merchant, code));
        let store = Arc::clone(&self.store);
        let key = (merchant, currency);
        let loaded = self.deposits.load(key, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            allowed(refused)?;
            encode(Deposit::decide(state, command, &context, request.at))
        })
    }
}
