//! Terms of payouts: who approves above which amount, and how long a change of payee cools.

use souk_journal::dates::Date;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::commands::AgreePayoutTerms;
use super::events::{ApprovalLimit, MerchantEvent, PayoutTermsAgreed};
use super::refusal::MerchantRefusal;
use super::state::MerchantState;
use crate::decider::Decision;

/// Days a change of payee cools where nothing else is agreed: a week-end and a day to object.
pub const COOLING_DAYS: u16 = 3;

/// Terms of payouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutTerms {
    /// First day.
    pub effective_on: Date,
    /// Days of cooling.
    pub cooling_days: u16,
    /// What one person may instruct, minor units.
    pub approval_above: Vec<(Currency, i64)>,
}

impl MerchantState {
    /// Days for which a change of payee that is approved on a day cools.
    pub fn cooling_days_on(&self, day: Date) -> u16 {
        self.payout_terms_on(day).map_or(COOLING_DAYS, |terms| terms.cooling_days)
    }

    /// What one person may instruct on a day, minor units; none: any amount.
    pub fn approval_above_on(&self, currency: Currency, day: Date) -> Option<i64> {
        let terms = self.payout_terms_on(day)?;
        let of = |(known, _): &&(Currency, i64)| *known == currency;
        terms.approval_above.iter().find(of).map(|(_, amount)| *amount)
    }

    fn payout_terms_on(&self, day: Date) -> Option<&PayoutTerms> {
        self.payout_terms.iter().rev().find(|terms| terms.effective_on <= day)
    }
}

pub(super) fn agree<'a>(
    state: &MerchantState,
    command: &AgreePayoutTerms,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    let asked = command.effective_on;
    if let Some(latest) = state.payout_terms.last().map(|terms| terms.effective_on)
        && asked <= latest
    {
        return Err(MerchantRefusal::PayoutTermsNotLater { asked, latest });
    }
    let mut approval_above = Vec::with_capacity(command.approval_above.len());
    for limit in &command.approval_above {
        let currency =
            Currency::from_code(&limit.currency).map_err(MerchantRefusal::UnknownCurrency)?;
        let amount = limit.amount.at_scale(currency).map_err(MerchantRefusal::UnusableAmount)?;
        if amount < Amount::ZERO {
            return Err(MerchantRefusal::NegativeLimit(amount));
        }
        approval_above.push(ApprovalLimit { currency, amount });
    }
    let cooling_days = command.cooling_days;
    let event = PayoutTermsAgreed { effective_on: asked, cooling_days, approval_above };
    Ok(Decision::one(asked, MerchantEvent::PayoutTermsAgreed(event)))
}

pub(super) fn fold(state: &mut MerchantState, of: &PayoutTermsAgreed) -> Result<(), MoneyError> {
    let limits = of.approval_above.iter();
    let limits = limits.map(|of| of.amount.minor(of.currency).map(|minor| (of.currency, minor)));
    state.payout_terms.push(PayoutTerms {
        effective_on: of.effective_on,
        cooling_days: of.cooling_days,
        approval_above: limits.collect::<Result<_, _>>()?,
    });
    Ok(())
}
