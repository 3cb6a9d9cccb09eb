//! What is charged beside orders: terms that are sold, and services and penalties of a merchant.

use std::sync::Arc;

use souk_domain::decider::Decider as _;
use souk_domain::membership::commands::MembershipCommand;
use souk_domain::membership::decide::{Membership, MembershipContext};
use souk_domain::membership::events::Holder;
use souk_domain::service::commands::ServiceCommand;
use souk_domain::service::decide::{Service, ServiceContext};
use souk_domain::service::refusal::ServiceRefusal;
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
            | MembershipCommand::ConfirmRefund(_) => known.state.holder(),
        };
        let selling = match command {
            MembershipCommand::Charge(_) | MembershipCommand::Upgrade(_) => {
                holder.and_then(Holder::merchant)
            }
            MembershipCommand::Recognise(_)
            | MembershipCommand::Cancel(_)
            | MembershipCommand::ConfirmRefund(_) => None,
        };
        let refused = match selling {
            Some(merchant) => self.no_business(merchant, request.at, Business::New)?,
            None => None,
        };
        let platform_today = self.identity.zone.date(request.at);
        let (today, merchant_known) = match holder.and_then(Holder::merchant) {
            Some(merchant) => self.date_at(merchant, request.at)?,
            None => (platform_today, false),
        };
        let context = MembershipContext { today, platform_today, merchant_known };
        let loaded = self.memberships.load(membership, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            allowed(refused)?;
            encode(Membership::decide(state, command, &context, request.at))
        })
    }

    pub(crate) fn stage_service(
        &mut self,
        command: &ServiceCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let account = service_account(command)?;
        let business = match command {
            ServiceCommand::GrantLoan(_) => Business::New,
            ServiceCommand::Charge(_) | ServiceCommand::Impose(_) => Business::Ongoing,
            ServiceCommand::Return(_)
            | ServiceCommand::Remit(_)
            | ServiceCommand::RepayLoan(_)
            | ServiceCommand::Waive(_)
            | ServiceCommand::ConfirmRefund(_) => Business::Settling,
        };
        let refused = self.no_business(account.0, request.at, business)?;
        let (today, merchant_known) = self.date_at(account.0, request.at)?;
        let context = ServiceContext { currency: account.1, today, merchant_known };
        let stream = service_stream(account);
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
