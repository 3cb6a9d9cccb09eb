//! Tax that the platform collects from the buyer: assessed when the order is placed, in escrow until completion, then
//! owed to its jurisdictions; refunds take it back on the cumulative refund (posting manual, rule 3).

use souk_journal::ids::{JurisdictionId, LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};
use souk_journal::split::{largest_remainder, percentage};

use super::commands::{LineToPlace, TaxToPlace};
use super::complete::Rest;
use super::decide::not_negative;
use super::events::{
    AssessedTax, CollectedTax, OrderEvent, PlacedLine, RefundTarget, RefundedDifference,
    RefundedTax, TaxCollected, TaxRefunded,
};
use super::refund::Asked;
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::rate::Rate;
use crate::tariff::events::TaxMode;

/// The taxes of all lines. What is within a price is taken out of it: the merchant sells at what is left.
pub(super) fn assess(
    asked: &[LineToPlace<'_>],
    placed: &mut [PlacedLine<'_>],
    currency: Currency,
) -> Result<Vec<AssessedTax>, OrderRefusal> {
    let mut taxes = Vec::new();
    for (asked, line) in asked.iter().zip(placed) {
        let of = &asked.taxes;
        if of.is_empty() {
            continue;
        }
        let mut twice = of.iter().enumerate().filter(|(index, tax)| {
            of[..*index].iter().any(|other| other.jurisdiction == tax.jurisdiction)
        });
        if let Some((_, tax)) = twice.next() {
            let (line, jurisdiction) = (line.line, tax.jurisdiction);
            return Err(OrderRefusal::TaxTwice { line, jurisdiction });
        }
        // What the buyer pays for the goods: whoever funds a discount, nobody pays tax on it here.
        let discounts = line.merchant_discount.decimal() + line.platform_discount.decimal();
        let paid = Amount::from(line.price.decimal() - discounts).minor(currency)?;
        let shipping = line.shipping.minor(currency)?;
        let goods = parts(line.line, of, paid, currency, |of| (of.rate, of.goods))?;
        let freight = parts(line.line, of, shipping, currency, |of| {
            (of.shipping_rate.or(of.rate), of.shipping)
        })?;
        let within = |parts: &[i64]| -> i64 {
            let of = of.iter().zip(parts).filter(|(of, _)| of.mode == TaxMode::Inclusive);
            of.map(|(_, part)| part).sum()
        };
        let (of_goods, of_freight) = (within(&goods), within(&freight));
        let amount = |minor| Amount::from_minor(minor, currency);
        let list = line.price.minor(currency)? - of_goods;
        // Tax goes back with the goods or the shipping it is on, so there must be some.
        for (tax, left, taken, whole) in [
            (goods.iter().sum::<i64>(), list, of_goods, paid),
            (freight.iter().sum(), shipping - of_freight, of_freight, shipping),
        ] {
            if tax > 0 && (left <= 0 || taken > whole) {
                return Err(OrderRefusal::TaxOnNothing { line: line.line, tax: amount(tax) });
            }
        }
        line.price = amount(list);
        line.shipping = amount(shipping - of_freight);
        for ((of, goods), shipping) in of.iter().zip(goods).zip(freight) {
            if goods == 0 && shipping == 0 {
                continue;
            }
            taxes.push(AssessedTax {
                line: line.line,
                jurisdiction: of.jurisdiction,
                rate: of.rate,
                shipping_rate: of.shipping_rate,
                mode: of.mode,
                goods: amount(goods),
                shipping: amount(shipping),
            });
        }
    }
    Ok(taxes)
}

/// The tax of each jurisdiction on one price: given amounts as they are, those within the price out of it together.
fn parts(
    line: LineId,
    taxes: &[TaxToPlace],
    price: i64,
    currency: Currency,
    of: impl Fn(&TaxToPlace) -> (Option<Rate>, Option<Amount>),
) -> Result<Vec<i64>, OrderRefusal> {
    let mut given = Vec::with_capacity(taxes.len());
    let mut left = price;
    for tax in taxes {
        let (rate, amount) = of(tax);
        let has_amount = tax.goods.is_some() || tax.shipping.is_some();
        if (rate.is_some() || tax.shipping_rate.is_some()) == has_amount {
            let jurisdiction = tax.jurisdiction;
            return Err(OrderRefusal::TaxNeedsRateOrAmounts { line, jurisdiction });
        }
        let amount = not_negative(amount.unwrap_or(Amount::ZERO), currency)?.minor(currency)?;
        if tax.mode == TaxMode::Inclusive {
            left -= amount;
        }
        given.push(amount);
    }
    let within = |tax: &TaxToPlace| match tax.mode {
        TaxMode::Inclusive => of(tax).0.map_or(0, Rate::millionths),
        TaxMode::Exclusive => 0,
    };
    let weights: Vec<i64> = taxes.iter().map(within).collect();
    let sum: i64 = weights.iter().sum();
    let net = if sum == 0 { left } else { without(left.max(0), sum) };
    let out = largest_remainder(left.max(0) - net.min(left.max(0)), &weights);
    let parts = taxes.iter().zip(given).zip(out).map(|((tax, given), out)| match tax.mode {
        TaxMode::Inclusive => Ok(given + out),
        TaxMode::Exclusive => match of(tax).0 {
            Some(rate) => Ok(percentage(rate.decimal(), net.max(0), currency)?),
            None => Ok(given),
        },
    });
    parts.collect()
}

/// A price without tax of so many millionths within it: half up.
fn without(price: i64, millionths: i64) -> i64 {
    let divisor = 1_000_000 + i128::from(millionths);
    // No more than the price, so it fits.
    ((2 * i128::from(price) * 1_000_000 + divisor) / (2 * divisor)) as i64
}

/// The tax that leaves escrow when a merchant completes: what refunds left of it.
pub(super) fn collected<'a>(
    order: &Placed,
    merchant: MerchantId,
    rests: &[Rest<'_>],
) -> Option<OrderEvent<'a>> {
    let currency = order.currency;
    let amount = |minor| Amount::from_minor(minor, currency);
    let of = order
        .taxes
        .iter()
        .filter(|tax| tax.left() != 0 && rests.iter().any(|rest| rest.line.line == tax.line));
    let lines: Vec<CollectedTax> = of
        .map(|tax| CollectedTax {
            line: tax.line,
            jurisdiction: tax.jurisdiction,
            goods: amount(tax.goods_left()),
            shipping: amount(tax.shipping_left()),
        })
        .collect();
    let some = !lines.is_empty();
    some.then_some(OrderEvent::TaxCollected(TaxCollected { merchant, currency, lines }))
}

/// Tax that a refund takes back, in minor units.
#[derive(Debug, Clone, Copy)]
pub(super) struct GoingBack {
    pub(super) line: LineId,
    pub(super) merchant: MerchantId,
    jurisdiction: JurisdictionId,
    pub(super) collected: bool,
    goods: i64,
    shipping: i64,
}

impl GoingBack {
    pub(super) fn sum(&self) -> i64 {
        self.goods + self.shipping
    }
}

/// The tax that goes back with what is asked of the lines.
pub(super) fn going_back(order: &Placed, asked: &[Asked<'_>]) -> Vec<GoingBack> {
    let mut back = Vec::new();
    for Asked { line, goods, shipping, free_goods } in asked {
        for tax in order.taxes.iter().filter(|tax| tax.line == line.line) {
            let (goods, shipping) = tax.taken_back(line, (*goods, *shipping), *free_goods);
            if goods != 0 || shipping != 0 {
                back.push(GoingBack {
                    line: line.line,
                    merchant: line.merchant,
                    jurisdiction: tax.jurisdiction,
                    collected: line.completed,
                    goods,
                    shipping,
                });
            }
        }
    }
    back
}

/// Splits a refunded difference: what goods and shipping cannot bear of less than was owed, the tax bears, so that
/// neither event pays out less than nothing.
pub(super) fn split_difference(
    difference: Option<RefundedDifference>,
    (cash, tax): (i64, i64),
    currency: Currency,
) -> (Option<RefundedDifference>, Option<RefundedDifference>) {
    let Some(of) = difference else { return (None, None) };
    let minor = of.amount.minor(currency).unwrap_or(0);
    let of_tax = if tax == 0 { 0 } else { (minor + cash).min(0) };
    let part = |minor| {
        let amount = Amount::from_minor(minor, currency);
        (minor != 0).then_some(RefundedDifference { class: of.class, amount })
    };
    (part(minor - of_tax), part(of_tax))
}

/// Splits where a refund goes: the first payments bear goods and shipping, the rest bears the tax.
pub(super) fn split_targets(
    to: Vec<RefundTarget>,
    cash: i64,
    currency: Currency,
) -> (Vec<RefundTarget>, Vec<RefundTarget>) {
    let (mut first, mut second) = (Vec::with_capacity(to.len()), Vec::new());
    let mut left = cash;
    for target in to {
        let amount = target.amount.minor(currency).unwrap_or(0);
        let part = amount.min(left);
        left -= part;
        let of = |minor| RefundTarget { amount: Amount::from_minor(minor, currency), ..target };
        if part != 0 {
            first.push(of(part));
        }
        if amount != part {
            second.push(of(amount - part));
        }
    }
    (first, second)
}

/// The event of refunded tax, if any goes back.
pub(super) fn refunded(
    back: &[GoingBack],
    refund: RefundId,
    currency: Currency,
    (difference, to): (Option<RefundedDifference>, Vec<RefundTarget>),
) -> Option<TaxRefunded> {
    let amount = |minor| Amount::from_minor(minor, currency);
    let line = |of: &GoingBack| RefundedTax {
        line: of.line,
        merchant: of.merchant,
        jurisdiction: of.jurisdiction,
        collected: of.collected,
        goods: amount(of.goods),
        shipping: amount(of.shipping),
    };
    let lines: Vec<RefundedTax> = back.iter().map(line).collect();
    let event = TaxRefunded { refund, currency, lines, difference, to };
    (!back.is_empty()).then_some(event)
}

#[cfg(test)]
mod tests;
