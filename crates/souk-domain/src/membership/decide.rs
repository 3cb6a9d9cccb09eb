//! How a term is sold, earned, cancelled and upgraded.

use souk_journal::dates::{Date, Micros};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::{
    CancelMembership, ChargeMembership, MembershipCommand, RecogniseRevenue, UpgradeMembership,
};
use super::events::{
    Holder, MembershipCancelled, MembershipCharged, MembershipEvent, MembershipRefundPaid,
    MembershipUpgraded, Plan, RevenueRecognised, UnusedRest,
};
use super::invoice;
use super::refusal::MembershipRefusal;
use super::renewal::{self, Agreement};
use super::state::{MembershipState, Term};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::rate::Rate;
use crate::red_letters::Invoiced;
use crate::returned_to::{Bore, guarded_elsewhere, recorded, spread};
use crate::segment::Segment;
use crate::settled_from::{SettledFrom, Source, TakeFrom, settle};
use crate::tariff::period::{PeriodPrice, PeriodRefusal, PricedBy};

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct MembershipContext<'a> {
    /// Date in the holder's zone: a merchant's, else the platform's.
    pub today: Date,
    /// Date in the platform's zone, in which revenue is earned.
    pub platform_today: Date,
    /// Whether the merchant that holds the term is enrolled.
    pub merchant_known: bool,
    /// Its tier, by its terms in force.
    pub tier: Option<&'a str>,
    /// What its tariff says of the price that the command names.
    pub period: Option<&'a Result<PeriodPrice, PeriodRefusal>>,
    /// What corrections have given back of the present plan, without tax and of tax, minor units.
    pub corrected: (i64, i64),
}

/// Streams of terms.
#[derive(Debug)]
pub struct Membership;

impl Decider for Membership {
    const CATEGORY: &'static str = "membership";
    type Command<'a> = MembershipCommand<'a>;
    type Event<'a> = MembershipEvent<'a>;
    type State = MembershipState;
    type Refusal = MembershipRefusal;
    type Context<'a> = MembershipContext<'a>;

    fn decide<'a>(
        state: &'a MembershipState,
        command: &'a MembershipCommand<'a>,
        context: &'a MembershipContext<'a>,
        _at: Micros,
    ) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
        let membership = command.membership();
        match (state, command) {
            (MembershipState::Absent, MembershipCommand::Charge(of)) => charge(of, context),
            (
                MembershipState::Sold(_) | MembershipState::Cancelled { .. },
                MembershipCommand::Charge(_),
            ) => Err(MembershipRefusal::MembershipChargedAlready(membership)),
            (MembershipState::Absent, _) => Err(MembershipRefusal::UnknownMembership(membership)),
            (MembershipState::Sold(term), MembershipCommand::Recognise(of)) => {
                recognise(term, of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::Cancel(of)) => {
                cancel(term, of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::Upgrade(of)) => {
                upgrade(term, of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::AgreeRenewal(of)) => {
                renewal::agree(term, of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::EndRenewal(of)) => {
                renewal::end(term, of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::Invoice(of)) => {
                invoice::invoice(term, *of, context)
            }
            (MembershipState::Sold(term), MembershipCommand::IssueRedLetter(of)) => {
                let sold = (term.holder, term.service, term.currency);
                invoice::issue(sold, &term.invoices, *of, context)
            }
            (
                MembershipState::Cancelled { holder, currency, service, invoices, .. },
                MembershipCommand::IssueRedLetter(of),
            ) => invoice::issue((*holder, *service, *currency), invoices, *of, context),
            (
                MembershipState::Cancelled { currency, open, .. },
                MembershipCommand::ConfirmRefund(_),
            ) if !open.is_empty() => {
                let parts: Vec<_> = open.iter().map(|of| (of.net, of.tax)).collect();
                let to = recorded(open, &parts, context.today, *currency);
                let event = MembershipRefundPaid { currency: *currency, to };
                Ok(Decision::one(context.today, MembershipEvent::RefundPaid(event)))
            }
            (
                MembershipState::Sold(_) | MembershipState::Cancelled { .. },
                MembershipCommand::ConfirmRefund(_),
            ) => Err(MembershipRefusal::NoRefundOpen(membership)),
            (
                MembershipState::Cancelled { .. },
                MembershipCommand::Recognise(_)
                | MembershipCommand::Cancel(_)
                | MembershipCommand::AgreeRenewal(_)
                | MembershipCommand::EndRenewal(_)
                | MembershipCommand::Invoice(_)
                | MembershipCommand::Upgrade(_),
            ) => Err(MembershipRefusal::MembershipIsCancelled(membership)),
        }
    }

    fn evolve(state: &mut MembershipState, event: &MembershipEvent<'_>) -> Result<(), MoneyError> {
        match (&mut *state, event) {
            (_, MembershipEvent::BroughtForward(of)) => {
                *state = MembershipState::Sold(Box::new(Term::brought_forward(of)?));
            }
            (_, MembershipEvent::Charged(of)) => {
                *state = MembershipState::Sold(Box::new(Term::sold(of)?));
            }
            (MembershipState::Sold(term), MembershipEvent::Recognised(of)) => {
                term.recognised += of.amount.minor(of.currency)?;
                term.recognised_through = Some(of.through);
            }
            (MembershipState::Sold(term), MembershipEvent::Upgraded(of)) => term.upgraded(of)?,
            (MembershipState::Sold(term), MembershipEvent::RenewalAgreed(of)) => {
                term.renewals.push(Agreement::to_renew(of));
            }
            (MembershipState::Sold(term), MembershipEvent::RenewalEnded(of)) => {
                term.renewals.push(Agreement::to_end(of));
            }
            (MembershipState::Sold(term), MembershipEvent::Invoiced(of)) => {
                term.invoices.push(Invoiced::new(of.invoice, (0, 0)));
                term.invoiced = true;
            }
            (MembershipState::Sold(term), MembershipEvent::RedLetterIssued(of)) => {
                invoice::settled(&mut term.invoices, of);
            }
            (MembershipState::Cancelled { invoices, .. }, MembershipEvent::RedLetterIssued(of)) => {
                invoice::settled(invoices, of);
            }
            (_, MembershipEvent::Cancelled(of)) => {
                let open = of.returned_to.iter().map(|to| Bore::of(to, of.currency));
                let mut open = open.collect::<Result<Vec<_>, _>>()?;
                open.retain(Bore::is_outside);
                let invoices = match state {
                    MembershipState::Sold(term) => {
                        let net = of.refunded_net.minor(of.currency)?;
                        term.came_back(net, of.refunded_tax.minor(of.currency)?);
                        std::mem::take(&mut term.invoices)
                    }
                    MembershipState::Absent | MembershipState::Cancelled { .. } => Vec::new(),
                };
                let (holder, currency, service) = (of.holder, of.currency, of.service);
                *state = MembershipState::Cancelled { holder, currency, service, invoices, open };
            }
            (MembershipState::Cancelled { open, .. }, MembershipEvent::RefundPaid(_)) => {
                open.clear();
            }
            (
                MembershipState::Absent | MembershipState::Cancelled { .. },
                MembershipEvent::Recognised(_)
                | MembershipEvent::Upgraded(_)
                | MembershipEvent::RenewalAgreed(_)
                | MembershipEvent::RenewalEnded(_)
                | MembershipEvent::Invoiced(_),
            )
            | (MembershipState::Absent, MembershipEvent::RedLetterIssued(_))
            | (
                MembershipState::Absent | MembershipState::Sold(_),
                MembershipEvent::RefundPaid(_),
            ) => {}
        }
        Ok(())
    }
}

/// A plan with its price without tax and its tax, minor units.
pub(super) type Priced<'a> = (Plan<'a>, i64, i64);

/// A plan's price: the tax is in it.
pub(super) fn priced<'a>(
    plan: &'a str,
    (from, to): (Date, Date),
    gross: Amount,
    tax_rate: Rate,
    currency: Currency,
) -> Result<Priced<'a>, MembershipRefusal> {
    if !is_label(plan) {
        return Err(MembershipRefusal::UnusableLabel(plan.to_owned()));
    }
    if to < from {
        return Err(MembershipRefusal::TermReversed { from, to });
    }
    let minor = gross.minor(currency).map_err(MembershipRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(MembershipRefusal::NothingCharged(gross));
    }
    let amount = |minor| Amount::from_minor(minor, currency);
    let net = tax_rate.net_of(minor);
    let tax = minor - net;
    let (gross, plan) = (amount(minor), plan.into());
    Ok((Plan { plan, from, to, gross, net: amount(net), tax: amount(tax), tax_rate }, net, tax))
}

/// A plan at the price of the tariff in force, which says its tax too.
fn by_tariff<'a>(
    of: &'a ChargeMembership<'a>,
    context: &MembershipContext<'_>,
    currency: Currency,
) -> Result<(Priced<'a>, Option<PricedBy>), MembershipRefusal> {
    if of.tax_rate != Rate::ZERO {
        return Err(MembershipRefusal::Period(PeriodRefusal::TariffSaysTheTax));
    }
    let price = context.period.cloned().unwrap_or(Err(PeriodRefusal::BuyerHasNoTariff));
    let price = price.map_err(MembershipRefusal::Period)?;
    let (net, tax) = (price.net, price.tax);
    let gross = Amount::from_minor(net + tax, currency);
    let (plan, ..) = priced(&of.plan, (of.from, of.to), gross, price.tax_rate, currency)?;
    // The tariff rounds its own way, and its figures stand.
    let amount = |minor| Amount::from_minor(minor, currency);
    let plan = Plan { net: amount(net), tax: amount(tax), ..plan };
    Ok(((plan, net, tax), Some(price.by)))
}

/// Who pays: a merchant by its payable or outside, a buyer outside.
fn paid_by<'a>(
    holder: Holder,
    charge: (i64, i64),
    from: &'a [TakeFrom<'a>],
    today: Date,
    currency: Currency,
) -> Result<Vec<SettledFrom<'a>>, MembershipRefusal> {
    let inside = |of: &TakeFrom<'_>| !matches!(of.source, Source::Provider | Source::Bank);
    if holder.merchant().is_none() && (from.is_empty() || from.iter().any(inside)) {
        return Err(MembershipRefusal::BuyerPaysOutside);
    }
    if let Some(source) = guarded_elsewhere(from) {
        return Err(MembershipRefusal::SourceGuardedElsewhere(source));
    }
    settle(charge, from, today, currency).map_err(MembershipRefusal::Source)
}

fn charge<'a>(
    of: &'a ChargeMembership<'a>,
    context: &MembershipContext<'a>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    let currency = Currency::from_code(&of.currency).map_err(MembershipRefusal::UnknownCurrency)?;
    if let Some(merchant) = of.holder.merchant()
        && !context.merchant_known
    {
        return Err(MembershipRefusal::UnknownMerchant(merchant));
    }
    let days = (of.from, of.to);
    let ((plan, net, tax), priced_by) = match (of.gross, &of.by_tariff) {
        (Some(gross), None) => (priced(&of.plan, days, gross, of.tax_rate, currency)?, None),
        (None, Some(_)) => by_tariff(of, context, currency)?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(MembershipRefusal::Period(PeriodRefusal::PriceOrTariff));
        }
    };
    let today = context.today;
    let settled_from = paid_by(of.holder, (net, tax), &of.settled_from, today, currency)?;
    let event = MembershipCharged {
        holder: of.holder,
        service: of.service,
        currency,
        plan,
        unused_rest: of.unused_rest,
        settled_from,
        segment: Segment::of_tier(context.tier),
        priced_by,
    };
    Ok(Decision::one(today, MembershipEvent::Charged(event)))
}

fn recognise<'a>(
    term: &'a Term,
    of: &RecogniseRevenue,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    if of.through < term.from {
        return Err(MembershipRefusal::TermNotBegun(term.from));
    }
    let through = of.through.min(term.to);
    if let Some(before) = term.recognised_through
        && through <= before
    {
        return Err(MembershipRefusal::RecognisedAlready(before));
    }
    if through >= context.platform_today {
        return Err(MembershipRefusal::DayNotEnded(through));
    }
    let (earned, currency) = (term.earned(through), term.currency);
    let event = RevenueRecognised {
        holder: term.holder,
        service: term.service,
        currency,
        through,
        earned: Amount::from_minor(earned, currency),
        amount: Amount::from_minor(earned - term.recognised, currency),
        segment: term.segment.segment(),
    };
    Ok(Decision::one(through, MembershipEvent::Recognised(event)))
}

fn cancel<'a>(
    term: &'a Term,
    of: &'a CancelMembership<'a>,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    if of.on >= term.to {
        return Err(MembershipRefusal::TermEnded(term.to));
    }
    if of.on > context.today {
        return Err(MembershipRefusal::DayStillToCome(of.on));
    }
    if let Some(reason) = &of.reason
        && !is_label(reason)
    {
        return Err(MembershipRefusal::UnusableLabel(reason.to_string()));
    }
    let amount = |minor| Amount::from_minor(minor, term.currency);
    let earned = term.earned(of.on);
    let rest = (term.net - earned, term.tax - term.used_tax(of.on));
    let left = beside(term, rest, context);
    let (forfeited, (net, tax)) = match of.unused_rest.unwrap_or(term.unused_rest) {
        UnusedRest::Returned => (rest.0 - left.0, left),
        UnusedRest::Forfeited => (rest.0, (0, 0)),
    };
    let parts = spread(&term.bore, net, tax);
    let event = MembershipCancelled {
        holder: term.holder,
        service: term.service,
        currency: term.currency,
        on: of.on,
        catch_up: amount(earned - term.recognised),
        forfeited: amount(forfeited),
        refunded_net: amount(net),
        refunded_tax: amount(tax),
        returned_to: recorded(&term.bore, &parts, context.today, term.currency),
        segment: term.segment.segment(),
        reason: of.reason.clone(),
    };
    Ok(Decision::one(context.today, MembershipEvent::Cancelled(event)))
}

/// What of an unused rest still goes back beside what corrections gave back of the plan: never more than was paid for it in
/// all. What does not is kept, as what is forfeited is.
fn beside(term: &Term, rest: (i64, i64), context: &MembershipContext<'_>) -> (i64, i64) {
    let (net, tax) = context.corrected;
    (rest.0.min(term.net - net).max(0), rest.1.min(term.tax - tax).max(0))
}

fn upgrade<'a>(
    term: &'a Term,
    of: &'a UpgradeMembership<'a>,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    let currency = term.currency;
    if of.on < term.from {
        return Err(MembershipRefusal::TermNotBegun(term.from));
    }
    if of.on > term.to {
        return Err(MembershipRefusal::TermEnded(term.to));
    }
    if of.on > context.today {
        return Err(MembershipRefusal::DayStillToCome(of.on));
    }
    let (to, rate) = (of.to.unwrap_or(term.to), of.tax_rate.unwrap_or(term.tax_rate));
    let (plan, net, tax) = priced(&of.plan, (of.on, to), of.gross, rate, currency)?;
    let before = of.on.plus_days(-1);
    let earned = term.earned(before);
    let rest = (term.net - earned, term.tax - term.used_tax(before));
    let credit = beside(term, rest, context);
    let left = (net - credit.0, tax - credit.1);
    let amount = |minor| Amount::from_minor(minor, currency);
    if left.0 <= 0 || left.1 < 0 {
        let (gross, credit) = (amount(net + tax), amount(credit.0 + credit.1));
        return Err(MembershipRefusal::NotAnUpgrade { gross, credit });
    }
    let settled_from = paid_by(term.holder, left, &of.settled_from, context.today, currency)?;
    let event = MembershipUpgraded {
        holder: term.holder,
        service: term.service,
        currency,
        catch_up: amount(term.net - credit.0 - term.recognised),
        credited_net: amount(credit.0),
        credited_tax: amount(credit.1),
        plan,
        settled_from,
        segment: term.segment.segment(),
    };
    Ok(Decision::one(context.today, MembershipEvent::Upgraded(event)))
}

#[cfg(test)]
mod tests;
