//! A tariff file: a version of a tariff in TOML, with the terms that merchants on it are given and
//! the rate of the payment channel.
//!
//! ```toml
//! tariff = "standard"
//! announced_on = "2026-01-01"
//! effective_on = "2026-01-01"
//! chosen_by = "completion-date"       # or "order-date"
//!
//! [terms]                             # for merchants enrolled with this file
//! cycle = "weekly"                    # daily, weekly, half-monthly, monthly
//! time_zone = "Asia/Shanghai"
//! hold_days = 7
//!
//! [channel]                           # what the payment channel takes
//! rate = "0.006"
//!
//! [[fees]]
//! kind = "commission"                 # commission, order_fee, payment_fee
//! scope = "line"                      # line, order
//! base = "item-price-less-discount"   # item-price, items-and-shipping, paid
//! on_refund = "proportional"          # kept
//! default = "0.08"                    # where no category below holds
//! [fees.categories]
//! "tea" = "0.05"
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use souk_domain::calendar::CycleRule;
use souk_domain::merchant::commands::{AgreeTerms, LeastPayout};
use souk_domain::merchant::events::{Recovery, ReserveTerms};
use souk_domain::rate::Rate;
use souk_domain::tariff::commands::PublishTariff;
use souk_domain::tariff::events::{Base, ChosenBy, Fee, FeeKind, FeeRule, OnRefund, Scope};
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RuleId, TariffId};

/// A tariff file as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TariffFile {
    /// The version to publish.
    pub publish: PublishTariff<'static>,
    /// Terms for merchants enrolled with it.
    pub terms: Terms,
    /// What the payment channel takes.
    pub channel: Channel,
}

/// Terms in a tariff file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How often merchants are settled.
    pub cycle: CycleRule,
    /// Zone of the settlement.
    pub time_zone: String,
    /// From this hour on a sale counts for the next day.
    #[serde(default)]
    pub cut_off_hour: u8,
    /// Days from completion until a sale is due.
    pub hold_days: u16,
    /// Reserve.
    #[serde(default)]
    pub reserve: Option<ReserveTerms>,
    /// Least payouts.
    #[serde(default)]
    pub minimum_payouts: Vec<LeastPayout>,
    /// How a negative closing is recovered.
    #[serde(default = "reserve_then_carry")]
    pub recovery: Vec<Recovery>,
}

fn reserve_then_carry() -> Vec<Recovery> {
    vec![Recovery::Reserve, Recovery::Carry]
}

/// What the payment channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its share of a payment.
    #[serde(default)]
    pub rate: Rate,
    /// Whether it gives its share back with refunds.
    #[serde(default)]
    pub returned_on_refund: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    tariff: TariffId,
    announced_on: Date,
    effective_on: Date,
    #[serde(default = "completion_date")]
    chosen_by: ChosenBy,
    currency: Option<String>,
    source: Option<String>,
    terms: Terms,
    #[serde(default)]
    channel: Channel,
    fees: Vec<RawFee>,
}

fn completion_date() -> ChosenBy {
    ChosenBy::CompletionDate
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFee {
    kind: FeeKind,
    scope: Scope,
    base: Base,
    #[serde(default)]
    tax: Rate,
    on_refund: OnRefund,
    default: Option<Rate>,
    #[serde(default)]
    categories: BTreeMap<String, Rate>,
    #[serde(default)]
    rules: Vec<FeeRule>,
}

/// Why a tariff file cannot be read: `file:line:column  what`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}  {what}")]
pub struct TariffFileError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What was expected.
    pub what: String,
}

impl TariffFile {
    /// Reads a tariff file.
    ///
    /// # Errors
    /// [`TariffFileError`] at the place that is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, TariffFileError> {
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let before = &text[..at];
            TariffFileError {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
                what: error.message().to_owned(),
            }
        })?;
        let mut fees = Vec::with_capacity(raw.fees.len());
        for fee in raw.fees {
            fees.push(fee.read().map_err(|what| TariffFileError {
                file: file.to_owned(),
                line: 1,
                column: 1,
                what,
            })?);
        }
        let publish = PublishTariff {
            tariff: raw.tariff,
            announced_on: raw.announced_on,
            effective_on: raw.effective_on,
            chosen_by: raw.chosen_by,
            currency: raw.currency.map(Into::into),
            source: raw.source.map(Into::into),
            fees,
        };
        Ok(Self { publish, terms: raw.terms, channel: raw.channel })
    }

    /// The terms as a command for one merchant, from the first day of the tariff.
    pub fn terms_for(&self, merchant: MerchantId) -> AgreeTerms<'static> {
        AgreeTerms {
            merchant,
            effective_on: self.publish.effective_on,
            cycle: self.terms.cycle,
            time_zone: self.terms.time_zone.clone().into(),
            cut_off_hour: self.terms.cut_off_hour,
            hold_days: self.terms.hold_days,
            tariff: self.publish.tariff,
            reserve: self.terms.reserve,
            minimum_payouts: self.terms.minimum_payouts.clone(),
            recovery: self.terms.recovery.clone(),
        }
    }
}

impl RawFee {
    fn read(self) -> Result<Fee, String> {
        let mut rules = self.rules;
        for (category, percent) in self.categories {
            // The rule of a category is named by it; a longer path than an id holds needs a rule.
            let rule = RuleId::new(&category.replace('/', "."))
                .map_err(|_| format!("category {category:?} needs a rule of its own under [[fees.rules]], with a name"))?;
            let category = Some(category.into_boxed_str());
            rules.push(FeeRule { rule, category, percent, minimum: None, fixed: None });
        }
        if let Some(percent) = self.default {
            let rule = RuleId::new("default").map_err(|error| error.to_string())?;
            rules.push(FeeRule { rule, category: None, percent, minimum: None, fixed: None });
        }
        Ok(Fee {
            kind: self.kind,
            scope: self.scope,
            base: self.base,
            tax: self.tax,
            on_refund: self.on_refund,
            rules,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_this_module_is_a_tariff_file() {
        let doc = include_str!("tariff_file.rs");
        let example: String = doc
            .lines()
            .skip_while(|line| *line != "//! ```toml")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start()))
            .collect();
        let file = TariffFile::parse("example", &example).unwrap();
        assert_eq!(file.publish.fees[0].rules.len(), 2);
    }

    #[test]
    fn a_wrong_key_is_named_with_its_place() {
        let error = TariffFile::parse("t.toml", "tariff = \"t\"\nannounced = 1\n").unwrap_err();
        assert!(error.to_string().starts_with("t.toml:2:1  unknown field `announced`"), "{error}");
    }
}
