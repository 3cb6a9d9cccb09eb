//! Where the parts of a fee stand in the file, so that a fault points at what is wrong and not at the rule around it.

use souk_domain::tariff::decide::TariffRefusal;
use souk_domain::tariff::events::{Fee, FeeRule};
use souk_journal::money::{Amount, Currency};

/// Offsets of a fee's parts.
#[derive(Debug, Default)]
pub(super) struct FeePlaces {
    /// The fee.
    pub(super) whole: usize,
    /// Its kind.
    pub(super) kind: usize,
    /// What is retained.
    pub(super) retained: Option<usize>,
    /// In whose name.
    pub(super) role: Option<usize>,
    /// Some of its rules could not be read.
    pub(super) unread: bool,
    /// Its rules, in their order.
    pub(super) rules: Vec<RulePlaces>,
}

/// Offsets of a rule's parts.
#[derive(Debug, Default)]
pub(super) struct RulePlaces {
    /// The rule, or the one line that it is.
    pub(super) whole: usize,
    pub(super) name: Option<usize>,
    pub(super) category: Option<usize>,
    pub(super) when: Option<usize>,
    pub(super) closed: Option<usize>,
    pub(super) percent: Option<usize>,
    pub(super) tiers: Option<usize>,
    pub(super) steps: Vec<usize>,
    pub(super) parts: Vec<usize>,
    pub(super) minimum: Option<usize>,
    pub(super) maximum: Option<usize>,
    /// Every amount, in the order in which they are checked.
    pub(super) amounts: Vec<(Amount, usize)>,
}

impl FeePlaces {
    /// Where a fault of the fee is.
    pub(super) fn of(
        &self,
        fee: &Fee,
        (rule, fault): (Option<usize>, &TariffRefusal),
        currency: Option<Currency>,
    ) -> usize {
        let rule = rule.and_then(|index| self.rules.get(index).zip(fee.rules.get(index)));
        let place = match rule {
            Some((places, rule)) => return places.of(rule, fault, currency),
            None => match fault {
                TariffRefusal::NothingToRetain(_) | TariffRefusal::UnusableRetained(_) => {
                    self.retained
                }
                TariffRefusal::NothingToPassOn(_) => self.role,
                TariffRefusal::FeeTwice(_) => Some(self.kind),
                TariffRefusal::NoRules(_)
                | TariffRefusal::TariffVersionsOverlap { .. }
                | TariffRefusal::AnnouncedAfterEffect { .. }
                | TariffRefusal::NoticeTooShort { .. }
                | TariffRefusal::TariffRetroactive { .. }
                | TariffRefusal::UnknownCurrency(_)
                | TariffRefusal::CurrencyNeeded(_)
                | TariffRefusal::UnusableAmount(_)
                | TariffRefusal::RuleTwice(_)
                | TariffRefusal::RulesCollide(..)
                | TariffRefusal::CategoryOnOrderFee(_)
                | TariffRefusal::ClosedWithoutLines(_)
                | TariffRefusal::NotACategory(..)
                | TariffRefusal::LeastAboveMost(..)
                | TariffRefusal::ClosedRuleCharges(_)
                | TariffRefusal::PercentAndSteps(_)
                | TariffRefusal::NoSteps(_)
                | TariffRefusal::FirstStepNotAtZero(..)
                | TariffRefusal::StepsNotRising(..)
                | TariffRefusal::VolumePerUnit(_)
                | TariffRefusal::PartsDiffer(..)
                | TariffRefusal::PartTwice(..)
                | TariffRefusal::PeriodFeeOfSales(_)
                | TariffRefusal::Freight(_) => None,
            },
        };
        place.unwrap_or(self.whole)
    }
}

impl RulePlaces {
    /// A rule that is one line, and its percentage.
    pub(super) fn line(at: usize) -> Self {
        Self { whole: at, percent: Some(at), ..Self::default() }
    }

    fn of(&self, rule: &FeeRule, fault: &TariffRefusal, currency: Option<Currency>) -> usize {
        let place = match fault {
            TariffRefusal::RuleTwice(_) => self.name,
            TariffRefusal::CategoryOnOrderFee(_) => self.category.or(self.when),
            TariffRefusal::NotACategory(..) => self.category,
            TariffRefusal::ClosedWithoutLines(_) | TariffRefusal::ClosedRuleCharges(_) => {
                self.closed.or(self.percent)
            }
            TariffRefusal::CurrencyNeeded(_) => {
                self.amounts.iter().find(|(amount, _)| !amount.is_zero()).map(|(_, at)| *at)
            }
            TariffRefusal::UnusableAmount(_) => {
                let usable = |amount: Amount| {
                    amount >= Amount::ZERO
                        && currency.is_some_and(|currency| amount.at_scale(currency).is_ok())
                };
                self.amounts.iter().find(|(amount, _)| !usable(*amount)).map(|(_, at)| *at)
            }
            TariffRefusal::LeastAboveMost(..) => self.maximum,
            TariffRefusal::PercentAndSteps(_) => self.percent,
            TariffRefusal::NoSteps(_) | TariffRefusal::VolumePerUnit(_) => self.tiers,
            TariffRefusal::FirstStepNotAtZero(..) => self.steps.first().copied(),
            TariffRefusal::StepsNotRising(..) => {
                let steps = rule.tiers.as_ref().map_or(&[][..], |of| &of.steps);
                let falls = steps.windows(2).position(|pair| pair[0].above >= pair[1].above);
                falls.and_then(|index| self.steps.get(index + 1)).copied()
            }
            TariffRefusal::PartsDiffer(..) => self.percent,
            TariffRefusal::PartTwice(..) => {
                let twice = |index: &usize| {
                    rule.parts[..*index].iter().any(|part| part.name == rule.parts[*index].name)
                };
                let index = (0..rule.parts.len()).find(twice);
                index.and_then(|index| self.parts.get(index)).copied()
            }
            TariffRefusal::PeriodFeeOfSales(_) => {
                self.percent.or(self.tiers).or(self.minimum).or(self.maximum)
            }
            TariffRefusal::RulesCollide(..)
            | TariffRefusal::TariffVersionsOverlap { .. }
            | TariffRefusal::AnnouncedAfterEffect { .. }
            | TariffRefusal::NoticeTooShort { .. }
            | TariffRefusal::TariffRetroactive { .. }
            | TariffRefusal::UnknownCurrency(_)
            | TariffRefusal::FeeTwice(_)
            | TariffRefusal::NoRules(_)
            | TariffRefusal::NothingToRetain(_)
            | TariffRefusal::UnusableRetained(_)
            | TariffRefusal::NothingToPassOn(_)
            | TariffRefusal::Freight(_) => None,
        };
        place.unwrap_or(self.whole)
    }
}
