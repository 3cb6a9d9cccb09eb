//! A tariff file: a version of a tariff in TOML, with the terms that merchants on it are given and
//! the rate of the payment channel. Its JSON Schema is [`schema`].
//!
//! ```toml
//! tariff = "standard"
//! announced_on = "2026-01-01"         # a change is announced a day before it holds, at least
//! effective_on = "2026-01-01"
//! chosen_by = "completion-date"       # or "order-date"
//! currency = "CNY"                    # of every amount here
//!
//! [terms]                             # for merchants enrolled with this file
//! cycle = "weekly"                    # daily, weekly, half-monthly, monthly
//! time_zone = "Asia/Shanghai"
//! hold_days = 7
//!
//! [channel]                           # what the payment channel takes
//! rate = "0.6 %"
//!
//! [[fees]]
//! kind = "commission"                 # commission, order_fee, payment_fee, technical_service, listing_fee
//! scope = "line"                      # line, unit, order, period
//! base = "item-price-less-discount"   # item-price, items-and-shipping, paid
//! base_tax = "before"                 # after: tax collected from the buyer is in the base
//! tax = "6 %"
//! tax_mode = "exclusive"              # inclusive: the tax is within the fee
//! on_refund = "proportional"          # kept, re-rated
//! retained = { percent = "20 %", maximum = "5.00" }     # of what a refund gives back
//! role = { agent = { supplier = "80 %" } }              # of it a supplier's; "pass-through" of a payment fee: only passed on
//! rounding = "half-up"                # half-even, up, down
//! default = "8 %"                     # where no category below holds
//! [fees.categories]
//! "tea" = "5 %"
//! "tea/green" = "4 % + 2 %"           # a composite
//! "arms" = "closed"                   # not open
//! [[fees.rules]]                      # what one line cannot say
//! rule = "gold-shoes"
//! category = "shoes"
//! when = { tier = "gold" }            # business, region, method, fulfilment
//! minimum = "0.30"
//! tiers = { by = "price", stepping = "slab", steps = [
//!     { above = "0", percent = "8 %" }, { above = "10", percent = "15 %" } ] }
//!
//! [[deposits]]                        # what each close tops a merchant's deposit up to
//! business = "personal"               # by the kind of business; absent: every kind
//! category = "tea"                    # for what it sells there and below; of several categories the highest holds
//! amount = "1000.00"
//!
//! [[freight]]                         # shipping by zone and weight, for charges that name the table
//! table = "express"
//! [[freight.zones]]
//! zone = "near"
//! regions = ["Shanghai", "Zhejiang"]  # each region in one zone
//! first_kg = "1"                      # the first weight costs
//! first_price = "8.00"
//! step_kg = "1"                       # and each further step that is begun
//! step_price = "2.00"
//! ```

mod deposits;
mod freight;
mod places;
mod rates;
mod raw;
mod role;
mod terms;

use serde::Deserialize;
use souk_domain::merchant::commands::AgreeTerms;
use souk_domain::tariff::checks::faults;
use souk_domain::tariff::commands::PublishTariff;
use souk_domain::tariff::decide::TariffRefusal;
use souk_domain::tariff::freight::checks::{FreightFault, faults as faults_of_freight};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

pub use deposits::Deposit;
pub use terms::{Channel, Terms};

/// A tariff file as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TariffFile {
    /// The version to publish.
    pub publish: PublishTariff<'static>,
    /// Terms for merchants enrolled with it.
    pub terms: Terms,
    /// Deposits by kind of merchant and what it sells.
    pub deposits: Vec<Deposit>,
    /// What the payment channel takes.
    pub channel: Channel,
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

/// The JSON Schema of a tariff file, for editors.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(raw::Raw)
}

impl TariffFile {
    /// Reads a tariff file.
    ///
    /// # Errors
    /// The first of what [`TariffFile::check`] finds.
    pub fn parse(file: &str, text: &str) -> Result<Self, TariffFileError> {
        Self::check(file, text).map_err(|mut errors| errors.swap_remove(0))
    }

    /// Reads a tariff file; everything that is wrong is said, each at its place, in the order of the file. What does not
    /// even have the form of a tariff file is one error.
    ///
    /// # Errors
    /// [`TariffFileError`]s, at least one.
    pub fn check(file: &str, text: &str) -> Result<Self, Vec<TariffFileError>> {
        let error = |at: usize, what: String| {
            let before = text.get(..at.min(text.len())).unwrap_or_default();
            TariffFileError {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
                what,
            }
        };
        let raw = raw::Raw::deserialize(toml::Deserializer::parse(text).map_err(|of| {
            vec![error(of.span().map_or(0, |span| span.start), of.message().to_owned())]
        })?);
        let raw = raw.map_err(|of| {
            vec![error(of.span().map_or(0, |span| span.start), of.message().to_owned())]
        })?;
        let mut wrong: Vec<(usize, String)> = Vec::new();
        let currency = raw.currency.as_ref().and_then(|of| {
            let known = Currency::from_code(of.get_ref());
            known.map_err(|unknown| wrong.push((of.span().start, unknown.to_string()))).ok()
        });
        if raw.announced_on > *raw.effective_on.get_ref() {
            let what = format!("announced on {}, after it takes effect", raw.announced_on);
            wrong.push((raw.effective_on.span().start, what));
        }
        let mut fees: Vec<souk_domain::tariff::events::Fee> = Vec::with_capacity(raw.fees.len());
        // Amounts in a currency that nobody knows are wrong in one place alone.
        let in_unknown = currency.is_none() && raw.currency.is_some();
        for fee in raw.fees {
            let (fee, places) = raw::read_fee(fee, &mut wrong);
            if fees.iter().any(|other| other.kind == fee.kind) {
                let what = format!("{}; write its rules there", TariffRefusal::FeeTwice(fee.kind));
                wrong.push((places.kind, what));
            }
            for (rule, fault) in faults(&fee, currency) {
                let of_currency = matches!(
                    fault,
                    TariffRefusal::CurrencyNeeded(_) | TariffRefusal::UnusableRetained(_)
                );
                let unread = places.unread && matches!(fault, TariffRefusal::NoRules(_));
                if !(unread || in_unknown && of_currency) {
                    let at = places.of(&fee, (rule, &fault), currency);
                    wrong.push((at, fault.to_string()));
                }
            }
            fees.push(fee);
        }
        let (freight, places) = freight::read(raw.freight);
        for (at, fault) in faults_of_freight(&freight, currency) {
            let of_currency = matches!(fault, FreightFault::FreightNeedsCurrency(_));
            if !(in_unknown && of_currency) {
                wrong.push((places.of(at), fault.to_string()));
            }
        }
        let both = (!raw.terms.deposits.is_empty()).then(|| raw.deposits.first()).flatten();
        if let Some(first) = both {
            let what = "deposits stand under [terms] already; write all of them here";
            wrong.push((first.span().start, what.into()));
        }
        let deposits = deposits::read(raw.deposits, currency, in_unknown, &mut wrong);
        if !wrong.is_empty() {
            wrong.sort();
            return Err(wrong.into_iter().map(|(at, what)| error(at, what)).collect());
        }
        let publish = PublishTariff {
            tariff: raw.tariff,
            announced_on: raw.announced_on,
            effective_on: raw.effective_on.into_inner(),
            chosen_by: raw.chosen_by,
            currency: raw.currency.map(|of| of.into_inner().into()),
            source: raw.source.map(Into::into),
            fees,
            freight,
        };
        Ok(Self { publish, terms: raw.terms, deposits, channel: raw.channel })
    }

    /// The terms as a command for one merchant of the kind of business of the file, from the first day of the tariff.
    pub fn terms_for(&self, merchant: MerchantId) -> AgreeTerms<'static> {
        self.terms_of(merchant, self.terms.business.as_deref(), &[])
    }

    /// The terms as a command for one merchant of a kind of business that sells in categories: its deposit follows from
    /// these; without a category it is the one that is asked whatever is sold.
    pub fn terms_of(
        &self,
        merchant: MerchantId,
        business: Option<&str>,
        categories: &[&str],
    ) -> AgreeTerms<'static> {
        let asked = deposits::asked(&self.deposits, business, categories);
        AgreeTerms {
            merchant,
            effective_on: self.publish.effective_on,
            cycle: self.terms.cycle,
            time_zone: self.terms.time_zone.clone().into(),
            cut_off_hour: self.terms.cut_off_hour,
            hold_days: self.terms.hold_days,
            tariff: self.publish.tariff,
            tier: self.terms.tier.clone().map(Into::into),
            business: business.map(|of| of.to_owned().into()),
            reserve: self.terms.reserve,
            minimum_payouts: self.terms.minimum_payouts.clone(),
            recovery: self.terms.recovery.clone(),
            payout: self.terms.payout,
            fixed_reserves: self.terms.fixed_reserves.clone(),
            deposits: self.terms.deposits.iter().cloned().chain(asked).collect(),
            debt_after: self.terms.debt_after,
        }
    }
}

#[cfg(test)]
mod tests;
