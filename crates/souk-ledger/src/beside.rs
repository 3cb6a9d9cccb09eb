//! What is charged beside orders: terms that are sold, and services and penalties of a merchant.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::membership::commands::MembershipCommand;
use souk_domain::membership::decide::{Membership, MembershipContext};
use souk_domain::membership::events::Holder;
use souk_domain::membership::state::MembershipState;
use souk_domain::service::commands::ServiceCommand;
use souk_domain::service::decide::{Service, ServiceContext};
use souk_domain::service::refusal::ServiceRefusal;
use souk_domain::tariff::freight::{ByTable, FreightBy, FreightRefusal, freight};
use souk_domain::tariff::period::{ByTariff, PeriodPrice, PeriodRefusal, period_price};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::closing::{Business, allowed};
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger};
use crate::request::{Outcome, Request};
use crate::writer::encode;

impl Ledger {
    pub(crate) fn stage_membership(
        &mut self,
        command: &MembershipCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let membership = command.membership();
        let stream = format!("membership-{membership}");
        let store = Arc::clone(&self.store);
        let known = self.memberships.load(membership, &stream, store.as_ref(), self.look)?;
        let holder = match command {
            MembershipCommand::Charge(of) => Some(of.holder),
            MembershipCommand::Recognise(_)
            | MembershipCommand::Cancel(_)
            | MembershipCommand::Upgrade(_)
            | MembershipCommand::AgreeRenewal(_)
            | MembershipCommand::EndRenewal(_)
            | MembershipCommand::Invoice(_)
            | MembershipCommand::IssueRedLetter(_)
            | MembershipCommand::ConfirmRefund(_) => known.state.holder(),
        };
        let selling = match command {
            MembershipCommand::Charge(_)
            | MembershipCommand::Upgrade(_)
            | MembershipCommand::AgreeRenewal(_) => holder.and_then(Holder::merchant),
            MembershipCommand::Recognise(_)
            | MembershipCommand::Cancel(_)
            | MembershipCommand::EndRenewal(_)
            | MembershipCommand::Invoice(_)
            | MembershipCommand::IssueRedLetter(_)
            | MembershipCommand::ConfirmRefund(_) => None,
        };
        let refused = match selling {
            Some(merchant) => self.no_business(merchant, request.at, Business::New)?,
            None => None,
        };
        let platform_today = self.identity.zone.date(request.at);
        let merchant = holder.and_then(Holder::merchant);
        let (today, merchant_known) = match merchant {
            Some(merchant) => self.date_at(merchant, request.at)?,
            None => (platform_today, false),
        };
        let tier = merchant.map(|merchant| self.tier_on(merchant, today)).transpose()?.flatten();
        let tier = tier.as_deref();
        let named = match command {
            MembershipCommand::Charge(of) => {
                of.by_tariff.as_ref().zip(Currency::from_code(&of.currency).ok())
            }
            MembershipCommand::Recognise(_)
            | MembershipCommand::Cancel(_)
            | MembershipCommand::Upgrade(_)
            | MembershipCommand::AgreeRenewal(_)
            | MembershipCommand::EndRenewal(_)
            | MembershipCommand::Invoice(_)
            | MembershipCommand::IssueRedLetter(_)
            | MembershipCommand::ConfirmRefund(_) => None,
        };
        let period = match (named, merchant) {
            (Some((by, currency)), Some(merchant)) => {
                Some(self.period_price(by, merchant, (currency, today))?)
            }
            (Some(_) | None, _) => None,
        };
        let period = period.as_ref();
        let ends = matches!(command, MembershipCommand::Cancel(_) | MembershipCommand::Upgrade(_));
        let sold_in =
            match &self.memberships.load(membership, &stream, store.as_ref(), self.look)?.state {
                MembershipState::Sold(term) => Some(term.currency),
                MembershipState::Absent | MembershipState::Cancelled { .. } => None,
            };
        let corrected = match (merchant.zip(sold_in), ends) {
            (Some(account), true) => self.corrected_plan(account, &stream)?,
            (Some(_) | None, _) => (0, 0),
        };
        let context =
            MembershipContext { today, platform_today, merchant_known, tier, period, corrected };
        let loaded = self.memberships.load(membership, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            allowed(refused)?;
            encode(Membership::decide(state, command, &context, request.at))
        })
    }

    /// What the tariff of a merchant's terms publishes for a period, on a day.
    fn period_price(
        &mut self,
        by: &ByTariff<'_>,
        merchant: MerchantId,
        (currency, day): (Currency, Date),
    ) -> Result<Result<PeriodPrice, PeriodRefusal>, LedgerError> {
        let tariff = self.merchant(merchant)?.terms_on(day).map(|terms| terms.tariff);
        let tariff = tariff.map(|of| self.tariff(of).cloned()).transpose()?;
        let state = self.merchant(merchant)?;
        Ok(period_price(by, (merchant, state), tariff.as_ref(), (currency, day)))
    }

    /// What the tariff of a merchant's terms publishes for a parcel, on a day.
    fn freight_price(
        &mut self,
        by: &ByTable<'_>,
        merchant: MerchantId,
        (currency, day): (Currency, Date),
    ) -> Result<Result<FreightBy, FreightRefusal>, LedgerError> {
        let tariff = self.merchant(merchant)?.terms_on(day).map(|terms| terms.tariff);
        let tariff = tariff.map(|of| self.tariff(of).cloned()).transpose()?;
        let state = self.merchant(merchant)?;
        Ok(freight(by, (merchant, state), tariff.as_ref(), (currency, day)))
    }

    pub(crate) fn stage_service(
        &mut self,
        command: &ServiceCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let account = service_account(command)?;
        let business = match command {
            ServiceCommand::GrantLoan(_) => Business::New,
            ServiceCommand::Charge(_)
            | ServiceCommand::Impose(_)
            | ServiceCommand::AdvancePayout(_) => Business::Ongoing,
            ServiceCommand::Return(_)
            | ServiceCommand::Remit(_)
            | ServiceCommand::RepayLoan(_)
            | ServiceCommand::Waive(_)
            | ServiceCommand::Invoice(_)
            | ServiceCommand::IssueRedLetter(_)
            | ServiceCommand::ConfirmRefund(_) => Business::Settling,
        };
        let refused = self.no_business(account.0, request.at, business)?;
        let (today, merchant_known) = self.date_at(account.0, request.at)?;
        let tier = self.tier_on(account.0, today)?;
        let tier = tier.as_deref();
        let named = match command {
            ServiceCommand::Charge(of) => (of.by_tariff.as_ref(), of.by_table.as_ref()),
            ServiceCommand::Return(_)
            | ServiceCommand::Impose(_)
            | ServiceCommand::Remit(_)
            | ServiceCommand::GrantLoan(_)
            | ServiceCommand::RepayLoan(_)
            | ServiceCommand::AdvancePayout(_)
            | ServiceCommand::Waive(_)
            | ServiceCommand::Invoice(_)
            | ServiceCommand::IssueRedLetter(_)
            | ServiceCommand::ConfirmRefund(_) => (None, None),
        };
        let price = |by| self.period_price(by, account.0, (account.1, today));
        let period = named.0.map(price).transpose()?;
        let price = |by| self.freight_price(by, account.0, (account.1, today));
        let freight = named.1.map(price).transpose()?;
        let (currency, period, freight) = (account.1, period.as_ref(), freight.as_ref());
        let stream = service_stream(account);
        let gives_back = match command {
            ServiceCommand::Return(of) => Some(of.of.charge),
            ServiceCommand::Waive(of) => Some(of.of.charge),
            ServiceCommand::Charge(_)
            | ServiceCommand::Impose(_)
            | ServiceCommand::Remit(_)
            | ServiceCommand::GrantLoan(_)
            | ServiceCommand::RepayLoan(_)
            | ServiceCommand::AdvancePayout(_)
            | ServiceCommand::Invoice(_)
            | ServiceCommand::IssueRedLetter(_)
            | ServiceCommand::ConfirmRefund(_) => None,
        };
        let corrected = match gives_back {
            Some(charge) => self.corrected_service(account, &stream, charge)?,
            None => 0,
        };
        let context =
            ServiceContext { currency, today, merchant_known, tier, period, freight, corrected };
        let store = Arc::clone(&self.store);
        let loaded = self.services.load(account, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            allowed(refused)?;
            encode(Service::decide(state, command, &context, request.at))
        })
    }
}

/// The merchant and the currency of a command to services.
pub(crate) fn service_account(command: &ServiceCommand<'_>) -> Result<Account, ServiceRefusal> {
    let (merchant, code) = command.of();
    let currency = Currency::from_code(code).map_err(ServiceRefusal::UnknownCurrency)?;
    Ok((merchant, currency))
}

/// The stream of a merchant's services.
pub(crate) fn service_stream((merchant, currency): Account) -> String {
    format!("service-{merchant}~{currency}")
}
