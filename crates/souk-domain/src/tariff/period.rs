//! The price of a period: what a tariff publishes per year or per month, and no order is charged.
//!
//! Whoever sells a term or charges a service names the fee instead of an amount. The rule is chosen by what the merchant
//! is, in the version in force on the day of the charge; the event records tariff, version and rule beside the amounts.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RuleId, TariffId};
use souk_journal::money::{Currency, MoneyError};

use super::assess::Facts;
use super::events::{FeeKind, Role, Scope};
use super::state::{TariffState, TariffVersion};
use crate::merchant::state::{MerchantState, Terms};
use crate::rate::Rate;
use crate::refusal_codes;

/// Names a price that a tariff publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByTariff<'a> {
    /// The fee, of scope `period`, in the tariff that the merchant's terms name.
    pub fee: FeeKind,
    /// The category path that chooses the rule, where the price goes by it.
    #[serde(borrow, default)]
    pub category: Option<Cow<'a, str>>,
}

/// Where a price came from, as the event records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PricedBy {
    /// The tariff.
    pub tariff: TariffId,
    /// Its version in force on the day of the charge.
    pub version: u32,
    /// The fee.
    pub fee: FeeKind,
    /// The rule.
    pub rule: RuleId,
}

/// A price as the tariff gives it; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodPrice {
    /// Where it came from.
    pub by: PricedBy,
    /// Without tax.
    pub net: i64,
    /// Its tax.
    pub tax: i64,
    /// Rate of the tax.
    pub tax_rate: Rate,
}

/// Why a tariff gives no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodRefusal {
    /// Both, or neither.
    #[error(
        "a price is either given or taken from the tariff or its freight table: exactly one of them is named"
    )]
    PriceOrTariff,
    /// A rate beside a price that has its own.
    #[error("the tariff says the tax of its price: no rate and no supplier is named beside it")]
    TariffSaysTheTax,
    /// A buyer has no terms.
    #[error("a buyer has no terms, and so no tariff: name the price")]
    BuyerHasNoTariff,
    /// No terms.
    #[error("merchant {0} has no terms in force")]
    NoTermsInForce(MerchantId),
    /// No version.
    #[error("tariff {0} has no version in force")]
    NoTariffInForce(TariffId),
    /// Another currency.
    #[error("the amounts of tariff {0} are in another currency")]
    TariffInOtherCurrency(TariffId),
    /// Nothing published.
    #[error(
        "version {version} of tariff {tariff} has no price per period of {fee} for what {merchant} is"
    )]
    NoPeriodPrice {
        /// The tariff.
        tariff: TariffId,
        /// Its version.
        version: u32,
        /// The fee.
        fee: FeeKind,
        /// The merchant.
        merchant: MerchantId,
    },
    /// Taken in another's name.
    #[error(
        "{fee} of tariff {tariff} is not the platform's own: such a price is named with its supplier"
    )]
    PeriodPriceNotOwn {
        /// The tariff.
        tariff: TariffId,
        /// The fee.
        fee: FeeKind,
    },
    /// Beyond the range of a posting.
    #[error(transparent)]
    UnusableAmount(MoneyError),
}

refusal_codes!(PeriodRefusal {
    PriceOrTariff,
    TariffSaysTheTax,
    BuyerHasNoTariff,
    NoTermsInForce,
    NoTariffInForce,
    TariffInOtherCurrency,
    NoPeriodPrice,
    PeriodPriceNotOwn,
    UnusableAmount,
});

/// The terms of a merchant on a day, and the version in force of the tariff that they name.
pub(super) fn in_force<'t>(
    (merchant, state): (MerchantId, &'t MerchantState),
    tariff: Option<&'t TariffState>,
    (currency, day): (Currency, Date),
) -> Result<(&'t Terms, &'t TariffVersion), PeriodRefusal> {
    let terms = state.terms_on(day).ok_or(PeriodRefusal::NoTermsInForce(merchant))?;
    let version = tariff.and_then(|tariff| tariff.version_for(day, day));
    let version = version.ok_or(PeriodRefusal::NoTariffInForce(terms.tariff))?;
    if version.currency.is_some_and(|of| of != currency) {
        return Err(PeriodRefusal::TariffInOtherCurrency(terms.tariff));
    }
    Ok((terms, version))
}

/// The price that the tariff of a merchant publishes for a fee, on a day of the merchant's.
///
/// # Errors
/// [`PeriodRefusal`].
pub fn period_price(
    of: &ByTariff<'_>,
    (merchant, state): (MerchantId, &MerchantState),
    tariff: Option<&TariffState>,
    (currency, day): (Currency, Date),
) -> Result<PeriodPrice, PeriodRefusal> {
    let (terms, version) = in_force((merchant, state), tariff, (currency, day))?;
    let (id, kind) = (terms.tariff, of.fee);
    let facts = Facts {
        category: of.category.as_deref(),
        units: 1,
        tier: terms.tier.as_deref(),
        business: terms.business.as_deref(),
        volumes: state.volumes_on(currency, day),
        ..Facts::default()
    };
    let fees = version.fees.iter().zip(&version.compiled);
    let mut fees = fees.filter(|(fee, _)| fee.kind == kind && fee.scope == Scope::Period);
    let priced = fees.find_map(|(fee, compiled)| Some((fee, compiled, compiled.rule_for(&facts)?)));
    let (fee, compiled, rule) = priced.ok_or(PeriodRefusal::NoPeriodPrice {
        tariff: id,
        version: version.version,
        fee: kind,
        merchant,
    })?;
    if fee.role != Role::Principal {
        return Err(PeriodRefusal::PeriodPriceNotOwn { tariff: id, fee: kind });
    }
    let assessed = compiled.assess(rule, &facts, currency);
    let assessed = assessed.map_err(PeriodRefusal::UnusableAmount)?;
    Ok(PeriodPrice {
        by: PricedBy { tariff: id, version: version.version, fee: kind, rule: rule.rule },
        net: assessed.amount,
        tax: assessed.tax,
        tax_rate: fee.tax,
    })
}
