//! A merchant that is settled in another currency than its order's: at which rate its part was converted, and what each
//! figure came to. The rate is chosen and frozen when the part completes; refunds go back at it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::returned;

use super::complete::Rest;
use super::decide::OrderContext;
use super::events::CompletedLine;
use super::refusal::OrderRefusal;
use super::state::Line;
use crate::fxrate::exchange_rate::ExchangeRate;
use crate::fxrate::pair::Pair;
use crate::fxrate::quote::Quote;

/// How a merchant's part was converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The currency in which the merchant is settled.
    pub currency: Currency,
    /// The pair of the rate.
    pub pair: Pair,
    /// The rate.
    pub rate: ExchangeRate,
    /// The day it is of: the day of completion, or the last one before it that has a rate.
    pub rate_on: Date,
    /// The one of the two currencies that is not the platform's: whose position bears the rate.
    pub position: Currency,
}

/// The conversion of one merchant's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantConversion {
    /// The merchant.
    pub merchant: MerchantId,
    /// How its part had been converted.
    pub conversion: Conversion,
}

/// A completed line in the currency of the settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettledSale {
    /// Goods at list price.
    pub principal: Amount,
    /// Shipping.
    pub shipping: Amount,
    /// Funded by the merchant.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub merchant_discount: Amount,
    /// Funded by someone else.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub platform_discount: Amount,
}

/// A refunded line in the currency of the settlement, at the rate of its sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettledRefund {
    /// Of the goods.
    pub principal: Amount,
    /// Of the shipping.
    pub shipping: Amount,
    /// Of the discount someone else funded.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub subsidy: Amount,
}

/// What a line came to in the currency of the settlement, and what of it has gone back; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledLine {
    /// Goods at list price less both discounts: what the buyer paid for them.
    pub cash: i64,
    /// Shipping.
    pub shipping: i64,
    /// Funded by someone else.
    pub subsidy: i64,
    /// Of the goods, gone back.
    pub refunded_goods: i64,
    /// Of the shipping.
    pub refunded_shipping: i64,
    /// Of the discount.
    pub subsidy_returned: i64,
    /// Collected tax on the goods, for percentages of a base with it.
    pub tax_on_goods: i64,
    /// The same on the shipping.
    pub tax_on_shipping: i64,
}

impl Conversion {
    /// What a merchant's part is converted at; none when it is settled in the order's currency.
    ///
    /// # Errors
    /// No rate is recorded, or neither currency is the platform's.
    pub(super) fn of_completion(
        (merchant, from): (MerchantId, Currency),
        completed_on: Date,
        context: &OrderContext<'_>,
    ) -> Result<Option<Self>, OrderRefusal> {
        let state = context.directory.merchant(merchant);
        let agreed = state.and_then(|state| state.settlement_currency_on(completed_on));
        let Some(currency) = agreed.filter(|currency| *currency != from) else { return Ok(None) };
        let platform = context.currency;
        if from != platform && currency != platform {
            return Err(OrderRefusal::NeitherIsThePlatformCurrency { from, currency, platform });
        }
        let position = if from == platform { currency } else { from };
        let quote = context
            .directory
            .rate(from, currency, completed_on)
            .ok_or(OrderRefusal::RateUnknown { from, currency, on: completed_on })?;
        let Quote { pair, rate, on } = quote;
        Ok(Some(Self { currency, pair, rate, rate_on: on, position }))
    }

    /// An amount of the order in the currency of the settlement, minor units, half up.
    pub(super) fn convert(&self, minor: i64, from: Currency) -> Result<i64, MoneyError> {
        Quote { pair: self.pair, rate: self.rate, on: self.rate_on }.convert(minor, from)
    }
}

impl<'a> Rest<'a> {
    /// What is left of a line, in the currency of the settlement. List price, what the buyer paid for the goods, and
    /// shipping are each converted and rounded half up, so that each can be checked with the rate alone. What rounding
    /// leaves between them is in the merchant's discount, or in the platform's where the merchant gave none.
    pub(super) fn settled(
        &self,
        conversion: &Conversion,
        from: Currency,
    ) -> Result<Self, MoneyError> {
        let convert = |minor| conversion.convert(minor, from);
        let (list, shipping) = (convert(self.list)?, convert(self.shipping)?);
        let off = list - convert(self.list - self.discount - self.subsidy)?;
        let subsidy = if self.discount == 0 { off } else { convert(self.subsidy)? };
        // Collected tax stays in the order's currency; it is converted only where a percentage is of a base with it.
        let tax = (convert(self.tax.0)?, convert(self.tax.1)?);
        Ok(Self { line: self.line, list, discount: off - subsidy, subsidy, shipping, tax })
    }

    /// The same, as the completion records it.
    pub(super) fn as_settled(&self, currency: Currency) -> SettledSale {
        let amount = |minor| Amount::from_minor(minor, currency);
        SettledSale {
            principal: amount(self.list),
            shipping: amount(self.shipping),
            merchant_discount: amount(self.discount),
            platform_discount: amount(self.subsidy),
        }
    }
}

impl SettledLine {
    /// A line as a completion recorded it, with the tax that was collected on it in the order's currency.
    ///
    /// # Errors
    /// When an amount does not fit the currency.
    pub(super) fn of(
        done: &CompletedLine<'_>,
        conversion: Option<&Conversion>,
        (tax_on_goods, tax_on_shipping): (i64, i64),
        from: Currency,
    ) -> Result<Option<Self>, MoneyError> {
        let (Some(sale), Some(conversion)) = (&done.settled, conversion) else { return Ok(None) };
        let minor = |amount: Amount| amount.minor(conversion.currency);
        let subsidy = minor(sale.platform_discount)?;
        Ok(Some(Self {
            cash: minor(sale.principal)? - minor(sale.merchant_discount)? - subsidy,
            shipping: minor(sale.shipping)?,
            subsidy,
            refunded_goods: 0,
            refunded_shipping: 0,
            subsidy_returned: 0,
            tax_on_goods: conversion.convert(tax_on_goods, from)?,
            tax_on_shipping: conversion.convert(tax_on_shipping, from)?,
        }))
    }

    /// Takes what went back.
    pub(super) fn take(
        &mut self,
        back: &SettledRefund,
        currency: Currency,
    ) -> Result<(), MoneyError> {
        self.refunded_goods += back.principal.minor(currency)?;
        self.refunded_shipping += back.shipping.minor(currency)?;
        self.subsidy_returned += back.subsidy.minor(currency)?;
        Ok(())
    }
}

impl Line {
    /// What a refund of so much takes from the merchant, in the currency of its settlement: a share of what the line came
    /// to, on the cumulative refund, less what went back before. So any refunds of everything take exactly what was paid.
    pub(super) fn settled_refund(
        &self,
        (goods, shipping, given_back): (i64, i64, bool),
        currency: Currency,
    ) -> Option<SettledRefund> {
        let settled = self.settled?;
        let amount = |minor| Amount::from_minor(minor, currency);
        let goods = self.refunded_goods + goods;
        let share = |of| self.share_returned(of, goods, given_back);
        let shipping = returned(settled.shipping, self.refunded_shipping + shipping, self.shipping);
        Some(SettledRefund {
            principal: amount(share(settled.cash) - settled.refunded_goods),
            shipping: amount(shipping - settled.refunded_shipping),
            subsidy: amount(share(settled.subsidy) - settled.subsidy_returned),
        })
    }
}

#[cfg(test)]
mod tests;
