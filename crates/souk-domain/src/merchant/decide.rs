//! When a merchant is enrolled and its terms agreed.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency, MoneyError};

use super::closing;
use super::commands::{
    AgreePayoutTerms, AgreeSettlementCurrency, AgreeTerms, AgreeWithholding, AnnounceClosing,
    CloseMerchant, EnrolMerchant, LevelKept, RecordVolume, WithdrawClosing,
};
use super::events::{
    Level, MerchantEnrolled, MerchantEvent, MinimumPayout, SettlementCurrencyAgreed, TermsAgreed,
    VolumeRecorded, WithholdingAgreed,
};
use super::payouts;
use super::refusal::MerchantRefusal;
use super::state::{Closing, MerchantState, Standing, Terms};
use crate::business_time::Zone;
use crate::decider::{Decider, Decision};
use crate::rate::Rate;

/// A command to a merchant's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MerchantCommand<'a> {
    /// Enrol.
    Enrol(EnrolMerchant),
    /// Agree terms.
    AgreeTerms(AgreeTerms<'a>),
    /// Record a volume.
    RecordVolume(RecordVolume<'a>),
    /// Agree the currency of its settlement.
    AgreeSettlementCurrency(AgreeSettlementCurrency<'a>),
    /// Agree a withholding.
    AgreeWithholding(AgreeWithholding),
    /// Announce the end.
    AnnounceClosing(AnnounceClosing<'a>),
    /// Withdraw it.
    WithdrawClosing(WithdrawClosing<'a>),
    /// Agree terms of payouts.
    AgreePayoutTerms(AgreePayoutTerms),
    /// Close.
    Close(CloseMerchant<'a>),
}

impl MerchantCommand<'_> {
    /// The merchant.
    pub fn merchant(&self) -> MerchantId {
        match self {
            Self::Enrol(of) => of.merchant,
            Self::AgreeTerms(of) => of.merchant,
            Self::RecordVolume(of) => of.merchant,
            Self::AgreeSettlementCurrency(of) => of.merchant,
            Self::AgreeWithholding(of) => of.merchant,
            Self::AnnounceClosing(of) => of.merchant,
            Self::WithdrawClosing(of) => of.merchant,
            Self::AgreePayoutTerms(of) => of.merchant,
            Self::Close(of) => of.merchant,
        }
    }
}

/// What the decision reads of other streams.
#[derive(Debug, Clone, Copy)]
pub struct MerchantContext {
    /// The platform's zone date for enrolment.
    pub today: Date,
    /// Whether the tariff of the command is published.
    pub tariff_known: bool,
}

/// Merchant streams.
#[derive(Debug)]
pub struct Merchant;

impl Decider for Merchant {
    const CATEGORY: &'static str = "merchant";
    type Command<'a> = MerchantCommand<'a>;
    type Event<'a> = MerchantEvent<'a>;
    type State = MerchantState;
    type Refusal = MerchantRefusal;
    type Context<'a> = MerchantContext;

    fn decide<'a>(
        state: &'a MerchantState,
        command: &'a MerchantCommand<'a>,
        context: &'a MerchantContext,
        at: Micros,
    ) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
        let today = state.date(at, context.today);
        match (command, state.kind) {
            (MerchantCommand::Enrol(of), None) => {
                let event = MerchantEnrolled { merchant: of.merchant, kind: of.kind };
                Ok(Decision::one(context.today, MerchantEvent::Enrolled(event)))
            }
            (MerchantCommand::Enrol(of), Some(_)) => {
                Err(MerchantRefusal::MerchantEnrolledAlready(of.merchant))
            }
            (
                MerchantCommand::AgreeTerms(_)
                | MerchantCommand::RecordVolume(_)
                | MerchantCommand::AgreeSettlementCurrency(_)
                | MerchantCommand::AgreeWithholding(_)
                | MerchantCommand::AnnounceClosing(_)
                | MerchantCommand::WithdrawClosing(_)
                | MerchantCommand::AgreePayoutTerms(_)
                | MerchantCommand::Close(_),
                None,
            ) => Err(MerchantRefusal::UnknownMerchant(command.merchant())),
            (_, Some(_)) if state.is_closed() => {
                Err(MerchantRefusal::MerchantIsClosed(command.merchant()))
            }
            (MerchantCommand::AgreeTerms(of), Some(_)) => agree(state, of, *context),
            (MerchantCommand::RecordVolume(of), Some(_)) => record_volume(state, of),
            (MerchantCommand::AgreeSettlementCurrency(of), Some(_)) => settle_in(state, of),
            (MerchantCommand::AgreeWithholding(of), Some(_)) => agree_withholding(state, *of),
            (MerchantCommand::AnnounceClosing(of), Some(_)) => closing::announce(state, of, today),
            (MerchantCommand::WithdrawClosing(of), Some(_)) => closing::withdraw(state, of, today),
            (MerchantCommand::AgreePayoutTerms(of), Some(_)) => payouts::agree(state, of),
            (MerchantCommand::Close(of), Some(_)) => closing::close(state, of, today),
        }
    }

    fn evolve(state: &mut MerchantState, event: &MerchantEvent<'_>) -> Result<(), MoneyError> {
        match event {
            MerchantEvent::Enrolled(of) => state.kind = Some(of.kind),
            MerchantEvent::SettlementCurrencyAgreed(of) => {
                state.settled_in.push((of.effective_on, of.currency));
            }
            MerchantEvent::PayoutTermsAgreed(of) => payouts::fold(state, of)?,
            MerchantEvent::WithholdingAgreed(of) => state.withholdings.push(*of),
            MerchantEvent::ClosingAnnounced(of) => {
                let (last_day, wind_down_to) = (of.last_day, of.wind_down_to);
                state.standing = Standing::Closing(Closing { last_day, wind_down_to });
            }
            MerchantEvent::ClosingWithdrawn(_) => state.standing = Standing::Active,
            MerchantEvent::Closed(_) => {
                if let Standing::Closing(of) = state.standing {
                    state.standing = Standing::Closed(of);
                }
            }
            MerchantEvent::VolumeRecorded(of) => {
                let minor = of.amount.minor(of.currency)?;
                state.volumes.push((of.currency, of.window, of.through, minor));
            }
            MerchantEvent::TermsAgreed(of) => {
                let minimum = |least: &MinimumPayout| {
                    least.amount.minor(least.currency).map(|minor| (least.currency, minor))
                };
                state.terms.push(Terms {
                    version: of.version,
                    effective_on: of.effective_on,
                    cycle: of.cycle,
                    time_zone: of.time_zone.into(),
                    zone: Zone::named(of.time_zone)
                        .map_err(|_| MoneyError::UnknownCurrency(of.time_zone.to_owned()))?,
                    cut_off_hour: of.cut_off_hour,
                    hold_days: of.hold_days,
                    tariff: of.tariff,
                    tier: of.tier.map(Into::into),
                    business: of.business.map(Into::into),
                    reserve: of.reserve,
                    minimum_payouts: of
                        .minimum_payouts
                        .iter()
                        .map(minimum)
                        .collect::<Result<_, _>>()?,
                    recovery: of.recovery.clone(),
                    payout: of.payout,
                    fixed_reserves: levels_minor(&of.fixed_reserves)?,
                    deposits: levels_minor(&of.deposits)?,
                    debt_after: of.debt_after,
                });
            }
        }
        Ok(())
    }
}

fn levels_minor(levels: &[Level]) -> Result<Vec<(Currency, i64)>, MoneyError> {
    levels.iter().map(|of| Ok((of.currency, of.amount.minor(of.currency)?))).collect()
}

/// Amounts that are kept, each currency once.
fn levels(kept: &[LevelKept]) -> Result<Vec<Level>, MerchantRefusal> {
    let mut levels: Vec<Level> = Vec::with_capacity(kept.len());
    for of in kept {
        let currency =
            Currency::from_code(&of.currency).map_err(MerchantRefusal::UnknownCurrency)?;
        let amount = of.amount.at_scale(currency).map_err(MerchantRefusal::UnusableAmount)?;
        let twice = levels.iter().any(|known| known.currency == currency);
        if amount < Amount::ZERO || twice {
            return Err(MerchantRefusal::UnusableLevel { currency, amount });
        }
        // An event holds no amount that a posting cannot.
        amount.minor(currency).map_err(MerchantRefusal::UnusableAmount)?;
        levels.push(Level { currency, amount });
    }
    Ok(levels)
}

fn agree_withholding<'a>(
    state: &MerchantState,
    command: AgreeWithholding,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    let AgreeWithholding { merchant, jurisdiction, rate, of, effective_on: asked } = command;
    let latest = state.withholdings.iter().rev().find(|of| of.jurisdiction == jurisdiction);
    match latest {
        Some(of) if asked <= of.effective_on => {
            let latest = of.effective_on;
            return Err(MerchantRefusal::WithholdingNotLater { jurisdiction, asked, latest });
        }
        None if rate == Rate::ZERO => {
            return Err(MerchantRefusal::NoWithholdingToEnd { merchant, jurisdiction });
        }
        Some(_) | None => {}
    }
    let event = WithholdingAgreed { jurisdiction, rate, of, effective_on: asked };
    Ok(Decision::one(asked, MerchantEvent::WithholdingAgreed(event)))
}

fn record_volume<'a>(
    state: &MerchantState,
    command: &RecordVolume<'_>,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    let currency =
        Currency::from_code(&command.currency).map_err(MerchantRefusal::UnknownCurrency)?;
    let amount = command.amount.at_scale(currency).map_err(MerchantRefusal::UnusableAmount)?;
    if amount < Amount::ZERO {
        return Err(MerchantRefusal::NegativeVolume(amount));
    }
    let (window, through) = (command.window, command.through);
    let same =
        |of: &&(Currency, super::events::Window, Date, i64)| (of.0, of.1) == (currency, window);
    if let Some((_, _, latest, _)) = state.volumes.iter().rev().find(same)
        && through <= *latest
    {
        return Err(MerchantRefusal::VolumeNotLater { asked: through, latest: *latest });
    }
    let event = VolumeRecorded { currency, window, through, amount };
    Ok(Decision::one(through, MerchantEvent::VolumeRecorded(event)))
}

fn settle_in<'a>(
    state: &MerchantState,
    command: &AgreeSettlementCurrency<'_>,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    let asked = command.effective_on;
    let code = command.currency.as_deref();
    let currency =
        code.map(Currency::from_code).transpose().map_err(MerchantRefusal::UnknownCurrency)?;
    if let Some((latest, _)) = state.settled_in.last()
        && asked <= *latest
    {
        return Err(MerchantRefusal::SettlementCurrencyNotLater { asked, latest: *latest });
    }
    let event = SettlementCurrencyAgreed { effective_on: asked, currency };
    Ok(Decision::one(asked, MerchantEvent::SettlementCurrencyAgreed(event)))
}

fn agree<'a>(
    state: &MerchantState,
    command: &'a AgreeTerms<'a>,
    context: MerchantContext,
) -> Result<Decision<MerchantEvent<'a>>, MerchantRefusal> {
    if !context.tariff_known {
        return Err(MerchantRefusal::UnknownTariff(command.tariff));
    }
    Zone::named(&command.time_zone).map_err(MerchantRefusal::UnknownTimeZone)?;
    if command.cut_off_hour > 23 {
        return Err(MerchantRefusal::NotAnHour(command.cut_off_hour));
    }
    let asked = command.effective_on;
    if let Some(latest) = state.terms.last() {
        if asked <= latest.effective_on {
            return Err(MerchantRefusal::TermsNotLater { asked, latest: latest.effective_on });
        }
        let running = latest.cycle.cycle_of(asked);
        if running.from != asked {
            let (from, to) = (running.from, running.to);
            let next = running.cut_off();
            return Err(MerchantRefusal::TermsCutACycle { asked, from, to, next });
        }
    }
    if let Some(payout) = command.payout
        && !payout.is_whole()
    {
        return Err(MerchantRefusal::NoWorkingDaysNamed);
    }
    let mut minimum_payouts = Vec::with_capacity(command.minimum_payouts.len());
    for least in &command.minimum_payouts {
        let currency =
            Currency::from_code(&least.currency).map_err(MerchantRefusal::UnknownCurrency)?;
        let amount = least.amount.at_scale(currency).map_err(MerchantRefusal::UnusableAmount)?;
        if amount < Amount::ZERO {
            return Err(MerchantRefusal::NegativeMinimum(amount));
        }
        minimum_payouts.push(MinimumPayout { currency, amount });
    }
    let event = TermsAgreed {
        version: state.terms.len() as u32 + 1,
        effective_on: asked,
        cycle: command.cycle,
        time_zone: &command.time_zone,
        cut_off_hour: command.cut_off_hour,
        hold_days: command.hold_days,
        tariff: command.tariff,
        tier: command.tier.as_deref(),
        business: command.business.as_deref(),
        reserve: command.reserve,
        minimum_payouts,
        recovery: command.recovery.clone(),
        payout: command.payout,
        fixed_reserves: levels(&command.fixed_reserves)?,
        deposits: levels(&command.deposits)?,
        debt_after: command.debt_after,
    };
    Ok(Decision::one(asked, MerchantEvent::TermsAgreed(event)))
}

#[cfg(test)]
mod tests;
