//! What a merchant's stream remembers: its terms by first day.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::TariffId;
use souk_journal::money::Currency;

use super::events::{MerchantKind, Recovery, ReserveTerms, Window, WithholdingAgreed};
use super::payouts::PayoutTerms;
use crate::business_time::Zone;
use crate::calendar::payout_day::PayoutDay;
use crate::calendar::{Cycle, CycleRule};

/// One version of the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Number, from 1.
    pub version: u32,
    /// First day.
    pub effective_on: Date,
    /// How often.
    pub cycle: CycleRule,
    /// Name of the zone.
    pub time_zone: Box<str>,
    /// The zone.
    pub zone: Zone,
    /// Hour of the cut-off.
    pub cut_off_hour: u8,
    /// Days of hold.
    pub hold_days: u16,
    /// The tariff.
    pub tariff: TariffId,
    /// Tier.
    pub tier: Option<Box<str>>,
    /// Kind of business.
    pub business: Option<Box<str>>,
    /// Reserve.
    pub reserve: Option<ReserveTerms>,
    /// Least payouts, minor units.
    pub minimum_payouts: Vec<(Currency, i64)>,
    /// Recovery.
    pub recovery: Vec<Recovery>,
    /// When a payout is due.
    pub payout: Option<PayoutDay>,
    /// Reserve kept without a date, minor units.
    pub fixed_reserves: Vec<(Currency, i64)>,
    /// What the deposit is topped up to, minor units.
    pub deposits: Vec<(Currency, i64)>,
    /// Closes that carry a balance below zero before it becomes a debt.
    pub debt_after: Option<u16>,
}

impl Terms {
    /// The least payout in a currency, minor units; 0 when none is agreed.
    pub fn minimum_payout(&self, currency: Currency) -> i64 {
        Self::in_currency(&self.minimum_payouts, currency)
    }

    /// The reserve that is kept without a date, minor units.
    pub fn fixed_reserve(&self, currency: Currency) -> i64 {
        Self::in_currency(&self.fixed_reserves, currency)
    }

    /// What the deposit is topped up to, minor units.
    pub fn deposit(&self, currency: Currency) -> i64 {
        Self::in_currency(&self.deposits, currency)
    }

    fn in_currency(of: &[(Currency, i64)], currency: Currency) -> i64 {
        of.iter().find(|(known, _)| *known == currency).map_or(0, |(_, amount)| *amount)
    }
}

/// An end that was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// The last day of new business.
    pub last_day: Date,
    /// The last day of the wind-down.
    pub wind_down_to: Date,
}

/// Where an account stands: active, then closing, then closed. While it is closing, a date says which part of it runs:
/// notice until the last day, then the wind-down, then the final settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// In business.
    #[default]
    Active,
    /// The end is announced.
    Closing(Closing),
    /// Nothing is left in it but, perhaps, a debt.
    Closed(Closing),
}

/// Why a merchant takes no new business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNewBusiness {
    /// Its last day is past.
    Closing(Date),
    /// It is closed.
    Closed,
}

/// A merchant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MerchantState {
    /// Where the account stands.
    pub standing: Standing,
    /// What it is; none before enrolment.
    pub kind: Option<MerchantKind>,
    /// Terms, by first day.
    pub terms: Vec<Terms>,
    /// Volumes as recorded, by last day: currency, window, last day, minor units.
    pub volumes: Vec<(Currency, Window, Date, i64)>,
    /// Settlement currencies, by first day; none: each sale in its own.
    pub settled_in: Vec<(Date, Option<Currency>)>,
    /// Withholdings as agreed, by first day within a jurisdiction.
    pub withholdings: Vec<WithholdingAgreed>,
    /// Terms of payouts, by first day.
    pub payout_terms: Vec<PayoutTerms>,
}

impl MerchantState {
    /// The volumes of the month, the quarter and the year that were last recorded up to a day, minor units.
    pub fn volumes_on(&self, currency: Currency, day: Date) -> [i64; 3] {
        [Window::Month, Window::Quarter, Window::Year].map(|window| {
            let of = |(known, of, through, _): &&(Currency, Window, Date, i64)| {
                *known == currency && *of == window && *through <= day
            };
            self.volumes.iter().rev().find(of).map_or(0, |(.., amount)| *amount)
        })
    }

    /// The currency in which a sale completed on a day is settled; none: its own.
    pub fn settlement_currency_on(&self, day: Date) -> Option<Currency> {
        self.settled_in.iter().rev().find(|(from, _)| *from <= day).and_then(|(_, of)| *of)
    }

    /// The withholdings in force on a date, in the order in which jurisdictions were first agreed.
    pub fn withholdings_on(&self, date: Date) -> impl Iterator<Item = &WithholdingAgreed> {
        let begun = move |of: &&WithholdingAgreed| of.effective_on <= date;
        let all = self.withholdings.iter().enumerate();
        let first = all.filter(|(index, of)| {
            !self.withholdings[..*index].iter().any(|known| known.jurisdiction == of.jurisdiction)
        });
        first.filter_map(move |(_, first)| {
            let same = |of: &&WithholdingAgreed| of.jurisdiction == first.jurisdiction;
            self.withholdings.iter().rev().filter(same).find(begun)
        })
    }

    /// The end of the account, once it is announced.
    pub fn closing(&self) -> Option<Closing> {
        match self.standing {
            Standing::Active => None,
            Standing::Closing(of) | Standing::Closed(of) => Some(of),
        }
    }

    /// Whether the account is closed.
    pub fn is_closed(&self) -> bool {
        matches!(self.standing, Standing::Closed(_))
    }

    /// Why no new business is taken at an instant, read in the merchant's zone, if none is; `platform` is the date
    /// where it has no terms.
    pub fn no_new_business(&self, at: Micros, platform: Date) -> Option<NoNewBusiness> {
        match self.standing {
            Standing::Active => None,
            Standing::Closing(of) => {
                let last_day = of.last_day;
                (self.date(at, platform) > last_day).then_some(NoNewBusiness::Closing(last_day))
            }
            Standing::Closed(_) => Some(NoNewBusiness::Closed),
        }
    }

    /// The date in the merchant's zone; `platform` where it has no terms.
    pub fn date(&self, at: Micros, platform: Date) -> Date {
        self.terms.last().map_or(platform, |terms| terms.zone.date(at))
    }

    /// The last day of the wind-down, when a cycle is the final settlement: the one in which that day falls, or a later
    /// one for what came after it.
    pub fn ends_with(&self, cycle: &Cycle) -> Option<Date> {
        let wind_down_to = self.closing()?.wind_down_to;
        (cycle.to >= wind_down_to).then_some(wind_down_to)
    }

    /// The terms in force on a date.
    pub fn terms_on(&self, date: Date) -> Option<&Terms> {
        self.terms.iter().rev().find(|terms| terms.effective_on <= date)
    }

    /// The terms in force at an instant and its business date, read in the merchant's zone: the date is one on which
    /// those terms are in force. Where a zone changes with the terms, the old ones run until the new ones begin in the
    /// new zone, so that no instant is left out and none counted twice.
    pub fn business_day(&self, at: Micros) -> Option<(&Terms, Date)> {
        let day = |terms: &Terms| terms.zone.business_date(at, terms.cut_off_hour);
        let index = self.terms.iter().rposition(|terms| terms.effective_on <= day(terms))?;
        let terms = &self.terms[index];
        let last = self.terms.get(index + 1).map(|next| next.effective_on.plus_days(-1));
        Some((terms, last.map_or(day(terms), |last| day(terms).min(last))))
    }

    /// The settlement cycle in which a date falls, cut where terms begin and end.
    pub fn cycle_of(&self, date: Date) -> Option<Cycle> {
        let index = self.terms.iter().rposition(|terms| terms.effective_on <= date)?;
        let terms = &self.terms[index];
        let cycle = terms.cycle.cycle_of(date);
        let until = self.terms.get(index + 1).map(|next| next.effective_on.plus_days(-1));
        Some(Cycle {
            id: cycle.id,
            from: cycle.from.max(terms.effective_on),
            to: until.map_or(cycle.to, |until| until.min(cycle.to)),
        })
    }
}
