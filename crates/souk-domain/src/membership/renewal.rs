//! Terms that renew themselves: what is agreed, and which periods follow from it.
//!
//! A period is a term of its own, in a stream of its own (`GOLD-1:2` after `GOLD-1`), so selling, earning, upgrading and
//! cancelling it are what they are for any term, and its stream guards that it is charged once. The agreement stands in the
//! stream of the term that was sold first. It holds for the periods that begin after the day on which it was agreed: so
//! however late they are charged, each is charged as was agreed before it began.

use souk_journal::dates::Date;
use souk_journal::ids::MembershipId;
use souk_journal::money::{Amount, Currency};

use super::commands::{AgreeRenewal, ChargeMembership, EndRenewal};
use super::decide::{MembershipContext, priced};
use super::events::{Holder, MembershipEvent, RenewalAgreed, RenewalEnded, UnusedRest};
use super::refusal::MembershipRefusal;
use super::state::Term;
use crate::decider::Decision;
use crate::ledger::decide::is_label;
use crate::rate::Rate;
use crate::service_kind::ServiceKind;

/// Longest period.
pub const MAX_MONTHS: u16 = 120;

/// What was agreed on a day; nothing when it was that the term renews no more.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Agreement {
    /// The day.
    pub on: Date,
    /// What is charged for a period.
    pub renews: Option<Renewal>,
}

/// What is charged for a period.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Renewal {
    /// Name of the plan.
    pub plan: Box<str>,
    /// The price, tax included.
    pub gross: Amount,
    /// Rate of the tax in it.
    pub tax_rate: Rate,
    /// Months of the period.
    pub months: u16,
    /// What becomes of an unused rest.
    pub unused_rest: UnusedRest,
}

impl Agreement {
    /// That a term renews itself.
    pub fn to_renew(of: &RenewalAgreed<'_>) -> Self {
        let renews = Renewal {
            plan: (&*of.plan).into(),
            gross: of.gross,
            tax_rate: of.tax_rate,
            months: of.months,
            unused_rest: of.unused_rest,
        };
        Self { on: of.agreed_on, renews: Some(renews) }
    }

    /// That it does not any more.
    pub fn to_end(of: &RenewalEnded<'_>) -> Self {
        Self { on: of.ended_on, renews: None }
    }
}

/// What was agreed for a period that begins on a day, if it was agreed before that the term renews.
pub fn agreed_for(agreements: &[Agreement], begins: Date) -> Option<&Renewal> {
    agreements.iter().rev().find(|of| of.on < begins).and_then(|of| of.renews.as_ref())
}

/// The last day of a period of so many months. Its next begins on the day of the month on which the first renewal began, or
/// on the last day of a month that has no such day.
pub fn last_day(begins: Date, months: u16, anchor: Date) -> Date {
    let (year, month, _) = begins.parts();
    let (_, _, day) = anchor.parts();
    let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let on = |day| {
        let (year, month) = (i32::try_from(year).ok()?, u32::try_from(month).ok()?);
        Date::new(year, month, day)
    };
    let next = (1..=day).rev().find_map(on);
    next.unwrap_or(Date::MAX).plus_days(-1)
}

/// The term of the n-th period, the first being the term that was sold: `GOLD-1:2`. None when the name would be too long.
pub fn period_id(first: MembershipId, number: u32) -> Option<MembershipId> {
    MembershipId::new(&format!("{first}:{number}")).ok()
}

/// The charge of a period.
pub fn charge<'a>(
    membership: MembershipId,
    (holder, service, currency): (Holder, ServiceKind, Currency),
    renewal: &'a Renewal,
    (from, to): (Date, Date),
) -> ChargeMembership<'a> {
    ChargeMembership {
        membership,
        holder,
        service,
        plan: (&*renewal.plan).into(),
        currency: currency.code().into(),
        from,
        to,
        gross: Some(renewal.gross),
        tax_rate: renewal.tax_rate,
        by_tariff: None,
        unused_rest: renewal.unused_rest,
        settled_from: Vec::new(),
    }
}

/// The last day of the period that runs today: of the term, or of a renewal that follows from what is agreed.
fn runs_to(term: &Term, today: Date) -> Date {
    let anchor = term.to.plus_days(1);
    let mut end = term.to;
    while end < today {
        let begins = end.plus_days(1);
        let Some(renewal) = agreed_for(&term.renewals, begins) else { break };
        end = last_day(begins, renewal.months, anchor);
    }
    end
}

/// Agrees.
pub(super) fn agree<'a>(
    term: &Term,
    of: &'a AgreeRenewal<'a>,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    if term.holder.merchant().is_none() {
        return Err(MembershipRefusal::BuyerPaysOutside);
    }
    let runs_to = runs_to(term, context.today);
    if runs_to < context.today {
        return Err(MembershipRefusal::TermEnded(runs_to));
    }
    if of.months == 0 || of.months > MAX_MONTHS {
        return Err(MembershipRefusal::UnusablePeriod(of.months));
    }
    // The longest number that a period can have.
    if period_id(of.membership, 9_999).is_none() {
        return Err(MembershipRefusal::NameTooLongToRenew(of.membership));
    }
    let tax_rate = of.tax_rate.unwrap_or(term.tax_rate);
    let begins = runs_to.plus_days(1);
    // What is charged later must be chargeable: checked as a charge is.
    let (plan, ..) = priced(&of.plan, (begins, begins), of.gross, tax_rate, term.currency)?;
    let event = RenewalAgreed {
        holder: term.holder,
        service: term.service,
        currency: term.currency,
        agreed_on: context.today,
        plan: plan.plan,
        gross: plan.gross,
        tax_rate,
        months: of.months,
        unused_rest: term.unused_rest,
    };
    Ok(Decision::one(context.today, MembershipEvent::RenewalAgreed(event)))
}

/// Ends.
pub(super) fn end<'a>(
    term: &Term,
    of: &'a EndRenewal<'a>,
    context: &MembershipContext<'_>,
) -> Result<Decision<MembershipEvent<'a>>, MembershipRefusal> {
    if term.renewals.last().is_none_or(|last| last.renews.is_none()) {
        return Err(MembershipRefusal::RenewalNotAgreed(of.membership));
    }
    if let Some(reason) = &of.reason
        && !is_label(reason)
    {
        return Err(MembershipRefusal::UnusableLabel(reason.to_string()));
    }
    let event =
        RenewalEnded { holder: term.holder, ended_on: context.today, reason: of.reason.clone() };
    Ok(Decision::one(context.today, MembershipEvent::RenewalEnded(event)))
}
