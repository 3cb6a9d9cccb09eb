//! Test support: a small marketplace with merchants, their terms and tariffs.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, JurisdictionId, LineId, MerchantId, RuleId, TariffId};
use souk_journal::money::Currency;

use super::{Given, given};
use crate::business_time::Zone;
use crate::calendar::CycleRule;
use crate::decider::Decider as _;
use crate::fxrate::decide::FxRate;
use crate::fxrate::events::{FxRateEvent, FxRateRecorded};
use crate::fxrate::pair::Pair;
use crate::fxrate::quote::Quote;
use crate::fxrate::state::FxRateState;
use crate::merchant::decide::Merchant;
use crate::merchant::events::{
    MerchantEnrolled, MerchantEvent, MerchantKind, Recovery, SettlementCurrencyAgreed, TermsAgreed,
    WithholdingAgreed,
};
use crate::merchant::state::MerchantState;
use crate::order::corrected::{ChargedPart, Corrected, FeePart};
use crate::order::decide::{Directory, Order, OrderContext};
use crate::tariff::events::{
    Base, ChosenBy, Fee, FeeKind, FeeRule, OnRefund, Scope, TariffPublished,
};
use crate::tariff::freight::FreightTable;
use crate::tariff::state::{TariffState, TariffVersion};

/// Merchants 1007, 1008 and 1009 sell under tariff `std`; 1010 has no terms, 1011 an unpublished
/// tariff, 1012 closes its day at 18:00 in Shanghai.
pub(crate) struct Market {
    zone: Zone,
    merchants: BTreeMap<MerchantId, MerchantState>,
    tariffs: BTreeMap<TariffId, TariffState>,
    rates: BTreeMap<(Pair, i32), FxRateState>,
    claimed_by: Option<CycleId>,
    corrected: Vec<Corrected>,
}

impl Directory for Market {
    fn merchant(&self, id: MerchantId) -> Option<&MerchantState> {
        self.merchants.get(&id)
    }

    fn tariff(&self, id: TariffId) -> Option<&TariffState> {
        self.tariffs.get(&id)
    }

    fn claimed_by(&self, _: MerchantId) -> Option<CycleId> {
        self.claimed_by
    }

    fn corrected(&self) -> &[Corrected] {
        &self.corrected
    }

    fn rate(&self, from: Currency, to: Currency, on: Date) -> Option<Quote> {
        Quote::find(from, to, on, |pair, year| self.rates.get(&(pair, year)))
    }
}

impl Market {
    /// Commission of 8 % on goods after the merchant's own discount, 6 % tax on it.
    pub(crate) fn usual() -> Self {
        Self::charging(vec![fee(FeeKind::Commission, vec![rule("all", None, "0.08")])])
    }

    /// With these fees.
    pub(crate) fn charging(fees: Vec<Fee>) -> Self {
        let mut market = Self {
            zone: Zone::named("Asia/Shanghai").unwrap(),
            merchants: BTreeMap::new(),
            tariffs: BTreeMap::new(),
            rates: BTreeMap::new(),
            claimed_by: None,
            corrected: Vec::new(),
        };
        for (merchant, hour, tariff) in [
            ("1007", 0, Some("std")),
            ("1008", 0, Some("std")),
            ("1009", 0, Some("std")),
            ("1010", 0, None),
            ("1011", 0, Some("unpublished")),
            ("1012", 18, Some("std")),
        ] {
            market.enrol(MerchantId::new(merchant).unwrap(), hour, tariff);
        }
        let mut tariff = TariffState::default();
        tariff.versions.push(version(1, "2026-01-01", fees));
        market.tariffs.insert(TariffId::new("std").unwrap(), tariff);
        market
    }

    fn enrol(&mut self, merchant: MerchantId, cut_off_hour: u8, tariff: Option<&str>) {
        let mut state = MerchantState::default();
        let enrolled = MerchantEnrolled { merchant, kind: MerchantKind::Seller };
        Merchant::evolve(&mut state, &MerchantEvent::Enrolled(enrolled)).unwrap();
        if let Some(tariff) = tariff {
            let terms = TermsAgreed {
                tier: None,
                business: None,
                version: 1,
                effective_on: "2026-01-01".parse().unwrap(),
                cycle: CycleRule::Weekly,
                time_zone: "Asia/Shanghai",
                cut_off_hour,
                hold_days: 7,
                tariff: TariffId::new(tariff).unwrap(),
                reserve: None,
                minimum_payouts: Vec::new(),
                recovery: vec![Recovery::Reserve, Recovery::Carry],
                payout: None,
                fixed_reserves: Vec::new(),
                deposits: Vec::new(),
                debt_after: None,
            };
            Merchant::evolve(&mut state, &MerchantEvent::TermsAgreed(terms)).unwrap();
        }
        self.merchants.insert(merchant, state);
    }

    /// This merchant is enrolled as a partner, without terms.
    pub(crate) fn partner(mut self, merchant: &str) -> Self {
        let merchant = MerchantId::new(merchant).unwrap();
        let mut state = MerchantState::default();
        let enrolled = MerchantEnrolled { merchant, kind: MerchantKind::Partner };
        Merchant::evolve(&mut state, &MerchantEvent::Enrolled(enrolled)).unwrap();
        self.merchants.insert(merchant, state);
        self
    }

    /// Every version of the tariffs has these freight tables, in yuan.
    pub(crate) fn shipping_by(mut self, tables: Vec<FreightTable>) -> Self {
        for version in self.tariffs.values_mut().flat_map(|of| &mut of.versions) {
            version.freight.clone_from(&tables);
        }
        self
    }

    /// The tariff also has a version from a later day.
    pub(crate) fn later(mut self, from: &str, chosen_by: ChosenBy, fees: Vec<Fee>) -> Self {
        for tariff in self.tariffs.values_mut() {
            let next = tariff.versions.len() as u32 + 1;
            tariff.versions.push(TariffVersion { chosen_by, ..version(next, from, fees.clone()) });
        }
        self
    }

    /// Tax is withheld from merchant 1007: jurisdiction, rate, base, first day.
    pub(crate) fn withholding(
        mut self,
        jurisdiction: &str,
        rate: &str,
        of: Base,
        from: &str,
    ) -> Self {
        let event = WithholdingAgreed {
            jurisdiction: JurisdictionId::new(jurisdiction).unwrap(),
            rate: rate.parse().unwrap(),
            of,
            effective_on: from.parse().unwrap(),
        };
        let state = self.merchants.get_mut(&MerchantId::new("1007").unwrap()).unwrap();
        Merchant::evolve(state, &MerchantEvent::WithholdingAgreed(event)).unwrap();
        self
    }

    /// A merchant has this tier, by every version of its terms.
    pub(crate) fn in_tier(mut self, merchant: &str, tier: &str) -> Self {
        for terms in
            self.merchants.get_mut(&MerchantId::new(merchant).unwrap()).unwrap().terms.iter_mut()
        {
            terms.tier = Some(tier.into());
        }
        self
    }

    /// The tariff's amounts are in this currency.
    pub(crate) fn in_currency(mut self, code: &str) -> Self {
        for version in self.tariffs.values_mut().flat_map(|tariff| &mut tariff.versions) {
            version.currency = Some(Currency::from_code(code).unwrap());
        }
        self
    }

    /// A merchant is settled in this currency, from the beginning.
    pub(crate) fn settling(mut self, merchant: &str, code: &str) -> Self {
        let state = self.merchants.get_mut(&MerchantId::new(merchant).unwrap()).unwrap();
        let agreed = SettlementCurrencyAgreed {
            effective_on: "2026-01-01".parse().unwrap(),
            currency: Some(Currency::from_code(code).unwrap()),
        };
        Merchant::evolve(state, &MerchantEvent::SettlementCurrencyAgreed(agreed)).unwrap();
        self
    }

    /// A close has claimed what is sold.
    pub(crate) fn claimed_by(mut self, cycle: &str) -> Self {
        self.claimed_by = Some(CycleId::new(cycle).unwrap());
        self
    }

    /// Corrections have given back so much of a fee of merchant 1007 on line 1, under rule `all`.
    pub(crate) fn corrected(self, fee: FeeKind, is_tax: bool, minor: i64) -> Self {
        let merchant = MerchantId::new("1007").unwrap();
        let (line, rule) = (LineId::new("1").ok(), RuleId::new("all").unwrap());
        let part = ChargedPart::Fee(FeePart { merchant, fee, line, rule, is_tax });
        let (revenue, output_vat) = if is_tax { (0, minor) } else { (minor, 0) };
        self.corrected_part(Corrected { part, back: minor, revenue, output_vat })
    }

    /// A correction of any part.
    pub(crate) fn corrected_part(mut self, of: Corrected) -> Self {
        self.corrected.push(of);
        self
    }

    /// A rate is recorded.
    pub(crate) fn rated(mut self, pair: &str, on: &str, rate: &str) -> Self {
        let (pair, on): (Pair, Date) = (pair.parse().unwrap(), on.parse().unwrap());
        let rate = rate.parse().unwrap();
        let event = FxRateRecorded { pair, on, rate, source: "SAFE".into() };
        let state = self.rates.entry((pair, on.parts().0)).or_default();
        FxRate::evolve(state, &FxRateEvent::Recorded(event)).unwrap();
        self
    }

    pub(crate) fn context(&self) -> OrderContext<'_> {
        let currency = Currency::from_code("CNY").unwrap();
        OrderContext { zone: &self.zone, currency, directory: self }
    }

    /// An order of this market, not yet placed.
    pub(crate) fn order(&self) -> Given<'_, Order> {
        given(self.context())
    }
}

fn version(version: u32, from: &str, fees: Vec<Fee>) -> TariffVersion {
    let effective_on: Date = from.parse().unwrap();
    let (chosen_by, currency, source) =
        (ChosenBy::CompletionDate, Currency::from_code("CNY"), None);
    let announced_on = effective_on;
    let event = TariffPublished {
        version,
        announced_on,
        effective_on,
        chosen_by,
        currency: currency.ok(),
        source,
        fees,
    };
    // Orders in every currency, unless a test says otherwise.
    TariffVersion { currency: None, ..TariffVersion::of(&event).unwrap() }
}

/// A fee per line on goods after the merchant's discount, 6 % tax, given back in proportion.
pub(crate) fn fee(kind: FeeKind, rules: Vec<FeeRule>) -> Fee {
    Fee {
        kind,
        scope: Scope::Line,
        base: Base::ItemPriceLessDiscount,
        base_tax: Default::default(),
        tax: "0.06".parse().unwrap(),
        on_refund: OnRefund::Proportional,
        tax_mode: Default::default(),
        retained: None,
        rounding: Default::default(),
        role: Default::default(),
        rules,
    }
}

/// A percentage for a category, or for every one.
pub(crate) fn rule(name: &str, category: Option<&str>, percent: &str) -> FeeRule {
    FeeRule {
        rule: RuleId::new(name).unwrap(),
        category: category.map(Into::into),
        percent: percent.parse().unwrap(),
        when: Default::default(),
        closed: false,
        parts: Vec::new(),
        tiers: None,
        minimum: None,
        maximum: None,
        fixed: None,
    }
}
