//! How services are charged and returned, and penalties imposed and waived.

use std::borrow::Cow;

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::ChargeId;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{
    ChargeServiceFee, ConfirmServiceRefund, ImposePenalty, RemitPremium, ReturnServiceFee,
    ServiceCommand, WaivePenalty,
};
use super::events::{
    ForSupplier, PenaltyImposed, PenaltyWaived, PremiumRemitted, ServiceEvent, ServiceFeeCharged,
    ServiceFeeReturned, ServiceRefundPaid, Shipment,
};
use super::refusal::ServiceRefusal;
use super::state::{Charge, Charged, ServiceState};
use super::{early, invoice, loan, price};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::returned_to::{Bore, guarded_elsewhere, merged, recorded, shares};
use crate::segment::Segment;
use crate::service_kind::ServiceKind;
use crate::settled_from::{SettledFrom, TakeFrom, settle};
use crate::tariff::freight::{ByTable, FreightBy, FreightRefusal};
use crate::tariff::period::{PeriodPrice, PeriodRefusal};

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct ServiceContext<'a> {
    /// Currency of the stream.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Its tier, by its terms in force.
    pub tier: Option<&'a str>,
    /// What its tariff says of the price that the command names.
    pub period: Option<&'a Result<PeriodPrice, PeriodRefusal>>,
    /// What its tariff says of the parcel that the command names.
    pub freight: Option<&'a Result<FreightBy, FreightRefusal>>,
    /// What corrections have given back of the charge that the command names, minor units.
    pub corrected: i64,
}

/// Streams of services.
#[derive(Debug)]
pub struct Service;

impl Decider for Service {
    const CATEGORY: &'static str = "service";
    type Command<'a> = ServiceCommand<'a>;
    type Event<'a> = ServiceEvent<'a>;
    type State = ServiceState;
    type Refusal = ServiceRefusal;
    type Context<'a> = ServiceContext<'a>;

    fn decide<'a>(
        state: &'a ServiceState,
        command: &'a ServiceCommand<'a>,
        context: &'a ServiceContext<'a>,
        _at: Micros,
    ) -> Result<Decision<ServiceEvent<'a>>, ServiceRefusal> {
        let event = match command {
            ServiceCommand::Charge(of) => charge(state, of, context),
            ServiceCommand::Return(of) => give_back(state, of, context),
            ServiceCommand::Impose(of) => impose(state, of, context),
            ServiceCommand::Waive(of) => waive(state, of, context),
            ServiceCommand::GrantLoan(of) => loan::grant(state, of, context),
            ServiceCommand::RepayLoan(of) => loan::repay(state, of, context),
            ServiceCommand::Invoice(of) => invoice::invoice(state, of, context),
            ServiceCommand::IssueRedLetter(of) => invoice::issue(state, of, context),
            ServiceCommand::AdvancePayout(of) => early::advance(state, of, context),
            ServiceCommand::Remit(of) => remit(state, of, context),
            ServiceCommand::ConfirmRefund(of) => confirm(state, of, context),
        }?;
        Ok(Decision::one(context.today, event))
    }

    fn evolve(state: &mut ServiceState, event: &ServiceEvent<'_>) -> Result<(), MoneyError> {
        match event {
            ServiceEvent::Charged(of) => {
                state.currency = Some(of.currency);
                state.charges.insert(of.charge, Charge::service(of)?);
            }
            ServiceEvent::Imposed(of) => {
                state.currency = Some(of.currency);
                state.charges.insert(of.charge, Charge::penalty(of)?);
            }
            ServiceEvent::Returned(of) => {
                if let Some(known) = state.charges.get_mut(&of.charge) {
                    went_back(known, &of.returned_to, of.currency)?;
                    invoice::came_back(known, of)?;
                }
            }
            ServiceEvent::Invoiced(of) => invoice::invoiced(state, of),
            ServiceEvent::RedLetterIssued(of) => invoice::settled(state, of),
            ServiceEvent::Waived(of) => {
                if let Some(known) = state.charges.get_mut(&of.charge) {
                    let amount = of.amount.minor(of.currency)?;
                    if of.was_passed {
                        // It stands in transit once, for the buyer.
                        known.open.iter_mut().take(1).for_each(|open| open.net -= amount);
                        known.open.retain(|open| open.gross() != 0);
                    }
                    went_back(known, &of.returned_to, of.currency)?;
                }
            }
            ServiceEvent::LoanGranted(of) => loan::granted(state, of)?,
            ServiceEvent::LoanRepaid(of) => loan::repaid(state, of)?,
            ServiceEvent::PayoutAdvanced(of) => early::advanced(state, of)?,
            ServiceEvent::Remitted(of) => {
                let amount = of.amount.minor(of.currency)?;
                state.remitted.insert((of.supplier, of.transfer.as_ref().into()), amount);
            }
            ServiceEvent::RefundPaid(of) => {
                if let Some(known) = state.charges.get_mut(&of.charge) {
                    known.open.clear();
                }
            }
        }
        Ok(())
    }
}

/// What was returned is noted, and what of it waits outside.
fn went_back(
    charge: &mut Charge,
    to: &[SettledFrom<'_>],
    currency: Currency,
) -> Result<(), MoneyError> {
    for of in to {
        let bore = Bore::of(of, currency)?;
        charge.returned += bore.gross();
        if bore.is_outside() {
            charge.open = merged(std::mem::take(&mut charge.open), bore);
        }
    }
    Ok(())
}

pub(super) fn label<'a>(
    text: Option<&Cow<'a, str>>,
) -> Result<Option<Cow<'a, str>>, ServiceRefusal> {
    match text {
        Some(text) if !is_label(text) => Err(ServiceRefusal::UnusableLabel(text.to_string())),
        Some(_) | None => Ok(text.cloned()),
    }
}

/// A charge may be made: the merchant is enrolled, and the name is free.
fn may_charge(
    state: &ServiceState,
    of: &super::commands::OfCharge<'_>,
    context: &ServiceContext<'_>,
) -> Result<(), ServiceRefusal> {
    if state.charges.contains_key(&of.charge) {
        return Err(ServiceRefusal::ChargedAlready(of.charge));
    }
    if !context.merchant_known {
        return Err(ServiceRefusal::UnknownMerchant(of.merchant));
    }
    Ok(())
}

pub(super) fn paid_by<'a>(
    charge: (i64, i64),
    from: &'a [TakeFrom<'a>],
    context: &ServiceContext<'_>,
) -> Result<Vec<SettledFrom<'a>>, ServiceRefusal> {
    if let Some(source) = guarded_elsewhere(from) {
        return Err(ServiceRefusal::SourceGuardedElsewhere(source));
    }
    settle(charge, from, context.today, context.currency).map_err(ServiceRefusal::Source)
}

fn charge<'a>(
    state: &ServiceState,
    of: &'a ChargeServiceFee<'a>,
    context: &ServiceContext<'a>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    may_charge(state, &of.of, context)?;
    if of.service == ServiceKind::Membership {
        return Err(ServiceRefusal::MembershipIsATerm);
    }
    let regions = [
        of.shipment.as_ref().and_then(|of| of.region.as_ref()),
        of.by_table.as_ref().map(|of| &of.region),
    ];
    for region in regions {
        label(region)?;
    }
    let currency = context.currency;
    let price::Priced { price, parts, tax_rate, by, freight } = price::priced(of, context)?;
    let by_table = |of: &ByTable<'a>| Shipment {
        weight_kg: Some(of.weight_kg),
        region: Some(of.region.clone()),
    };
    let shipment = of.shipment.clone().or_else(|| of.by_table.as_ref().map(by_table));
    let amount = |minor| Amount::from_minor(minor, currency);
    // As an agent the platform collects one price; the tax on its margin is no line of the merchant's.
    let borne = match of.supplier {
        Some(_) => (parts.gross(), 0),
        None => (parts.net, parts.tax),
    };
    Ok(ServiceEvent::Charged(ServiceFeeCharged {
        charge: of.of.charge,
        merchant: of.of.merchant,
        service: of.service,
        currency,
        price,
        net: amount(parts.net),
        tax: amount(parts.tax),
        tax_rate,
        supplier: of.supplier.map(|of| ForSupplier { amount: amount(parts.supplier), ..of }),
        order: of.order,
        settled_from: paid_by(borne, &of.settled_from, context)?,
        segment: Segment {
            region: regions[0].or(regions[1]).map(|region| &**region),
            tier: context.tier,
        },
        shipment,
        priced_by: by.map(Box::new),
        freight: freight.map(Box::new),
    }))
}

pub(super) fn known(state: &ServiceState, charge: ChargeId) -> Result<&Charge, ServiceRefusal> {
    state.charges.get(&charge).ok_or(ServiceRefusal::UnknownCharge(charge))
}

/// How much goes back: what is asked, or all that is left.
fn to_return(
    known: &Charge,
    charge: ChargeId,
    asked: Option<Amount>,
    context: &ServiceContext<'_>,
) -> Result<i64, ServiceRefusal> {
    let (currency, left) = (context.currency, known.left() - context.corrected);
    let asked = asked.map_or(Ok(left), |asked| asked.minor(currency));
    let asked = asked.map_err(ServiceRefusal::UnusableAmount)?;
    let amount = |minor| Amount::from_minor(minor, currency);
    if asked <= 0 {
        let (asked, left) = (amount(asked), amount(left));
        return Err(ServiceRefusal::NothingToReturn { charge, asked, left });
    }
    if asked > left {
        let (asked, left) = (amount(asked), amount(left));
        return Err(ServiceRefusal::ReturnExceedsCharge { charge, asked, left });
    }
    Ok(asked)
}

/// Where the next part goes: what has gone to each source after it, less what had before.
fn returned_to<'a>(
    known: &'a Charge,
    part: i64,
    context: &ServiceContext<'_>,
) -> Vec<SettledFrom<'a>> {
    let before = shares(&known.bore, known.returned);
    let after = shares(&known.bore, known.returned + part);
    let delta =
        |(after, before): ((i64, i64), (i64, i64))| (after.0 - before.0, after.1 - before.1);
    let parts: Vec<_> = after.into_iter().zip(before).map(delta).collect();
    recorded(&known.bore, &parts, context.today, context.currency)
}

fn give_back<'a>(
    state: &'a ServiceState,
    of: &'a ReturnServiceFee<'a>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (charge, currency) = (of.of.charge, context.currency);
    let known = known(state, charge)?;
    let Charged::Service { service, supplier } = &known.charged else {
        return Err(ServiceRefusal::IsAPenalty(charge));
    };
    let part = to_return(known, charge, of.amount, context)?;
    let parts = known.parts.returned(known.returned + part);
    let mut parts = parts.since(known.parts.returned(known.returned));
    let returned_to = returned_to(known, part, context);
    if supplier.is_none() {
        // The tax that the sources get back is the tax that is taken back.
        let tax = returned_to.iter().map(|of| of.tax.minor(currency)).sum::<Result<i64, _>>();
        parts.tax = tax.map_err(ServiceRefusal::UnusableAmount)?;
        parts.net = part - parts.tax;
    }
    let amount = |minor| Amount::from_minor(minor, currency);
    Ok(ServiceEvent::Returned(ServiceFeeReturned {
        charge,
        merchant: of.of.merchant,
        service: *service,
        currency,
        net: amount(parts.net),
        tax: amount(parts.tax),
        supplier: supplier.map(|supplier| ForSupplier { supplier, amount: amount(parts.supplier) }),
        segment: known.segment.segment(),
        order: known.order,
        returned_to,
        reason: label(of.reason.as_ref())?,
    }))
}

fn impose<'a>(
    state: &ServiceState,
    of: &'a ImposePenalty<'a>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    may_charge(state, &of.of, context)?;
    let currency = context.currency;
    let minor = of.amount.minor(currency).map_err(ServiceRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(ServiceRefusal::NothingCharged(of.amount));
    }
    label(Some(&of.reason))?;
    label(of.passed_to.as_ref().map(|to| &to.payment))?;
    Ok(ServiceEvent::Imposed(PenaltyImposed {
        charge: of.of.charge,
        merchant: of.of.merchant,
        currency,
        amount: Amount::from_minor(minor, currency),
        reason: of.reason.clone(),
        passed_to: of.passed_to.clone(),
        order: of.order,
        settled_from: paid_by((minor, 0), &of.settled_from, context)?,
    }))
}

fn waive<'a>(
    state: &'a ServiceState,
    of: &'a WaivePenalty<'a>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let (charge, currency) = (of.of.charge, context.currency);
    let known = known(state, charge)?;
    let Charged::Penalty { passed } = &known.charged else {
        return Err(ServiceRefusal::IsAServiceFee(charge));
    };
    let part = to_return(known, charge, of.amount, context)?;
    if passed.is_some() && known.open.is_empty() {
        return Err(ServiceRefusal::PenaltyPaidOut(charge));
    }
    Ok(ServiceEvent::Waived(PenaltyWaived {
        charge,
        merchant: of.of.merchant,
        currency,
        amount: Amount::from_minor(part, currency),
        was_passed: passed.is_some(),
        order: known.order,
        returned_to: returned_to(known, part, context),
        reason: label(of.reason.as_ref())?,
    }))
}

/// A supplier is paid no more than what was collected in its name, less what went back and what it was paid before.
fn remit<'a>(
    state: &ServiceState,
    of: &'a RemitPremium<'a>,
    context: &ServiceContext,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let currency = context.currency;
    label(Some(&of.transfer))?;
    if state.remitted.contains_key(&(of.supplier, of.transfer.as_ref().into())) {
        return Err(ServiceRefusal::RemittedAlready(of.transfer.to_string()));
    }
    let owed = state.owed_to(of.supplier);
    let asked = of.amount.map_or(Ok(owed), |asked| asked.minor(currency));
    let asked = asked.map_err(ServiceRefusal::UnusableAmount)?;
    let amount = |minor| Amount::from_minor(minor, currency);
    if asked <= 0 || asked > owed {
        let (supplier, asked, owed) = (of.supplier, amount(asked), amount(owed));
        return Err(ServiceRefusal::RemittanceNotOwed { supplier, asked, owed });
    }
    Ok(ServiceEvent::Remitted(PremiumRemitted {
        merchant: of.merchant,
        supplier: of.supplier,
        currency,
        amount: amount(asked),
        transfer: of.transfer.clone(),
    }))
}

fn confirm<'a>(
    state: &'a ServiceState,
    of: &ConfirmServiceRefund<'_>,
    context: &ServiceContext<'_>,
) -> Result<ServiceEvent<'a>, ServiceRefusal> {
    let charge = of.of.charge;
    let known = known(state, charge)?;
    if known.open.is_empty() {
        return Err(ServiceRefusal::NothingInTransit(charge));
    }
    let parts: Vec<_> = known.open.iter().map(|open| (open.net, open.tax)).collect();
    Ok(ServiceEvent::RefundPaid(ServiceRefundPaid {
        charge,
        currency: context.currency,
        order: known.order,
        to: recorded(&known.open, &parts, context.today, context.currency),
    }))
}

#[cfg(test)]
mod tests;
