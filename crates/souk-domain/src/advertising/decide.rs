//! What may happen to a merchant's advertising: the wallet never falls below zero.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency, MAX_MINOR, MoneyError};
use souk_journal::split::returned;

use super::commands::{
    AdvertisingCommand, AgreeAdTerms, ChargeAds, ConfirmWalletRefund, ExpireAdCredit,
    GrantAdCredit, RefundWallet, TopUpWallet,
};
use super::events::{
    AdCharged, AdTermsAgreed, AdvertisingEvent, CreditExpired, CreditGranted, CreditKind,
    Overdraft, WalletRefundPaid, WalletRefunded, WalletToppedUp,
};
use super::refusal::AdvertisingRefusal;
use super::share::{Share, priced, share};
use super::state::AdvertisingState;
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::segment::Segment;
use crate::settled_from::{SettledFrom, Source, TakeFrom, settle};

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct AdvertisingContext<'a> {
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Currency of the wallet.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
    /// Its tier, by its terms in force.
    pub tier: Option<&'a str>,
}

/// Advertising streams.
#[derive(Debug)]
pub struct Advertising;

type Decided<'a> = Result<AdvertisingEvent<'a>, AdvertisingRefusal>;

impl Decider for Advertising {
    const CATEGORY: &'static str = "advertising";
    type Command<'a> = AdvertisingCommand<'a>;
    type Event<'a> = AdvertisingEvent<'a>;
    type State = AdvertisingState;
    type Refusal = AdvertisingRefusal;
    type Context<'a> = AdvertisingContext<'a>;

    fn decide<'a>(
        state: &'a AdvertisingState,
        command: &'a AdvertisingCommand<'a>,
        context: &'a AdvertisingContext<'a>,
        _at: Micros,
    ) -> Result<Decision<AdvertisingEvent<'a>>, AdvertisingRefusal> {
        if !context.merchant_known {
            return Err(AdvertisingRefusal::UnknownMerchant(command.of().0));
        }
        let event = match command {
            AdvertisingCommand::AgreeTerms(of) => Ok(agree(of, context)),
            AdvertisingCommand::TopUp(of) => top_up(state, of, context),
            AdvertisingCommand::Grant(of) => grant(state, of, context),
            AdvertisingCommand::Expire(of) => expire(state, of, context),
            AdvertisingCommand::Charge(of) => return charge(state, of, context),
            AdvertisingCommand::Refund(of) => refund(state, of, context),
            AdvertisingCommand::ConfirmRefund(of) => confirm(state, of, context),
        }?;
        Ok(Decision::one(context.today, event))
    }

    fn evolve(
        state: &mut AdvertisingState,
        event: &AdvertisingEvent<'_>,
    ) -> Result<(), MoneyError> {
        match event {
            AdvertisingEvent::BroughtForward(of) => state.change(of.amount.minor(of.currency)?, 0),
            AdvertisingEvent::TermsAgreed(of) => state.overdraft = of.overdraft,
            AdvertisingEvent::ToppedUp(of) => {
                state.change(of.amount.minor(of.currency)?, 0);
                let named = |of: &SettledFrom<'_>| {
                    of.reference.as_deref().map(|reference| (of.source, reference.into()))
                };
                state.top_ups.extend(of.settled_from.iter().filter_map(named));
            }
            AdvertisingEvent::CreditGranted(of) => {
                let amount = of.amount.minor(of.currency)?;
                match of.credit {
                    CreditKind::Free => {
                        *state.credit.entry(of.expires_on.unwrap_or(Date::MAX)).or_default() +=
                            amount;
                    }
                    CreditKind::Bonus => state.change(0, amount),
                }
                state.grants.insert(of.grant);
            }
            AdvertisingEvent::CreditExpired(of) => {
                state.credit.retain(|last, _| *last > of.through);
            }
            AdvertisingEvent::Charged(of) => {
                let minor = |amount: Amount| amount.minor(of.currency);
                let mut of_pool = minor(of.bonus)?;
                for from in of.settled_from.iter().filter(|from| from.source == Source::Wallet) {
                    of_pool += minor(from.net)? + minor(from.tax)?;
                }
                state.spend_free(minor(of.free_credit)?);
                state.pool.spent += of_pool;
                let paid = i128::from(minor(of.net)? + minor(of.tax)?);
                *state.taxed.entry(of.tax_rate).or_default() += paid;
                state.billed.insert((of.campaign, of.from, of.to, of.pricing.model));
            }
            AdvertisingEvent::Refunded(of) => {
                let amount = of.amount.minor(of.currency)?;
                state.change(-amount, -of.bonus_lapsed.minor(of.currency)?);
                state.refunds.insert(of.refund, (amount, false));
            }
            AdvertisingEvent::RefundPaid(of) => {
                state.refunds.insert(of.refund, (of.amount.minor(of.currency)?, true));
            }
        }
        Ok(())
    }
}

fn agree<'a>(of: &AgreeAdTerms<'_>, context: &AdvertisingContext<'_>) -> AdvertisingEvent<'a> {
    let (merchant, currency, overdraft) = (of.merchant, context.currency, of.overdraft);
    AdvertisingEvent::TermsAgreed(AdTermsAgreed { merchant, currency, overdraft })
}

/// An amount above zero, in minor units.
fn positive(amount: Amount, currency: Currency) -> Result<i64, AdvertisingRefusal> {
    let minor = amount.minor(currency).map_err(AdvertisingRefusal::UnusableAmount)?;
    if minor <= 0 {
        return Err(AdvertisingRefusal::AmountNotPositive(amount));
    }
    Ok(minor)
}

/// Wallet and credit together stay within what one event may move.
fn within_range(
    state: &AdvertisingState,
    amount: i64,
    currency: Currency,
) -> Result<(), AdvertisingRefusal> {
    let sum = state.free() + state.pool.left() + amount;
    if sum > MAX_MINOR {
        let sum = MoneyError::OutOfRange(Amount::from_minor(sum, currency).decimal());
        return Err(AdvertisingRefusal::UnusableAmount(sum));
    }
    Ok(())
}

fn label(text: &str) -> Result<(), AdvertisingRefusal> {
    if is_label(text) { Ok(()) } else { Err(AdvertisingRefusal::UnusableLabel(text.to_owned())) }
}

fn top_up<'a>(
    state: &AdvertisingState,
    of: &'a TopUpWallet<'a>,
    context: &AdvertisingContext<'_>,
) -> Decided<'a> {
    let currency = context.currency;
    let amount = positive(of.amount, currency)?;
    within_range(state, amount, currency)?;
    for from in &of.from {
        match from.source {
            Source::Provider | Source::Bank | Source::Payable => {}
            Source::Wallet | Source::Deposit => {
                return Err(AdvertisingRefusal::CannotTopUp(from.source.name()));
            }
        }
        if let Some(reference) = from.reference.as_deref() {
            label(reference)?;
            if state.top_ups.contains(&(from.source, reference.into())) {
                return Err(AdvertisingRefusal::TopUpRecordedAlready {
                    source_name: from.source.name(),
                    reference: reference.to_owned(),
                });
            }
        }
    }
    Ok(AdvertisingEvent::ToppedUp(WalletToppedUp {
        merchant: of.merchant,
        currency,
        amount: Amount::from_minor(amount, currency),
        settled_from: settle((amount, 0), &of.from, context.today, currency)?,
    }))
}

fn grant<'a>(
    state: &AdvertisingState,
    of: &'a GrantAdCredit<'a>,
    context: &AdvertisingContext<'_>,
) -> Decided<'a> {
    let currency = context.currency;
    let amount = positive(of.amount, currency)?;
    within_range(state, amount, currency)?;
    of.reason.as_deref().map(label).transpose()?;
    if state.grants.contains(&of.grant) {
        return Err(AdvertisingRefusal::CreditGrantedAlready(of.grant));
    }
    if of.credit == CreditKind::Bonus && state.wallet() == 0 {
        return Err(AdvertisingRefusal::BonusWithoutMoney);
    }
    if let Some(last) = of.expires_on {
        if of.credit == CreditKind::Bonus {
            return Err(AdvertisingRefusal::BonusDoesNotExpire);
        }
        if last < context.today {
            let today = context.today;
            return Err(AdvertisingRefusal::CreditExpiredBefore { last, today });
        }
    }
    Ok(AdvertisingEvent::CreditGranted(CreditGranted {
        merchant: of.merchant,
        currency,
        grant: of.grant,
        credit: of.credit,
        amount: Amount::from_minor(amount, currency),
        expires_on: of.expires_on,
        reason: of.reason.clone(),
    }))
}

/// Reverses what is left of credit whose last day is over.
fn expire<'a>(
    state: &AdvertisingState,
    of: &ExpireAdCredit<'_>,
    context: &AdvertisingContext<'_>,
) -> Decided<'a> {
    let (through, today) = (of.through, context.today);
    if through >= today {
        return Err(AdvertisingRefusal::CreditStillHolds { through, today });
    }
    expired(state, of.merchant, (through, context.currency))
        .ok_or(AdvertisingRefusal::NothingExpired(through))
}

/// What expired by the end of a day, if anything of it is left.
fn expired<'a>(
    state: &AdvertisingState,
    merchant: MerchantId,
    (through, currency): (Date, Currency),
) -> Option<AdvertisingEvent<'a>> {
    let left = state.expiring(through);
    let amount = Amount::from_minor(left, currency);
    let event = CreditExpired { merchant, currency, through, amount };
    (left > 0).then_some(AdvertisingEvent::CreditExpired(event))
}

/// Credit that has expired pays for nothing: it is reversed before the charge, by the same command.
fn charge<'a>(
    state: &AdvertisingState,
    of: &'a ChargeAds<'a>,
    context: &AdvertisingContext<'a>,
) -> Result<Decision<AdvertisingEvent<'a>>, AdvertisingRefusal> {
    let (currency, today) = (context.currency, context.today);
    let amount = |minor| Amount::from_minor(minor, currency);
    let (campaign, from, to) = (of.campaign, of.from, of.to);
    if to < from {
        return Err(AdvertisingRefusal::AdPeriodReversed { from, to });
    }
    if to > today {
        return Err(AdvertisingRefusal::AdPeriodStillRuns { to, today });
    }
    if state.billed.contains(&(campaign, from, to, of.pricing.model)) {
        return Err(AdvertisingRefusal::AdsChargedAlready { campaign, from, to });
    }
    let gross = cost(of, currency)?;
    let over = expired(state, of.merchant, (today.plus_days(-1), currency));
    let free = state.free() - state.expiring(today.plus_days(-1));
    let Share { free, bonus, wallet, beyond } = share(gross, free, state.pool);
    if beyond > 0 {
        match state.overdraft {
            Overdraft::Payable => {}
            Overdraft::Refused => {
                let (asked, borne) = (amount(gross), amount(gross - beyond));
                return Err(AdvertisingRefusal::WalletOverdrawn { asked, borne });
            }
        }
    }
    let net = state.net_of(wallet + beyond, of.tax_rate);
    let tax = wallet + beyond - net;
    let take = |source, minor, due_on| TakeFrom {
        source,
        amount: Some(amount(minor)),
        due_on,
        reference: None,
    };
    let sources = [take(Source::Wallet, wallet, None), take(Source::Payable, beyond, of.due_on)];
    let bearing: Vec<TakeFrom<'a>> = sources
        .into_iter()
        .zip([wallet, beyond])
        .filter(|(_, of)| *of > 0)
        .map(|(of, _)| of)
        .collect();
    let settled_from = if bearing.is_empty() {
        Vec::new()
    } else {
        settle((net, tax), &bearing, today, currency)?
    };
    let charged = AdvertisingEvent::Charged(AdCharged {
        merchant: of.merchant,
        currency,
        campaign,
        from,
        to,
        pricing: of.pricing,
        amount: amount(gross),
        free_credit: amount(free),
        bonus: amount(bonus),
        tax_rate: of.tax_rate,
        net: amount(net),
        tax: amount(tax),
        settled_from,
        segment: Segment::of_tier(context.tier),
    });
    let events = over.into_iter().chain([charged]).collect();
    Ok(Decision { effective_on: today, events })
}

/// The amount of the command, of its price, or of both when they agree; minor units.
fn cost(of: &ChargeAds<'_>, currency: Currency) -> Result<i64, AdvertisingRefusal> {
    if of.pricing.quantity == 0 {
        return Err(AdvertisingRefusal::NothingDelivered);
    }
    let by_price = of.pricing.unit_price.map(|price| priced(&of.pricing, price, currency));
    let by_price = by_price.transpose().map_err(AdvertisingRefusal::UnusableAmount)?;
    let priced = by_price.map(|minor| Amount::from_minor(minor, currency));
    match (of.amount, priced) {
        (None, None) => Err(AdvertisingRefusal::AdsWithoutAmount),
        (Some(amount), Some(priced)) if amount != priced => {
            Err(AdvertisingRefusal::AdAmountDiffers { amount, priced })
        }
        (Some(amount), _) | (None, Some(amount)) => positive(amount, currency),
    }
}

fn refund<'a>(
    state: &AdvertisingState,
    of: &'a RefundWallet<'a>,
    context: &AdvertisingContext<'_>,
) -> Decided<'a> {
    let currency = context.currency;
    of.reason.as_deref().map(label).transpose()?;
    if state.refunds.contains_key(&of.refund) {
        return Err(AdvertisingRefusal::RefundIssuedAlready(of.refund));
    }
    let (wallet, bonus) = state.pool.rest();
    let left = Amount::from_minor(wallet, currency);
    let amount = positive(of.amount.unwrap_or(left), currency)?;
    if amount > wallet {
        return Err(AdvertisingRefusal::RefundExceedsWallet {
            asked: of.amount.unwrap_or(left),
            left,
        });
    }
    let bonus_left = returned(bonus, wallet - amount, wallet);
    Ok(AdvertisingEvent::Refunded(WalletRefunded {
        merchant: of.merchant,
        currency,
        refund: of.refund,
        amount: Amount::from_minor(amount, currency),
        bonus_lapsed: Amount::from_minor(bonus - bonus_left, currency),
        reason: of.reason.clone(),
    }))
}

fn confirm<'a>(
    state: &AdvertisingState,
    of: &'a ConfirmWalletRefund<'a>,
    context: &AdvertisingContext<'_>,
) -> Decided<'a> {
    label(&of.reference)?;
    let amount = match state.refunds.get(&of.refund) {
        None => return Err(AdvertisingRefusal::UnknownRefund(of.refund)),
        Some((_, true)) => return Err(AdvertisingRefusal::RefundPaidAlready(of.refund)),
        Some((amount, false)) => *amount,
    };
    Ok(AdvertisingEvent::RefundPaid(WalletRefundPaid {
        merchant: of.merchant,
        currency: context.currency,
        refund: of.refund,
        amount: Amount::from_minor(amount, context.currency),
        through: of.through,
        reference: of.reference.clone(),
    }))
}

#[cfg(test)]
mod tests;
